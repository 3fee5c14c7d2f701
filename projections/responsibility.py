"""Reads of the responsibility ledger: of some cases, and who answered for what, when.

The ledger is for whoever sees a case from inside. Rows come as they were known and stood at the
moment asked about; whose time was used, and who held the post, is for the domain to say
(`domain.case.ledger`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.case.ledger.fold import known_at
from domain.case.ledger.interval import STEPS, Interval, Part
from domain.permissions import PERMISSIONS
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import Moment
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.responsibility_view import NEVER, decoded, interval_of
from projections.sight import inside, scope_values
from projections.statement import Statement
from projections.view import Connection

OF_CASES = Statement(f"""
SELECT r.* FROM unnest(:case_ids::uuid[]) AS wanted (case_id)
JOIN cases c USING (case_id) JOIN responsibility r USING (case_id)
WHERE :internal AND {inside("c")} AND r.known_from <= :position AND :position < r.known_to
ORDER BY r.begin_at, r.version, r.since_version
""")  # noqa: S608 - constants

_UNIT: Final = "coalesce(r.unit, r.taken_unit)"
_POST: Final = "coalesce(r.post, r.taken_post)"
_SO: Final = "(:time::timestamptz IS NULL OR {time} <= :time)"
_ENDED: Final = f"r.end_position <= :position AND {_SO.format(time='r.end_at')}"
_END: Final = f"CASE WHEN {_ENDED} THEN r.end_at ELSE 'infinity'::timestamptz END"

_ROLES: Final = " ".join(
    f"WHEN '{of}' THEN ARRAY{sorted(role.value for role in PERMISSIONS[step])}"
    for of, step in STEPS.items()
)

# Those of a person are few beside all: found first, and put in order then.
_OF_PERSON: Final = f"""(
    SELECT * FROM responsibility r
    WHERE r.person = :person
        OR {_POST} = ANY(ARRAY(
            SELECT position FROM directory_appointments WHERE person = :person
            UNION ALL SELECT position FROM directory_delegations WHERE delegate = :person
        ))
    OFFSET 0
)"""  # noqa: S608 - constants

# Whoever acts for the holder does so as long as both last, in a role that may take the step.
_ACTED: Final = f"""EXISTS (
    SELECT FROM directory_delegations d JOIN directory_appointments a ON a.code = d.appointment
    WHERE d.delegate = :person AND d.position = {_POST}
        AND (r.post IS NOT NULL OR ({_ENDED}))
        AND d.roles && CASE coalesce(r.decision, r.part) {_ROLES} END
        AND d.known_from <= :position AND :position < d.known_to
        AND a.known_from <= :position AND :position < a.known_to
        AND greatest(a.valid_from, d.valid_from, r.begin_at)
            < least(a.valid_to, d.valid_to, {_END})
        AND {_SO.format(time="greatest(a.valid_from, d.valid_from)")}
)"""

# Whoever holds the post answers; where the directory has no such post, whom the case names.
_HELD_BY: Final = f"""(
    EXISTS (
        SELECT FROM directory_appointments a
        WHERE a.person = :person AND a.position = {_POST}
            AND (r.post IS NOT NULL OR ({_ENDED}))
            AND a.known_from <= :position AND :position < a.known_to
            AND a.valid_from < {_END} AND r.begin_at < a.valid_to
            AND {_SO.format(time="a.valid_from")}
    )
    OR {_ACTED}
    OR (r.person = :person AND NOT EXISTS (
        SELECT FROM directory_positions p
        WHERE p.code = r.post AND p.known_from <= :position AND :position < p.known_to
    ))
)"""  # noqa: S608 - constants

_WHERE: Final = f"""
WHERE :internal AND {inside("c")}
    AND r.known_from <= :position AND :position < r.known_to
    AND r.since_position <= :position AND {_SO.format(time="r.since")}
    AND NOT coalesce(
        r.until_position <= :position AND {_SO.format(time="r.until_at")}, false
    )
    AND (:time::timestamptz IS NULL OR r.begin_at <= :time)
    AND {_END} > r.begin_at
    AND (:case_id::uuid IS NULL OR r.case_id = :case_id)
    AND (:unit::text IS NULL OR {_UNIT} = :unit)
    AND (:units::text[] IS NULL OR {_UNIT} = ANY(:units))
    AND ((:unit IS NULL AND :units IS NULL) OR r.unit IS NOT NULL OR ({_ENDED}))
    AND (:parts::text[] IS NULL OR r.part = ANY(:parts))
    AND (:until::timestamptz IS NULL OR r.begin_at < :until)
    AND (:since::timestamptz IS NULL OR {_END} > :since)
