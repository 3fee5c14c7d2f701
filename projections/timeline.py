"""Reads of the audit trail: what happened to a case, and the journal as auditors search it.

Who does not see a case from inside (`scope.internal`, and within reach) gets no internal notes, not
what a checker demands of a unit nor how it was routed, and of every event neither who acted, under
which authority, nor for which reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.vocabulary import Audience
from domain.command import Executed
from domain.identity import Actor, ActorKind, Authority
from domain.personal_data import AccessLogOpened, PersonalDataRead
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import LAST_POSITION, LAST_VERSION, Moment
from projections.case_changes import FieldChange
from projections.case_lists import MATCHES, ROW, WORDS
from projections.cases import NO_FILTER, CaseFilter, list_scope_values, match_values
from projections.outside import changes_outside, payload_outside
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from projections.shown import changes_as_shared
from projections.sight import OWN, inside, scope_values, seen, shares_timeline, shown_as
from projections.statement import Statement
from projections.structure import OF_TWO
from projections.view import Connection


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One recorded event, as the caller may see it.

    stream_id: the case, unless `of_case` is false. topic: the type of event ("case.dispatched").
    actor, authority, reason: None where the caller may not see them.
    changes: before -> after of the case in version order. payload: JSON text, camelCase keys.
    """

    event_id: UUID
    position: int
    stream_id: UUID
    of_case: bool
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor | None
    authority: Authority | None
    channel: str | None
    reason: str | None
    command_id: UUID
    causation_id: UUID | None
    correlation_id: UUID
    audience: Audience | None
    payload: str
    changes: tuple[FieldChange, ...]


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


_INSIDE: Final = f"""(:internal AND (:every_case OR EXISTS (
        SELECT FROM cases c WHERE c.case_id = e.stream_id AND {inside("c")}
    )))"""
"""Whether the caller sees the case of the event from inside, not as their own only."""

_EVENT: Final = f"""
    e.event_id, e.position, e.stream_id, e.of_case, e.version, e.topic, e.occurred_at,
    e.recorded_at, e.principal, e.actor_kind, e.actor_position, e.actor_unit, e.on_behalf_of,
    e.permission, e.policy_version, e.channel, e.reason, e.command_id, e.causation_id,
    e.correlation_id, e.audience, e.changes,
    e.payload, {shown_as("e.stream_id")} AS shown_as
"""

_OF_ACCESS: Final = f"'{{{AccessLogOpened.TOPIC},{PersonalDataRead.TOPIC}}}'"

# Whoever may not see the other case does not learn of it here either. Who read personal data is for
# those who answer for that, whoever else reads the journal.
_VISIBLE: Final = f"""(
    (:every_case OR (e.of_case AND EXISTS (
        SELECT FROM cases c WHERE c.case_id = e.stream_id
            AND ({seen("c")} OR {shares_timeline("c")})
    )))
    AND (:access_log OR e.of_case OR e.topic <> ALL({_OF_ACCESS}))
    AND (e.audience IS DISTINCT FROM 'INTERNAL' OR {_INSIDE})
    AND (:every_case OR e.topic <> ALL('{{{",".join(OF_TWO)}}}') OR EXISTS (
        SELECT FROM cases o
        WHERE o.case_id = (e.payload ->> 'otherCase')::uuid AND {seen("o")}
    ))
)"""  # noqa: S608 - constants

_THEN: Final = """(:position::bigint IS NULL OR e.position <= :position)
    AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)"""


def _timelines(beyond: str, short: str, direction: str) -> Statement:
    return Statement(f"""
SELECT {_EVENT}
FROM unnest(:case_ids::uuid[]) AS wanted (case_id) CROSS JOIN LATERAL (
    SELECT * FROM timeline_events e
    WHERE e.stream_id = wanted.case_id AND e.of_case AND {_VISIBLE} AND {_THEN}
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
WHERE e.stream_id = ANY(:case_ids::uuid[]) AND e.of_case AND {_VISIBLE} AND {_THEN}
GROUP BY e.stream_id
""")  # noqa: S608 - constants

