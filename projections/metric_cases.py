"""What lies behind a figure: its rows, page by page, and who left rows out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.vocabulary import ExclusionCause, Fact, Population
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.counted import TIME, WAYS, Cell, Wanted, Way, values_of, way_of
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.view import Connection


class Which(StrEnum):
    """Which rows: all that were counted, those with the numerator, without it, or left out."""

    COUNTED = "COUNTED"
    NUMERATOR = "NUMERATOR"
    MISSED = "MISSED"
    EXCLUDED = "EXCLUDED"


@dataclass(frozen=True)
class CountedRow:
    """One row behind a figure, as in `domain.metrics.rows.Row`. hit: it has the numerator."""

    case_id: UUID
    population: Population
    instance: str
    unit: str | None
    began_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    counts_at: datetime
    hit: bool
    decided_by: str | None


@dataclass(frozen=True)
class LeftOut:
    """Rows that were left out of a figure, by who approved it and why."""

    by: str
    cause: ExclusionCause
    rows: int


_CELL: Final = """key IS NOT DISTINCT FROM :key AND begin IS NOT DISTINCT FROM :begin"""
_WHICH: Final = """(CASE :which::text WHEN 'EXCLUDED' THEN left_out
    WHEN 'NUMERATOR' THEN hit AND NOT left_out
    WHEN 'MISSED' THEN NOT hit AND NOT left_out
    ELSE NOT left_out END)"""


_COLUMNS: Final = """f.case_id, f.population, f.instance, f.unit, f.began_at, f.due_at, f.ended_at,
    f.decided_by"""


def _behind(way: Way) -> str:
    counted = way.counted(f"{_COLUMNS}, f.{TIME[way.rule]} AS counts_at")
    return f"FROM ({counted}) AS counted WHERE {_CELL}"


def _page(way: Way, *, backward: bool) -> Statement:
    order = "DESC" if backward else "ASC"
    return Statement(f"""
        SELECT case_id, population, instance, unit, began_at, due_at, ended_at, counts_at, hit,
            decided_by
        {_behind(way)} AND {_WHICH}
            AND (:after::timestamptz IS NULL OR (counts_at, case_id, instance) >
                (:after, :after_case::uuid, :after_instance::text COLLATE "C"))
            AND (:before::timestamptz IS NULL OR (counts_at, case_id, instance) <
                (:before, :before_case::uuid, :before_instance::text COLLATE "C"))
        ORDER BY counts_at {order}, case_id {order}, instance {order} LIMIT :limit
    """)


def _count(way: Way) -> Statement:
    return Statement(f"SELECT count(*) AS number {_behind(way)} AND {_WHICH}")


def _left_out(way: Way) -> Statement:
    counted = way.counted("f.case_id, f.unit")
    return Statement(f"""
        SELECT e.approved_by, e.cause, count(*) AS number
        FROM ({counted}) AS counted JOIN metric_exclusions e
            ON (e.case_id, e.metric, e.unit) = (counted.case_id, :metric, counted.unit)
        WHERE {_CELL} AND left_out
            AND CASE WHEN :position::bigint IS NULL THEN e.until_position IS NULL
                ELSE e.from_position <= :position
                    AND (e.until_position IS NULL OR e.until_position > :position) END
        GROUP BY 1, 2 ORDER BY 1, 2
    """)  # noqa: S608 - constants


PAGES: Final = {
    (way, backward): _page(way, backward=backward) for way in WAYS for backward in (False, True)
}
COUNTS: Final = {way: _count(way) for way in WAYS}
LEFT_OUT: Final = {way: _left_out(way) for way in WAYS}

_CURSOR: Final = "metric-rows"


@dataclass(frozen=True)
class Behind:
    """Whose rows: of a metric, of what was asked of it, of one of its cells, and which of them.

    counted: the fact of the rows; of a RATIO, whose numbers are of two populations, either.
    """

    definition: MetricDefinition
    wanted: Wanted
    cell: Cell
    which: Which = Which.COUNTED

    @property
    def fact(self) -> Fact | None:
        """The fact that the rows have; None: there are none."""
        definition = self.definition
        if definition.kind is not MetricKind.RATIO:
            return definition.counted
        return definition.numerator if self.which is Which.NUMERATOR else definition.counted


async def rows_behind(
    connection: Connection, scope: Scope, behind: Behind, page: PageRequest
) -> Page[CountedRow]:
    """A page of the rows, by the time at which they count. A COMPOSITE has none of its own.

    Raises InvalidInput for a cursor of another list.
    """
    if behind.fact is None:
        return Page([], [], has_next=False, has_previous=False)
    values = {
        **_values(scope, behind, behind.fact),
        **_place("after", page.after),
        **_place("before", page.before),
        "limit": page.limit + 1,
    }
    statement = PAGES[way_of(behind.definition, behind.wanted), page.backward]
    rows = [_row(row) for row in await statement.rows(connection, values)]
    return cut(page, rows, _cursor)


async def count_behind(connection: Connection, scope: Scope, behind: Behind) -> int:
    """How many rows there are."""
    if behind.fact is None:
        return 0
    statement = COUNTS[way_of(behind.definition, behind.wanted)]
    row = await statement.row(connection, _values(scope, behind, behind.fact))
    return row["number"] if row else 0


async def left_out_of(connection: Connection, scope: Scope, behind: Behind) -> list[LeftOut]:
    """Who left rows out of the figure, and why."""
    fact = behind.definition.counted
    if fact is None:
        return []
    statement = LEFT_OUT[way_of(behind.definition, behind.wanted)]
    rows = await statement.rows(connection, _values(scope, behind, fact))
    return [
        LeftOut(row["approved_by"], ExclusionCause(row["cause"]), row["number"]) for row in rows
    ]


def _values(scope: Scope, behind: Behind, fact: Fact) -> dict[str, Any]:
    return {
        **values_of(scope, behind.definition, fact, behind.wanted),
        "key": behind.cell.key,
        "begin": behind.cell.begin,
        # Where it is the numerator that is paged through, every row has it.
        "which": Which.COUNTED if fact is not behind.definition.counted else behind.which,
    }


def _row(row: asyncpg.Record) -> CountedRow:
    return CountedRow(
        row["case_id"],
        Population(row["population"]),
        row["instance"],
        row["unit"],
        row["began_at"],
        row["due_at"],
        row["ended_at"],
        row["counts_at"],
        row["hit"],
        row["decided_by"],
    )


def _cursor(row: CountedRow) -> str:
    return write_cursor(_CURSOR, row.counts_at.isoformat(), str(row.case_id), row.instance)


def _place(name: str, cursor: str | None) -> dict[str, Any]:
    if cursor is None:
        return {name: None, f"{name}_case": None, f"{name}_instance": None}
    time, case_id, instance = read_cursor(_CURSOR, cursor, name, (str, str, str))
    try:
        place = aware(str(time)), UUID(str(case_id))
    except ValueError:
        raise InvalidInput([name], "not a cursor of this list in this order") from None
    return {name: place[0], f"{name}_case": place[1], f"{name}_instance": instance}
