"""Bringing events into a view's tables, in batches, as the journal does."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from uuid import UUID

from hypothesis import HealthCheck, settings

from app.database import Database
from domain.recorded import RecordedEvent
from projections.view import Connection, View

in_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
"""One database for all examples: each rolls back what it wrote."""


@asynccontextmanager
async def rolled_back(database: Database) -> AsyncIterator[Connection]:
    """A connection whose work is undone at the end."""
    connection = await database.connect(plan_cache_mode="force_custom_plan")
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def apply(
    view: View, connection: Connection, events: Sequence[RecordedEvent], cuts: Collection[int] = ()
) -> None:
    """Apply events in position order, in batches cut at these places of the sequence."""
    inside = sorted({cut for cut in cuts if 0 < cut < len(events)})
    for start, end in pairwise([0, *inside, len(events)]):
        before = events[:start]

        async def past(
            stream_ids: Collection[UUID], before: Sequence[RecordedEvent] = before
        ) -> Mapping[UUID, Sequence[RecordedEvent]]:
            return {
                stream_id: [event for event in before if event.stream_id == stream_id]
                for stream_id in stream_ids
            }

        async with connection.transaction():
            await view.apply(connection, events[start:end], past)
