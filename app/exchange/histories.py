"""From a trace as it stands in a log to the command that brings it in."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
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
from domain.case.vocabulary import Attribute
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


def history(trace: XesTrace, source: str, run: UUID, zone: tzinfo | None = None) -> ImportHistory:
    """The command that brings `trace` in.

    run: correlates the commands of one import. zone: for times that have none of their own.

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
        activities=tuple(_activity(event, zone) for event in trace.events),
    )


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
