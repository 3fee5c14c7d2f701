"""What goes up the ladder because it happened again, and who is told of what a command finds."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from app.database import Database
from app.journal import Journal
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.deadlines import RaiseDeadline
from domain.directory.people import DelegateAuthority
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import THE_SERVICE, Role
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from schema import ids
from tests.api.access.conftest import District
from tests.db.projections.control import taken_in
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

BEGAN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)

LIFE: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("chief-registrar", "acceptCase", {}),
    ("chief-dispatcher", "dispatchCase", {"leadUnit": "police"}),
    ("police-officer", "requestReturn", {"ground": "Not ours"}),
    ("chief-dispatcher", "upholdReturn", {}),
    ("chief-dispatcher", "dispatchCase", {"leadUnit": "police"}),
    ("police-officer", "requestReturn", {"ground": "Not ours either"}),
    ("chief-dispatcher", "upholdReturn", {}),
    ("chief-registrar", "arbitrateResponsibility", {"leadUnit": "environment", "ground": "Noise"}),
    ("officer", "signForCase", {}),
    ("officer", "submitResolution", {"outcome": "RESOLVED", "measures": "Measured"}),
    ("chief-registrar", "orderRework", {"demand": "At night"}),
    ("officer", "submitResolution", {"outcome": "RESOLVED", "measures": "Measured again"}),
    ("chief-registrar", "orderRework", {"demand": "At night!"}),
    ("officer", "submitResolution", {"outcome": "RESOLVED", "measures": "At night"}),
    ("chief-registrar", "verifyResolution", {"askFeedback": False}),
    ("supervisor", "reopenCase", {"ground": "Loud again"}),
    ("chief-dispatcher", "dispatchCase", {"leadUnit": "environment"}),
    ("officer", "signForCase", {}),
    ("officer", "submitResolution", {"outcome": "RESOLVED", "measures": "Closed the bar"}),
    ("chief-registrar", "verifyResolution", {"askFeedback": False}),
    ("supervisor", "reopenCase", {"ground": "Another bar"}),
)
"""Given back twice, sent back twice, reopened twice: a step an hour, from the first day on."""

ASKED: Final = """
    query Q($filter: SupervisionFilter, $asOf: AsOf, $period: Period) {
        supervision(filter: $filter, asOf: $asOf) { escalations(period: $period) {
            ground unit { code } clock percent
            escalated { count caseCount cases(first: 9) { totalCount nodes { caseId } } }
        } }
    }
