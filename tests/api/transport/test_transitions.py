"""Every transition of the lifecycle over HTTP: by the right person, refused to the wrong one."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import strawberry

from app.runtime import Runtime
from domain.case.lifecycle import LIFECYCLE
from domain.identity import Caller
from domain.permissions import BY_SERVICE
from schema.build import build_schema
from tests.api.transport.conftest import Service, serve
from tests.api.transport.transitions import DRIVES, OTHER, Drive
from tests.domain.people import AUDITOR, INTAKE, REPORTER

MOVING: Final = sorted(
    name for name, rule in LIFECYCLE.items() if rule.targets and name not in BY_SERVICE
)
ANSWER: Final = """
    __typename ... on CaseChanged { case { caseId stage } } ... on CommandError { code message }
"""
STAGE: Final = "query Q($id: ID!) { case(id: $id) { stage } }"


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    return build_schema()


@pytest.fixture
async def ours(
    running: Runtime, schema: strawberry.Schema, tmp_path: Path
) -> AsyncIterator[Service]:
    async with serve(tmp_path, schema=schema, services=running) as service:
        yield service


async def asked(
    service: Service, by: Caller | None, query: str, **variables: object
) -> dict[str, Any]:
    headers = {} if by is None else {"Authorization": service.bearer(by)}
    response = await service.post(query, variables=variables, headers=headers)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert "errors" not in answer, answer
    return dict(answer["data"])


async def give(
    service: Service, by: Caller | None, command: str, given: Mapping[str, object]
) -> dict[str, Any]:
    kind = command[0].upper() + command[1:]
    query = f"mutation M($i: {kind}Input!) {{ {command}(input: $i) {{ {ANSWER} }} }}"
    answer: dict[str, Any] = (await asked(service, by, query, i=given))[command]
    return answer


async def registered(service: Service, given: Mapping[str, object]) -> str:
    said = {"channel": "HOTLINE", "title": "Street light out", **given}
    case_id: str = (await give(service, INTAKE, "registerCase", said))["case"]["caseId"]
    return case_id


async def drive(service: Service, move: Drive) -> None:
    case_id, other = await registered(service, move.begins), await registered(service, {})

    def said(given: Mapping[str, object]) -> dict[str, object]:
        return {"caseId": case_id} | {
            name: other if value == OTHER else value for name, value in given.items()
        }

    async def stage() -> str:
        found: str = (await asked(service, AUDITOR, STAGE, id=case_id))["case"]["stage"]
        return found

    for command, by, given in move.way():
        done = await give(service, by, command, said(given))
        assert done["__typename"] == "CaseChanged", (command, done)
    assert await stage() == move.source

    for wrong in (AUDITOR, None):
        refused = await give(service, wrong, move.command, said(move.given))
        assert refused["code"] == "NOT_PERMITTED", refused
    stranger = await give(service, REPORTER, move.command, said(move.given))
    assert stranger["code"] in {"NOT_PERMITTED", "NOT_FOUND"}, stranger
    assert await stage() == move.source

    done = await give(service, move.by, move.command, said(move.given))
    assert done["__typename"] == "CaseChanged", done
    assert done["case"]["stage"] == move.target
    assert await stage() == move.target


def test_there_is_a_drive_for_every_transition() -> None:
    for name in MOVING:
        rule, drives = LIFECYCLE[name], [each for each in DRIVES if each.command == name]
        assert {each.source for each in drives} == rule.sources, name
        assert {each.target for each in drives} == rule.targets, name


@pytest.mark.parametrize("command", MOVING)
async def test_a_command_moves_a_case_for_the_right_person(ours: Service, command: str) -> None:
    for move in (each for each in DRIVES if each.command == command):
        await drive(ours, move)
