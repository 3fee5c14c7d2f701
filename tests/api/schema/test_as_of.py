"""The past: one case and lists, by version, position, recorded time and occurred time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, DISPATCHER, INTAKE, OFFICER, REGISTRAR

STATE = "id caseId version position stage leadUnit { code } title isCurrent updatedAt"
ONE = f"query Q($id: ID!, $asOf: AsOf) {{ case(id: $id, asOf: $asOf) {{ {STATE} }} }}"
LIST = f"""
query Q($asOf: AsOf, $filter: CaseFilter) {{
    cases(first: 100, asOf: $asOf, filter: $filter, orderBy: {{field: CASE_NO, direction: ASC}}) {{
        totalCount nodes {{ {STATE} }}
    }}
}}
"""


@pytest.fixture
async def backdated(api: Api) -> str:
    """Registered for 1 March, accepted for 3 March; the title corrected for 2 March, later."""
    changed = await api.by(INTAKE).change(
        "registerCase", channel="HOTLINE", title="Light", occurredAt="2026-03-01T00:00:00Z"
    )
    case_id: str = changed["case"]["caseId"]
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id, occurredAt="2026-03-03T00:00:00Z")
    await api.by(INTAKE).change(
        "correctCase", caseId=case_id, title="Two lights", occurredAt="2026-03-02T00:00:00Z"
    )
    return case_id


async def one(api: Api, case_id: str, **as_of: object) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await api.by(AUDITOR).ask(ONE, id=case_id, asOf=as_of))["case"]
    return found


async def many(
    api: Api, given: dict[str, Any] | None = None, **as_of: object
) -> list[dict[str, Any]]:
    found = await api.by(AUDITOR).ask(LIST, asOf=as_of, filter=given)
    assert found["cases"]["totalCount"] == len(found["cases"]["nodes"])
    cases: list[dict[str, Any]] = found["cases"]["nodes"]
    return cases


async def timeline(api: Api, case_id: str) -> list[dict[str, Any]]:
    case = await api.by(AUDITOR).case(
        case_id, "timeline(first: 100) { nodes { version position recordedAt occurredAt type } }"
    )
    assert case is not None
    nodes: list[dict[str, Any]] = case["timeline"]["nodes"]
    return nodes


async def test_a_case_by_version_position_and_recorded_time(api: Api, desk: Desk) -> None:
    case_id = await desk.in_progress()
    for event, stage in zip(
        await timeline(api, case_id),
        ["REGISTERED", "ACCEPTED", "DISPATCHED", "IN_PROGRESS"],
        strict=True,
    ):
        states = [
            await one(api, case_id, version=event["version"]),
            await one(api, case_id, position=event["position"]),
            await one(api, case_id, recordedAt=event["recordedAt"]),
        ]
        assert states[0] == states[1] == states[2]
        assert states[0] is not None
        assert (states[0]["version"], states[0]["stage"]) == (event["version"], stage)
        assert states[0]["caseId"] == case_id
        assert states[0]["isCurrent"] is False


async def test_a_case_as_it_was_at_a_time(api: Api, backdated: str) -> None:
    stages = {
        "2026-02-28T00:00:00Z": None,
        "2026-03-01T00:00:00Z": ("REGISTERED", "Light"),
        "2026-03-02T00:00:00Z": ("REGISTERED", "Two lights"),
        "2026-03-03T00:00:00Z": ("ACCEPTED", "Two lights"),
        "2999-01-01T00:00:00Z": ("ACCEPTED", "Two lights"),
    }
    for moment, expected in stages.items():
        state = await one(api, backdated, occurredAt=moment)
        assert (state and (state["stage"], state["title"])) == expected, moment


async def test_a_case_as_it_was_with_what_was_known_then(api: Api, backdated: str) -> None:
    accepted = (await timeline(api, backdated))[1]
    for known in (
        {"version": 2},
        {"position": accepted["position"]},
        {"recordedAt": accepted["recordedAt"]},
    ):
        state = await one(api, backdated, occurredAt="2026-03-02T12:00:00Z", **known)
        assert state is not None
        assert (state["stage"], state["title"]) == ("REGISTERED", "Light")
        assert state["title"] == "Light", "the correction was not known yet"


async def test_states_by_occurrence_have_ids_that_find_them_again(api: Api, backdated: str) -> None:
    query = f"query Q($id: ID!) {{ node(id: $id) {{ ... on Case {{ {STATE} }} }} }}"
    states = [
        await one(api, backdated, occurredAt="2026-03-02T12:00:00Z"),
        await one(api, backdated, occurredAt="2026-03-02T12:00:00Z", version=2),
        await one(api, backdated, version=2),
        await one(api, backdated, version=3),
    ]
    assert len({state["id"] for state in states if state}) == 4
    for state in states:
        assert state is not None
        assert (await api.by(AUDITOR).ask(query, id=state["id"]))["node"] == state


async def test_a_list_as_of_each_moment(api: Api, desk: Desk) -> None:
    first, second = await desk.registered(title="First"), await desk.registered(title="Second")
    await api.by(REGISTRAR).change("acceptCase", caseId=first)
    events = await timeline(api, first)

    for known in (
        {"position": events[0]["position"]},
        {"recordedAt": events[0]["recordedAt"]},
    ):
        assert [case["title"] for case in await many(api, **known)] == ["First"]
    for known in (
        {"position": events[1]["position"]},
        {"recordedAt": events[1]["recordedAt"]},
        {"occurredAt": "2999-01-01T00:00:00Z"},
    ):
        cases = {case["caseId"]: case["stage"] for case in await many(api, **known)}
        assert cases == {first: "ACCEPTED", second: "REGISTERED"}


async def test_no_year_is_counted_through_that_nobody_knows(api: Api, desk: Desk) -> None:
    case_id = await desk.limited()
    query = """query ($id: ID!, $at: DateTime) {
        case(id: $id, asOf: { occurredAt: $at }) { id stage clocks { name } }
        supervision(asOf: { occurredAt: $at }) { at workload { open { count } } }
    }"""
    for at in ("9998-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"):
        told = await api.by(AUDITOR).ask(query, id=case_id, at=at)
        assert told["case"]["stage"] == "IN_PROGRESS"
        assert told["case"]["clocks"]
        assert datetime.fromisoformat(told["supervision"]["at"]).year <= datetime.now(UTC).year + 10
        again = await api.by(AUDITOR).case(told["case"]["id"], "id")
        assert again == {"id": told["case"]["id"]}


async def test_a_filter_looks_at_the_past_state(api: Api, desk: Desk) -> None:
    case_id = await desk.in_progress()
    dispatched = (await timeline(api, case_id))[2]
    waiting = {"stage": ["DISPATCHED"]}
    assert [
        each["caseId"] for each in await many(api, waiting, position=dispatched["position"])
    ] == [case_id]
    assert await many(api, waiting) == []


@pytest.mark.usefixtures("backdated")
async def test_a_list_as_it_was_at_a_time(api: Api) -> None:
    for moment, expected in {
        "2026-02-28T23:59:59Z": [],
        "2026-03-01T12:00:00Z": [("REGISTERED", "Light")],
        "2026-03-02T12:00:00Z": [("REGISTERED", "Two lights")],
        "2026-03-03T12:00:00Z": [("ACCEPTED", "Two lights")],
    }.items():
        cases = await many(api, occurredAt=moment)
        assert [(case["stage"], case["title"]) for case in cases] == expected, moment


async def test_a_list_as_it_was_with_what_was_known_then(api: Api, backdated: str) -> None:
    accepted = (await timeline(api, backdated))[1]
    for known in (
        {"position": accepted["position"]},
        {"recordedAt": accepted["recordedAt"]},
    ):
        [case] = await many(api, occurredAt="2026-03-02T12:00:00Z", **known)
        assert case["title"] == "Light"


async def test_a_past_state_is_cut_and_offers_nothing(api: Api, desk: Desk) -> None:
    case_id = await desk.in_progress()
    selection = """
        timeline(first: 10) { totalCount nodes { type case { stage isCurrent } } }
        allowedActions { command }
    """
    query = f"query Q($id: ID!) {{ case(id: $id, asOf: {{version: 2}}) {{ {selection} }} }}"
    past = (await api.by(OFFICER).ask(query, id=case_id))["case"]
    assert past["allowedActions"] == []
    assert past["timeline"]["totalCount"] == 2
    assert [event["type"] for event in past["timeline"]["nodes"]] == [
        "case.registered",
        "case.accepted",
    ]
    assert past["timeline"]["nodes"][0]["case"] == {"stage": "IN_PROGRESS", "isCurrent": True}


async def test_what_differs_between_two_versions(api: Api, desk: Desk) -> None:
    case_id = await desk.dispatched(unit="lighting")
    query = """
        query Q($id: ID!, $from: Int!, $to: Int!, $asOf: AsOf) {
            case(id: $id, asOf: $asOf) { changes(from: $from, to: $to) { field before after } }
        }
    """
    answer = await api.by(DISPATCHER).ask(query, id=case_id, **{"from": 1, "to": 3})
    changes = {change["field"]: change for change in answer["case"]["changes"]}
    assert changes["stage"] == {"field": "stage", "before": "REGISTERED", "after": "DISPATCHED"}
    assert changes["leadUnit"]["before"] is None
    for given in ({"from": 1, "to": 4}, {"from": 1, "to": 3, "asOf": {"version": 2}}):
        refused = await api.by(DISPATCHER).refused(query, id=case_id, **given)
        assert refused == {"code": "INVALID_INPUT", "path": ["to"]}


@pytest.mark.parametrize(
    ("as_of", "path"),
    [
        ({"version": 1, "position": "1"}, ["asOf"]),
        ({"version": 1, "recordedAt": "2026-03-01T00:00:00Z"}, ["asOf"]),
        ({"position": "1", "recordedAt": "2026-03-01T00:00:00Z"}, ["asOf"]),
        ({"position": "1000000"}, ["asOf", "position"]),
        ({"version": 0}, ["asOf", "version"]),
    ],
)
async def test_no_such_moment(api: Api, desk: Desk, as_of: dict[str, Any], path: list[str]) -> None:
    case_id = await desk.registered()
    refused = await api.by(AUDITOR).refused(ONE, id=case_id, asOf=as_of)
    assert refused["code"] == "INVALID_INPUT"
    assert refused["path"][: len(path)] == path


async def test_the_id_of_a_past_state_leaves_no_choice_of_a_moment(api: Api, desk: Desk) -> None:
    past = await one(api, await desk.accepted(), version=1)
    assert past is not None
    refused = await api.by(AUDITOR).refused(ONE, id=past["id"], asOf={"version": 2})
    assert refused == {"code": "INVALID_INPUT", "path": ["asOf"]}


async def test_a_version_means_nothing_in_a_list(api: Api) -> None:
    for query in (
        "{ cases(first: 1, asOf: {version: 1}) { totalCount } }",
        '{ logFacts(source: "x", asOf: {version: 1}) { cases } }',
    ):
        refused = await api.by(AUDITOR).refused(query)
        assert refused == {"code": "INVALID_INPUT", "path": ["asOf", "version"]}


async def test_a_version_the_case_has_not_got_is_no_state(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    assert await one(api, case_id, version=2) is None
