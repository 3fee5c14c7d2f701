"""Rows of the audit trail and of imported logs: what one recorded event looks like to a reader."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final

from eventsourcing.domain import AggregateCreated, AggregateEvent

from domain.case.imported import ActivityRecorded, HistoryImported
from domain.event import unseen
from domain.recorded import RecordedEvent
from projections.case_changes import FieldChange, camel_case
from projections.case_state import is_of_case
from projections.outside import audience_of

_PLACE: Final = frozenset(field.name for field in fields(AggregateCreated))
"""Fields that say where an event stands: the row has columns of its own for them."""

TRAIL_COLUMNS: Final[dict[str, str]] = {
    "position": "bigint",
    "event_id": "uuid",
    "stream_id": "uuid",
    "of_case": "boolean",
    "version": "integer",
    "topic": "text",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "principal": "text",
    "actor_kind": "text",
    "actor_position": "text",
    "actor_unit": "text",
    "on_behalf_of": "text",
    "permission": "text",
    "policy_version": "integer",
    "channel": "text",
    "reason": "text",
    "command_id": "uuid",
    "causation_id": "uuid",
    "correlation_id": "uuid",
    "audience": "text",
    "payload": "jsonb",
    "changes": "jsonb",
}
"""Column of timeline_events -> type."""

LOG_COLUMNS: Final[dict[str, str]] = {
    "source": "text",
    "case_id": "uuid",
    "version": "integer",
    "position": "bigint",
    "occurred_at": "timestamptz",
    "activity": "text",
    "resource": "text",
}
"""Column of log_activities -> type."""


@cache
def _shown_fields(kind: type[AggregateEvent]) -> tuple[tuple[str, str], ...]:
    hidden = _PLACE | unseen(kind)
    return tuple(
        (field.name, camel_case(field.name)) for field in fields(kind) if field.name not in hidden
    )


def trail_row(recorded: RecordedEvent, changes: Sequence[FieldChange]) -> dict[str, Any]:
    """The row of `timeline_events` for an event, ready for JSON."""
    event, actor = recorded.event, recorded.actor
    return {
        "position": recorded.position,
        "event_id": recorded.event_id,
        "stream_id": recorded.stream_id,
        "of_case": is_of_case(event),
        "version": recorded.version,
        "topic": recorded.topic,
        "occurred_at": recorded.occurred_at,
        "recorded_at": recorded.recorded_at,
        "principal": actor.principal,
        "actor_kind": actor.kind,
        "actor_position": actor.position,
        "actor_unit": actor.unit,
        "on_behalf_of": actor.on_behalf_of,
        "permission": recorded.authority.permission,
        "policy_version": recorded.authority.policy_version,
        "channel": recorded.channel,
        "reason": recorded.reason,
        "command_id": recorded.command_id,
        "causation_id": recorded.causation_id,
        "correlation_id": recorded.correlation_id,
        "audience": audience_of(event),
        "payload": {shown: getattr(event, name) for name, shown in _shown_fields(type(event))},
        "changes": changes,
    }


def log_rows(recorded: RecordedEvent, source: str) -> list[dict[str, Any]]:
    """The rows of `log_activities` for an event of a history imported from `source`."""
    event = recorded.event
    row = {
        "source": source,
        "case_id": recorded.stream_id,
        "version": recorded.version,
        "position": recorded.position,
        "occurred_at": recorded.occurred_at,
    }
    match event:
        case ActivityRecorded():
            return [{**row, "activity": event.activity, "resource": event.resource}]
        case HistoryImported():
            return [row]
        case _:
            return []
