"""The ladder with a real worker: scenarios 3 and 4 of DOMAIN.md section 10."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.journal import Journal
from app.timers import TimerWorker
from app.timers.clock import SimulatedClock
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.regions import Supervision
from domain.case.routing import DispatchCase
from domain.case.vocabulary import Channel
from domain.command import Command
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import THE_SERVICE, ActorKind, Caller, Role
from domain.recorded import RecordedEvent
from domain.routing_policy.commands import DraftRouting, ProposeRouting, PublishRouting
from domain.scope import scope_of
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind, OrderLevel
from projections.cases import case_by_id
from projections.escalations import escalations_of
from tests.db.projections.test_followers import until
from tests.db.timers.neglected_cases import BEGAN, opened
from tests.domain.people import AUDITOR
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

HOUR: Final = timedelta(hours=1)
STAFF: Final = Caller("staff", ActorKind.PERSON, frozenset(Role) - {Role.SERVICE})
SECOND: Final = Caller("second", ActorKind.PERSON, frozenset(Role) - {Role.SERVICE})
RULES: Final = tuple(
    ClockRule(kind, Limit(hours * 60, LimitUnit.WALL_MINUTES))
    for kind, hours in (
        (ClockKind.DISPATCH, 10),
        (ClockKind.STAGE, 10),
        (ClockKind.SUPERVISION_REPLY, 24),
    )
)
LADDER: Final = Ladder(
    (
        Rung(80, (Role.OFFICER,)),
        Rung(100, (Role.UNIT_LEADER,)),
        Rung(150, (Role.UNIT_LEADER,), OrderLevel.BLUE),
        Rung(200, (Role.SUPERVISOR,), OrderLevel.ORANGE),
        Rung(300, (Role.SUPERVISOR,), OrderLevel.RED, interview=True, repeat_every=100),
    ),
    clocks=(ClockKind.DISPATCH, ClockKind.STAGE),
)
EVERY_RUNG: Final = [
    ("case.deadline_warning", 80, 8),
    ("case.deadline_breached", 100, 10),
    ("case.escalated", 150, 15),
    ("case.escalated", 200, 20),
    ("case.escalated", 300, 30),
    ("case.escalated", 400, 40),
    ("case.escalated", 500, 50),
    ("case.escalated", 600, 60),
    ("case.escalated", 700, 70),
]
"""Topic, percent, and hours since the unit got the case."""


class Office:
    """A jurisdiction with limits and a ladder, whose time is moved."""

    def __init__(self, database: Database, journal: Journal, commands: CommandHandler) -> None:
        self.database, self.journal, self.commands = database, journal, commands
        self.clock = SimulatedClock(BEGAN)
        self.worker = TimerWorker(database, journal, commands, self.clock)

    async def give(self, kind: type[Command], by: Caller = STAFF, **said: Any) -> None:
        command = kind(command_id=uuid4(), **said)
        await self.commands.execute(command, by, simulated_at=self.clock.now())

    async def case(self, lead_unit: str | None = None) -> UUID:
        """Accepted now, and dispatched where a unit is named."""
        case_id = uuid4()
        said: dict[str, Any] = {"case_id": case_id}
        await self.give(RegisterCase, case_no=str(case_id), channel=Channel.HOTLINE, **said)
        await self.give(AcceptCase, **said)
        if lead_unit is not None:
            await self.give(DispatchCase, lead_unit=lead_unit, reason="Theirs", **said)
        return case_id

    async def act(self) -> int:
        """What the worker does about everything that is due now."""
        connection = await self.database.connect()
        try:
            return await self.worker.act(connection)
        finally:
            await connection.close()

    async def led_by(self, case_id: UUID) -> tuple[str | None, str | None]:
        """The lead unit, and the fall-back owner if it is one."""
        connection = await self.database.connect()
        state = await case_by_id(connection, scope_of(AUDITOR), case_id)
        await connection.close()
        assert state is not None
        return state.lead_unit, state.details.fallback_unit

    async def reached(self, case_id: UUID, kind: ClockKind) -> list[RecordedEvent]:
        """What a clock said."""
        events = await self.journal.read_stream(case_id)
        return [
            each
            for each in events
            if isinstance(each.event, DeadlineReached) and each.event.clock.kind is kind
        ]


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    journal = await opened(database)
    yield journal
    await journal.close()


@pytest.fixture
async def office(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    configuration: CurrentConfiguration,
) -> Office:
    office = Office(database, journal, commands)
    await office.give(DraftSlaPolicy, title="Limits", rules=RULES)
    await office.give(ProposeSlaPolicy, number=1)
    await office.give(PublishSlaPolicy, SECOND, number=1)
    await office.give(DraftEscalationPolicy, title="Ladder", ladders=(LADDER,))
    await office.give(ProposeEscalationPolicy, number=1)
    await office.give(PublishEscalationPolicy, SECOND, number=1)
    await office.give(DraftRouting, title="Rules", rules=(), fallback_unit="duty")
    await office.give(ProposeRouting, number=1)
    await office.give(PublishRouting, SECOND, number=1)
    await until(lambda: configuration.arrangements().routing is not None)
    return office


def told(events: list[RecordedEvent]) -> list[tuple[str, int, float]]:
    """As EVERY_RUNG."""
    return [
        (each.topic, each.event.percent, (each.occurred_at - BEGAN) / HOUR)
        for each in events
        if isinstance(each.event, DeadlineReached)
    ]


async def test_down_for_three_days_it_records_everything_once_with_its_true_time(
    office: Office,
) -> None:
    case_id = await office.case("environment")
    office.clock.move_to(BEGAN + timedelta(days=3))
    acted = await office.act()
    noticed = await office.reached(case_id, ClockKind.STAGE)
    assert told(noticed) == EVERY_RUNG
    assert {each.recorded_at for each in noticed} == {BEGAN + timedelta(days=3)}
    assert {each.actor.principal for each in noticed} == {THE_SERVICE.principal}
    assert acted >= len(EVERY_RUNG)
    assert await office.act() == 0
    assert told(await office.reached(case_id, ClockKind.STAGE)) == EVERY_RUNG

    watched = await office.case("environment")
    scope = scope_of(AUDITOR)
    connection = await office.database.connect()
    state = await case_by_id(connection, scope, case_id)
    found = await escalations_of(connection, scope, [case_id, watched])
    await connection.close()
    assert state is not None
    assert state.supervision is Supervision.RED
    (order,) = state.details.orders
    # Nobody could know of it before: the time for the reply begins when it was recorded.
    assert order.due == BEGAN + timedelta(days=4)
    assert [(each.percent, each.at) for each in found[case_id]] == [
        (percent, BEGAN + hours * HOUR)
        for topic, percent, hours in EVERY_RUNG
        if topic == "case.escalated"
    ]
    assert found[watched] == []


async def test_while_it_watches_the_same_is_recorded_when_it_happens(office: Office) -> None:
    case_id = await office.case("environment")
    await office.worker.act_until(office.clock, BEGAN + timedelta(days=3))
    noticed = await office.reached(case_id, ClockKind.STAGE)
    assert told(noticed) == EVERY_RUNG
    assert all(each.recorded_at == each.occurred_at for each in noticed)


async def test_a_case_that_nobody_was_given_falls_to_the_fall_back_owner(office: Office) -> None:
    case_id = await office.case()
    await office.worker.act_until(office.clock, BEGAN + 9 * HOUR)
    assert [topic for topic, *_ in told(await office.reached(case_id, ClockKind.DISPATCH))] == [
        "case.deadline_warning"
    ]
    await office.worker.act_until(office.clock, BEGAN + 11 * HOUR)
    *_, breached, escalated, fallen = await office.journal.read_stream(case_id)
    assert [each.topic for each in (breached, escalated, fallen)] == [
        "case.deadline_breached",
        "case.escalated",
        "case.fallback_owner_assigned",
    ]
    assert fallen.occurred_at == BEGAN + 10 * HOUR
    assert fallen.actor.kind is ActorKind.SERVICE
    assert await office.led_by(case_id) == ("duty", "duty")
    await office.give(DispatchCase, case_id=case_id, lead_unit="environment", reason="Theirs")
    assert await office.led_by(case_id) == ("environment", None)
