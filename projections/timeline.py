"""Reads of the audit trail: what happened to a case, and what a command did."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from domain.command import Executed
from domain.scope import Scope
from projections.as_of import LAST_VERSION, Moment
from projections.paging import Page, PageRequest, cut, write_cursor
from projections.statement import Statement
from projections.timeline_event import (
    CURSOR,
    SHOWN_EVENT,
    VISIBLE,
    TimelineEvent,
    event_of,
    event_values,
    place_of,
)
from projections.view import Connection

_THEN: Final = """(:position::bigint IS NULL OR e.position <= :position)
    AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)"""


def _timelines(beyond: str, short: str, direction: str) -> Statement:
    return Statement(f"""
SELECT {SHOWN_EVENT}
FROM unnest(:case_ids::uuid[]) AS wanted (case_id) CROSS JOIN LATERAL (
    SELECT * FROM timeline_events e
    WHERE e.stream_id = wanted.case_id AND e.of_case AND {VISIBLE} AND {_THEN}
        AND (:from_version::int IS NULL OR e.version {beyond} :from_version)
        AND (:to_version::int IS NULL OR e.version {short} :to_version)
    ORDER BY e.version {direction} LIMIT :limit
) e
ORDER BY e.stream_id, e.version {direction}
""")  # noqa: S608 - constants


TIMELINES: Final = {True: _timelines(">", "<", "ASC"), False: _timelines("<", ">", "DESC")}
"""By whether they ascend."""

TIMELINE_COUNTS = Statement(f"""
SELECT e.stream_id, count(*) AS number FROM timeline_events e
WHERE e.stream_id = ANY(:case_ids::uuid[]) AND e.of_case AND {VISIBLE} AND {_THEN}
GROUP BY e.stream_id
""")  # noqa: S608 - constants

BETWEEN = Statement(f"""
SELECT {SHOWN_EVENT} FROM timeline_events e
WHERE e.stream_id = :case_id AND e.of_case AND {VISIBLE}
    AND e.version BETWEEN :first_version AND :last_version
ORDER BY e.version
""")  # noqa: S608 - constants

# What one command recorded lies at positions next to each other, those of its own case first. Of a
# range of positions nobody could tell, before its ends are known, that it is a short one.
OF_COMMAND = Statement(f"""
SELECT {SHOWN_EVENT} FROM timeline_events e
WHERE e.position = ANY(ARRAY(SELECT generate_series((
        SELECT position FROM timeline_events
        WHERE stream_id = :case_id AND version = :first_version AND of_case
    ), :position::bigint))) AND e.of_case AND {VISIBLE}
ORDER BY e.position
""")  # noqa: S608 - constants

BY_POSITION = Statement(f"""
SELECT {SHOWN_EVENT} FROM timeline_events e
WHERE e.position = :position AND e.of_case AND {VISIBLE}
""")  # noqa: S608 - constants


async def timelines(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    page: PageRequest,
    moment: Moment | None = None,
) -> Mapping[UUID, Page[TimelineEvent]]:
    """The same page of the timelines of many cases, in version order, in one statement.

    Every id asked for is a key; a case that may not be seen has an empty page.
    moment: only what was known, and had occurred, then.
    """
    ascending = not page.backward
    after = place_of(page.after, "after", LAST_VERSION)
    before = place_of(page.before, "before", LAST_VERSION)
    start, stop = (after, before) if ascending else (before, after)
    values = event_values(scope, moment) | {
        "case_ids": list(case_ids),
        "from_version": start,
        "to_version": stop,
        "limit": page.limit + 1,
    }
    found: dict[UUID, list[TimelineEvent]] = {case_id: [] for case_id in case_ids}
    for row in await TIMELINES[ascending].rows(connection, values):
        found[row["stream_id"]].append(event_of(row))
    return {
        case_id: cut(page, events, lambda event: write_cursor(CURSOR, event.version))
        for case_id, events in found.items()
    }


async def timeline_counts(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, int]:
    """How many events each timeline has; every id asked for is a key."""
    values = event_values(scope, moment) | {"case_ids": list(case_ids)}
    rows = await TIMELINE_COUNTS.rows(connection, values)
    return dict.fromkeys(case_ids, 0) | {row["stream_id"]: row["number"] for row in rows}


async def events_between(
    connection: Connection, scope: Scope, case_id: UUID, first_version: int, last_version: int
) -> list[TimelineEvent]:
    """The events of a case from one version to another, inclusive (of a command, or missed)."""
    values = event_values(scope) | {
        "case_id": case_id,
        "first_version": first_version,
        "last_version": last_version,
    }
    return [event_of(row) for row in await BETWEEN.rows(connection, values)]


async def events_of_command(
    connection: Connection, scope: Scope, executed: Executed
) -> list[TimelineEvent]:
    """What a command recorded, in its own case and in others, as far as the caller may see it."""
    values = event_values(scope) | {
        "case_id": executed.stream_id,
        "first_version": executed.first_version,
        "position": executed.position,
    }
    if executed.first_version > executed.last_version:
        return []
    return [event_of(row) for row in await OF_COMMAND.rows(connection, values)]


async def event_at(connection: Connection, scope: Scope, position: int) -> TimelineEvent | None:
    """One event of a case; events of other streams come only from `list_events`."""
    row = await BY_POSITION.row(connection, event_values(scope) | {"position": position})
    return event_of(row) if row else None
