"""The overdue board: clocks that are past due or nearly, the longest first, as of any moment.

They are rows of `clock_spans`, as of any moment. As it was at a time, a case of which something
became known late may have been otherwise than its spans say, from the earliest time that it changed
until an event after which both orders of events come to the same. For that long, and no longer, its
states in `case_history` are those that a late event wrote anew: then these tell its clocks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import YELLOW_FROM, Light
from domain.case.lifecycle import Stage
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from projections.case_lists import Axis, Way, states
from projections.cases import CaseFilter
from projections.control_facts import OF_THE_LEAD
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.supervised import (
    PLACED,
    SEEN,
    SEEN_ONE_BY_ONE,
    Asked,
    CasePages,
    CaseSet,
    control_values,
    state_values,
)
from projections.view import Connection

LATE: Final = (Light.RED, Light.YELLOW)


@dataclass(frozen=True)
class LateClock:
    """A clock that is past due or nearly. unit: whose it is; officer: who handles the case.

    due_from: since when, or from when on, it is past due.
    """

    case_id: UUID
    clock: Clock
    due_from: datetime
    unit: str | None
    officer: str | None
    officer_position: str | None


@dataclass(frozen=True)
class UnitLateness:
    """How much of a unit is late. red, yellow: clocks. cases: of any of these. oldest: since when.

    unit: None: clocks that are no unit's.
    """

    unit: str | None
    red: int
    yellow: int
    cases: int
    oldest: datetime


_COLUMNS: Final = (
    "s.case_id, s.name, s.late_from, s.unit, s.officer, s.officer_position, s.clock, "
    ":at::timestamptz AS at"
)

# One light is a stretch of the order; both are all from the beginning on to what is nearly due.
_LATE: Final = """(:kinds::text[] IS NULL OR s.kind = ANY(:kinds))
    AND (:yellow OR s.late_from < :at) AND (:red OR s.late_from >= :at) AND s.yellow_from <= :at"""

_STILL: Final = "s.until IS NULL"
_KNOWN: Final = "s.since <= :position"
_THEN: Final = f"{_KNOWN} AND :position < s.until"

_IN_ORDER: Final = """s.valid_from <= :time
    AND s.case_id NOT IN (SELECT case_id FROM out_of_order)"""
_ENDS_LATER: Final = f"{_KNOWN} AND {_IN_ORDER} AND :time < s.valid_to"
_HAD_NO_END: Final = f"{_THEN} AND {_IN_ORDER} AND s.valid_to <= :time"

_LEFT: Final = {
    Axis.NOW: (),
    Axis.VERSION: ((_THEN, "fork", "nodes"),),
    Axis.TIME: ((_ENDS_LATER, "time_fork", "time_nodes"),),
    Axis.TIME_THEN: ((_ENDS_LATER, "time_fork", "time_nodes"), (_HAD_NO_END, "fork", "nodes")),
}
"""Spans that have ended since: condition, column of the tree, and parameter with its nodes."""

_OF_THE_LEAD: Final = ", ".join(f"'{kind}'" for kind in sorted(OF_THE_LEAD))

# A clock that stands still before it was due is not late. One that has warned is nearly due;
# whether one that was extended afterwards still is, its next step says.
_OF_STATES: Final = f"""SELECT r.case_id, clock ->> 'kind' AS kind,
    concat_ws('/', clock ->> 'kind', clock ->> 'key') AS name,
    CASE WHEN pause IS NULL OR pause ? 'end' OR (pause ->> 'begin')::timestamptz >= due
        THEN due END AS late_from,
    CASE WHEN (clock ->> 'raised')::integer >= {YELLOW_FROM} AND NOT clock ? 'extensions'
            THEN least(due, :at)
        WHEN (clock ->> 'next_percent')::integer = {YELLOW_FROM}
            THEN least(due, (clock ->> 'next_at')::timestamptz)
        ELSE due END AS yellow_from,
    coalesce(
        clock ->> 'unit', CASE WHEN clock ->> 'kind' IN ({_OF_THE_LEAD}) THEN r.lead_unit END
    ) AS unit,
    r.area, r.type_code, r.channel, r.officer, r.officer_position, clock
FROM out_of_order r
CROSS JOIN LATERAL jsonb_array_elements(r.details -> 'clocks') AS clocks (clock)
CROSS JOIN LATERAL (
    SELECT (clock ->> 'due')::timestamptz AS due, clock -> 'pauses' -> -1 AS pause
) times"""  # noqa: S608 - constants


def _rows(condition: str, page: str) -> str:
    seen = SEEN_ONE_BY_ONE if page else SEEN
    return f"""SELECT {_COLUMNS} FROM clock_spans s
