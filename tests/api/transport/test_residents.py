"""People without an account: a number and a code, over HTTP and WebSocket, and the public."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from app.runtime import Runtime
from domain.identity import ActorKind, Caller, Role
from schema.build import build_schema
from tests.api.transport.conftest import Service, serve, subscribed

INTAKE: Final = Caller("wang.fang", ActorKind.PERSON, frozenset({Role.INTAKE}))
REGISTRAR: Final = Caller("zhou.li", ActorKind.PERSON, frozenset({Role.REGISTRAR}))
DISPATCHER: Final = Caller("chen.bo", ActorKind.PERSON, frozenset({Role.DISPATCHER}))

REGISTER: Final = """mutation ($input: RegisterCaseInput!) { registerCase(input: $input) {
    __typename ... on CaseChanged { trackingCode case { caseId caseNo } }
    ... on CommandError { code }
} }"""
OPEN: Final = """mutation ($caseNo: String!, $code: String!) {
    openTracking(input: {caseNo: $caseNo, trackingCode: $code}) {
        __typename ... on TrackingOpened { token caseId expiresAt } ... on CommandError { code }
    }
}"""
SEEN: Final = """query ($caseNo: String) {
    case(caseNo: $caseNo) { title stage timeline(first: 20) { nodes { type actor { principal } } } }
    cases(first: 5) { totalCount }
}"""
PUBLIC: Final = """{ publicCases(first: 5) { totalCount nodes {
    caseNo title summary stage areaCode cell { latitude longitude } publicReason registeredOn
} } }"""


@pytest.fixture
async def ours(running: Runtime, tmp_path: Path) -> AsyncIterator[Service]:
    limits = {"tracking_attempts_per_minute": 8, "public_reads_per_minute": 5}
    async with serve(tmp_path, schema=build_schema(), services=running, **limits) as service:
        yield service


async def ask(service: Service, query: str, token: str | None = None, **given: object) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    response = await service.post(query, variables=given, headers=headers)
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"]


async def give(service: Service, caller: Caller | str, command: str, **given: object) -> Any:
    """The result of a mutation by a person, or by whoever has a tracking token."""
    token = caller if isinstance(caller, str) else service.bearer(caller).split(" ")[1]
    kind = command[0].upper() + command[1:]
    query = f"""mutation ($input: {kind}Input!) {{ {command}(input: $input) {{
        __typename ... on CommandError {{ code }} ... on CaseChanged {{ trackingCode }}
    }} }}"""
    return (await ask(service, query, token, input={"commandId": str(uuid4()), **given}))[command]


async def registered(service: Service, **given: object) -> tuple[str, str, str]:
    """caseId, caseNo and tracking code of a case that a stranger brought."""
    said = {"channel": "WEB", "title": "Lamp out", "description": "By my door, 555 0199", **given}
    changed = (await ask(service, REGISTER, input=said))["registerCase"]
    return changed["case"]["caseId"], changed["case"]["caseNo"], changed["trackingCode"]


async def opened(service: Service, case_no: str, code: str) -> Any:
    return (await ask(service, OPEN, caseNo=case_no, code=code))["openTracking"]


async def test_a_stranger_follows_their_case_with_number_and_code(ours: Service) -> None:
    case_id, case_no, code = await registered(ours)
    await registered(ours, title="Another")
    assert (await ask(ours, SEEN, caseNo=case_no))["case"] is None
    found = await opened(ours, case_no.lower(), code.lower().replace("-", " "))
    assert found["caseId"] == case_id
    await give(ours, REGISTRAR, "acceptCase", caseId=case_id)
    seen = await ask(ours, SEEN, found["token"], caseNo=case_no)
    assert seen["cases"] == {"totalCount": 1}
    assert (seen["case"]["title"], seen["case"]["stage"]) == ("Lamp out", "ACCEPTED")
    assert [(node["type"], node["actor"]) for node in seen["case"]["timeline"]["nodes"]] == [
        ("case.registered", None),
        ("case.accepted", None),
    ]


async def test_they_act_on_it_as_its_reporter_and_on_no_other(ours: Service) -> None:
    case_id, case_no, code = await registered(ours)
    other, _, _ = await registered(ours)
    token = (await opened(ours, case_no, code))["token"]
    note = await give(ours, token, "addNote", caseId=case_id, text="It is the second lamp")
    assert note["__typename"] == "CaseChanged"
    assert (await give(ours, token, "acceptCase", caseId=case_id))["__typename"] == "NotPermitted"
    assert (await give(ours, token, "withdrawCase", caseId=other))["__typename"] == "NotFound"
    brought = await give(ours, token, "registerCase", channel="WEB", title="Mine too")
    assert brought["__typename"] == "NotPermitted"
    assert (await give(ours, token, "withdrawCase", caseId=case_id))["__typename"] == "CaseChanged"


async def test_they_watch_it_live(ours: Service) -> None:
    case_id, case_no, code = await registered(ours)
    token = (await opened(ours, case_no, code))["token"]
    async with subscribed(ours, f"Bearer {token}") as socket:
        await socket.subscribe(
            "a", "subscription { caseChanged(after: 0) { type } }".replace("0", '"0"')
        )
        assert (await socket.receive())["payload"]["data"]["caseChanged"] == {
            "type": "case.registered"
        }
        await give(ours, REGISTRAR, "acceptCase", caseId=case_id)
        assert (await socket.receive())["payload"]["data"]["caseChanged"] == {
            "type": "case.accepted"
        }


async def test_a_wrong_code_and_no_such_case_are_refused_alike(ours: Service) -> None:
    _, case_no, _ = await registered(ours)
    _, _, another = await registered(ours)
    assert await opened(ours, case_no, another) == await opened(ours, "20240101-00000000", another)
    assert (await opened(ours, case_no, another))["code"] == "TRACKING_REFUSED"
    assert (await opened(ours, case_no, "1234"))["code"] == "INVALID_INPUT"


async def test_guessing_is_slow(ours: Service) -> None:
    _, case_no, _ = await registered(ours)
    _, _, another = await registered(ours)
    codes = [(await opened(ours, case_no, another))["code"] for _ in range(10)]
    assert codes == ["TRACKING_REFUSED"] * 8 + ["RATE_LIMITED"] * 2


async def test_a_registration_repeated_shows_the_code_again(ours: Service) -> None:
    given = {"commandId": str(uuid4())}
    assert await registered(ours, **given) == await registered(ours, **given)


async def test_another_code_makes_the_first_one_worthless(ours: Service) -> None:
    case_id, case_no, code = await registered(ours)
    token = (await opened(ours, case_no, code))["token"]
    assert (await give(ours, token, "reissueTrackingCode", caseId=case_id))[
        "__typename"
    ] == "NotPermitted"
    fresh = (await give(ours, INTAKE, "reissueTrackingCode", caseId=case_id))["trackingCode"]
    assert fresh != code
    assert (await opened(ours, case_no, code))["code"] == "TRACKING_REFUSED"
    response = await ours.post(
        "{ journal { position } }", headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 401
    assert (await opened(ours, case_no, fresh))["__typename"] == "TrackingOpened"


async def test_the_code_is_nowhere_to_be_found(ours: Service, running: Runtime) -> None:
    case_id, _, code = await registered(ours)
    await give(ours, INTAKE, "reissueTrackingCode", caseId=case_id)
    bare = code.replace("-", "")
    async with running.reads.acquire() as connection:
        stored = await connection.fetch("SELECT convert_from(entry, 'UTF8') AS entry FROM entries")
        shown = await connection.fetch(
            "SELECT payload::text || changes::text AS entry FROM timeline_events"
        )
    for row in [*stored, *shown]:
        assert bare not in row["entry"]
        assert code not in row["entry"]


async def closed(service: Service) -> tuple[str, str]:
    point = {"latitude": 31.23047, "longitude": 121.47372}
    case_id, case_no, _ = await registered(service, area="grid-7", point=point)
    await give(service, REGISTRAR, "acceptCase", caseId=case_id)
    return case_id, case_no


async def test_the_public_reads_what_two_persons_released_and_no_more(ours: Service) -> None:
    case_id, case_no = await closed(ours)
    empty = {"totalCount": 0, "nodes": []}
    assert (await ask(ours, PUBLIC))["publicCases"] == empty
    words = {"title": "Street lamp", "summary": "A lamp at the north gate is out."}
    await give(ours, INTAKE, "proposePublication", caseId=case_id, **words)
    assert (await ask(ours, PUBLIC))["publicCases"] == empty
    assert (await give(ours, REGISTRAR, "approvePublication", caseId=case_id))[
        "__typename"
    ] == "CaseChanged"
    shown = (await ask(ours, PUBLIC))["publicCases"]
    assert shown["totalCount"] == 1
    node = shown["nodes"][0]
    assert node.pop("registeredOn")
    assert node == {
        "caseNo": case_no,
        **words,
        "stage": "IN_HAND",
        "areaCode": "grid-7",
        "cell": {"latitude": 31.235, "longitude": 121.475},
        "publicReason": None,
    }
    await give(ours, REGISTRAR, "withdrawPublication", caseId=case_id)
    assert (await ask(ours, PUBLIC))["publicCases"] == empty


async def test_public_reads_are_limited_per_address(ours: Service) -> None:
    query = '{ publicCase(caseNo: "20240101-00000000") { caseNo } }'
    for _ in range(5):
        assert await ask(ours, query) == {"publicCase": None}
    refused = (await ours.post(query)).json()
    assert refused["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_the_id_of_a_strangers_command_is_a_secret_of_theirs(ours: Service) -> None:
    given = {"commandId": str(uuid4())}
    case_id, _, code = await registered(ours, **given)
    seen = await ask(
        ours,
        "query ($id: ID) { case(id: $id) { timeline(first: 1) { nodes { commandId } } } }",
        ours.bearer(REGISTRAR).split(" ")[1],
        id=case_id,
    )
    told = seen["case"]["timeline"]["nodes"][0]["commandId"]
    assert told != given["commandId"]
    theirs, _, another = await registered(ours, commandId=told)
    assert (theirs, another) != (case_id, code), "who repeats it is nobody's reporter"
    other = {"channel": "WEB", "title": "Something else", **given}
    refused = (await ask(ours, REGISTER, input=other))["registerCase"]
    assert refused == {"__typename": "CommandRefused", "code": "COMMAND_ID_REUSED"}
    assert await registered(ours, **given) == await registered(ours, **given)


async def test_who_was_told_a_code_is_not_told_the_next_one(ours: Service) -> None:
    given = {"commandId": str(uuid4()), "channel": "HOTLINE", "title": "By telephone"}
    clerk = ours.bearer(INTAKE).split(" ")[1]
    first = (await ask(ours, REGISTER, clerk, input=given))["registerCase"]
    again = (await ask(ours, REGISTER, clerk, input=given))["registerCase"]
    assert first["trackingCode"] == again["trackingCode"]
    case_id = first["case"]["caseId"]
    next_one = {"caseId": case_id, "commandId": str(uuid4())}
    fresh = await give(ours, REGISTRAR, "reissueTrackingCode", **next_one)
    assert fresh["trackingCode"] not in {None, first["trackingCode"]}
    assert await give(ours, REGISTRAR, "reissueTrackingCode", **next_one) == fresh
    again = (await ask(ours, REGISTER, clerk, input=given))["registerCase"]
    assert (again["__typename"], again["trackingCode"]) == ("CaseChanged", None)


async def test_a_page_of_the_public_tells_no_time_of_day(ours: Service) -> None:
    numbers = []
    for _ in range(2):
        case_id, case_no = await closed(ours)
        await give(ours, INTAKE, "proposePublication", caseId=case_id, title="Street lamp")
        await give(ours, REGISTRAR, "approvePublication", caseId=case_id)
        numbers.append(case_no)
    page = """query ($after: String) { publicCases(first: 1, after: $after) {
        nodes { caseNo } pageInfo { endCursor }
    } }"""
    first = (await ask(ours, page))["publicCases"]
    cursor = first["pageInfo"]["endCursor"]
    assert json.loads(b64decode(cursor + "==")) == ["public", numbers[1]]
    assert first["nodes"] == [{"caseNo": numbers[1]}]
    second = (await ask(ours, page, after=cursor))["publicCases"]
    assert second["nodes"] == [{"caseNo": numbers[0]}]
    _, hidden, _ = await registered(ours)
    for forged in (["public", hidden], ["public", "2026-01-01T00:00:00+00:00", hidden]):
        made_up = b64encode(json.dumps(forged).encode()).decode().rstrip("=")
        refused = (await ours.post(page, variables={"after": made_up})).json()
        assert refused["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
