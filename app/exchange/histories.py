"""From a trace as it stands in a log to the command that brings it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID, uuid4

import msgspec

from app.exchange.refusals import (
    AmbiguousKey,
    EntryTooLarge,
    EventWithoutActivity,
    EventWithoutTime,
    InvalidValue,
    NameTooLong,
    TimeWithoutZone,
    TraceWithoutName,
)
from app.exchange.xes_reader import NAME, TIME, XesEvent, XesTrace
from app.exchange.xes_times import NaiveTime, parse_time
from domain.case.imported import Activity, ImportHistory
from domain.case.vocabulary import Attribute, Record
from domain.wording import NAME_LIMIT

LABEL_LIMIT: Final = 500
RESOURCE: Final = "org:resource"
GROUP: Final = "org:group"
TRANSITION: Final = "lifecycle:transition"

_LIMITS_OF_TRACE: Final = {NAME: NAME_LIMIT}
_LIMITS_OF_EVENT: Final = dict.fromkeys((NAME, TIME, RESOURCE, GROUP, TRANSITION), LABEL_LIMIT)
# What an entry of 64 KiB leaves for sealed attributes: the envelope and named fields are below
# 8 KiB, and base64 makes four characters of three bytes.
_ROOM_BYTES: Final = (65_536 - 8_192) * 3 // 4
SURELY_FITS: Final = _ROOM_BYTES // 6  # JSON writes at most six bytes for a character
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Meanings:
    """What is read from a log beside its extensions.

    zone: for times that have none of their own. due, ended: keys of attributes of a trace that say
    by when its case had to be closed, and when it ended; None: none does.
    """

    zone: tzinfo | None = None
    due: str | None = None
    ended: str | None = None


NO_MEANINGS: Final = Meanings()


def history(
    trace: XesTrace, source: str, run: UUID, meanings: Meanings = NO_MEANINGS
) -> ImportHistory:
    """The command that brings `trace` in. run: correlates the commands of one import.

    Raises a TraceRefused, located at the trace or at the event that stands in the way.
    """
    named = _named(trace.attributes, _LIMITS_OF_TRACE, trace.line)
    name = named.get(NAME)
    if name is None or not name.strip():
        raise TraceWithoutName(trace.line)
    if too_large(trace.attributes):
        raise EntryTooLarge(trace.line)
    return ImportHistory(
        command_id=uuid4(),
        correlation_id=run,
        source=source,
        external_id=name,
        attributes=trace.attributes,
        activities=tuple(_activity(event, meanings.zone) for event in trace.events),
        record=_record(trace, meanings),
    )


def _record(trace: XesTrace, meanings: Meanings) -> Record | None:
    """What the trace says of its case as a whole; None: nothing that anybody asked for."""
    due = _time_of(trace, meanings.due, meanings.zone)
    ended = _time_of(trace, meanings.ended, meanings.zone)
    return None if due is None and ended is None else Record(due_at=due, ended_at=ended)


def _time_of(trace: XesTrace, key: str | None, zone: tzinfo | None) -> datetime | None:
    said = [each for each in trace.attributes if each.key == key and each.value]
    if key is None or not said:
        return None
    if len(said) > 1:
        raise AmbiguousKey(trace.line, key=key)
    try:
        return parse_time(said[0].value or "", zone)
    except NaiveTime:
        raise TimeWithoutZone(trace.line) from None
    except ValueError:
        raise InvalidValue(trace.line, key=key, type="date") from None


def _activity(event: XesEvent, zone: tzinfo | None) -> Activity:
    named = _named(event.attributes, _LIMITS_OF_EVENT, event.line)
    name = named.get(NAME)
    if name is None:
        raise EventWithoutActivity(event.line)
    if event.size > SURELY_FITS and too_large(event.attributes):
        raise EntryTooLarge(event.line)
    time = named.get(TIME)
    if time is None:
        raise EventWithoutTime(event.line)
    try:
        occurred_at = parse_time(time, zone)
    except NaiveTime:
        raise TimeWithoutZone(event.line) from None
    except ValueError:
        raise InvalidValue(event.line, key=TIME, type="date") from None
    return Activity(
        activity=name,
        occurred_at=occurred_at,
        resource=named.get(RESOURCE),
        unit=named.get(GROUP),
        transition=named.get(TRANSITION),
        attributes=event.attributes,
    )


def _named(
    attributes: Sequence[Attribute], limits: Mapping[str, int], line: int
) -> Mapping[str, str]:
    """The values of the attributes with a meaning of their own; each at most once, and short."""
    found: dict[str, str] = {}
    for attribute in attributes:
        key, value = attribute.key, attribute.value
        if key not in limits:
            continue
        if key in found:
            raise AmbiguousKey(line, key=key)
        if value is None or (attribute.type == "date") != (key == TIME):
            raise InvalidValue(line, key=key, type="date" if key == TIME else "string")
        if len(value) > limits[key]:
            raise NameTooLong(line, key=key, limit=limits[key])
        found[key] = value
    return found


def too_large(attributes: tuple[Attribute, ...]) -> bool:
    """Whether they would not fit into an entry; found out before any of the trace is recorded."""
    return len(_encode(attributes)) > _ROOM_BYTES
