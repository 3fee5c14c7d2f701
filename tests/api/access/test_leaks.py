"""Every role x every query field, edge, mutation and subscription: what is beyond reach is nowhere.

Requests are made from the schema itself, so that a field that is added is walked too.
"""

import asyncio
import json
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import pytest
from graphql import GraphQLSchema

from domain.identity import Role
from domain.permissions import PERMISSIONS
from schema.build import build_schema
from tests.api.access.conftest import POSTS, District
from tests.api.access.walking import Aim, field_of
from tests.servers import SERVERS

# What this walks is the schema; the statements below it are tested on every server.
pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

PATIENCE: Final = 20
MARK: Final = "Zanzibar"
"""A word that occurs in the hidden case and nowhere else."""

WALKERS: Final = [
    *(role.lower() for role in Role if role.lower() in POSTS and role is not Role.AUDITOR),
    "east-officer",
    "resident",
    None,
]
"""Everybody whose reach ends before the hidden case: one of each role, a resident, nobody."""

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


class Hidden:
    """A case of the police in another street, with the mark wherever a text may be."""

    def __init__(self, case_id: str, case_no: str, events: list[str]) -> None:
        self.case_id = case_id
        self.case_no = case_no
        self.events = events

    def traces(self) -> set[str]:
        """What no answer may have in it that was not in the request."""
        return {MARK, self.case_no, *self.events}

    def aim(self, **more: str) -> Aim:
        quoted = json.dumps(self.case_id)
        return Aim(
            {
                "id": quoted,
                "ids": quoted,
                "caseId": quoted,
                "otherCaseId": quoted,
                "duplicateCandidates.first": "20",
                "first": "100",
                "after": "null",
                **more,
            }
        )


@pytest.fixture
async def hidden(district: District) -> Hidden:
    title, description = f"{MARK} title", f"{MARK} description"
    said = {"title": title, "description": description, "area": "street-2"}
    case_id = await district.dispatched("police", by="neighbour", **said)
    officer = district.by("police-officer")
    await officer.change("signForCase", caseId=case_id, reason=f"{MARK} reason")
    for audience in ("INTERNAL", "REPORTER"):
        await officer.change("addNote", caseId=case_id, text=f"{MARK} note", audience=audience)
    await officer.change("recordProgress", caseId=case_id, text=f"{MARK} progress")
    case = await district.by("auditor").case(case_id, "caseNo timeline(first: 50) { nodes { id } }")
    assert case is not None
    events = [event["id"] for event in case["timeline"]["nodes"]]
    return Hidden(case_id, case["caseNo"], events)


async def test_the_auditor_finds_it_everywhere(district: District, hidden: Hidden) -> None:
    """The walk below can fail: with every right the same requests do show the case."""
    found = set()
    for name in fields_of("query"):
        answer = await district.by("auditor").execute(query_of(name, hidden.aim()))
        if MARK in json.dumps(answer.data, ensure_ascii=False, default=str):
            found.add(name)
    assert {"case", "cases", "events", "node", "nodes", "supervision"} <= found


@pytest.mark.parametrize("walker", WALKERS)
async def test_no_query_shows_it(district: District, hidden: Hidden, walker: str | None) -> None:
    aims = {
        "by id": hidden.aim(),
        "by number": hidden.aim(id="null", caseNo=json.dumps(hidden.case_no)),
        "by event": hidden.aim(id=json.dumps(hidden.events[0]), ids=json.dumps(hidden.events[0])),
    }
    for way, aim in aims.items():
        for name in fields_of("query"):
            answer = await district.by(walker).execute(query_of(name, aim))
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
        aim = replace(hidden.aim(commandId=json.dumps(str(uuid4()))), deepest=2)
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
    told_of = {"caseChanged", "worklistChanged"}  # the latter by tests/api/access/test_worklists.py
    assert set(SCHEMA.subscription_type.fields) == told_of  # type: ignore[union-attr]
    own = await district.registered(by=walker)
    heard: list[dict[str, Any]] = []
    asker = district.by(walker)
    async with asyncio.timeout(PATIENCE), asker.watch("caseId id payload", after="0") as watched:
        while not heard or heard[-1]["caseId"] != own:
            heard.append(await watched.next())
    told = json.dumps(heard, ensure_ascii=False)
    assert not [trace for trace in {*hidden.traces(), hidden.case_id} if trace in told]


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
