"""Writes events as CSV (RFC 4180, UTF-8), one row each, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from app.exchange.as_xes import payload_of, written
from domain.case.imported import ActivityRecorded
from domain.recorded import RecordedEvent

COLUMNS: Final = (
    "case",
    "activity",
    "occurred_at",
    "resource",
    "unit",
    "transition",
    "event_type",
    "case_no",
    "case_id",
    "version",
    "position",
    "recorded_at",
    "principal",
    "reason",
    "details",
)

_FORMULA_BEGINS_WITH: Final = tuple("=+-@\t\r\n＝＋－＠")
_encode = msgspec.json.Encoder().encode


def header() -> bytes:
    """The first row."""
    return _rows([COLUMNS])


def rows(name: str, case_no: str, events: Iterable[RecordedEvent]) -> bytes:
    """The rows of one case. name: what the case is called in this export."""
    return _rows([_row(name, case_no, recorded) for recorded in events])


def _row(name: str, case_no: str, recorded: RecordedEvent) -> Sequence[str]:
    event = recorded.event
    details: object
    if isinstance(event, ActivityRecorded):
        activity, resource, unit = event.activity, event.resource, event.unit
        transition, details = event.transition, event.attributes
    else:
        activity, resource, unit = recorded.topic, recorded.actor.principal, recorded.actor.unit
        transition, details = "complete", payload_of(event)
    return (
        name,
        activity,
        written(recorded.occurred_at),
        resource or "",
        unit or "",
        transition or "",
        recorded.topic,
        case_no,
        str(recorded.stream_id),
        str(recorded.version),
        str(recorded.position),
        written(recorded.recorded_at),
        recorded.actor.principal,
        recorded.reason or "",
        _encode(details).decode(),
    )


def _rows(table: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in table])
    return out.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text: an apostrophe before what begins a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS_WITH) else cell
