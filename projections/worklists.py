"""Worklists: the cases that wait for somebody, most urgent and oldest first; and how they change.

A list is a condition on a row of `cases`, as any state of a case lies in one: so the same
condition says who is in the list now, and what an event of the past brought in or took out.
What is at hand is little beside what is over, and has indexes of its own (migration 0013).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.decisions import AWAITED_AT, ways_to_decide
from domain.case.lifecycle import ACTIVE, Stage
from domain.identity import Caller
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.case_lists import NEWEST, ROW, SHOWN, Axis
from projections.case_rows import state_of
from projections.case_state import CaseState
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.sight import inside, scope_values, seen
from projections.statement import Statement
from projections.view import Connection


class WorklistKind(StrEnum):
    """Whose work, or what sort of it."""

    MINE = "MINE"
    UNIT = "UNIT"
    UNASSIGNED = "UNASSIGNED"
    WATCHED = "WATCHED"
    AWAITING_MY_APPROVAL = "AWAITING_MY_APPROVAL"


class Movement(StrEnum):
    """What an event did to a case in somebody's list."""

    ENTERED = "ENTERED"
    LEFT = "LEFT"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class WorklistMovement:
    """A case came into a list, left it, or changed in it, by the event at a position."""

    position: int
    case_id: UUID
    movement: Movement


_ACTIVE: Final = ", ".join(f"'{stage}'" for stage in Stage if stage in ACTIVE)
RANKS: Final = range(3)
_RANK: Final = """CASE WHEN r.emergency_until IS NOT NULL OR r.urgency = 'EMERGENCY' THEN 0
    WHEN r.urgency = 'URGENT' THEN 1 ELSE 2 END"""
_AT_STAGE: Final = " ".join(
    f"""WHEN r.stage = '{stage}' THEN '[{{"kind": "{kind}"}}]'::jsonb"""
    for stage, kind in AWAITED_AT.items()
)
_AWAITED_STAGES: Final = " OR ".join(f"r.stage = '{stage}'" for stage in AWAITED_AT)

# Of a decision that a case waits for: is there a way in which the caller may take it?
_DECIDES: Final = f"""EXISTS (
    SELECT FROM jsonb_to_recordset(
        coalesce(r.details -> 'pending_decisions', '[]') || CASE {_AT_STAGE} ELSE '[]' END
    ) AS d (kind text, requested_by text, person text, unit text)
    JOIN jsonb_to_recordset(:ways::jsonb) AS way (
        kind text, stages text[], levels text[], everywhere boolean, units text[], areas text[],
        lead_only boolean
    ) USING (kind)
    WHERE r.stage = ANY(way.stages)
        AND d.requested_by IS DISTINCT FROM :me
        AND (d.person IS NULL OR d.person = :me)
        AND (d.unit IS NULL OR way.everywhere OR d.unit = ANY(way.units))
        AND coalesce(r.details ->> 'confidentiality', 'NORMAL') = ANY(way.levels)
        AND (way.everywhere
            OR r.lead_unit = ANY(way.units)
            OR (NOT way.lead_only AND r.co_units && way.units)
            OR r.area = ANY(way.areas))
)"""  # noqa: S608 - constants

_MEMBER: Final = {
    WorklistKind.MINE: f"""r.stage IN ({_ACTIVE})
        AND (r.officer = :me OR r.officer_position = ANY(:posts::text[]))""",
    WorklistKind.UNIT: f"""r.stage IN ({_ACTIVE})
        AND (r.lead_unit = ANY(:units::text[])
            OR (r.co_units <> '{{}}' AND r.co_units && :units::text[]))""",
    WorklistKind.UNASSIGNED: f"""r.stage IN ({_ACTIVE})
        AND ((r.stage = 'ACCEPTED' AND r.lead_unit IS NULL)
            OR (r.stage = 'DISPATCHED' AND r.officer IS NULL))
        AND {inside("r")}""",
    WorklistKind.AWAITING_MY_APPROVAL: f"""(r.details ? 'pending_decisions' OR {_AWAITED_STAGES})
        AND {_DECIDES}""",
}
"""Of a row `r`; WATCHED is not said of a case but of who watches it when."""

_WATCHED_NOW: Final = """JOIN (
    SELECT case_id FROM watched_cases WHERE principal = :me AND until IS NULL
) watched USING (case_id)"""


def _rows(kind: WorklistKind) -> str:
    watched = _WATCHED_NOW if kind is WorklistKind.WATCHED else ""
    member = _MEMBER.get(kind, "true")
    return f"FROM cases r {watched} WHERE {member} AND {seen('r')}"


