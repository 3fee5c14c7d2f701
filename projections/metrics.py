"""Figures 指标 as they are counted: within a caller's reach, of a period, by what is asked for.

What a caller may not see is not counted, so that every figure is that of the cases it leads to; a
caller who sees all but confidential cases counts all but those. As of a past position the rows
count that were so then; who may see a case is a question of now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import product, starmap
from typing import Any, Final, NamedTuple

import asyncpg

from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.figures import NOTHING_COUNTED, Tally
from domain.metrics.vocabulary import FACTS, POPULATION_OF, Fact, Measure, PeriodRule
from domain.scope import Scope
from domain.vocabulary import Channel
from projections.sight import inside, scope_values
from projections.statement import Statement
from projections.view import Connection

POSITION = "SELECT position FROM metric_state"


class Dimension(StrEnum):
    """What figures can be told apart by. APPROVER: who decided, where that is counted."""

    UNIT = "UNIT"
    AREA = "AREA"
    TYPE = "TYPE"
    CHANNEL = "CHANNEL"
    APPROVER = "APPROVER"


class Span(StrEnum):
    """How long each period is, in local time."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


@dataclass(frozen=True)
class MetricFilter:
    """Which rows are counted; every part that is given must hold. None: any.

    units: those appraised. source: of imported histories, which count only where it is named.
    """

    units: Collection[str] | None = None
    areas: Collection[str] | None = None
    type_codes: Collection[str] | None = None
    channels: Collection[Channel] | None = None
    source: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked of every metric.

    start, end: of the period; end is not in it. at: the moment of asking: what falls due later
    does not count yet. position: as of which; None: now. time_zone: in which periods begin.
    """

    start: datetime
    end: datetime
    at: datetime
    criteria: MetricFilter = field(default_factory=MetricFilter)
    by: Dimension | None = None
    every: Span | None = None
    position: int | None = None
    time_zone: str = "UTC"


class Cell(NamedTuple):
    """Which figure it is. key: of the dimension asked for; begin: of its period.

    None where neither was asked for, or the rows have none.
    """

    key: str | None = None
    begin: datetime | None = None


@dataclass(frozen=True)
class LeftOut:
    """Rows that were left out of a figure. by: who approved it: a position, or a person."""

    by: str
    cause: str
    rows: int


_TIME: Final[dict[PeriodRule, str]] = {
    PeriodRule.DUE: "counts_at",
    PeriodRule.HAPPENED: "began_at",
}

_MEASURES: Final[dict[Measure | None, str]] = {
    None: "NULL::double precision",
    Measure.HOURS: "extract(epoch FROM ended_at - began_at)::double precision / 3600",
    Measure.LEAD_HOURS: "extract(epoch FROM due_at - began_at)::double precision / 3600",
    # As domain.metrics.figures.measured: at least a minute was there.
    Measure.MULTIPLE: """extract(epoch FROM coalesce(ended_at, :at) - began_at)::double precision
        / greatest(60, extract(epoch FROM due_at - began_at))::double precision""",
}

_LIVE: Final = "metric_facts"
# What is the same in both tables, and no more.
_AS_OF: Final = """(
    SELECT case_id, population, instance, unit, facts, excluded, area, type_code, channel, source,
        began_at, due_at, counts_at, ended_at, decided_by, true AS confidential
    FROM metric_facts WHERE from_position <= :position
    UNION ALL
    SELECT case_id, population, instance, unit, facts, excluded, area, type_code, channel, source,
        began_at, due_at, counts_at, ended_at, decided_by, true AS confidential
    FROM metric_facts_past WHERE from_position <= :position AND until_position > :position
)"""


def _conditions(rule: PeriodRule) -> str:
    # In the past nobody knows who may see it now: then every case is looked at (`confidential`).
    return f"""f.population = :population
        AND f.{_TIME[rule]} >= :start AND f.{_TIME[rule]} < :end AND f.{_TIME[rule]} <= :at
        AND (:units::text[] IS NULL OR f.unit = ANY(:units))
        AND (:areas::text[] IS NULL OR f.area = ANY(:areas))
        AND (:type_codes::text[] IS NULL OR f.type_code = ANY(:type_codes))
        AND (:channels::text[] IS NULL OR f.channel = ANY(:channels))
        AND (:every_case OR (:every_open AND NOT f.confidential)
            OR EXISTS (SELECT FROM cases c WHERE c.case_id = f.case_id AND {inside("c")}))"""


def _counted(rows: str, source: str, rule: PeriodRule, measure: Measure | None) -> str:
    """Rows of the population: where each is told, and what it counts as."""
    of_case = "CASE :by::text WHEN 'UNIT' THEN f.unit WHEN 'AREA' THEN f.area"
    told = f"""{of_case} WHEN 'TYPE' THEN f.type_code WHEN 'CHANNEL' THEN f.channel
            WHEN 'APPROVER' THEN f.decided_by END AS key,
        CASE WHEN :every::text IS NOT NULL
            THEN date_trunc(:every, f.{_TIME[rule]}, :time_zone) END AS begin,
        f.area, :numerator::text = ANY(f.facts) AS hit, {_MEASURES[measure]} AS value"""
    common = f"""FROM {rows} AS f
        WHERE {source} AND (:every_row OR :counted = ANY(f.facts)) AND {_conditions(rule)}"""
    return f"""
        SELECT {told}, false AS left_out {common} AND f.excluded = '{{}}'
        UNION ALL
        SELECT {told}, :metric = ANY(f.excluded) AS left_out {common} AND f.excluded <> '{{}}'
    """


def _tally(rows: str, source: str, rule: PeriodRule, measure: Measure | None) -> Statement:
    counted = _counted(rows, source, rule, measure)
    quantiles = (
        ""
        if measure is None
        else """, count(value) FILTER (WHERE NOT left_out) AS measured,
            percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value)
                FILTER (WHERE NOT left_out) AS quantiles"""
    )
    return Statement(f"""
        SELECT key, begin, count(*) FILTER (WHERE NOT left_out) AS n,
            count(*) FILTER (WHERE hit AND NOT left_out) AS hits,
            count(*) FILTER (WHERE left_out) AS excluded {quantiles}
        FROM ({counted}) AS counted GROUP BY key, begin
    """)  # noqa: S608 - constants


def _medians(rows: str, source: str, rule: PeriodRule, measure: Measure | None) -> Statement:
    return Statement(f"""
        SELECT key, begin, array_agg(median ORDER BY median) AS medians
        FROM (
            SELECT key, begin, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median
            FROM ({_counted(rows, source, rule, measure)}) AS counted
            WHERE area IS NOT NULL AND NOT left_out
            GROUP BY key, begin, area
        ) AS areas
        WHERE median > 0 GROUP BY key, begin
    """)  # noqa: S608 - constants


class _Way(NamedTuple):
    """Which statement counts: as of a position or now, imported or not, by which time, what."""

    past: bool
    imported: bool
    rule: PeriodRule
    measure: Measure | None


def _ways() -> Iterable[tuple[_Way, str, str]]:
    either, measures = (False, True), (None, *Measure)
    for way in starmap(_Way, product(either, either, PeriodRule, measures)):
        source = "f.source = :source" if way.imported else "f.source IS NULL"
        yield way, _AS_OF if way.past else _LIVE, source


TALLIES: Final = {way: _tally(rows, source, way.rule, way.measure) for way, rows, source in _ways()}
MEDIANS: Final = {
    way: _medians(rows, source, way.rule, way.measure)
    for way, rows, source in _ways()
    if way.measure is not None
}


async def counted_up_to(connection: Connection) -> int:
    """The position up to which events are counted."""
    return await connection.fetchval(POSITION) or 0


async def tallies(
    connection: Connection, scope: Scope, definition: MetricDefinition, wanted: Wanted
) -> dict[Cell, Tally]:
    """What was counted for a metric, in each cell where anything was. Not for a COMPOSITE."""
    if definition.counted is None:
        return {}
    way = way_of(definition, wanted)
    values = values_of(scope, definition, definition.counted, wanted)
    rows = await TALLIES[way].rows(connection, values)
    found = {Cell(row["key"], row["begin"]): _tallied(row) for row in rows}
    if definition.kind is MetricKind.SPREAD:
        return _with_medians(found, await MEDIANS[way].rows(connection, values))
    if definition.kind is MetricKind.RATIO and definition.numerator is not None:
        values = values_of(scope, definition, definition.numerator, wanted)
        return _with_hits(found, await TALLIES[way].rows(connection, values))
    return found


def way_of(definition: MetricDefinition, wanted: Wanted) -> _Way:
    """Which statement counts for a metric."""
    past, imported = wanted.position is not None, wanted.criteria.source is not None
    return _Way(past, imported, definition.period, definition.measure)


def values_of(
    scope: Scope, definition: MetricDefinition, counted: Fact, wanted: Wanted
) -> dict[str, Any]:
    """The parameters of the statements."""
    criteria = wanted.criteria
    return {
        **scope_values(scope),
        "metric": definition.code,
        "population": POPULATION_OF[counted],
        "counted": counted,
        # What is true of every row need not be looked at.
        "every_row": counted is FACTS[POPULATION_OF[counted]][0],
        "numerator": definition.numerator,
        "start": wanted.start,
        "end": wanted.end,
        "at": wanted.at,
        "position": wanted.position,
        "by": wanted.by,
        "every": None if wanted.every is None else wanted.every.lower(),
        "time_zone": wanted.time_zone,
        "units": _all_of(criteria.units),
        "areas": _all_of(criteria.areas),
        "type_codes": _all_of(criteria.type_codes),
        "channels": _all_of(criteria.channels),
        "source": criteria.source,
    }


def _tallied(row: asyncpg.Record) -> Tally:
    if "quantiles" not in row:
        return Tally(row["n"], row["hits"], excluded=row["excluded"])
    median, p90 = row["quantiles"] or (None, None)
    return Tally(row["measured"], row["hits"], median, p90, excluded=row["excluded"])


def _with_medians(found: Mapping[Cell, Tally], rows: Iterable[asyncpg.Record]) -> dict[Cell, Tally]:
    medians = {Cell(row["key"], row["begin"]): tuple(row["medians"]) for row in rows}
    return {
        cell: Tally(each.n, each.hits, each.median, each.p90, medians.get(cell, ()), each.excluded)
        for cell, each in found.items()
    }


def _with_hits(found: Mapping[Cell, Tally], rows: Iterable[asyncpg.Record]) -> dict[Cell, Tally]:
    hits = {Cell(row["key"], row["begin"]): row["n"] for row in rows}
    return {
        cell: Tally(each.n, hits.get(cell, 0), excluded=each.excluded)
        for cell in {*found, *hits}
        for each in (found.get(cell, NOTHING_COUNTED),)
    }


def _all_of(wanted: Collection[str] | None) -> list[str] | None:
    return None if wanted is None else list(wanted)
