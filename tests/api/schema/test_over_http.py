"""The same schema as clients reach it: over HTTP, and over WebSocket with a position to resume."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.runtime import Runtime
from domain.identity import Caller
from tests.api.schema.asking import RESULT, Api
from tests.api.schema.conftest import Desk
from tests.api.transport.conftest import Service, serve, subscribed
from tests.domain.people import AUDITOR, DISPATCHER, REGISTRAR, REPORTER

REGISTER = f"""
mutation Register($input: RegisterCaseInput!) {{ registerCase(input: $input) {{ {RESULT} }} }}
"""
CASE = """
query Case($id: ID!) { case(id: $id) { caseNo stage title timeline(first: 5) { totalCount } } }
"""
WATCH = """
subscription Watch($after: Position) { caseChanged(after: $after) { position type caseId } }
"""


@pytest.fixture
async def service(api: Api, running: Runtime, tmp_path: Path) -> AsyncIterator[Service]:
    async with serve(tmp_path, schema=api.schema, services=running) as service:
        yield service


async def post(
    service: Service, caller: Caller | None, query: str, **variables: object
) -> dict[str, Any]:
    headers = {} if caller is None else {"Authorization": service.bearer(caller)}
    response = await service.post(query, variables=variables, headers=headers)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_reporter_brings_a_case_and_follows_it(service: Service) -> None:
    given = {"commandId": str(uuid4()), "channel": "WEB", "title": "路灯不亮"}
    answer = await post(service, REPORTER, REGISTER, input=given)
    changed = answer["data"]["registerCase"]
    assert changed["__typename"] == "CaseChanged"
    found = await post(service, REPORTER, CASE, id=changed["case"]["caseId"])
    assert found["data"]["case"] == {
        "caseNo": changed["case"]["caseNo"],
        "stage": "REGISTERED",
        "title": "路灯不亮",
        "timeline": {"totalCount": 1},
    }


async def test_a_stranger_brings_a_case_and_sees_it_once(service: Service) -> None:
    given = {"commandId": str(uuid4()), "channel": "WEB", "title": "Noise"}
    changed = (await post(service, None, REGISTER, input=given))["data"]["registerCase"]
    assert changed["case"]["title"] == "Noise"
    found = await post(service, None, CASE, id=changed["case"]["caseId"])
    assert found == {"data": {"case": None}}


async def test_a_refusal_is_data(service: Service) -> None:
    given = {"commandId": str(uuid4()), "channel": "WEB", "title": "t" * 201}
    refused = (await post(service, REPORTER, REGISTER, input=given))["data"]["registerCase"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["title"])


async def test_a_refused_query_is_a_coded_error(service: Service) -> None:
    answer = await post(service, AUDITOR, CASE, id="42")
    assert answer["data"] == {"case": None}
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "path": ["id"]}


async def test_a_watcher_resumes_where_it_stopped(service: Service, api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    head = str((await api.journal.head()).size)
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
    async with subscribed(service, service.bearer(AUDITOR)) as socket:
        await socket.subscribe("1", WATCH, variables={"after": head})
        missed = (await socket.receive())["payload"]["data"]["caseChanged"]
        assert missed == {
            "position": str(int(head) + 1),
            "type": "case.accepted",
            "caseId": case_id,
        }
        await api.by(DISPATCHER).change("dispatchCase", caseId=case_id, leadUnit="lighting")
        live = (await socket.receive())["payload"]["data"]["caseChanged"]
        assert (live["type"], live["position"]) == ("case.dispatched", str(int(head) + 2))


async def test_a_watcher_cannot_have_seen_the_future(service: Service) -> None:
    async with subscribed(service, service.bearer(AUDITOR)) as socket:
        await socket.subscribe("1", WATCH, variables={"after": "1000000"})
        message = await socket.receive()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"] == {"code": "INVALID_INPUT", "path": ["after"]}
