"""A run over HTTP with planted names: they are in no view, entry, export, log, error or URL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from app.database import Database
from app.exchange.draft import Draft
from app.exchange.exporter import ExportRequest, Format, Sources, export
from app.exchange.selection import Selection
from app.logging import configure_logging
from app.runtime import Runtime
from app.settings import LogLevel
from domain.identity import Caller
from schema.build import build_schema
from tests.api.transport.conftest import Service, serve
from tests.domain.people import ANONYMOUS, AUDITOR, INTAKE, NEIGHBOUR, OFFICER, REPORTER

PLANTED: Final = (
    "Zebulon Quigley",
    "王梓萱",
    "+86 139 5550 7341",
    "Pangolin Lane 77",
    "q.zeb@mail",
)
WHO: Final = {"name": PLANTED[0], "contact": PLANTED[2], "address": PLANTED[3]}
OTHER: Final = {"name": PLANTED[1], "contact": PLANTED[4]}
GIVE: Final = """
    mutation ($i: %sInput!) { %s(input: $i) {
      __typename
      ... on CaseChanged { case { caseId title } events { type payload changes { field after } } }
      ... on CommandError { code message }
      ... on CommandRefused { facts }
      ... on InvalidInput { path }
    } }
"""
READ: Final = (
    "query ($id: ID!, $why: String) { case(id: $id) { reporter(purpose: $why) "
    "{ name contact address } } }"
)
TABLES: Final = """
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname IN ('views', 'journal')
"""


class Client:
    """Callers of a service, and every answer that they got."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.told: list[httpx.Response] = []

    async def ask(self, by: Caller, query: str, **variables: Any) -> dict[str, Any]:
        headers = {} if by is ANONYMOUS else {"Authorization": self.service.bearer(by)}
        answer = await self.service.post(query, variables=variables, headers=headers)
        self.told.append(answer)
        found: dict[str, Any] = answer.json()
        return found

    async def give(self, by: Caller, command: str, **given: Any) -> dict[str, Any]:
        query = GIVE % (command[0].upper() + command[1:], command)
        answer = await self.ask(by, query, i=given)
        result: dict[str, Any] = (answer.get("data") or {}).get(command) or {}
        return result


async def a_day(client: Client) -> None:
    """Requests come in with and without names, well said and badly, and are read."""
    mine = await client.give(REPORTER, "registerCase", channel="WEB", title="Lamp", reporter=WHO)
    case_id = mine["case"]["caseId"]
    theirs = await client.give(ANONYMOUS, "registerCase", channel="APP", reporter=OTHER)
    assert theirs["__typename"] == "CaseChanged"
    attached = await client.give(INTAKE, "attachReporter", caseId=case_id, reporter=OTHER)
    assert attached["events"][0]["type"] == "case.reporter_attached"
    # What is refused, for every reason there is.
    long = {"name": PLANTED[0], "contact": PLANTED[2] * 99}
    for by, given in (
        (INTAKE, {"caseId": case_id, "reporter": long}),
        (INTAKE, {"caseId": case_id, "reporter": WHO, "expectedVersion": 1}),
        (INTAKE, {"caseId": case_id, "reporter": {"name": PLANTED[0] + "\x00"}}),
        (INTAKE, {"caseId": "x", "reporter": WHO}),
        (INTAKE, {"caseId": case_id, "reporter": {"name": {"first": PLANTED[0]}}}),
        (INTAKE, {"caseId": case_id, "reporter": PLANTED[1]}),
        (INTAKE, {"caseId": case_id, "reporter": WHO, "expectedVersion": PLANTED[3]}),
        (INTAKE, {"caseId": case_id, "reporter": WHO, "commandId": PLANTED[4]}),
        (OFFICER, {"caseId": case_id, "reporter": WHO}),
        (NEIGHBOUR, {"caseId": case_id, "reporter": WHO}),
    ):
        result = await client.give(by, "attachReporter", **given)
        assert result.get("__typename") != "CaseChanged"
    again = {"commandId": "00000000-0000-4000-8000-000000000001", "channel": "WEB"}
    await client.give(INTAKE, "registerCase", channel=PLANTED[0], relation=PLANTED[1])
    await client.give(INTAKE, "registerCase", reporter=WHO)
    await client.give(INTAKE, "registerCase", **again, reporter=WHO)
    reused = await client.give(INTAKE, "registerCase", **again, reporter=OTHER)
    assert reused["code"] == "COMMAND_ID_REUSED"


