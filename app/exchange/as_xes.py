"""How recorded events look in an XES log: imported ones as they came, our own by their fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Final

import msgspec
from eventsourcing.domain import AggregateEvent

from app.exchange.histories import GROUP, RESOURCE, TRANSITION
from app.exchange.xes_reader import NAME, TIME
from app.exchange.xes_times import NaiveTime, parse_time
from app.journal.payloads import ENVELOPE_FIELDS
from domain.case.imported import ActivityRecorded, HistoryImported, RecordImported
from domain.case.vocabulary import Attribute
from domain.event import unseen
from domain.recorded import RecordedEvent

OURS: Final = "wardbook:"
"""Prefix of the keys that no XES extension has a word for."""

_OF_HISTORY: Final = frozenset({"source", "external_id", "attributes"})


def trace_attributes(name: str, case_no: str, first: RecordedEvent) -> Iterator[Attribute]:
    """The attributes of a case's trace. name: its concept:name in this log."""
    event = first.event
    if isinstance(event, RecordImported):
        yield Attribute(NAME, "string", name)
        yield from (attribute for attribute in event.attributes if attribute.key != NAME)
        for field, value in payload_of(event).items():
            if field not in _OF_HISTORY:
                yield from _attribute(f"{OURS}{field}", value)
    elif isinstance(event, HistoryImported):
        for attribute in event.attributes:
            if attribute.key == NAME:
                yield Attribute(NAME, attribute.type, name, attribute.children)
            else:
                yield attribute
    else:
        yield Attribute(NAME, "string", name)
        yield Attribute(f"{OURS}caseNo", "string", case_no)
        yield Attribute(f"{OURS}caseId", "id", str(first.stream_id))


def event_attributes(recorded: RecordedEvent) -> Iterator[Attribute]:
    """The attributes of one event."""
    event = recorded.event
    if isinstance(event, ActivityRecorded):
        if all(attribute.key != NAME for attribute in event.attributes):
            yield from _named(event, recorded.occurred_at)
        yield from _as_logged(event.attributes, recorded.occurred_at)
        return
    yield Attribute(NAME, "string", recorded.topic)
    yield Attribute(TIME, "date", written(recorded.occurred_at))
    yield Attribute(RESOURCE, "string", recorded.actor.principal)
    if recorded.actor.unit is not None:
        yield Attribute(GROUP, "string", recorded.actor.unit)
    yield Attribute(TRANSITION, "string", "complete")
    yield Attribute(f"{OURS}position", "int", str(recorded.position))
    yield Attribute(f"{OURS}version", "int", str(recorded.version))
    yield Attribute(f"{OURS}recordedAt", "date", written(recorded.recorded_at))
    if recorded.reason is not None:
        yield Attribute(f"{OURS}reason", "string", recorded.reason)
    for name, value in payload_of(recorded.event).items():
        yield from _attribute(f"{OURS}{name}", value)


def payload_of(event: AggregateEvent) -> Mapping[str, object]:
    """The event's own fields, in JSON's types and datetime, without those that are empty."""
    builtins = msgspec.to_builtins
    found = {name: getattr(event, name) for name in payload_fields(type(event))}
    return {
        name: builtins(value, builtin_types=(datetime,), str_keys=True)
        for name, value in found.items()
        if value is not None
    }


@cache
def payload_fields(event_type: type[AggregateEvent]) -> tuple[str, ...]:
    """The names of the fields that an event has beside those of every event.

    Who a reporter is leaves the service with no log.
    """
    names = (field.name for field in fields(event_type))
    hidden = ENVELOPE_FIELDS | unseen(event_type)
    return tuple(name for name in names if name not in hidden)


def written(moment: datetime) -> str:
    """A time as a log has it, to the microsecond."""
    return moment.isoformat(timespec="microseconds")


def _attribute(key: str, value: object) -> Iterator[Attribute]:
    match value:
        case None:
            return
        case bool():
            yield Attribute(key, "boolean", str(value).lower())
        case int():
            yield Attribute(key, "int", str(value))
        case float():
            yield Attribute(key, "float", repr(value))
        case datetime():
            yield Attribute(key, "date", written(value))
        case dict():
            yield Attribute(key, "container", None, _children(value.items()))
        case list() | tuple():
            yield Attribute(key, "list", None, _values(value))
        case _:
            yield Attribute(key, "string", str(value))


def _children(items: Iterable[tuple[str, object]]) -> tuple[Attribute, ...]:
    return tuple(child for key, value in items for child in _attribute(key, value))


def _values(values: Iterable[object]) -> tuple[Attribute, ...]:
    children = _children(("item", value) for value in values)
    return (Attribute("", "values", None, children),)


def _named(event: ActivityRecorded, occurred_at: datetime) -> Iterator[Attribute]:
    """What a table says of an activity in columns of its own, in a log's words."""
    yield Attribute(NAME, "string", event.activity)
    yield Attribute(TIME, "date", written(occurred_at))
    named = {RESOURCE: event.resource, GROUP: event.unit, TRANSITION: event.transition}
    for key, value in named.items():
        if value is not None:
            yield Attribute(key, "string", value)


def _as_logged(attributes: Iterable[Attribute], occurred_at: datetime) -> Iterator[Attribute]:
    """As they came; but a time without a zone gets the instant it was taken for."""
    for attribute in attributes:
        if attribute.key == TIME and not _has_zone(attribute.value or ""):
            yield Attribute(TIME, attribute.type, written(occurred_at), attribute.children)
        else:
            yield attribute


def _has_zone(time: str) -> bool:
    try:
        parse_time(time)
    except NaiveTime:
        return False
    return True