"""


def after(hours: float) -> str:
    return (BEGAN + timedelta(hours=hours)).isoformat()


async def ladder(district: District, *rungs: Rung) -> None:
    began = BEGAN - timedelta(days=1)
    await district.order(DraftEscalationPolicy, title="Ladder", ladders=(Ladder(rungs),))
    await district.order(ProposeEscalationPolicy, number=1)
    await district.order(PublishEscalationPolicy, second=True, number=1, valid_from=began)


async def delegated(district: District, role: Role) -> None:
    """Somebody acts for whoever holds the post of the role from the beginning on."""
    await district.order(
        DelegateAuthority,
        appointment=f"{role.lower()}#1",
        delegate="deputy",
        roles=(role,),
        valid_from=BEGAN - timedelta(days=1),
        valid_to=BEGAN + timedelta(days=30),
    )


async def test_what_happened_again_is_counted_and_leads_to_its_cases(
    district: District, database: Database, journal: Journal
) -> None:
    await ladder(district, Rung(80))
    await delegated(district, Role.SUPERVISOR)
    case_id = await district.registered(occurredAt=after(0))
    for hours, (who, command, said) in enumerate(LIFE, 1):
        await district.by(who).change(command, caseId=case_id, occurredAt=after(hours), **said)
    await taken_in(database, journal)

    async def escalated(**asked: Any) -> list[tuple[str, str | None]]:
        answer = await district.by("auditor").ask(ASKED, **asked)
        found = answer["supervision"]["escalations"]
        for each in found:
            assert (each["clock"], each["percent"]) == (None, None)
            assert (each["escalated"]["count"], each["escalated"]["caseCount"]) == (1, 1)
            assert each["escalated"]["cases"] == {"totalCount": 1, "nodes": [{"caseId": case_id}]}
        return [(each["ground"], each["unit"]["code"]) for each in found]

    everything = [
        ("REOPENINGS", "environment"),
        ("RETURNS", "police"),
        ("REWORKS", "environment"),
    ]
    assert await escalated() == everything
    assert await escalated(filter={"unit": ["police"]}) == [("RETURNS", "police")]
    assert await escalated(filter={"area": ["street-2"]}) == []
    # The second return was upheld in the seventh hour, the second rework ordered in the 13th.
    assert await escalated(period={"from": after(8), "to": after(14)}) == everything[2:]
    assert await escalated(asOf={"occurredAt": after(6.5)}) == []
    assert await escalated(asOf={"occurredAt": after(7)}) == everything[1:2]
    told = "escalations { ground notified { role post holder delegates } }"
    case = await district.by("auditor").case(case_id, told)
    assert case is not None
    assert case["escalations"][0] == {
        "ground": "RETURNS",
        "notified": [
            {"role": "REGISTRAR", "post": "registrar", "holder": "registrar", "delegates": []},
            {
                "role": "SUPERVISOR",
                "post": "supervisor",
                "holder": "supervisor",
                "delegates": ["deputy"],
            },
        ],
    }


NOTICED: Final = """
    query Q($id: ID!) {
        case(id: $id) { timeline(first: 30) { nodes { type occurredAt payload } } }
    }
"""


async def test_a_breach_that_a_command_finds_tells_whom_the_service_would_have_told(
    district: District,
) -> None:
    """The same people, however it comes to be noticed."""
    began = BEGAN - timedelta(days=1)
    rules = (ClockRule(ClockKind.STAGE, Limit(120, LimitUnit.WALL_MINUTES)),)
    await district.order(DraftSlaPolicy, title="Limits", rules=rules)
    await district.order(ProposeSlaPolicy, number=1)
    await district.order(PublishSlaPolicy, second=True, number=1, valid_from=began)
    await ladder(district, Rung(100, (Role.UNIT_LEADER, Role.SUPERVISOR)))
    await delegated(district, Role.UNIT_LEADER)

    async def breached(*, by_the_service: bool) -> list[dict[str, Any]]:
        case_id = await district.registered(occurredAt=after(0))
        await district.by("chief-registrar").change(
            "acceptCase", caseId=case_id, occurredAt=after(0)
        )
        await district.by("chief-dispatcher").change(
            "dispatchCase", caseId=case_id, occurredAt=after(1), leadUnit="environment"
        )
        if by_the_service:
            uuid = ids.parse_current_case(case_id)
            at = BEGAN + timedelta(hours=3)
            command_id = uuid4()
            due = RaiseDeadline(command_id=command_id, case_id=uuid, clock="STAGE", occurred_at=at)
            await district.commands.execute(due, THE_SERVICE)
        else:
            for who, command, said in LIFE[8:10]:
                await district.by(who).change(command, caseId=case_id, occurredAt=after(5), **said)
        answer = await district.by("auditor").ask(NOTICED, id=case_id)
        nodes = answer["case"]["timeline"]["nodes"]
        (found,) = [each for each in nodes if each["type"] == "case.deadline_breached"]
        assert datetime.fromisoformat(found["occurredAt"]) == BEGAN + timedelta(hours=3)
        told: list[dict[str, Any]] = found["payload"]["notified"]
        return told

    noticed = await breached(by_the_service=False)
    assert [
        (each["role"], each["unit"], each["holder"], each.get("delegates")) for each in noticed
    ] == [
        ("UNIT_LEADER", "environment", "unit_leader", ["deputy"]),
        ("SUPERVISOR", "centre", "supervisor", None),
    ]
    assert await breached(by_the_service=True) == noticed
