"""Lists of cases, timelines and the journal: filters, orders and pages, both ways."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import pytest

from tests.api.schema.asking import EVENT, Api, Counted
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, INTAKE, OFFICER

PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor }"
CASES = f"""
query Q(
    $filter: CaseFilter, $orderBy: CaseOrder, $first: Int, $after: String, $last: Int,
    $before: String, $asOf: AsOf
) {{
    cases(
        filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last,
        before: $before, asOf: $asOf
    ) {{ {PAGE} nodes {{ title }} }}
}}
"""
TIMELINE = f"""
query Q($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {{
    case(id: $id) {{
        list: timeline(first: $first, after: $after, last: $last, before: $before) {{
            {PAGE} nodes {{ type }}
        }}
    }}
}}
"""
EVENTS = f"""
query Q($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) {{
    events(filter: $filter, first: $first, after: $after, last: $last, before: $before) {{
        {PAGE} nodes {{ position type caseId }}
    }}
}}
"""


async def titles(api: Api, **arguments: object) -> list[str]:
    arguments.setdefault("first", 100)
    found = await api.by(AUDITOR).ask(CASES, **arguments)
    return [case["title"] for case in found["cases"]["nodes"]]


async def page(api: Api, query: str, name: str, **arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = await api.by(AUDITOR).ask(query, **arguments)
    connection: dict[str, Any] = (found.get("case") or found)[name]
    return connection


async def walk(
    api: Api, query: str, name: str, *, forwards: bool, size: int, **arguments: object
) -> list[dict[str, Any]]:
    """Every node of a list, page by page, and each page checked against the specification."""
    nodes: list[dict[str, Any]] = []
    way = {"first": size} if forwards else {"last": size}
    cursor: dict[str, object] = {}
    while True:
        found = await page(api, query, name, **arguments, **way, **cursor)
        info = found["pageInfo"]
        nodes = [*nodes, *found["nodes"]] if forwards else [*found["nodes"], *nodes]
        cursors = [edge["cursor"] for edge in found["edges"]]
        assert [info["startCursor"], info["endCursor"]] == [cursors[0], cursors[-1]]
        assert len(found["nodes"]) <= size
        if not info["hasNextPage" if forwards else "hasPreviousPage"]:
            assert found["totalCount"] == len(nodes)
            return nodes
        assert len(found["nodes"]) == size
        cursor = {"after": cursors[-1]} if forwards else {"before": cursors[0]}


@pytest.mark.parametrize("forwards", [True, False])
@pytest.mark.parametrize("field", ["REGISTERED_AT", "UPDATED_AT", "CASE_NO"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("past", [True, False])
async def test_cases_page_by_page(
    api: Api, desk: Desk, forwards: bool, field: str, direction: str, past: bool
) -> None:
    for number in range(5):
        # Two of them at one moment: the order is total all the same.
        await desk.registered(
            title=f"Case {number}", occurredAt=f"2026-03-0{1 + number // 2}T00:00:00Z"
        )
    arguments: dict[str, Any] = {"orderBy": {"field": field, "direction": direction}}
    if past:
        arguments["asOf"] = {"position": str((await api.journal.head()).size)}
        await desk.registered(title="Later")

    whole = await page(api, CASES, "cases", first=100, **arguments)
    walked = await walk(api, CASES, "cases", forwards=forwards, size=2, **arguments)

    assert walked == whole["nodes"]
    assert sorted(case["title"] for case in walked) == [f"Case {number}" for number in range(5)]


@pytest.mark.parametrize("forwards", [True, False])
async def test_a_timeline_page_by_page(api: Api, desk: Desk, forwards: bool) -> None:
    case_id = await desk.closed()
    walked = await walk(api, TIMELINE, "list", forwards=forwards, size=2, id=case_id)
    assert [event["type"] for event in walked] == [
        "case.registered",
        "case.accepted",
        "case.dispatched",
        "case.signed_for",
        "case.resolution_submitted",
        "case.resolution_verified",
        "case.closed",
    ]


@pytest.mark.parametrize("forwards", [True, False])
async def test_the_journal_page_by_page(api: Api, desk: Desk, forwards: bool) -> None:
    await desk.in_progress()
    walked = await walk(api, EVENTS, "events", forwards=forwards, size=2)
    assert [int(event["position"]) for event in walked] == list(range(1, len(walked) + 1))
    assert (walked[0]["type"], walked[0]["caseId"]) == ("journal.opened", None)
    assert walked[-1]["type"] == "case.signed_for"


@pytest.mark.parametrize(
    ("query", "name"), [(CASES, "cases"), (EVENTS, "events"), (TIMELINE, "list")]
)
@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({}, ["first"]),
        ({"first": 0}, ["first"]),
        ({"first": -1}, ["first"]),
        ({"first": 101}, ["first"]),
        ({"last": 101}, ["last"]),
        ({"first": 1, "last": 1}, ["last"]),
        ({"first": 1, "after": "x"}, ["after"]),
        ({"first": 1, "after": "bm90IG91cnM"}, ["after"]),
        ({"last": 1, "before": ""}, ["before"]),
        ({"last": 1, "before": "\ud800"}, ["before"]),
    ],
)
async def test_a_page_that_cannot_be(
    api: Api, desk: Desk, query: str, name: str, arguments: dict[str, Any], path: list[str]
) -> None:
    given = {"id": await desk.registered()} if name == "list" else {}
    refused = await api.by(AUDITOR).refused(query, **given, **arguments)
    assert refused == {"code": "INVALID_INPUT", "path": path}


async def test_a_cursor_of_another_list_is_refused(api: Api, desk: Desk) -> None:
    await desk.registered()
    by_number = {"field": "CASE_NO", "direction": "ASC"}
    cursor = (await page(api, CASES, "cases", first=1))["pageInfo"]["endCursor"]
    for query, given in ((CASES, {"orderBy": by_number}), (EVENTS, {})):
        refused = await api.by(AUDITOR).refused(query, first=1, after=cursor, **given)
        assert refused["path"] == ["after"]


async def test_a_cursor_that_somebody_made_up_is_refused(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    known = "01890a5d-ac96-774b-bcce-b302099a8057"
    places = [
        (CASES, {}, ["REGISTERED_AT-", "0001-01-01T00:00:00+14:00", known]),
        (CASES, {}, ["REGISTERED_AT-", "9999-12-31T23:00:00-11:00", known]),
        (TIMELINE, {"id": case_id}, ["event", 2**31]),
        (TIMELINE, {"id": case_id}, ["event", -1]),
        (EVENTS, {}, ["event", -1]),
    ]
    for query, given, made_up in places:
        cursor = b64encode(json.dumps(made_up).encode()).decode().rstrip("=")
        refused = await api.by(AUDITOR).refused(query, first=1, after=cursor, **given)
        assert refused == {"code": "INVALID_INPUT", "path": ["after"]}


@pytest.fixture
async def four_cases(desk: Desk) -> None:
    await desk.registered(
        title="路灯不亮", typeCode="light", area="a1", occurredAt="2026-03-01T00:00:00Z"
    )
    await desk.accepted(
        title="Street light out",
        typeCode="light",
        area="a2",
        channel="WEB",
        occurredAt="2026-03-02T00:00:00Z",
    )
    await desk.dispatched(
        unit="roads",
        title="Pothole",
        typeCode="road",
        area="a1",
        description="On Light Street, 三号楼前",
        occurredAt="2026-03-03T00:00:00Z",
    )
    await desk.dispatched(
        unit="lighting", title="Lamp broken", area="a3", occurredAt="2026-03-04T00:00:00Z"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["路灯不亮", "Street light out", "Pothole", "Lamp broken"]),
        ({"stage": ["ACCEPTED", "REGISTERED"]}, ["路灯不亮", "Street light out"]),
        ({"stage": "DISPATCHED"}, ["Pothole", "Lamp broken"]),
        ({"stage": []}, []),
        ({"type": ["light"]}, ["路灯不亮", "Street light out"]),
        ({"unit": ["roads", "parks"]}, ["Pothole"]),
        ({"area": ["a1"]}, ["路灯不亮", "Pothole"]),
        ({"channel": ["WEB"]}, ["Street light out"]),
        (
            {"period": {"from": "2026-03-02T00:00:00Z", "to": "2026-03-03T00:00:00Z"}},
            ["Street light out"],
        ),
        ({"period": {"from": "2026-03-03T00:00:00Z"}}, ["Pothole", "Lamp broken"]),
        ({"text": "light"}, ["Street light out", "Pothole"]),
        ({"text": "LIGHT street"}, ["Street light out", "Pothole"]),
        ({"text": "路灯"}, ["路灯不亮"]),
        ({"text": "三号楼"}, ["Pothole"]),
        ({"text": "nothing like it"}, []),
        ({"area": ["a1"], "type": ["road"]}, ["Pothole"]),
        ({"stage": ["IMPORTED"]}, []),
        ({"source": "receipt"}, []),
    ],
)
@pytest.mark.usefixtures("four_cases")
async def test_filters(api: Api, given: dict[str, Any], expected: Sequence[str]) -> None:
    order = {"field": "REGISTERED_AT", "direction": "ASC"}
    assert await titles(api, filter=given, orderBy=order) == expected
    head = str((await api.journal.head()).size)
    assert await titles(api, filter=given, orderBy=order, asOf={"position": head}) == expected


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": "t" * 201}, ["filter", "text"]),
        ({"text": "half \ud83d"}, ["filter", "text"]),
        ({"type": ["ok", "\ud83d"]}, ["filter", "type", "1"]),
        ({"source": "\x01"}, ["filter", "source"]),
    ],
)
async def test_a_filter_beyond_its_limits(api: Api, given: dict[str, Any], path: list[str]) -> None:
    refused = await api.by(AUDITOR).refused(CASES, first=1, filter=given)
    assert refused == {"code": "INVALID_INPUT", "path": path}


async def test_the_newest_request_comes_first_by_default(api: Api, desk: Desk) -> None:
    await desk.registered(title="Old", occurredAt="2026-03-01T00:00:00Z")
    await desk.registered(title="New", occurredAt="2026-03-02T00:00:00Z")
    assert await titles(api) == ["New", "Old"]


async def test_events_by_what_they_are_and_who_did_them(api: Api, desk: Desk) -> None:
    case_id, other = await desk.accepted(), await desk.accepted()
    head = (await api.journal.head()).size
    accepted = {"type": "case.accepted"}
    for given, expected in (
        ({"caseId": case_id}, ["case.registered", "case.accepted"]),
        ({"type": ["case.accepted"]}, ["case.accepted", "case.accepted"]),
        ({"principal": INTAKE.principal}, ["case.registered", "case.registered"]),
        ({"caseId": other, **accepted}, ["case.accepted"]),
        ({"afterPosition": str(head - 1)}, ["case.accepted"]),
        ({"untilPosition": "1"}, ["journal.opened"]),
        ({"recorded": {"to": "2001-01-01T00:00:00Z"}}, []),
        ({"occurred": {"from": "2999-01-01T00:00:00Z"}}, []),
    ):
        found = await page(api, EVENTS, "events", first=100, filter=given)
        assert [event["type"] for event in found["nodes"]] == expected, given
        assert found["totalCount"] == len(expected)


async def test_the_events_of_one_command(api: Api, desk: Desk) -> None:
    await desk.closed()
    all_events = f"{{ events(first: 100) {{ nodes {{ {EVENT} }} }} }}"
    last = (await api.by(AUDITOR).ask(all_events))["events"]["nodes"][-1]
    for given in ({"commandId": last["commandId"]}, {"correlationId": last["correlationId"]}):
        found = await page(api, EVENTS, "events", first=100, filter=given)
        assert [event["type"] for event in found["nodes"]] == [
            "case.resolution_verified",
            "case.closed",
        ]


async def test_the_timelines_of_a_list_are_read_at_once(api: Api, desk: Desk) -> None:
    for _ in range(3):
        await desk.accepted()
    counted = Counted(api)
    found = await counted.by(OFFICER).ask(
        """{ cases(first: 10) { nodes {
            a: timeline(first: 1) { totalCount nodes { type case { caseId } } }
            b: timeline(last: 1) { nodes { type } }
        } } }"""
    )
    assert [case["a"]["nodes"][0]["type"] for case in found["cases"]["nodes"]] == [
        "case.registered"
    ] * 3
    assert [case["b"]["nodes"][0]["type"] for case in found["cases"]["nodes"]] == [
        "case.accepted"
    ] * 3
    assert [case["a"]["totalCount"] for case in found["cases"]["nodes"]] == [2, 2, 2]
    assert counted.acquired == 5, "the list, two timelines, their counts, the cases of events"


async def test_a_count_that_is_not_asked_for_is_not_made(api: Api, desk: Desk) -> None:
    await desk.registered()
    counted = Counted(api)
    await counted.by(OFFICER).ask("{ cases(first: 1) { nodes { id } } }")
    assert counted.acquired == 1


async def test_the_facts_of_an_unknown_log_are_zero(api: Api) -> None:
    found = await api.by(AUDITOR).ask(
        """{ logSources logFacts(source: "nobody's") {
            source cases events activities resources variants throughputMedian throughputMean
        } }"""
    )
    assert found == {
        "logSources": [],
        "logFacts": {
            "source": "nobody's",
            "cases": 0,
            "events": 0,
            "activities": 0,
            "resources": 0,
            "variants": 0,
            "throughputMedian": None,
            "throughputMean": None,
        },
    }
