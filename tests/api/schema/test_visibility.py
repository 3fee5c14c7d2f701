"""Nothing leaks: what a caller may not see does not exist for them."""

from typing import Any, Final
from uuid import uuid4

import pytest

from domain.identity import ANONYMOUS, Caller, Role
from domain.permissions import PERMISSIONS, READ_CASES, READ_JOURNAL
from schema import ids
from tests.api.schema.asking import CASE, EVENT, Api
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, NEIGHBOUR, OFFICER, REGISTRAR, REPORTER, person

TIMELINE = f"timeline(first: 100) {{ totalCount nodes {{ {EVENT} }} }}"
EVERYTHING = f"""
query Q($id: ID!, $event: ID!, $caseNo: String!) {{
    node(id: $id) {{ id }}
    nodes(ids: [$id, $event]) {{ id }}
    case(id: $id) {{ {CASE} {TIMELINE} }}
    past: case(id: $id, asOf: {{version: 1}}) {{ id }}
    byNumber: case(caseNo: $caseNo) {{ id }}
    cases(first: 100) {{ totalCount nodes {{ id }} }}
    pastCases: cases(first: 100, asOf: {{position: 2}}) {{ totalCount nodes {{ id }} }}
    caseTotals(by: [STAGE]) {{ cells {{ cases }} }}
    logSources
}}
"""
NOTHING: Final[dict[str, Any]] = {
    "node": None,
    "nodes": [None, None],
    "case": None,
    "past": None,
    "byNumber": None,
    "cases": {"totalCount": 0, "nodes": []},
    "pastCases": {"totalCount": 0, "nodes": []},
    "caseTotals": {"cells": []},
    "logSources": [],
}

STAFF = [role for role in Role if role in PERMISSIONS[READ_CASES] and role is not Role.REPORTER]
NOBODY = [role for role in Role if role not in PERMISSIONS[READ_CASES]]


async def everything(api: Api, caller: Caller, case_id: str) -> dict[str, Any]:
    """What a caller sees of a case from every side."""
    case = await api.by(AUDITOR).case(case_id, f"caseNo {TIMELINE}")
    assert case is not None
    event = case["timeline"]["nodes"][0]["id"]
    return await api.by(caller).ask(EVERYTHING, id=case_id, event=event, caseNo=case["caseNo"])


@pytest.mark.parametrize(
    "caller",
    [ANONYMOUS, NEIGHBOUR, *(person("somebody", role) for role in NOBODY)],
    ids=lambda caller: f"{caller.principal}-{'-'.join(caller.roles)}",
)
async def test_whoever_may_not_see_a_case_finds_no_trace_of_it(
    api: Api, desk: Desk, caller: Caller
) -> None:
    case_id = await desk.in_progress()
    assert await everything(api, caller, case_id) == NOTHING


@pytest.mark.parametrize("role", STAFF)
async def test_staff_see_every_case_whole(api: Api, desk: Desk, role: Role) -> None:
    case_id = await desk.registered()
    await api.by(OFFICER).change("addNote", caseId=case_id, text="Between us", reason="Why")

    seen = await everything(api, person("somebody", role), case_id)

    assert seen["case"]["title"] == "Street light out"
    assert seen["cases"]["totalCount"] == 1
    note = seen["case"]["timeline"]["nodes"][-1]
    assert note["payload"]["text"] == "Between us"
    assert note["actor"]["principal"] == OFFICER.principal
    assert (note["authority"], note["reason"]) == ("addNote", "Why")


async def test_an_anonymous_caller_gets_an_answer_and_no_more(api: Api) -> None:
    stranger = api.by(ANONYMOUS)
    changed = await stranger.change("registerCase", channel="WEB", title="Noise at night")

    assert changed["case"]["title"] == "Noise at night"
    [event] = changed["events"]
    assert event["type"] == "case.registered"
    assert event["actor"] is event["authority"] is event["reason"] is None
    assert await everything(api, ANONYMOUS, changed["case"]["caseId"]) == NOTHING


async def test_an_anonymous_caller_may_only_register(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    for command, given in (
        ("withdrawCase", {}),
        ("addNote", {"text": "Me again"}),
        ("acceptCase", {}),
    ):
        result = await api.by(ANONYMOUS).give(command, caseId=case_id, **given)
        assert result["code"] == "NOT_PERMITTED"


async def test_a_token_for_a_principal_called_anonymous_sees_no_strangers_cases(api: Api) -> None:
    changed = await api.by(ANONYMOUS).change("registerCase", channel="WEB")
    impostor = person(ANONYMOUS.principal, Role.REPORTER)
    assert await api.by(impostor).case(changed["case"]["caseId"]) is None


async def test_a_reporter_sees_their_own_case_without_names_and_internal_notes(
    api: Api,
) -> None:
    changed = await api.by(REPORTER).change("registerCase", channel="WEB", title="Noise")
    case_id = changed["case"]["caseId"]
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id, reason="Ours")
    await api.by(OFFICER).change("addNote", caseId=case_id, text="A known caller")
    await api.by(OFFICER).change(
        "addNote", caseId=case_id, text="We are on it", audience="REPORTER"
    )

    seen = await api.by(REPORTER).case(case_id, f"{CASE} {TIMELINE}")

    assert seen is not None
    events = seen["timeline"]["nodes"]
    assert [event["type"] for event in events] == [
        "case.registered",
        "case.accepted",
        "case.note_added",
    ]
    assert seen["timeline"]["totalCount"] == 3
    assert all(
        event["actor"] is event["authority"] is event["policyVersion"] is event["reason"] is None
        for event in events
    )
    assert events[-1]["payload"]["text"] == "We are on it"
    assert "A known caller" not in str(seen)
    assert OFFICER.principal not in str(seen)