def _page(kind: WorklistKind, *, ascending: bool) -> Statement:
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    place = f"({_RANK}, r.registered_at, r.case_id)"
    ordered = f"ORDER BY {_RANK} {direction}, r.registered_at {direction}, r.case_id {direction}"
    return Statement(f"""
SELECT {SHOWN}, t.title, t.description, {_RANK} AS rank
FROM (
    SELECT {ROW} {_rows(kind)}
        AND (:from_id::uuid IS NULL
            OR {place} {beyond} (:from_rank::integer, :from_time::timestamptz, :from_id))
        AND (:to_id::uuid IS NULL
            OR {place} {short} (:to_rank::integer, :to_time::timestamptz, :to_id))
    {ordered} LIMIT :limit
) r {NEWEST[Axis.NOW]} LEFT JOIN case_texts t USING (case_id, text_key)
{ordered}
""")  # noqa: S608 - constants


PAGES: Final = {
    (kind, ascending): _page(kind, ascending=ascending)
    for kind in WorklistKind
    for ascending in (True, False)
}
COUNTS: Final = {
    kind: Statement(f"SELECT count(*) AS number {_rows(kind)}") for kind in WorklistKind
}
ALL_COUNTS: Final = Statement(
    "SELECT " + ", ".join(f"(SELECT count(*) {_rows(kind)}) AS {kind}" for kind in WorklistKind)
)

# An event leads from the state of the version before it to that of its own version.
_BEFORE: Final = f"""(
    SELECT {ROW} FROM cases r WHERE r.case_id = e.stream_id AND r.position < e.position
    UNION ALL
    SELECT {ROW} FROM case_history r
    WHERE r.case_id = e.stream_id AND r.by_version
        AND r.position < e.position AND e.position <= r.next_position
) r"""  # noqa: S608 - constants
_AFTER: Final = f"""(
    SELECT {ROW} FROM cases r WHERE r.case_id = e.stream_id AND r.position <= e.position
    UNION ALL
    SELECT {ROW} FROM case_history r
    WHERE r.case_id = e.stream_id AND r.by_version
        AND r.position <= e.position AND e.position < r.next_position
) r"""  # noqa: S608 - constants

# Whoever sees a case as their own only is not told that something internal happened to it.
_TOLD: Final = f"""(e.audience IS DISTINCT FROM 'INTERNAL'
    OR (:internal AND EXISTS (SELECT FROM {_AFTER} WHERE {inside("r")})))"""


def _moved(member: str, events: str = "", more: str = "") -> Statement:
    return Statement(f"""
SELECT position, case_id, was, became FROM (
    SELECT e.position, e.stream_id AS case_id,
        EXISTS (SELECT FROM {_BEFORE} WHERE {member} AND {seen("r")}) AS was,
        EXISTS (SELECT FROM {_AFTER} WHERE {member} AND {seen("r")}) AS became
    FROM timeline_events e {events}
    WHERE e.position > :after_position AND e.position <= :until_position AND e.of_case
        AND {_TOLD}
    {more}
) moved
WHERE was OR became ORDER BY position LIMIT :limit
""")  # noqa: S608 - constants


_WATCHED_THEN: Final = """JOIN watched_cases w ON w.principal = :me AND w.case_id = e.stream_id
    AND w.since < e.position AND (w.until IS NULL OR e.position < w.until)"""
_BEGAN_AND_STOPPED: Final = f"""UNION ALL
    SELECT w.since, w.case_id, false, true FROM watched_cases w JOIN cases r USING (case_id)
    WHERE w.principal = :me AND w.since > :after_position AND w.since <= :until_position
        AND {seen("r")}
    UNION ALL
    SELECT w.until, w.case_id, true, false FROM watched_cases w
    WHERE w.principal = :me AND w.until > :after_position AND w.until <= :until_position"""  # noqa: S608

MOVED: Final = {
    **{kind: _moved(member) for kind, member in _MEMBER.items()},
    WorklistKind.WATCHED: _moved("true", _WATCHED_THEN, _BEGAN_AND_STOPPED),
}

LOOKED_AT: Final = 500
"""Events that one call of `movements_after` looks at, at most: what bounds its time."""

_CURSOR: Final = "worklist"
_encode: Final = msgspec.json.Encoder().encode