BETWEEN = Statement(f"""
SELECT {_EVENT} FROM timeline_events e
WHERE e.stream_id = :case_id AND e.of_case AND {_VISIBLE}
    AND e.version BETWEEN :first_version AND :last_version
ORDER BY e.version
""")  # noqa: S608 - constants

# What one command recorded lies at positions next to each other, those of its own case first.
OF_COMMAND = Statement(f"""
SELECT {_EVENT} FROM timeline_events e
WHERE e.position BETWEEN (
        SELECT position FROM timeline_events
        WHERE stream_id = :case_id AND version = :first_version AND of_case
    ) AND :position AND e.of_case AND {_VISIBLE}
ORDER BY e.position
""")  # noqa: S608 - constants

BY_POSITION = Statement(f"""
SELECT {_EVENT} FROM timeline_events e
WHERE e.position = :position AND e.of_case AND {_VISIBLE}
""")  # noqa: S608 - constants

_CRITERIA: Final = f"""{_VISIBLE}
    AND (:stream_id::uuid IS NULL OR e.stream_id = :stream_id)
    AND (:topic::text IS NULL OR e.topic = :topic)
    AND (:topics::text[] IS NULL OR e.topic = ANY(:topics))
    AND (:principal::text IS NULL OR (e.principal = :principal AND {_INSIDE}))
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
SELECT {_EVENT} FROM timeline_events e
WHERE {_CRITERIA}
    AND (:from_position::bigint IS NULL OR e.position {beyond} :from_position)
    AND (:to_position::bigint IS NULL OR e.position {short} :to_position)
ORDER BY e.position {direction} LIMIT :limit
""")  # noqa: S608 - constants


EVENTS: Final = {True: _events(">", "<", "ASC"), False: _events("<", ">", "DESC")}
"""By whether they ascend."""

_MATCHES: Final = f"{MATCHES} AND (:words::text[] IS NULL OR t.case_id IS NOT NULL)"

