"""Our own schema, journal and database behind the transport."""

import re
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from graphql import build_schema as from_sdl
from graphql import parse, validate

from app.runtime import Runtime
from app.web.monitoring import JournalMonitor
from domain.identity import ActorKind, Caller, Role
from schema.build import build_schema
from tests.api.transport.conftest import Service, serve, subscribed
from tests.api.transport.test_events import streaming

STAFF = Caller("wang.fang", ActorKind.PERSON, frozenset({Role.INTAKE, Role.REGISTRAR}))
WATCH = "subscription ($after: Position) { caseChanged(after: $after) { position type } }"
WORK = """
    subscription ($after: Position) {
        worklistChanged(kind: AWAITING_MY_APPROVAL, after: $after) {
            position movement case { stage title }
        }
    }
"""
REFUSED = {"__typename": "CommandRefused", "code": "RATE_LIMITED"}


@pytest.fixture
async def ours(running: Runtime, tmp_path: Path) -> AsyncIterator[Service]:
    async with serve(
        tmp_path, schema=build_schema(), services=running, anonymous_registrations_per_minute=3
    ) as service:
        yield service


def registration(alias: str = "registerCase") -> str:
    asked = f'{{commandId: "{uuid4()}", channel: WEB, title: "Lamp out"}}'
    return (
        f"{alias}: registerCase(input: {asked}) "
        "{ __typename ... on CaseChanged { position } ... on CommandRefused { code } }"
    )


def refused(answers: dict[str, Any]) -> list[bool]:
    return [answer == REFUSED for answer in answers.values()]


async def test_aliases_count_one_by_one_against_the_allowance(ours: Service) -> None:
    aliases = " ".join(registration(f"r{number}") for number in range(5))
    response = await ours.post(f"mutation {{ {aliases} }}")
    assert refused(response.json()["data"]) == [False, False, False, True, True]


async def test_the_allowance_is_one_over_every_transport(ours: Service) -> None:
    mutation = f"mutation {{ {registration()} }}"
    first = await ours.post(mutation)
    assert refused(first.json()["data"]) == [False]
    async with streaming(ours, f"mutation {{ {registration()} }}") as stream:
        (_, second), _ = await stream.rest()
    assert refused(second["data"]) == [False]
    async with subscribed(ours) as socket:
        found = []
        for number in range(2):
            await socket.subscribe(str(number), f"mutation {{ {registration()} }}")
            found += refused((await socket.receive())["payload"]["data"])
            await socket.receive()
    assert found == [False, True]


async def test_a_registration_with_a_token_takes_nothing_from_it(ours: Service) -> None:
    bearer = {"Authorization": ours.bearer(STAFF)}
    for _ in range(5):
        response = await ours.post(f"mutation {{ {registration()} }}", headers=bearer)
        assert refused(response.json()["data"]) == [False]


async def test_where_the_setting_is_0_nobody_registers_without_a_token(
    running: Runtime, tmp_path: Path
) -> None:
    async with serve(
        tmp_path, schema=build_schema(), services=running, anonymous_registrations_per_minute=0
    ) as service:
        response = await service.post(f"mutation {{ {registration()} }}")
    assert response.json()["data"]["registerCase"] == {"__typename": "NotPermitted"}


async def test_a_subscription_resumes_over_both_transports(ours: Service) -> None:
    bearer = ours.bearer(STAFF)
    headers = {"Authorization": bearer}
    for _ in range(3):
        await ours.post(f"mutation {{ {registration()} }}", headers=headers)
    async with subscribed(ours, bearer) as socket:
        await socket.subscribe("a", WATCH, variables={"after": "2"})
        by_socket = [(await socket.receive())["payload"]["data"] for _ in range(2)]
        await ours.post(f"mutation {{ {registration()} }}", headers=headers)
        by_socket.append((await socket.receive())["payload"]["data"])
    async with streaming(ours, WATCH, headers, variables={"after": "2"}) as stream:
        by_events = [(await stream.next() or ("", {}))[1]["data"] for _ in range(3)]
    assert by_socket == by_events
    assert [item["caseChanged"]["position"] for item in by_events] == ["3", "4", "5"]


async def test_a_worklist_is_live_over_both_transports(ours: Service) -> None:
    bearer = ours.bearer(STAFF)
    headers = {"Authorization": bearer}
    async with subscribed(ours, bearer) as socket:
        await socket.subscribe("a", WORK, variables={"after": "1"})
        await ours.post(f"mutation {{ {registration()} }}", headers=headers)
        by_socket = (await socket.receive())["payload"]["data"]["worklistChanged"]
    async with streaming(ours, WORK, headers, variables={"after": "1"}) as stream:
        by_events = (await stream.next() or ("", {}))[1]["data"]["worklistChanged"]
    assert by_socket == by_events
    assert by_events == {
        "position": "2",
        "movement": "ENTERED",
        "case": {"stage": "REGISTERED", "title": "Lamp out"},
    }


async def test_a_subscription_from_beyond_the_end_is_an_error(ours: Service) -> None:
    headers = {"Authorization": ours.bearer(STAFF)}
    async with streaming(ours, WATCH, headers, variables={"after": "99"}) as stream:
        (_, told), _ = await stream.rest()
    assert told["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_no_text_makes_the_service_fail(ours: Service) -> None:
    headers = {"Authorization": ours.bearer(STAFF), "Content-Type": "application/json"}
    query = "query ($t: String) { cases(first: 1, filter: {text: $t}) { totalCount } }"
    for value in ("\\u0000", "\\ud800", "x" * 5000, "' OR 1=1 --", "\u202e", "\U0001f6a8"):
        written = value.replace("\\", "\\\\")
        list_of = f'cases(first: 1, filter: {{text: \\"{written}\\"}})'
        for body in (
            f'{{"query": "{query}", "variables": {{"t": "{value}"}}}}',
            f'{{"query": "{{ {list_of} {{ totalCount }} }}"}}',
            f'{{"query": "{{ case(id: \\"{written}\\") {{ id }} }}"}}',
            f'{{"query": "{{ case(caseNo: \\"{written}\\") {{ id }} }}"}}',
        ):
            answer = await ours.client.post("/graphql", content=body.encode(), headers=headers)
            assert answer.status_code < 500
            assert "INTERNAL_ERROR" not in answer.text


async def test_the_journal_is_measured_and_the_database_checked(running: Runtime) -> None:
    monitor = JournalMonitor(running)
    assert list(await monitor.problems()) == []
    reading = await monitor.reading()
    assert (reading.head, reading.batches, reading.entries) == (1, 1, 1)


def test_every_example_of_the_explorer_fits_the_schema() -> None:
    schema = from_sdl(build_schema().as_str())
    text = (resources.files("app.web") / "static" / "examples.js").read_text(encoding="utf-8")
    examples = re.findall(r"query: `([^`]+)`", text)
    assert len(examples) == text.count("title:") - text.count('title: "Street')
    for example in examples:
        assert validate(schema, parse(example.replace("\\n", "\n"))) == []