async def worklist(
    connection: Connection, scope: Scope, caller: Caller, kind: WorklistKind, page: PageRequest
) -> Page[CaseState]:
    """One page of a list of the caller's. Raises InvalidInput for a cursor of another list."""
    values = _values(scope, caller, kind)
    after, before = _place(kind, page.after, "after"), _place(kind, page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values["from_rank"], values["from_time"], values["from_id"] = start
    values["to_rank"], values["to_time"], values["to_id"] = stop
    values["limit"] = page.limit + 1
    rows = await PAGES[kind, not page.backward].rows(connection, values)
    return cut(page, rows, lambda row: _cursor(kind, row)).map(state_of)


async def count_worklist(
    connection: Connection, scope: Scope, caller: Caller, kind: WorklistKind
) -> int:
    """How many cases are in a list of the caller's."""
    row = await COUNTS[kind].row(connection, _values(scope, caller, kind))
    return row["number"] if row else 0


async def count_worklists(
    connection: Connection, scope: Scope, caller: Caller
) -> Mapping[WorklistKind, int]:
    """How many cases are in each list of the caller's, in one statement."""
    values: dict[str, Any] = {}
    for kind in WorklistKind:
        values |= _values(scope, caller, kind)
    row = await ALL_COUNTS.row(connection, values)
    return {kind: row[kind.lower()] if row else 0 for kind in WorklistKind}


async def movements_after(
    connection: Connection,
    scope: Scope,
    caller: Caller,
    kind: WorklistKind,
    *,
    after_position: int,
    until_position: int,
    limit: int,
) -> tuple[list[WorklistMovement], int]:
    """What events with after < position <= until did to a list, and the position read up to.

    At most `limit`, in position order. Who is in the list is judged by the rights that the caller
    has now, on the case as it was before and after each event.
    """
    until_position = min(until_position, after_position + LOOKED_AT)
    values = _values(scope, caller, kind) | {
        "internal": scope.internal,
        "after_position": after_position,
        "until_position": until_position,
        "limit": limit,
    }
    found = [_movement(row) for row in await MOVED[kind].rows(connection, values)]
    return found, found[-1].position if len(found) == limit else until_position


def _movement(row: asyncpg.Record) -> WorklistMovement:
    movement = Movement.CHANGED
    if not row["was"]:
        movement = Movement.ENTERED
    elif not row["became"]:
        movement = Movement.LEFT
    return WorklistMovement(row["position"], row["case_id"], movement)


def _values(scope: Scope, caller: Caller, kind: WorklistKind) -> dict[str, Any]:
    values = {**scope_values(scope), "me": caller.principal}
    match kind:
        case WorklistKind.MINE:
            return values | {"posts": [post.position for post in caller.posts]}
        case WorklistKind.UNIT:
            return values | {"units": _units(caller)}
        case WorklistKind.AWAITING_MY_APPROVAL:
            return values | {"ways": _ways(caller)}
        case WorklistKind.UNASSIGNED | WorklistKind.WATCHED:
            return values


def _units(caller: Caller) -> Collection[str]:
    """The units of the caller's posts, with all below them."""
    units = frozenset[str]().union(*(reach.units for reach in caller.reaches))
    return sorted(units | ({caller.unit} if caller.unit else set()))


def _ways(caller: Caller) -> str:
    """How the caller may decide, each way once, as JSON."""
    ways: Sequence[dict[str, Any]] = [
        {
            "kind": way.kind,
            "stages": sorted(way.stages),
            "levels": sorted(way.levels),
            "everywhere": way.within.everywhere,
            "units": sorted(way.within.units),
            "areas": sorted(way.within.areas),
            "lead_only": way.lead_only,
        }
        for way in ways_to_decide(caller)
    ]
    return _encode([way for index, way in enumerate(ways) if way not in ways[:index]]).decode()


def _cursor(kind: WorklistKind, row: asyncpg.Record) -> str:
    name = f"{_CURSOR}-{kind}"
    return write_cursor(name, row["rank"], row["registered_at"].isoformat(), str(row["case_id"]))


def _place(
    kind: WorklistKind, cursor: str | None, argument: str
) -> tuple[int | None, datetime | None, UUID | None]:
    """Where a cursor points: rank, time of registration, and case."""
    if cursor is None:
        return None, None, None
    rank, time, case_id = read_cursor(f"{_CURSOR}-{kind}", cursor, argument, [int, str, str])
    try:
        return _known_rank(int(rank)), aware(str(time)), UUID(str(case_id))
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None


def _known_rank(rank: int) -> int:
    if rank not in RANKS:
        raise ValueError
    return rank
