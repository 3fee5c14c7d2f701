"""Bringing events into a view's tables, in batches, as the journal does."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from domain.recorded import RecordedEvent
from projections.view import Connection, View


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
