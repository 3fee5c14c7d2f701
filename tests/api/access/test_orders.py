"""Supervision orders in a district: who has one to answer, who sees it, and who never does."""

from typing import Any

import pytest

from tests.api.access.conftest import District
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

SUPERVISED = """
    supervision orders {
        id number level state unit { code } clock needsInterview repliedAt endedAt
    } escalations { percent } timeline(first: 50) { nodes { type } }
"""
LISTED = """query Q($levels: [Supervision!]) {
    cases(first: 9, filter: {supervision: $levels}) { nodes { caseId } totalCount }
}"""
WAITING = """query Q($kind: WorklistKind!) {
    worklist(kind: $kind, first: 9) { nodes { caseId } }
}"""
NODE = """query Q($id: ID!) { node(id: $id) { ... on SupervisionOrder { number level state } } }"""
PAST = """query Q($id: ID!, $version: Int!) {
    case(id: $id, asOf: {version: $version}) { supervision orders { id state } escalations { at } }
}"""


async def listed(district: District, by: str, *levels: str) -> list[str]:
    found = await district.by(by).ask(LISTED, levels=list(levels))
    return [node["caseId"] for node in found["cases"]["nodes"]]


async def waiting(district: District, by: str, kind: str = "AWAITING_MY_APPROVAL") -> list[str]:
    found = await district.by(by).ask(WAITING, kind=kind)
    return [node["caseId"] for node in found["worklist"]["nodes"]]


async def supervised(district: District, by: str, case_id: str) -> dict[str, Any]:
    found = await district.by(by).case(case_id, SUPERVISED)
    assert found is not None
    return found


async def test_an_order_goes_to_the_unit_and_back(district: District) -> None:
    case_id = await district.dispatched("environment")
    demand = {"level": "ORANGE", "demand": "Measure it"}
    supervisor = district.by("supervisor")
    assert (await district.by("officer").give("issueOrder", caseId=case_id, **demand))[
        "code"
    ] == "NOT_PERMITTED"
    await supervisor.change("issueOrder", caseId=case_id, **demand)

    (order,) = (await supervised(district, "officer", case_id))["orders"]
    assert (order["level"], order["state"], order["unit"]) == (
        "ORANGE",
        "OPEN",
        {"code": "environment"},
    )
    assert await waiting(district, "officer") == [case_id]
    assert await waiting(district, "police-officer") == []
    assert await waiting(district, "supervisor") == []
    assert await listed(district, "supervisor", "ORANGE", "RED") == [case_id]
    assert await listed(district, "supervisor", "NONE") == []

    reply = {"caseId": case_id, "number": 1, "reply": "On Friday"}
    needed = await district.by("officer").give("replyToOrder", **reply)
    assert needed["code"] == "REMEDIAL_PLAN_NEEDED"
    await district.by("officer").change("replyToOrder", **reply, remedialPlan="Two of us")
    assert await waiting(district, "officer") == []
    assert await waiting(district, "supervisor") == [case_id]
    changed = await supervisor.change("releaseOrder", caseId=case_id, number=1, finding="Done")

    assert (await supervised(district, "officer", case_id))["supervision"] == "NONE"
    assert await waiting(district, "supervisor") == []
    found = await district.by("officer").ask(NODE, id=order["id"])
    assert found["node"] == {"number": 1, "level": "ORANGE", "state": "RELEASED"}
    before = {"id": case_id, "version": changed["case"]["version"] - 1}
    past = (await district.by("officer").ask(PAST, **before))["case"]
    assert (past["supervision"], past["orders"][0]["state"]) == ("ORANGE", "REPLIED")
    assert past["orders"][0]["id"] != order["id"]
    found = await district.by("officer").ask(NODE, id=past["orders"][0]["id"])
    assert found["node"]["state"] == "REPLIED"


async def test_the_reporter_does_not_learn_of_it(district: District) -> None:
    case_id = await district.dispatched("environment")
    await district.by("supervisor").change(
        "issueOrder", caseId=case_id, level="RED", demand="Measure it"
    )
    (order,) = (await supervised(district, "supervisor", case_id))["orders"]
    own = await supervised(district, "resident", case_id)
    assert (own["supervision"], own["orders"], own["escalations"]) == ("NONE", [], [])
    assert not [e for e in own["timeline"]["nodes"] if e["type"].startswith("order.")]
    assert await listed(district, "resident", "RED") == []
    assert await listed(district, "resident", "NONE") == []
    assert (await district.by("resident").ask(NODE, id=order["id"]))["node"] is None
    assert (await district.by("police-officer").ask(NODE, id=order["id"]))["node"] is None
