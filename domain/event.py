"""The base of every event: a stable topic in a closed registry, and its protected fields."""

from datetime import datetime
from typing import ClassVar, Final, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent
from eventsourcing.utils import register_topic

A = TypeVar("A", bound=Aggregate)

EVENT_TYPES: Final[dict[str, type[AggregateEvent]]] = {}
"""topic -> event class: the only topics a stored entry may have."""

AGGREGATE_OF: Final[dict[type[AggregateEvent], str]] = {}
"""first event of a stream -> topic of the aggregate class it creates."""


class TopicTaken(Exception):
    """Two event classes claim one topic."""


class Recorded:
    """Mixin of every event class that may be stored.

    TOPIC: explicit and stable ("case.accepted"); an event class without one stays unregistered.
    PROTECTED: names of the fields that are encrypted under the key of the stream before the
        entry is hashed.
    SUBJECT: name of the field with the person whose key seals the protected fields instead; None:
        the stream's own. They are opened only for whoever reads that person's data with a right
        and a purpose: a replay and every view have None there (`unseen`).
    INSIDE: names of the fields that only whoever sees the stream from inside is shown.
    class_version: raised with an `upcast_vX_vY` when the shape of a released event changes.
    """

    TOPIC: ClassVar[str]
    PROTECTED: ClassVar[frozenset[str]] = frozenset()
    SUBJECT: ClassVar[str | None] = None
    INSIDE: ClassVar[frozenset[str]] = frozenset()
    class_version: ClassVar[int] = 1

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        topic = cls.__dict__.get("TOPIC")
        if topic is None or not issubclass(cls, AggregateEvent):
            return
        if topic in EVENT_TYPES:
            raise TopicTaken(topic)
        EVENT_TYPES[topic] = cls
        register_topic(topic, cls)


def unseen(event_type: type[AggregateEvent]) -> frozenset[str]:
    """The fields of an event that are of a person: no view and no export may hold them."""
    if issubclass(event_type, Recorded) and event_type.SUBJECT is not None:
        return event_type.PROTECTED
    return frozenset()


def stream_begins_with(event_type: type[AggregateCreated], aggregate: type[Aggregate]) -> None:
    """Name the aggregate class that `event_type` creates; the store never learns it from a row."""
    topic: str = aggregate.TOPIC  # type: ignore[attr-defined]  # set on every aggregate of ours
    register_topic(topic, aggregate)
    AGGREGATE_OF[event_type] = topic


def begin_stream(
    aggregate: type[A],
    event_type: type[AggregateCreated],
    *,
    stream_id: UUID,
    timestamp: datetime,
    **facts: object,
) -> A:
    """A new aggregate with its first event pending; which of several it is, the caller says."""
    return aggregate._create(  # noqa: SLF001 - the library's own way to name the created event
        event_type, id=stream_id, timestamp=timestamp, **facts
    )