"""

FROM: Final = {
    False: f"FROM responsibility r JOIN cases c USING (case_id) {_WHERE}",
    True: f"FROM {_OF_PERSON} r JOIN cases c USING (case_id) {_WHERE} AND {_HELD_BY}",
}
"""By whether those of a person are asked for."""

_PLACE: Final = "(r.begin_at, r.case_id, r.version, r.since_version)"


def _list(*, of_person: bool, ascending: bool) -> Statement:
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    names = ("time", "id", "version", "since")
    types = ("timestamptz", "uuid", "integer", "integer")
    start, stop = (
        ", ".join(f":{end}_{name}::{kind}" for name, kind in zip(names, types, strict=True))
        for end in ("from", "to")
    )
    ordered = ", ".join(f"{each} {direction}" for each in _PLACE.strip("()").split(", "))
    return Statement(f"""
SELECT r.* {FROM[of_person]}
    AND (:from_time::timestamptz IS NULL OR {_PLACE} {beyond} ({start}))
    AND (:to_time::timestamptz IS NULL OR {_PLACE} {short} ({stop}))
ORDER BY {ordered} LIMIT :limit
""")


LISTS: Final = {
    (of_person, ascending): _list(of_person=of_person, ascending=ascending)
    for of_person in (True, False)
    for ascending in (True, False)
}
COUNTS: Final = {
    of_person: Statement(f"SELECT count(*) AS number {FROM[of_person]}")
    for of_person in (True, False)
}

_CURSOR: Final = "responsibility"


@dataclass(frozen=True)
class IntervalFilter:
    """Which intervals; every part that is given must hold.

    units: that led, stood in, or took the step; who answers by a role alone is of no unit here.
    person: who held the post at some time of it, or acted for whoever did. since, until: it has
        time in common with that.
    """

    case_id: UUID | None = None
    units: Collection[str] | None = None
    person: str | None = None
    parts: Collection[Part] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """An interval of a case."""

    case_id: UUID
    interval: Interval


async def intervals_of(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, Sequence[Interval]]:
    """The ledgers of those of the cases that are seen from inside, each in the order of time."""
    values = _values(scope, moment) | {"case_ids": list(case_ids)}
    found: dict[UUID, list[Interval]] = {}
    for row in await OF_CASES.rows(connection, values):
        found.setdefault(row["case_id"], []).append(interval_of(decoded(row)))
    return {case_id: _then(intervals, moment) for case_id, intervals in found.items()}


async def list_intervals(
    connection: Connection,
    scope: Scope,
    criteria: IntervalFilter,
    page: PageRequest,
    moment: Moment | None = None,
) -> Page[Found]:
    """One page of the intervals that match, the newest first. Raises InvalidInput for a cursor."""
    values = _values(scope, moment) | _criteria(criteria)
    after, before = _place(page.after, "after"), _place(page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values["from_time"], values["from_id"], values["from_version"], values["from_since"] = start
    values["to_time"], values["to_id"], values["to_version"], values["to_since"] = stop
    values["limit"] = page.limit + 1
    statement = LISTS[criteria.person is not None, page.backward]
    rows = await statement.rows(connection, values)
    found = cut(page, rows, _cursor)
    return found.map(lambda row: _found(row, moment))


async def count_intervals(
    connection: Connection, scope: Scope, criteria: IntervalFilter, moment: Moment | None = None
) -> int:
    """How many intervals match."""
    statement = COUNTS[criteria.person is not None]
    row = await statement.row(connection, _values(scope, moment) | _criteria(criteria))
    return row["number"] if row else 0


def _found(row: asyncpg.Record, moment: Moment | None) -> Found:
    [interval] = _then([interval_of(decoded(row))], moment)
    return Found(row["case_id"], interval)


def _then(intervals: Sequence[Interval], moment: Moment | None) -> list[Interval]:
    if moment is None:
        return known_at(intervals, None, None)
    return known_at(intervals, moment.position, moment.occurred_at)


def _values(scope: Scope, moment: Moment | None) -> dict[str, Any]:
    return scope_values(scope) | {
        "internal": scope.internal,
        "position": NEVER - 1 if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }


def _criteria(criteria: IntervalFilter) -> dict[str, Any]:
    units = list(dict.fromkeys(criteria.units or ()))
    return {
        "case_id": criteria.case_id,
        "unit": units[0] if len(units) == 1 else None,
        "units": None if criteria.units is None or len(units) == 1 else units,
        "person": criteria.person,
        "parts": None if criteria.parts is None else list(criteria.parts),
        "since": criteria.since,
        "until": criteria.until,
    }


def _cursor(row: asyncpg.Record) -> str:
    return write_cursor(
        _CURSOR,
        row["begin_at"].isoformat(),
        str(row["case_id"]),
        row["version"],
        row["since_version"],
    )


def _place(
    cursor: str | None, argument: str
) -> tuple[datetime | None, UUID | None, int | None, int | None]:
    """Where a cursor points: beginning, case, and the versions that tell it from others."""
    if cursor is None:
        return None, None, None, None
    time, case_id, *versions = read_cursor(_CURSOR, cursor, argument, [str, str, int, int])
    try:
        version, since = (_version(each) for each in versions)
        return aware(str(time)), UUID(str(case_id)), version, since
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None


def _version(value: str | int) -> int:
    if not 0 < int(value) < 2**31:
        raise ValueError
    return int(value)
