"""Tallies: what is counted for each metric, in SQL; `projections.figures` makes figures of them."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final

import asyncpg

from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.figures import NOTHING_COUNTED, Tally
from domain.metrics.vocabulary import Measure
from domain.scope import Scope
from projections.counted import WAYS, Cell, Wanted, Way, values_of, way_of
from projections.statement import Statement
from projections.view import Connection

POSITION = "SELECT position FROM metric_state"

# `extract` makes numerics of intervals, which costs ten times as much.
_MEASURES: Final[dict[Measure | None, str]] = {
    None: "NULL::double precision",
    Measure.HOURS: "date_part('epoch', ended_at - began_at) / 3600",
    Measure.LEAD_HOURS: "date_part('epoch', due_at - began_at) / 3600",
    # As domain.metrics.figures.measured: at least a minute was there.
    Measure.MULTIPLE: """date_part('epoch', coalesce(ended_at, :at) - began_at)
        / greatest(60, date_part('epoch', due_at - began_at))""",
}


_COUNTS: Final = """count(*) FILTER (WHERE NOT left_out) AS n,
    count(*) FILTER (WHERE hit AND NOT left_out) AS hits,
    count(*) FILTER (WHERE left_out) AS excluded"""


def _tally(way: Way, measure: Measure | None) -> Statement:
    counted = way.counted(f"f.area, {_MEASURES[measure]} AS value")
    if measure is None:
        return Statement(f"""
            SELECT key, begin, {_COUNTS} FROM ({counted}) AS counted GROUP BY key, begin
        """)  # noqa: S608 - constants
    # Grouped by hash, and only then each cell's values are sorted: half the cost of sorting all.
    return Statement(f"""
        SELECT key, begin, n, hits, excluded, coalesce(cardinality(measured), 0) AS measured, (
            SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value)
            FROM unnest(measured) AS value
        ) AS quantiles
        FROM (
            SELECT key, begin, {_COUNTS},
                array_agg(value) FILTER (WHERE NOT left_out AND value IS NOT NULL) AS measured
            FROM ({counted}) AS counted GROUP BY key, begin
        ) AS cells
    """)  # noqa: S608 - constants


def _medians(way: Way, measure: Measure) -> Statement:
    counted = way.counted(f"f.area, {_MEASURES[measure]} AS value")
    return Statement(f"""
        SELECT key, begin, array_agg(median ORDER BY median) AS medians
        FROM (
            SELECT key, begin, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median
            FROM ({counted}) AS counted
            WHERE area IS NOT NULL AND NOT left_out
            GROUP BY key, begin, area
        ) AS areas
        WHERE median > 0 GROUP BY key, begin
    """)  # noqa: S608 - constants


TALLIES: Final = {
    (way, measure): _tally(way, measure) for way, measure in product(WAYS, (None, *Measure))
}
MEDIANS: Final = {(way, measure): _medians(way, measure) for way, measure in product(WAYS, Measure)}


async def counted_up_to(connection: Connection) -> int:
    """The position up to which events are counted."""
    return await connection.fetchval(POSITION) or 0


async def tallies(
    connection: Connection, scope: Scope, definition: MetricDefinition, wanted: Wanted
) -> dict[Cell, Tally]:
    """What was counted for a metric, in each cell where anything was. Not for a COMPOSITE."""
    if definition.counted is None:
        return {}
    way, measure = way_of(definition, wanted), definition.measure
    values = values_of(scope, definition, definition.counted, wanted)
    rows = await TALLIES[way, measure].rows(connection, values)
    found = {Cell(row["key"], row["begin"]): _tallied(row) for row in rows}
    if definition.kind is MetricKind.SPREAD and measure is not None:
        return _with_medians(found, await MEDIANS[way, measure].rows(connection, values))
    if definition.kind is MetricKind.RATIO and definition.numerator is not None:
        values = values_of(scope, definition, definition.numerator, wanted)
        return _with_hits(found, await TALLIES[way, measure].rows(connection, values))
    return found


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