async def read_by_whoever_may(client: Client) -> None:
    """The one place where it is shown."""
    query = '{ cases(first: 9, filter: {text: "Lamp"}) { nodes { caseId } } }'
    found = await client.ask(INTAKE, query)
    (case,) = found["data"]["cases"]["nodes"]
    answer = await client.ask(INTAKE, READ, id=case["caseId"], why="To call back")
    assert answer["data"]["case"]["reporter"]["name"] == PLANTED[1]
    client.told.pop()
    refused = await client.ask(OFFICER, READ, id=case["caseId"], why=" ")
    assert refused["errors"][0]["extensions"]["code"] == "PURPOSE_NEEDED"
    refused = await client.ask(AUDITOR, READ, id=case["caseId"], why="Curious")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"
    attempts = await client.ask(
        AUDITOR, '{ events(first: 9, filter: {type: "attempts.refused"}) { nodes { payload } } }'
    )
    told = [node["payload"]["permission"] for node in attempts["data"]["events"]["nodes"]]
    assert told[-1] == "readReporter"
    for query in (
        "{ events(first: 90) { nodes { type payload changes { field after } reason } } }",
        "{ accessLog(first: 9) { nodes { reporterId caseId purpose categories } } }",
        "{ cases(first: 9) { nodes { title timeline(first: 9) { nodes { payload } } } } }",
    ):
        answer = await client.ask(AUDITOR, query)
        assert "errors" not in answer


async def stored(database: Database) -> dict[str, str]:
    """Every row of every table as text."""
    connection = await database.connect()
    try:
        return {
            table["name"]: "\n".join(
                row[0]
                for row in await connection.fetch(
                    f"SELECT encode(convert_to(row_to_json(t)::text, 'UTF8'), 'escape') "  # noqa: S608
                    f"|| coalesce(encode(convert_to(t::text, 'UTF8'), 'escape'), '') "
                    f"FROM {table['name']} AS t"
                )
            )
            for table in await connection.fetch(TABLES)
        }
    finally:
        await connection.close()


async def exported(running: Runtime, folder: Path) -> dict[str, str]:
    sources = Sources(running.journal, running.reads, running.commands)
    found = {}
    for kind in Format:
        path = folder / f"out.{kind}"
        with Draft(path) as draft:
            request = ExportRequest(kind, Selection(), draft)
            await export(sources, request, AUDITOR, lambda *_: None)
        found[kind.value] = path.read_text(encoding="utf-8")
    return found


def signs_of(text: str) -> list[str]:
    """The planted words that occur, also as PostgreSQL, JSON and URLs spell them."""
    spelt = {word: {word, *_spellings(word)} for word in PLANTED}
    return [word for word, forms in spelt.items() if any(form in text for form in forms)]


def _spellings(word: str) -> Iterator[str]:
    octets = word.encode()
    yield octets.hex()
    yield str(httpx.QueryParams({"q": word})).removeprefix("q=")
    yield ascii(word)[1:-1]
    yield "".join(chr(octet) if octet < 128 else f"\\{octet:o}" for octet in octets)


async def test_nothing_planted_is_found_but_where_it_was_read(
    running: Runtime, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging(LogLevel.DEBUG)
    async with serve(tmp_path, schema=build_schema(), services=running) as service:
        client = Client(service)
        await a_day(client)
        await read_by_whoever_may(client)
    tables = await stored(running.database)
    assert len(tables["journal.entries"]) > 1000
    assert "To call back" in tables["views.timeline_events"]
    files = await exported(running, tmp_path)
    assert all("case.reporter_attached" in text for text in files.values())
    output = "".join(capfd.readouterr())
    assert "wardbook.access" in output
    places = {
        **tables,
        **files,
        "log": output,
        "answers": "".join(answer.text for answer in client.told),
        "URLs": "".join(str(answer.request.url) for answer in client.told),
    }
    assert {place: found for place, text in places.items() if (found := signs_of(text))} == {}


def test_the_search_for_them_finds_them() -> None:
    for word in PLANTED:
        for form in (word, word.encode().hex(), str(httpx.QueryParams({"q": word}))):
            assert word in signs_of(f"... {form} ...")
