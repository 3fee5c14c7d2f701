"""Reads of the audit trail: what happened, from a position on, to cases that somebody follows."""

from typing import Final
from uuid import UUID

from domain.scope import Scope
from projections.case_lists import MATCHES, ROW, WORDS
from projections.cases import NO_FILTER, CaseFilter, list_scope_values, match_values
from projections.statement import Statement
from projections.timeline_event import (
    SHOWN_EVENT,
    VISIBLE,
    TimelineEvent,
    event_of,
    event_values,
)
from projections.view import Connection

LOOKED_AT: Final = 2000
"""Events that one call of `case_events_after` looks at, at most: what bounds its time."""

_MATCHES: Final = f"{MATCHES} AND (:words::text[] IS NULL OR t.case_id IS NOT NULL)"

# An event leads from the state of the version before it to that of its own version.
CHANGED = Statement(f"""
WITH changed AS (
    SELECT {SHOWN_EVENT} FROM timeline_events e
    WHERE e.position > :after_position AND e.position <= :until_position AND e.of_case
        AND (:case_id::uuid IS NULL OR e.stream_id = :case_id) AND {VISIBLE}
        AND (:any_state OR EXISTS (
            SELECT FROM (
                SELECT {ROW} FROM cases r
                WHERE r.case_id = e.stream_id AND r.position <= e.position
                UNION ALL
                SELECT {ROW} FROM case_history r
                WHERE r.case_id = e.stream_id AND r.by_version
                    AND r.position <= e.position AND e.position <= r.next_position
            ) r LEFT JOIN case_texts t
                ON (t.case_id, t.text_key) = (r.case_id, r.text_key) AND {WORDS}
            WHERE {_MATCHES}
        ))
    ORDER BY e.position LIMIT :limit
)
SELECT * FROM changed ORDER BY position
""")  # noqa: S608 - constants


async def case_events_after(
    connection: Connection,
    scope: Scope,
    *,
    after_position: int,
    until_position: int,
    limit: int,
    criteria: CaseFilter | None = None,
    case_id: UUID | None = None,
) -> tuple[list[TimelineEvent], int]:
    """Events of cases that matched before or after them, and the position read up to.

    At most `limit` events with after < position <= until, in position order. The second value is
    where to go on: `until_position`, or where a limit stopped it. criteria: as in `list_cases`
    (None with a case_id: whatever state that case is in).
    """
    if case_id is None:
        until_position = min(until_position, after_position + LOOKED_AT)
    wanted = criteria or NO_FILTER
    values = event_values(scope) | match_values(wanted) | list_scope_values(scope, wanted)
    values |= {
        "after_position": after_position,
        "until_position": until_position,
        "case_id": case_id,
        "any_state": criteria is None and case_id is not None,
        "limit": limit,
    }
    events = [event_of(row) for row in await CHANGED.rows(connection, values)]
    return events, events[-1].position if len(events) == limit else until_position
