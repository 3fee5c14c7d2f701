"""Cases that nobody handles while their limits are passed, in the journal of a demonstration."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from app.commands import Asked, CommandHandler
from app.database import Database
from app.genesis import operator
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.vocabulary import Channel
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import ActorKind, Caller, Role
from domain.journal import OpenJournal
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind, OrderLevel
from projections.registry import INLINE_VIEWS
from tests.db.timers.waiting_cases import RESOLVER

BEGAN: Final = datetime(2025, 3, 3, 8, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
MOST_AT_ONCE: Final = 256


async def opened(database: Database) -> Journal:
    """The journal of a demonstration that begins at BEGAN."""
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    opening = OpenJournal(
        command_id=uuid4(),
        name="Nowhere",
        time_zone="UTC",
        administrators=("administrator",),
        demonstration=True,
    )
    await CommandHandler(journal).execute(opening, operator(), simulated_at=BEGAN)
    return journal


LADDER = Ladder(
    (Rung(50), Rung(80, (Role.OFFICER,)), Rung(150, order=OrderLevel.BLUE, repeat_every=100))
)
LIMITS = tuple(
    ClockRule(kind, Limit(minutes, LimitUnit.WALL_MINUTES))
    for kind, minutes in (
        (ClockKind.ACCEPTANCE, 60),
        (ClockKind.RESOLUTION, 500),
        (ClockKind.DISPATCH, 120),
    )
)


async def limited(
    commands: CommandHandler, since: datetime = BEGAN, simulated_at: datetime | None = BEGAN
) -> None:
    """The limits and the ladder are in force since then."""
    first, second = (Caller(name, ActorKind.PERSON, frozenset(Role)) for name in ("ann", "bo"))
    for draft in (
        DraftSlaPolicy(command_id=uuid4(), title="Limits", rules=LIMITS),
        DraftEscalationPolicy(command_id=uuid4(), title="Ladder", ladders=(LADDER,)),
    ):
        await commands.execute(draft, first, simulated_at=simulated_at)
    for propose, publish in (
        (ProposeSlaPolicy, PublishSlaPolicy),
        (ProposeEscalationPolicy, PublishEscalationPolicy),
    ):
        for by, command in (
            (first, propose(command_id=uuid4(), number=1)),
            (second, publish(command_id=uuid4(), number=1, valid_from=since)),
        ):
            await commands.execute(command, by, simulated_at=simulated_at)


async def neglected(
    commands: CommandHandler, since: datetime, number: int = 6, every: timedelta = MINUTE
) -> list[UUID]:
    """Cases that come in one after the other, of which every other is accepted, none handled."""
    cases, asked = [], list[Asked]()
    for count in range(number):
        case_id, at = uuid4(), since + every * count
        register = RegisterCase(
            command_id=uuid4(), case_id=case_id, case_no=str(case_id), channel=Channel.HOTLINE
        )
        asked.append((register, RESOLVER, at))
        if count % 2:
            asked.append((AcceptCase(command_id=uuid4(), case_id=case_id), RESOLVER, at))
        cases.append(case_id)
    for first in range(0, len(asked), MOST_AT_ONCE):
        await commands.execute_in_order(asked[first : first + MOST_AT_ONCE])
    return cases


async def unaccepted(commands: CommandHandler, since: datetime, number: int) -> list[UUID]:
    """Cases that came in then, by what was recorded now, and that nobody looked at."""
    cases = [uuid4() for _ in range(number)]
    for case_id in cases:
        register = RegisterCase(
            command_id=uuid4(),
            case_id=case_id,
            case_no=str(case_id),
            channel=Channel.HOTLINE,
            occurred_at=since,
        )
        await commands.execute(register, RESOLVER)
    return cases


async def said_of(journal: Journal, case_id: UUID) -> list[tuple[str, datetime]]:
    """What the clocks of a case said, in the order in which that was recorded, and when it was."""
    return [
        (f"{event.clock.name} {event.percent}", each.occurred_at)
        for each in await journal.read_stream(case_id)
        if isinstance(event := each.event, DeadlineReached)
    ]