WHERE {condition} AND {_LATE} AND {PLACED} AND {seen} {page}"""  # noqa: S608 - constants


def _left(condition: str, fork: str, nodes: str, page: str) -> str:
    rows = _rows(f"s.{fork} = n.node AND {condition}", page)
    return f"SELECT s.* FROM unnest(:{nodes}::bigint[]) AS n (node) CROSS JOIN LATERAL ({rows}) s"  # noqa: S608


def _by_position(axis: Axis, page: str) -> str:
    if axis is Axis.NOW:
        return _rows(_STILL, page)
    parts = [_rows(f"{_STILL} AND {_KNOWN}", page)]
    parts += [_left(*left, page) for left in _LEFT[axis]]
    return " UNION ALL ".join(f"({part})" for part in parts)


def _by_time(axis: Axis, page: str) -> str:
    told = f"SELECT {_COLUMNS} FROM ({_OF_STATES}) s WHERE {_LATE} AND {PLACED} {page}"  # noqa: S608
    parts = [_rows(f"{_STILL} AND {_KNOWN} AND {_IN_ORDER}", page), told]
    parts += [_left(*left, page) for left in _LEFT[axis]]
    return f"WITH out_of_order AS MATERIALIZED ({states(axis, Way.OUT_OF_ORDER)}) " + (
        " UNION ALL ".join(f"({part})" for part in parts)
    )


def _clocks(page: str = "") -> dict[Axis, str]:
    """The clocks that are late; page: which of them, in which order."""
    read = {Axis.NOW: _by_position, Axis.VERSION: _by_position}
    return {axis: read.get(axis, _by_time)(axis, page) for axis in Axis}


_PLACE: Final = "(s.late_from, s.case_id, s.name)"


def _pages(beyond: str, short: str, direction: str) -> dict[Axis, Statement]:
    order = f"s.late_from {direction}, s.case_id {direction}, s.name {direction}"
    page = f"""
    AND (:from_id::uuid IS NULL
        OR {_PLACE} {beyond} (:from_time::timestamptz, :from_id, :from_name::text))
    AND (:to_id::uuid IS NULL OR {_PLACE} {short} (:to_time::timestamptz, :to_id, :to_name::text))
    ORDER BY {order} LIMIT :limit"""
    return {
        axis: Statement(f"SELECT * FROM ({rows}) s ORDER BY {order} LIMIT :limit")  # noqa: S608
        for axis, rows in _clocks(page).items()
    }


FORWARDS: Final = _pages(">", "<", "ASC")
BACKWARDS: Final = _pages("<", ">", "DESC")
COUNTS: Final = {
    axis: Statement(f"SELECT count(*) AS number FROM ({rows}) s")  # noqa: S608 - constants
    for axis, rows in _clocks().items()
}
BY_UNIT: Final = {
    axis: Statement(f"""
SELECT s.unit, count(*) FILTER (WHERE s.late_from < s.at) AS red,
    count(*) FILTER (WHERE s.late_from >= s.at) AS yellow,
    count(DISTINCT s.case_id) AS cases, min(s.late_from) AS oldest
FROM ({rows}) s GROUP BY s.unit ORDER BY s.unit NULLS LAST
""")  # noqa: S608 - constants
    for axis, rows in _clocks().items()
}
CASES_OF_UNIT: Final = {
    axis: CasePages(f"""
SELECT s.case_id FROM ({rows}) s WHERE s.unit IS NOT DISTINCT FROM :unit::text
""")  # noqa: S608 - constants
    for axis, rows in _clocks().items()
}

_EVERY_STATE: Final = CaseFilter(stages=tuple(Stage))
_CURSOR: Final = "overdue"
_clock: Final = msgspec.json.Decoder(Clock).decode


async def late_clocks(
    connection: Connection,
    asked: Asked,
    page: PageRequest,
    kinds: Collection[ClockKind] | None = None,
    lights: Collection[Light] = LATE,
) -> Page[LateClock]:
    """One page of the board. Raises InvalidInput for a cursor of another list."""
    after, before = _place(page.after, "after"), _place(page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values = _values(asked, kinds, lights)
    values["from_time"], values["from_id"], values["from_name"] = start
    values["to_time"], values["to_id"], values["to_name"] = stop
    values["limit"] = page.limit + 1
    statements = BACKWARDS if page.backward else FORWARDS
    rows = await statements[asked.axis].rows(connection, values)
    return cut(page, rows, _cursor).map(_late_clock)


async def count_late(
    connection: Connection,
    asked: Asked,
    kinds: Collection[ClockKind] | None = None,
    lights: Collection[Light] = LATE,
) -> int:
    """How many clocks are on the board."""
    row = await COUNTS[asked.axis].row(connection, _values(asked, kinds, lights))
    return row["number"] if row else 0


async def late_by_unit(
    connection: Connection,
    asked: Asked,
    kinds: Collection[ClockKind] | None = None,
    lights: Collection[Light] = LATE,
) -> Sequence[UnitLateness]:
    """The board counted by unit, in the order of their codes."""
    rows = await BY_UNIT[asked.axis].rows(connection, _values(asked, kinds, lights))
    return [UnitLateness(**row) for row in rows]


def late_cases(
    asked: Asked,
    unit: str | None,
    kinds: Collection[ClockKind] | None = None,
    lights: Collection[Light] = LATE,
) -> CaseSet:
    """The cases that `late_by_unit` counts at a unit."""
    return CaseSet(CASES_OF_UNIT[asked.axis], _values(asked, kinds, lights) | {"unit": unit})


def _values(
    asked: Asked, kinds: Collection[ClockKind] | None, lights: Collection[Light]
) -> dict[str, Any]:
    values = control_values(asked)
    if asked.axis in {Axis.TIME, Axis.TIME_THEN}:
        values |= state_values(asked, _EVERY_STATE)
    return values | {
        "kinds": None if kinds is None else list(kinds),
        "red": Light.RED in lights,
        "yellow": Light.YELLOW in lights,
    }


def _late_clock(row: asyncpg.Record) -> LateClock:
    return LateClock(
        case_id=row["case_id"],
        clock=_clock(row["clock"]),
        due_from=row["late_from"],
        unit=row["unit"],
        officer=row["officer"],
        officer_position=row["officer_position"],
    )


def _cursor(row: asyncpg.Record) -> str:
    return write_cursor(_CURSOR, row["late_from"].isoformat(), str(row["case_id"]), row["name"])


def _place(cursor: str | None, argument: str) -> tuple[datetime | None, UUID | None, str | None]:
    """Where a cursor points: due time, case, and name of the clock."""
    if cursor is None:
        return None, None, None
    time, case_id, name = read_cursor(_CURSOR, cursor, argument, [str, str, str])
    try:
        return aware(str(time)), UUID(str(case_id)), str(name)
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None
