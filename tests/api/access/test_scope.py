"""Who sees which cases, and that it changes at once with the directory."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.directory.people import AppointPerson, DelegateAuthority, EndAppointment
from domain.identity import Role
from tests.api.access.conftest import District

PATIENCE = 60
CASES = "{ cases(first: 20) { totalCount nodes { caseId } } }"


async def seen_by(district: District, name: str | None) -> set[str]:
    found = (await district.by(name).ask(CASES))["cases"]
    assert found["totalCount"] == len(found["nodes"])
    return {case["caseId"] for case in found["nodes"]}


async def test_everybody_sees_as_far_as_their_post_reaches(district: District) -> None:
    ours = await district.dispatched()  # led by environment, helped by police, in street-1
    easts = await district.dispatched("environment-east", area="street-2")
    theirs = await district.dispatched("police", area="street-2")
    new = await district.registered(area="street-2", by="neighbour")
    everything = {ours, easts, theirs, new}
    expected = {
        "auditor": everything,
        "chief-dispatcher": everything,
        "chief-registrar": everything,
        "dispatcher": {ours},  # of street-1
        "intake": {ours},
        "supervisor": {ours},
        "grid_worker": {ours},
        "officer": {ours, easts},  # and of the unit below
        "unit_leader": {ours, easts},
        "east-officer": {easts},
        "police-officer": {ours, theirs},
        "resident": {ours, easts, theirs},
        "neighbour": {new},
        "system_admin": set(),
        "directory_admin": set(),
        "catalogue_admin": set(),
        "privacy_officer": set(),
        "volunteer": set(),
        "mediator": set(),
        "stranger": set(),
        None: set(),
    }
    assert {name: await seen_by(district, name) for name in expected} == expected


async def test_beyond_reach_there_is_no_such_case(district: District) -> None:
    theirs = await district.dispatched("police", area="street-2")
    for name in ("officer", "unit_leader", "dispatcher", "stranger"):
        assert await district.by(name).case(theirs) is None
    refused = await district.by("officer").give("addNote", caseId=theirs, text="Hello")
    missing = await district.by("officer").give(
        "addNote", caseId=theirs[:-1] + ("0" if theirs[-1] != "0" else "1"), text="Hello"
    )
    assert refused["__typename"] == "NotFound"
    assert missing["__typename"] in {"NotFound", "InvalidInput"}


async def test_who_helps_may_write_but_not_resolve(district: District) -> None:
    ours = await district.dispatched()
    await district.by("officer").change("signForCase", caseId=ours)
    helper = district.by("police-officer")
    await helper.change("addNote", caseId=ours, text="We are there")
    refused = await helper.give(
        "submitResolution", caseId=ours, outcome="RESOLVED", measures="Nothing"
    )
    assert refused["__typename"] == "NotPermitted"


async def test_an_officers_own_case_is_theirs_as_a_resident(district: District) -> None:
    own = await district.dispatched("police", by="east-officer", area="street-2")
    await district.by("police-officer").change("addNote", caseId=own, text="internal matter")
    officer = district.by("east-officer")
    case = await officer.case(own, "timeline(first: 20) { nodes { type actor { principal } } }")
    assert case is not None
    assert {event["actor"] and event["actor"]["principal"] for event in case["timeline"]["nodes"]}
    kinds = [event["type"] for event in case["timeline"]["nodes"]]
    assert "case.note_added" not in kinds
    assert all(event["actor"] is None for event in case["timeline"]["nodes"])
    changed = await officer.change("addNote", caseId=own, text="When do you come?")
    assert changed["events"][0]["payload"]["audience"] == "REPORTER"


async def test_who_did_something_is_not_found_out_by_looking_for_them(district: District) -> None:
    ours = await district.dispatched()
    own = await district.dispatched("police", by="supervisor", area="street-2")
    found = await district.by("supervisor").ask(
        """query ($who: String) { events(filter: { principal: $who }, first: 100) {
            totalCount nodes { caseId }
        } }""",
        who="chief-dispatcher",
    )
    seen = {event["caseId"] for event in found["events"]["nodes"]}
    assert ours in seen
    assert own not in seen, "as a resident they are not told who acts on their case"
    assert found["events"]["totalCount"] == len(found["events"]["nodes"])


async def test_the_post_that_was_used_stands_in_the_entry(district: District) -> None:
    ours = await district.dispatched()
    await district.by("officer").change("signForCase", caseId=ours)
    case = await district.by("auditor").case(
        ours, "timeline(last: 1) { nodes { actor { principal post unit { code } } } }"
    )
    assert case is not None
    actor = case["timeline"]["nodes"][0]["actor"]
    assert actor == {"principal": "officer", "post": "officer", "unit": {"code": "environment"}}


async def test_on_whose_behalf_a_delegate_acted_stands_in_the_event(district: District) -> None:
    ours = await district.dispatched()
    await district.order(
        DelegateAuthority,
        appointment="officer#1",
        delegate="deputy",
        roles=(Role.OFFICER,),
        valid_to=datetime.now(UTC) + timedelta(days=1),
    )
    await district.by("deputy").change("signForCase", caseId=ours)
    await district.by("officer").change("recordProgress", caseId=ours, text="On our way")
    told = "timeline(last: 2) { nodes { actor { principal post } onBehalfOf { principal post } } }"
    case = await district.by("auditor").case(ours, told)
    assert case is not None
    assert case["timeline"]["nodes"] == [
        {
            "actor": {"principal": "deputy", "post": "officer"},
            "onBehalfOf": {"principal": "officer", "post": "officer"},
        },
        {"actor": {"principal": "officer", "post": "officer"}, "onBehalfOf": None},
    ]
    outside = await district.by("resident").case(ours, told)
    assert outside is not None
    assert all(event["onBehalfOf"] is None for event in outside["timeline"]["nodes"])


async def test_roles_change_at_once(district: District) -> None:
    ours = await district.dispatched()
    assert await seen_by(district, "newcomer") == set()
    await district.order(EndAppointment, appointment="officer#1")
    assert await seen_by(district, "officer") == set()
    assert district.caller("officer").roles == {Role.REPORTER}
    await district.order(AppointPerson, position="officer", person="newcomer")
    assert await seen_by(district, "newcomer") == {ours}


async def test_they_change_for_open_subscriptions_too(district: District) -> None:
    first = await district.dispatched()
    head = str((await district.api.journal.head()).size)
    officer = district.by("officer")
    async with asyncio.timeout(PATIENCE), officer.watch("type caseId", after=head) as watched:
        await district.by("officer").change("signForCase", caseId=first)
        assert (await watched.next())["type"] == "case.signed_for"
        own = await district.registered(by="officer")
        await district.order(EndAppointment, appointment="officer#1")
        await district.by("chief-dispatcher").give("addNote", caseId=first, text="Hidden now")
        await district.by("officer").change("addNote", caseId=own, text="Mine")
        seen = [await watched.next(), await watched.next()]
    assert {event["caseId"] for event in seen} == {own}


async def test_the_viewer_is_who_the_directory_says(district: District) -> None:
    query = """{ viewer {
        principal roles posts { code unit { code } roles areas { code } byDelegation }
        units { code } areas { code } post seesEveryCase permissions
    } }"""
    viewer = (await district.by("officer").ask(query))["viewer"]
    assert {"signForCase", "readCases"} <= set(viewer.pop("permissions"))
    assert viewer == {
        "principal": "officer",
        "roles": ["OFFICER", "REPORTER"],
        "posts": [
            {
                "code": "officer",
                "unit": {"code": "environment"},
                "roles": ["OFFICER"],
                "areas": [{"code": "street-1"}],
                "byDelegation": None,
            }
        ],
        "units": [{"code": "environment"}],
        "areas": [{"code": "street-1"}],
        "post": "officer",
        "seesEveryCase": False,
    }
    assert (await district.by("auditor").ask(query))["viewer"]["seesEveryCase"]


@pytest.mark.parametrize("name", ["auditor", "system_admin"])
async def test_some_change_nothing(district: District, name: str) -> None:
    ours = await district.dispatched()
    refused = await district.by(name).give("addNote", caseId=ours, text="Hello")
    assert refused["__typename"] in {"NotPermitted", "NotFound"}


async def test_what_one_may_do_with_a_case_is_told_by_reach(district: District) -> None:
    ours = await district.dispatched()
    actions = "allowedActions { command enabled }"
    for name, expected in (("officer", True), ("police-officer", False)):
        case = await district.by(name).case(ours, actions)
        assert case is not None
        enabled = {each["command"]: each["enabled"] for each in case["allowedActions"]}
        assert enabled["signForCase"] is expected
