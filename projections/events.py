"""Reads of the audit trail: the journal as auditors search it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.scope import Scope
from projections.as_of import LAST_POSITION
from projections.paging import Page, PageRequest, cut, write_cursor
from projections.statement import Statement
from projections.timeline_event import (
    CURSOR,
    FROM_INSIDE,
    SHOWN_EVENT,
    VISIBLE,
    TimelineEvent,
    event_of,
    event_values,
    place_of,
)
from projections.view import Connection


@dataclass(frozen=True)
class EventFilter:
    """Which events of the journal; every part that is given must hold.

    stream_id: a case or another stream. principal: who acted.
    after_position, until_position: after < position <= until.
    recorded_*, occurred_*: half open (from <= time < to).
    """

    stream_id: UUID | None = None
    topics: Collection[str] | None = None
    principal: str | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    after_position: int | None = None
    until_position: int | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None


_CRITERIA: Final = f"""{VISIBLE}
    AND (:stream_id::uuid IS NULL OR e.stream_id = :stream_id)
    AND (:topic::text IS NULL OR e.topic = :topic)
    AND (:topics::text[] IS NULL OR e.topic = ANY(:topics))
    AND (:principal::text IS NULL OR (e.principal = :principal AND {FROM_INSIDE}))
    AND (:command_id::uuid IS NULL OR e.command_id = :command_id)
    AND (
        :correlation_id::uuid IS NULL
        OR (e.command_id = :correlation_id AND e.correlation_id = :correlation_id)
        OR (e.correlation_id = :correlation_id AND e.correlation_id <> e.command_id)
    )
    AND (:after_position::bigint IS NULL OR e.position > :after_position)
    AND (:until_position::bigint IS NULL OR e.position <= :until_position)
    AND (:recorded_from::timestamptz IS NULL OR e.position > coalesce((
        SELECT position FROM entries WHERE recorded_at < :recorded_from
        ORDER BY recorded_at DESC, position DESC LIMIT 1
    ), 0))
    AND (:recorded_to::timestamptz IS NULL OR e.position <= coalesce((
        SELECT position FROM entries WHERE recorded_at < :recorded_to
        ORDER BY recorded_at DESC, position DESC LIMIT 1
    ), 0))
    AND (:occurred_from::timestamptz IS NULL OR e.occurred_at >= :occurred_from)
    AND (:occurred_to::timestamptz IS NULL OR e.occurred_at < :occurred_to)
"""  # noqa: S608 - constants


def _events(beyond: str, short: str, direction: str) -> Statement:
    return Statement(f"""
SELECT {SHOWN_EVENT} FROM timeline_events e
WHERE {_CRITERIA}
    AND (:from_position::bigint IS NULL OR e.position {beyond} :from_position)
    AND (:to_position::bigint IS NULL OR e.position {short} :to_position)
ORDER BY e.position {direction} LIMIT :limit
""")  # noqa: S608 - constants


EVENTS: Final = {True: _events(">", "<", "ASC"), False: _events("<", ">", "DESC")}
"""By whether they ascend."""

EVENT_COUNT = Statement(f"SELECT count(*) AS number FROM timeline_events e WHERE {_CRITERIA}")  # noqa: S608


async def list_events(
    connection: Connection, scope: Scope, criteria: EventFilter, page: PageRequest
) -> Page[TimelineEvent]:
    """One page of the journal in position order. The right to read it is checked by the caller."""
    ascending = not page.backward
    after = place_of(page.after, "after", LAST_POSITION)
    before = place_of(page.before, "before", LAST_POSITION)
    start, stop = (after, before) if ascending else (before, after)
    values = event_values(scope) | _criteria(criteria)
    values |= {"from_position": start, "to_position": stop, "limit": page.limit + 1}
    rows = await EVENTS[ascending].rows(connection, values)
    events = [event_of(row) for row in rows]
    return cut(page, events, lambda event: write_cursor(CURSOR, event.position))


async def count_events(connection: Connection, scope: Scope, criteria: EventFilter) -> int:
    """How many events match."""
    row = await EVENT_COUNT.row(connection, event_values(scope) | _criteria(criteria))
    return row["number"] if row else 0


def _criteria(criteria: EventFilter) -> dict[str, Any]:
    topics = None if criteria.topics is None else list(dict.fromkeys(criteria.topics))
    one = topics is not None and len(topics) == 1
    return {
        "stream_id": criteria.stream_id,
        "topic": topics[0] if one and topics else None,
        "topics": None if one else topics,
        "principal": criteria.principal,
        "command_id": criteria.command_id,
        "correlation_id": criteria.correlation_id,
        "after_position": criteria.after_position,
        "until_position": criteria.until_position,
        "recorded_from": criteria.recorded_from,
        "recorded_to": criteria.recorded_to,
        "occurred_from": criteria.occurred_from,
        "occurred_to": criteria.occurred_to,
    }