# An event leads from the state of the version before it to that of its own version.
CHANGED = Statement(f"""
WITH changed AS (
    SELECT {_EVENT} FROM timeline_events e
    WHERE e.position > :after_position AND e.position <= :until_position AND e.of_case
        AND (:case_id::uuid IS NULL OR e.stream_id = :case_id) AND {_VISIBLE}
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

EVENT_COUNT = Statement(f"SELECT count(*) AS number FROM timeline_events e WHERE {_CRITERIA}")  # noqa: S608

_CURSOR: Final = "event"
LOOKED_AT: Final = 2000
"""Events that one call of `case_events_after` looks at, at most: what bounds its time."""


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
    after = _place(page.after, "after", LAST_VERSION)
    before = _place(page.before, "before", LAST_VERSION)
    start, stop = (after, before) if ascending else (before, after)
    values = _values(scope, moment) | {
        "case_ids": list(case_ids),
        "from_version": start,
        "to_version": stop,
        "limit": page.limit + 1,
    }
    found: dict[UUID, list[TimelineEvent]] = {case_id: [] for case_id in case_ids}
    for row in await TIMELINES[ascending].rows(connection, values):
        found[row["stream_id"]].append(_event(row))
    return {
        case_id: cut(page, events, lambda event: write_cursor(_CURSOR, event.version))
        for case_id, events in found.items()
    }


async def timeline_counts(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, int]:
    """How many events each timeline has; every id asked for is a key."""
    values = _values(scope, moment) | {"case_ids": list(case_ids)}
    rows = await TIMELINE_COUNTS.rows(connection, values)
    return dict.fromkeys(case_ids, 0) | {row["stream_id"]: row["number"] for row in rows}


async def events_between(
    connection: Connection, scope: Scope, case_id: UUID, first_version: int, last_version: int
) -> list[TimelineEvent]:
    """The events of a case from one version to another, inclusive (of a command, or missed)."""
    values = _values(scope) | {
        "case_id": case_id,
        "first_version": first_version,
        "last_version": last_version,
    }
    return [_event(row) for row in await BETWEEN.rows(connection, values)]


async def events_of_command(
    connection: Connection, scope: Scope, executed: Executed
) -> list[TimelineEvent]:
    """What a command recorded, in its own case and in others, as far as the caller may see it."""
    values = _values(scope) | {
        "case_id": executed.stream_id,
        "first_version": executed.first_version,
        "position": executed.position,
    }
    if executed.first_version > executed.last_version:
        return []
    return [_event(row) for row in await OF_COMMAND.rows(connection, values)]


async def event_at(connection: Connection, scope: Scope, position: int) -> TimelineEvent | None:
    """One event of a case; events of other streams come only from `list_events`."""
    row = await BY_POSITION.row(connection, _values(scope) | {"position": position})
    return _event(row) if row else None


async def list_events(
    connection: Connection, scope: Scope, criteria: EventFilter, page: PageRequest
) -> Page[TimelineEvent]:
    """One page of the journal in position order. The right to read it is checked by the caller."""
    ascending = not page.backward
    after = _place(page.after, "after", LAST_POSITION)
    before = _place(page.before, "before", LAST_POSITION)
    start, stop = (after, before) if ascending else (before, after)
    values = _values(scope) | _criteria(criteria)
    values |= {"from_position": start, "to_position": stop, "limit": page.limit + 1}
    rows = await EVENTS[ascending].rows(connection, values)
    events = [_event(row) for row in rows]
    return cut(page, events, lambda event: write_cursor(_CURSOR, event.position))


async def count_events(connection: Connection, scope: Scope, criteria: EventFilter) -> int:
    """How many events match."""
    row = await EVENT_COUNT.row(connection, _values(scope) | _criteria(criteria))
    return row["number"] if row else 0


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
    values = _values(scope) | match_values(wanted) | list_scope_values(scope, wanted)
    values |= {
        "after_position": after_position,
        "until_position": until_position,
        "case_id": case_id,
        "any_state": criteria is None and case_id is not None,
        "limit": limit,
    }
    events = [_event(row) for row in await CHANGED.rows(connection, values)]
    return events, events[-1].position if len(events) == limit else until_position


def _values(scope: Scope, moment: Moment | None = None) -> dict[str, Any]:
    return {
        **scope_values(scope),
        "position": moment.position if moment else None,
        "time": moment.occurred_at if moment else None,
    }


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


def _place(cursor: str | None, argument: str, last: int) -> int | None:
    """The version or position that a cursor names, 0 to `last`."""
    if cursor is None:
        return None
    place = int(read_cursor(_CURSOR, cursor, argument, [int])[0])
    if not 0 <= place <= last:
        raise InvalidInput([argument], "not a cursor of this list in this order")
    return place


def _event(row: asyncpg.Record) -> TimelineEvent:
    shown_as = row["shown_as"]
    internal = shown_as is None
    payload, changes = _shown(row, shown_as)
    return TimelineEvent(
        event_id=row["event_id"],
        position=row["position"],
        stream_id=row["stream_id"],
        of_case=row["of_case"],
        version=row["version"],
        topic=row["topic"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=_actor(row) if internal else None,
        authority=Authority(row["permission"], row["policy_version"]) if internal else None,
        channel=row["channel"],
        reason=row["reason"] if internal else None,
        command_id=row["command_id"],
        causation_id=row["causation_id"],
        correlation_id=row["correlation_id"],
        audience=Audience(row["audience"]) if row["audience"] else None,
        payload=payload,
        changes=changes,
    )


def _shown(
    row: asyncpg.Record, shown_as: Collection[str] | None
) -> tuple[str, tuple[FieldChange, ...]]:
    """Payload and changes of an event, as the caller is shown its case (`projections.shown`)."""
    payload, changes = row["payload"], _changes(row["changes"])
    if shown_as is None:
        return payload, changes
    if OWN in shown_as:
        return payload_outside(row["topic"], payload), changes_outside(changes)
    # What was said in an event is in no part: a unit learns that it happened, and when.
    return "{}", changes_as_shared(changes, shown_as)


def _actor(row: asyncpg.Record) -> Actor:
    return Actor(
        principal=row["principal"],
        kind=ActorKind(row["actor_kind"]),
        position=row["actor_position"],
        unit=row["actor_unit"],
        on_behalf_of=row["on_behalf_of"],
    )


_changes = msgspec.json.Decoder(tuple[FieldChange, ...]).decode