async def test_a_reporter_does_not_learn_who_resolved_their_case(api: Api) -> None:
    changed = await api.by(REPORTER).change("registerCase", channel="WEB", title="Noise")
    case_id = changed["case"]["caseId"]
    await _resolve_badly(api, case_id)

    selection = f"{CASE} {TIMELINE} changes(from: 0, to: 6) {{ field before after }}"
    seen = await api.by(REPORTER).case(case_id, selection)

    assert "who.resolved" not in str(seen)
    assert "internal demand" not in str(seen)


async def _resolve_badly(api: Api, case_id: str) -> None:
    everybody = person("who.resolved", Role.REGISTRAR, Role.DISPATCHER, Role.OFFICER)
    await api.by(everybody).change("acceptCase", caseId=case_id)
    await api.by(everybody).change("dispatchCase", caseId=case_id, leadUnit="noise")
    await api.by(everybody).change("signForCase", caseId=case_id)
    await api.by(everybody).change(
        "submitResolution", caseId=case_id, outcome="EXPLAINED", measures="We talked"
    )
    await api.by(REGISTRAR).change("orderRework", caseId=case_id, demand="An internal demand")


async def test_a_conflict_tells_a_reporter_no_more_than_their_timeline(api: Api) -> None:
    changed = await api.by(REPORTER).change("registerCase", channel="WEB")
    case_id = changed["case"]["caseId"]
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
    await api.by(OFFICER).change("addNote", caseId=case_id, text="Between us")

    result = await api.by(REPORTER).give("withdrawCase", caseId=case_id, expectedVersion=1)

    assert result["currentVersion"] == 3
    assert [event["type"] for event in result["missed"]] == ["case.accepted"]
    assert result["missed"][0]["actor"] is None


async def test_a_stranger_s_command_id_is_not_taken_for_another_input(api: Api) -> None:
    command_id = str(uuid4())
    await api.by(ANONYMOUS).change(
        "registerCase", channel="WEB", title="Secret", commandId=command_id
    )
    result = await api.by(ANONYMOUS).give("registerCase", channel="WEB", commandId=command_id)
    assert result["code"] == "COMMAND_ID_REUSED"
    assert "Secret" not in str(result)


@pytest.mark.parametrize("role", [role for role in Role if role not in PERMISSIONS[READ_JOURNAL]])
async def test_only_those_who_may_read_the_journal_do(api: Api, role: Role) -> None:
    caller = person("somebody", role)
    refused = await api.by(caller).refused("{ events(first: 1) { nodes { id } } }")
    assert refused["code"] == "NOT_PERMITTED"


async def test_a_stranger_does_not_learn_how_the_journal_grows(api: Api) -> None:
    refused = await api.by(ANONYMOUS).refused("{ journal { position } }")
    assert refused["code"] == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ('{ node(id: "42") { id } }', ["id"]),
        ('{ nodes(ids: ["42"]) { id } }', ["ids", "0"]),
        ('{ case(id: "42") { id } }', ["id"]),
        (f'{{ case(id: "{ids.event_id(1)}") {{ id }} }}', ["id"]),
        ("{ case { id } }", ["id"]),
        ('{ case(id: "42", caseNo: "7") { id } }', ["id"]),
    ],
)
async def test_a_malformed_or_mistyped_id_is_a_coded_error(
    api: Api, query: str, path: list[str]
) -> None:
    refused = await api.by(AUDITOR).refused(query)
    assert refused == {"code": "INVALID_INPUT", "path": path}


async def test_a_node_is_found_again_by_each_of_its_ids(api: Api, desk: Desk) -> None:
    case_id = await desk.accepted()
    query = f"""query Q($id: ID!) {{
        case(id: $id) {{ id {TIMELINE} }}
        past: case(id: $id, asOf: {{version: 1}}) {{ id }}
    }}"""
    found = await api.by(AUDITOR).ask(query, id=case_id)
    event = found["case"]["timeline"]["nodes"][1]["id"]
    wanted = [event, found["past"]["id"], case_id, case_id]

    nodes = await api.by(AUDITOR).ask(
        """query Q($ids: [ID!]!) { nodes(ids: $ids) {
            __typename id ... on Case { version stage isCurrent } ... on CaseEvent { type }
        } }""",
        ids=wanted,
    )

    assert [node["id"] for node in nodes["nodes"]] == wanted
    assert nodes["nodes"][0] == {
        "__typename": "CaseEvent",
        "id": event,
        "type": "case.accepted",
    }
    assert nodes["nodes"][1]["stage"] == "REGISTERED"
    assert nodes["nodes"][1]["isCurrent"] is False
    assert nodes["nodes"][2] == {
        "__typename": "Case",
        "id": case_id,
        "version": 2,
        "stage": "ACCEPTED",
        "isCurrent": True,
    }


async def test_no_more_than_a_hundred_nodes_at_once(api: Api) -> None:
    refused = await api.by(AUDITOR).refused(
        "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        ids=[ids.case_id(uuid4()) for _ in range(101)],
    )
    assert refused == {"code": "INVALID_INPUT", "path": ["ids"]}


async def test_the_viewer_is_whom_the_token_names(api: Api) -> None:
    query = "{ viewer { principal kind roles units { code } post permissions } }"
    stranger = (await api.by(ANONYMOUS).ask(query))["viewer"]
    assert stranger == {
        "principal": "anonymous",
        "kind": "ANONYMOUS",
        "roles": ["PUBLIC"],
        "units": [],
        "post": None,
        "permissions": ["registerCase", "readCatalogue"],
    }
    viewer = (await api.by(REGISTRAR).ask(query))["viewer"]
    assert (viewer["principal"], viewer["roles"]) == ("registrar", ["REGISTRAR"])
    assert {"acceptCase", "readCases"} <= set(viewer["permissions"])
