"""Every role x every query field, edge, mutation and subscription: what is beyond reach is nowhere.

Requests are made from the schema itself, so that a field that is added is walked too.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

import pytest
import strawberry
from graphql import GraphQLSchema

from domain.case.tracking import tracking_caller
from domain.identity import Role
from domain.permissions import PERMISSIONS
from schema import ids
from schema.build import build_schema
from tests.api.access.conftest import POSTS, District, standing_district
from tests.api.access.hidden import BETWEEN_US, MARK, TOLD_OUTSIDE, Hidden, hide
from tests.api.access.walking import Aim, field_of
from tests.api.schema.asking import Asker
from tests.servers import SERVERS, Server

# What this walks is the schema; the statements below it are tested on every server.
pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

PATIENCE: Final = 60
WALKERS: Final = [
    *(role.lower() for role in Role if role.lower() in POSTS and role is not Role.AUDITOR),
    "east-officer",
    "resident",
    None,
]
"""Everybody whose reach ends before the hidden case: one of each role, a resident, nobody."""

WATCHERS: Final = ["grid_worker", "intake", "registrar", "dispatcher", "officer", "supervisor"]
"""Those of them who see the open case from inside."""

NOT_SO_DEEP: Final = {"supervision": 4}
"""Each of its figures leads to cases, as far as they themselves: `cases` walks on from there."""

SCHEMA: Final[GraphQLSchema] = build_schema()._schema


def fields_of(kind: str) -> dict[str, Any]:
    root = {"query": SCHEMA.query_type, "mutation": SCHEMA.mutation_type}[kind]
    assert root is not None
    return dict(root.fields)


def query_of(name: str, aim: Aim) -> str:
    """A request for a field of the query with everything below it."""
    aim = replace(aim, deepest=NOT_SO_DEEP.get(name, aim.deepest))
    return f"{{ {field_of(name, fields_of('query')[name], aim, SCHEMA)} }}"


@pytest.fixture(scope="module")
async def standing(
    server: Server, schema: strawberry.Schema
) -> AsyncIterator[tuple[District, Hidden]]:
    async with standing_district(server, schema) as (district, database, journal):
        yield district, await hide(district, database, journal)


@pytest.fixture
def district(standing: tuple[District, Hidden]) -> District:
    """The one district of all tests here: only their own cases come to it."""
    return standing[0]


@pytest.fixture
def hidden(standing: tuple[District, Hidden]) -> Hidden:
    return standing[1]


async def test_the_auditor_finds_it_everywhere(district: District, hidden: Hidden) -> None:
    """The walk below can fail: with every right the same requests do show the case."""
    found = set()
    for name in fields_of("query"):
        answer = await district.by("auditor").execute(query_of(name, hidden.aim()))
        if MARK in json.dumps(answer.data, ensure_ascii=False, default=str):
            found.add(name)
    assert {
        "case",
        "cases",
        "events",
        "metrics",
        "node",
        "nodes",
        "responsibilityIntervals",
        "supervision",
        "whatIf",
    } <= found


@pytest.mark.parametrize("walker", WALKERS)
async def test_no_query_shows_it(district: District, hidden: Hidden, walker: str | None) -> None:
    an_event = json.dumps(hidden.events[0])
    aims = {
        "by id": hidden.aim(),
        "by number": hidden.aim(id="null", caseNo=json.dumps(hidden.case_no), which="MISSED"),
        "by event": hidden.aim(id=an_event, ids=an_event, which="EXCLUDED"),
    }
    asked = set()
    for way, aim in aims.items():
        for name in fields_of("query"):
            query = query_of(name, aim)
            if query in asked:
                continue  # it does not aim at a case, or not in this way
            asked.add(query)
            answer = await district.by(walker).execute(query)
            shown = json.dumps(answer.data, ensure_ascii=False, default=str)
            told = " ".join(str(error) for error in answer.errors or [])
            for trace in hidden.traces():
                assert trace not in shown, (way, name)
            assert MARK not in told, (way, name)


@pytest.mark.parametrize("walker", WALKERS)
async def test_no_mutation_reaches_it(
    district: District, hidden: Hidden, walker: str | None
) -> None:
    before = await district.by("auditor").case(hidden.case_id, "version")
    roles = district.caller(walker).roles
    for name, field in fields_of("mutation").items():
        about_a_case = "caseId" in field.args["input"].type.of_type.fields
        if not about_a_case and roles & PERMISSIONS.get(name, frozenset()):
            continue  # by the table alone, and they may
        # What a refusal says lies at the top; a case that was changed would show its texts there.
        command_id = str(uuid5(NAMESPACE_OID, name))  # one text for all: see remembering_schema
        aim = replace(hidden.aim(commandId=json.dumps(command_id)), deepest=2)
        query = f"mutation {{ {field_of(name, field, aim, SCHEMA)} }}"
        answer = await district.by(walker).execute(query)
        assert answer.errors is None or answer.data is None, (name, answer.errors)
        result = (answer.data or {}).get(name) or {}
        # Who tries to open a case is answered alike whether there is one.
        tried = name == "openTracking" and result["CommandRefused_code"] == "TRACKING_REFUSED"
        assert tried or result.get("__typename") in {None, "NotFound", "NotPermitted"}, (
            name,
            result,
        )
        shown = json.dumps(answer.data, ensure_ascii=False, default=str)
        assert not [trace for trace in hidden.traces() if trace in shown], name
    assert await district.by("auditor").case(hidden.case_id, "version") == before


@pytest.mark.parametrize("walker", [walker for walker in WALKERS if walker is not None])
async def test_no_subscription_tells_it(district: District, hidden: Hidden, walker: str) -> None:
    """Each walker hears of a case of their own that comes after it, and of nothing hidden."""
    # worklistChanged: tests/api/access/test_worklists.py; deadlineWarning: below.
    told_of = {"caseChanged", "worklistChanged", "deadlineWarning"}
    assert set(SCHEMA.subscription_type.fields) == told_of  # type: ignore[union-attr]
    own = await district.registered(by=walker)
    heard: list[dict[str, Any]] = []
    asker = district.by(walker)
    async with asyncio.timeout(PATIENCE), asker.watch("caseId id payload", after="0") as watched:
        while not heard or heard[-1]["caseId"] != own:
            heard.append(await watched.next())
    told = json.dumps(heard, ensure_ascii=False)
    assert not [trace for trace in {*hidden.traces(), hidden.case_id} if trace in told]


@pytest.mark.parametrize("walker", ["auditor", *WATCHERS])
async def test_no_deadline_of_it_is_told(district: District, hidden: Hidden, walker: str) -> None:
    """Its limit was passed before that of the open case: the auditor is told of it first."""
    query = 'subscription { deadlineWarning(after: "0") { caseId clock case { title } } }'
    results = await district.api.schema.subscribe(query, context_value=district.context(walker))
    assert isinstance(results, AsyncGenerator)
    async with asyncio.timeout(PATIENCE), aclosing(results):
        first = await anext(results)
    assert first.data is not None, first.errors
    expected = hidden.case_id if walker == "auditor" else hidden.open_id
    assert first.data["deadlineWarning"]["caseId"] == expected


INSIDE: Final = """
    clocks { name } responsibility { part } orders { id } escalations { percent }
    supervision
