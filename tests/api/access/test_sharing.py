"""What a unit is shown of a case that is shared with it, and that it is no more than that."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.api.access.conftest import District
from tests.api.access.test_scope import PATIENCE, seen_by

EXPIRES: Final = (datetime.now(UTC) + timedelta(days=3)).isoformat()
POLICE: Final = "police-officer"
WHOLE: Final = """
    caseNo stage urgency channel title description type { code }
    location { area { code } } leadUnit { code } coUnits { code } outcome acceptedAt
    confidential shares { unit { code } parts expires } officer { principal }
    timeline(first: 50) { totalCount nodes { type actor { principal } reason payload
        changes { field before after } } }
    changes(from: 0, to: 3) { field }
    fields routing { __typename } evidence { id }
    allowedActions { command enabled blockedBy { code } }
"""


async def share(district: District, case_id: str, *parts: str, by: str = "dispatcher") -> Any:
    given = {"unit": "police", "purpose": "To look for them", "parts": parts, "expires": EXPIRES}
    return await district.by(by).change("shareCase", caseId=case_id, **given)


async def beyond(district: District, **said: Any) -> str:
    """A case that the police has nothing to do with."""
    given = {"typeCode": "lift", "fields": {"floors": 3}, "title": "Stuck lift", **said}
    return await district.dispatched("environment", **given)


async def shown(district: District, case_id: str, selection: str = WHOLE) -> dict[str, Any]:
    case = await district.by(POLICE).case(case_id, selection)
    assert case is not None
    return case


async def test_without_any_part_it_is_shown_what_goes_without_saying(district: District) -> None:
    case_id = await beyond(district, description="Since noon")
    assert await district.by(POLICE).case(case_id) is None
    await share(district, case_id)
    case = await shown(district, case_id)
    assert (case["stage"], case["type"]["code"], case["channel"]) == ("DISPATCHED", "lift", "WEB")
    nothing: dict[str, Any] = {
        "title": None,
        "description": None,
        "location": None,
        "leadUnit": None,
        "coUnits": [],
        "outcome": None,
        "acceptedAt": None,
        "confidential": False,
        "shares": [],
        "officer": None,
        "timeline": {"totalCount": 0, "nodes": []},
        "fields": None,
        "routing": None,
        "evidence": [],
    }
    assert {name: case[name] for name in nothing} == nothing
    assert {change["field"] for change in case["changes"]} == {
        "stage",
        "caseNo",
        "channel",
        "registeredAt",
        "typeCode",
        "urgency",
        "cycle",
    }
    assert not any(action["enabled"] for action in case["allowedActions"])


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("TEXT", {"title": "Stuck lift", "description": "Since noon"}),
        ("LOCATION", {"location": {"area": {"code": "grid-1"}}}),
        ("HANDLING", {"leadUnit": {"code": "environment"}, "coUnits": []}),
    ],
)
async def test_it_is_shown_the_parts_that_are_named(
    district: District, part: str, expected: dict[str, Any]
) -> None:
    case_id = await beyond(district, description="Since noon")
    await share(district, case_id, part)
    case = await shown(district, case_id)
    everything = ("title", "description", "location", "leadUnit", "coUnits")
    rest = [name for name in everything if name not in expected]
    assert {name: case[name] for name in expected} == expected
    assert not any(case[name] for name in rest)


async def test_a_timeline_says_that_something_happened_and_not_what_was_said(
    district: District,
) -> None:
    case_id = await beyond(district)
    await district.by("officer").change("addNote", caseId=case_id, text="Between us")
    await district.by("officer").change(
        "addNote", caseId=case_id, text="To the reporter", audience="REPORTER"
    )
    await share(district, case_id, "TIMELINE")
    events = (await shown(district, case_id))["timeline"]
    kinds = [event["type"] for event in events["nodes"]]
    assert kinds == [
        "case.registered",
        "case.accepted",
        "case.routing_decided",
        "case.dispatched",
        "case.note_added",
    ]
    assert events["totalCount"] == len(kinds)
    for event in events["nodes"]:
        assert (event["actor"], event["reason"], event["payload"]) == (None, None, {})
        fields = {change["field"] for change in event["changes"]}
        assert fields.isdisjoint({"title", "area", "leadUnit", "details"})
    with_text = await share(district, case_id, "TIMELINE", "TEXT")
    assert with_text["events"][0]["type"] == "case.shared"
    events = (await shown(district, case_id))["timeline"]["nodes"]
    assert "title" in {change["field"] for change in events[0]["changes"]}


async def test_its_past_is_shown_as_far_as_what_is_shared_now(district: District) -> None:
    case_id = await beyond(district)
    position = (await district.api.journal.head()).size
    await share(district, case_id, "TEXT")
    query = """query Q($id: ID!, $position: Position!) {
        case(id: $id, asOf: { position: $position }) { stage title leadUnit { code } }
    }"""
    found = await district.by(POLICE).ask(query, id=case_id, position=str(position))
    assert found["case"] == {"stage": "DISPATCHED", "title": "Stuck lift", "leadUnit": None}


async def test_it_may_do_nothing_with_it(district: District) -> None:
    case_id = await beyond(district)
    await share(district, case_id, "TEXT", "LOCATION", "HANDLING", "TIMELINE")
    police = district.by(POLICE)
    for command, given in (
        ("addNote", {"text": "Hello"}),
        ("signForCase", {}),
        ("recordProgress", {"text": "Ours now"}),
    ):
        refused = await police.give(command, caseId=case_id, **given)
        assert refused["__typename"] == "NotPermitted", command


async def test_lists_hold_it_unless_they_ask_about_what_is_not_shared(district: District) -> None:
    case_id = await beyond(district)
    await share(district, case_id, "TEXT")
    assert await seen_by(district, POLICE) == {case_id}
    query = "query Q($f: CaseFilter) { cases(first: 9, filter: $f) { totalCount nodes { title } } }"
    for wanted, there in (
        ({"stage": ["DISPATCHED"], "type": ["lift"], "channel": ["WEB"]}, True),
        ({"stage": ["CLOSED"]}, False),
        # Whether a text occurs in it, or where it is, would be told by whether it is listed.
        ({"text": "lift"}, False),
        ({"area": ["grid-1"]}, False),
        ({"unit": ["environment"]}, False),
    ):
        found = (await district.by(POLICE).ask(query, f=wanted))["cases"]
        assert found["totalCount"] == len(found["nodes"]) == there, wanted
    assert await seen_by(district, "stranger") == set()


async def test_it_ends_when_it_is_revoked(district: District) -> None:
    case_id = await beyond(district)
    await share(district, case_id, "TEXT")
    staff = await district.by("officer").case(case_id, "shares { unit { code } parts }")
    assert staff == {"shares": [{"unit": {"code": "police"}, "parts": ["TEXT"]}]}
    own = await district.by("resident").case(case_id, "shares { unit { code } }")
    assert own == {"shares": []}
    await district.by("unit_leader").change("revokeShare", caseId=case_id, unit="police")
    assert await district.by(POLICE).case(case_id) is None
    assert await seen_by(district, POLICE) == set()


async def test_a_confidential_case_is_shown_to_whom_it_is_shared_with(district: District) -> None:
    case_id = await beyond(district)
    await share(district, case_id, "TEXT")
    await district.by("chief-registrar").change(
        "setConfidentiality", caseId=case_id, level="CONFIDENTIAL"
    )
    assert (await shown(district, case_id))["title"] == "Stuck lift"


async def test_events_reach_an_open_subscription_where_the_timeline_is_shared(
    district: District,
) -> None:
    silent, told = await beyond(district), await beyond(district)
    await share(district, silent, "TEXT")
    await share(district, told, "TIMELINE")
    head = str((await district.api.journal.head()).size)
    police = district.by(POLICE)
    selection = "type caseId payload"
    async with asyncio.timeout(PATIENCE), police.watch(selection, after=head) as watched:
        for case_id in (silent, told):
            await district.by("officer").change("signForCase", caseId=case_id)
        event = await watched.next()
    assert event == {"type": "case.signed_for", "caseId": told, "payload": {}}
