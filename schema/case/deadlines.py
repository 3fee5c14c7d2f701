"""What the clocks of cases say, as it is recorded: the subscription of deadlines."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
import strawberry
from strawberry import argument, field

from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import CaseEscalated, DeadlineBreached, DeadlineWarning
from domain.vocabulary import ClockKind
from projections.events import EventFilter, list_events
from projections.paging import PageRequest
from projections.timeline_event import TimelineEvent
from schema import ids
from schema.case.group import CaseGroup
from schema.case.subscription import BATCH, start_of
from schema.case.types import Case, case_of
from schema.context import Context
from schema.directory.types import OrgUnit, unit_of
from schema.info import Info
from schema.scalars import Position

TOPICS: Final = (DeadlineWarning.TOPIC, DeadlineBreached.TOPIC, CaseEscalated.TOPIC)


class _Said(msgspec.Struct):
    """What of the payload of such an event is told."""

    percent: int
    clock: Clock


_decode: Final = msgspec.json.Decoder(_Said).decode


@strawberry.type(description="That a clock of a case came to a share of its limit.")
class DeadlineNotice:
    """That a clock of a case came to a share of its limit."""

    position: Position = field(description="Of the event that says so; pass it as after.")
    type: str = field(
        description='"case.deadline_warning" before the limit, "case.deadline_breached" once it is '
        'passed, "case.escalated" when it goes up.'
    )
    case_id: strawberry.ID = field(description="The case.")
    clock: str = field(description='The name of the clock, as in "RESOLUTION".')
    kind: ClockKind = field(description="What is timed.")
    unit: OrgUnit | None = field(description="Whose clock it is; null: of whoever has the case.")
    percent: int = field(description="How much of the limit was used.")
    due: datetime = field(description="When it is, or was, due.")
    effective_at: datetime = field(description="When so much of the limit was used.")
    recorded_at: datetime = field(description="When it was noticed.")
    case_uuid: strawberry.Private[UUID]
    group: strawberry.Private[CaseGroup]

    @field(description="The case, as it is now.")
    async def case(self) -> Case | None:
        state = await self.group.case(self.case_uuid)
        return None if state is None else case_of(state, self.group)


NoticesAfter = Annotated[
    Position | None,
    argument(description="The position of the last notice seen; left out: only what is to come."),
]


@strawberry.type
class DeadlineSubscription:
    """The subscription of deadlines."""

    @strawberry.subscription(
        description=(
            "What the clocks of cases say that the caller sees from inside, in the order of "
            "positions and without a gap: first what was recorded after `after`, then what is to "
            "come."
        )
    )
    async def deadline_warning(
        self, info: Info, after: NoticesAfter = None
    ) -> AsyncGenerator[DeadlineNotice, None]:
        start = await start_of(info.context, after)
        async with aclosing(_notices(info.context, start)) as notices:
            async for notice in notices:
                yield notice


async def _notices(context: Context, position: int) -> AsyncGenerator[DeadlineNotice, None]:
    """Everything after `position`, for ever; the caller's rights are those of each moment."""
    async for head in context.journal.follow(position):
        while position < head:
            then = context.renewed()
            found = await _read(then, position, head)
            for each in found:
                now = context.renewed()
                if now.scope != then.scope:
                    break  # with other rights, what is next may be another: read again
                yield _notice(each, now)
                position = each.position
            else:
                position = found[-1].position if len(found) == BATCH else head


async def _read(context: Context, position: int, head: int) -> list[TimelineEvent]:
    criteria = EventFilter(topics=TOPICS, after_position=position, until_position=head)
    async with context.reads.acquire() as connection:
        page = await list_events(connection, context.scope, criteria, PageRequest(BATCH))
    return list(page.rows)


def _notice(event: TimelineEvent, context: Context) -> DeadlineNotice:
    said = _decode(event.payload)
    return DeadlineNotice(
        position=Position(event.position),
        type=event.topic,
        case_id=strawberry.ID(ids.case_id(event.stream_id)),
        clock=said.clock.name,
        kind=said.clock.kind,
        unit=unit_of(said.clock.unit),
        percent=said.percent,
        due=said.clock.due,
        effective_at=event.occurred_at,
        recorded_at=event.recorded_at,
        case_uuid=event.stream_id,
        group=CaseGroup(context, context.scope, {event.stream_id}),
    )