"""
HELD: Final = """
    suspensions { state requestedBy decidedBy stoppedClocks paused { clock } }
    extensions { state requestedBy decidedBy }
"""


@pytest.mark.parametrize("tracking", [False, True], ids=["by account", "by tracking code"])
async def test_its_reporter_sees_it_from_outside(
    district: District, hidden: Hidden, tracking: bool
) -> None:
    uuid = ids.parse_current_case(hidden.case_id)
    by_code = district.api.context(tracking_caller(uuid))
    context = by_code if tracking else district.context("neighbour")
    asker = Asker(district.api.schema, context)
    for name in fields_of("query"):
        answer = await asker.execute(query_of(name, hidden.aim()))
        shown = json.dumps(answer.data, ensure_ascii=False, default=str)
        traces = {BETWEEN_US, *hidden.internal}
        assert not [trace for trace in traces if trace in shown], name
        # What is about units and how they are judged is not about a reporter's case.
        assert (MARK in shown) is (name in {"case", "cases", "node", "nodes"}), name
    case = await asker.case(hidden.case_id, f"{INSIDE} timeline(first: 99) {{ nodes {{ type }} }}")
    assert case is not None
    told = {event["type"] for event in case.pop("timeline")["nodes"]}
    assert {"case.suspended", "case.extension_approved"} <= told <= TOLD_OUTSIDE
    assert case.pop("supervision") == "NONE"
    assert not [name for name, found in case.items() if found]
    # What was decided for it, not by whom, nor what a unit asked for in vain.
    held = await asker.case(hidden.case_id, HELD)
    nobody = {"requestedBy": None, "decidedBy": None}
    assert held == {
        "suspensions": [{"state": "RESUMED", **nobody, "stoppedClocks": [], "paused": []}],
        "extensions": [{"state": "APPROVED", **nobody}],
    }


@pytest.mark.parametrize("walker", ["officer", "resident"])
async def test_a_past_state_is_as_hidden_as_the_present(
    district: District, hidden: Hidden, walker: str
) -> None:
    past = "{ case(id: %s, asOf: {version: 2}) { id title } }" % json.dumps(hidden.case_id)  # noqa: UP031
    case = (await district.by("auditor").ask(past))["case"]
    assert MARK in case["title"]
    assert (await district.by(walker).ask(past))["case"] is None
    node = "query Q($id: ID!) { node(id: $id) { id ... on Case { title } } }"
    assert (await district.by("auditor").ask(node, id=case["id"]))["node"] is not None
    assert (await district.by(walker).ask(node, id=case["id"]))["node"] is None
