"""Watching cases: events as they are recorded, resumed by position."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import argument

from domain.refusal import InvalidInput
from projections.cases import CaseFilter
from projections.changed_cases import case_events_after
from projections.timeline_event import TimelineEvent
from schema import ids
from schema.case.criteria import CaseFilterInput
from schema.case.types import CaseEvent, event_by_itself
from schema.context import Context
from schema.info import Info
from schema.scalars import Position

BATCH = 50

WatchedId = Annotated[strawberry.ID | None, argument(name="id", description="Only this case.")]
WatchedFilter = Annotated[
    CaseFilterInput | None,
    argument(name="filter", description="Only cases that match before or after the event."),
]
WatchedAfter = Annotated[
    Position | None,
    argument(description="The position of the last event seen; left out: only what is to come."),
]


@strawberry.type
class CaseSubscription:
    """The subscription of the case."""

    @strawberry.subscription(
        description=(
            "The events of cases that the caller may see, in the order of positions and without a "
            "gap: first what was recorded after `after`, then what is to come."
        )
    )
    async def case_changed(
        self,
        info: Info,
        watched: WatchedId = None,
        criteria: WatchedFilter = None,
        after: WatchedAfter = None,
    ) -> AsyncGenerator[CaseEvent, None]:
        case_id = None if watched is None else ids.parse_current_case(watched, "id")
        wanted = criteria.value() if criteria else None
        start = await start_of(info.context, after)
        async with aclosing(_events(info.context, start, wanted, case_id)) as events:
            async for event in events:
                yield event


async def start_of(context: Context, after: Position | None) -> int:
    """Where to begin. Raises InvalidInput for a position that nobody can have seen."""
    head = (await context.journal.head()).size
    if after is not None and after > head:
        raise InvalidInput(["after"], f"after is {after}, but the journal ends at {head}")
    return head if after is None else after


async def _events(
    context: Context, position: int, criteria: CaseFilter | None, case_id: UUID | None
) -> AsyncGenerator[CaseEvent, None]:
    """Everything after `position`, for ever; the caller's rights are those of each moment."""
    async for head in context.journal.follow(position):
        while position < head:
            then = context.renewed()
            recorded, read = await _read(then, position, head, criteria, case_id)
            for each in recorded:
                now = context.renewed()
                if now.scope != then.scope:
                    break  # with other rights, what is next may be another event: read again
                # Each by itself: what hangs on an item is read when the item is delivered.
                yield event_by_itself(each, now)
                position = each.position
            else:
                position = read


async def _read(
    context: Context, position: int, head: int, criteria: CaseFilter | None, case_id: UUID | None
) -> tuple[list[TimelineEvent], int]:
    async with context.reads.acquire() as connection:
        return await case_events_after(
            connection,
            context.scope,
            after_position=position,
            until_position=head,
            limit=BATCH,
            criteria=criteria,
            case_id=case_id,
        )
