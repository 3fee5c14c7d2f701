"""A recorded entry, read back: the domain event together with its envelope."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from eventsourcing.domain import AggregateEvent

from domain.identity import Actor, Authority


class RecordedEvent(NamedTuple):
    """One entry of the journal as views, readers and exports see it.

    A tuple: making a frozen dataclass with so many fields takes five times as long.

    position: 1, 2, 3 ... over the whole journal, in commit order, without a hole.
    version: 1, 2, 3 ... within the stream.
    occurred_at: valid time; recorded_at: transaction time, monotone over positions.
    """

    event: AggregateEvent
    event_id: UUID
    position: int
    stream_id: UUID
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    authority: Authority
    channel: str | None
    reason: str | None
    command_id: UUID
    causation_id: UUID | None
    correlation_id: UUID
