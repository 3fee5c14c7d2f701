"""The rows that figures count, within a caller's reach: what is asked for, and how it is read.

What a caller may not see is not counted, so that every figure is that of the cases it leads to; a
caller who sees all but confidential cases counts all but those. As of a past position the rows
count that were so then; who may see a case is a question of now.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import product, starmap
from typing import Any, Final, NamedTuple

from domain.metric_definitions.content import MetricDefinition
from domain.metrics.vocabulary import FACTS, POPULATION_OF, Fact, PeriodRule
from domain.scope import Scope
from domain.vocabulary import Channel
from projections.sight import inside, scope_values


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


TIME: Final[dict[PeriodRule, str]] = {
    PeriodRule.DUE: "counts_at",
    PeriodRule.HAPPENED: "began_at",
}

LIVE: Final = "metric_facts"
# What is the same in both tables, and no more.
AS_OF: Final = """(
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
        AND f.{TIME[rule]} >= :start AND f.{TIME[rule]} < :end AND f.{TIME[rule]} <= :at
        AND (:units::text[] IS NULL OR f.unit = ANY(:units))
        AND (:areas::text[] IS NULL OR f.area = ANY(:areas))
        AND (:type_codes::text[] IS NULL OR f.type_code = ANY(:type_codes))
        AND (:channels::text[] IS NULL OR f.channel = ANY(:channels))
        AND (:every_case OR (:every_open AND NOT f.confidential)
            OR EXISTS (SELECT FROM cases c WHERE c.case_id = f.case_id AND {inside("c")}))"""


def counted_rows(rows: str, source: str, rule: PeriodRule, columns: str) -> str:
    """The rows of a population that a caller may see, each in its cell, and what it counts as.

    rows: LIVE or AS_OF. source: the condition on it. columns: what else is wanted of `f`.
    """
    told = f"""{columns}, CASE :by::text WHEN 'UNIT' THEN f.unit WHEN 'AREA' THEN f.area
            WHEN 'TYPE' THEN f.type_code WHEN 'CHANNEL' THEN f.channel
            WHEN 'APPROVER' THEN f.decided_by END AS key,
        CASE WHEN :every::text IS NOT NULL
            THEN date_trunc(:every, f.{TIME[rule]}, :time_zone) END AS begin,
        coalesce(:numerator::text = ANY(f.facts), false) AS hit"""
    common = f"""FROM {rows} AS f
        WHERE {source} AND (:every_row OR :counted = ANY(f.facts)) AND {_conditions(rule)}"""
    return f"""
        SELECT {told}, false AS left_out {common} AND f.excluded = '{{}}'
        UNION ALL
        SELECT {told}, :metric = ANY(f.excluded) AS left_out {common} AND f.excluded <> '{{}}'
    """


class Way(NamedTuple):
    """Which statement reads rows: as of a position or now, imported or not, by which time."""

    past: bool
    imported: bool
    rule: PeriodRule

    @property
    def rows(self) -> str:
        """The table, or what stands for it."""
        return AS_OF if self.past else LIVE

    @property
    def source(self) -> str:
        """The condition on where they come from."""
        return "f.source = :source" if self.imported else "f.source IS NULL"

    def counted(self, columns: str) -> str:
        """The rows; see `counted_rows`."""
        return counted_rows(self.rows, self.source, self.rule, columns)


WAYS: Final = tuple(starmap(Way, product((False, True), (False, True), PeriodRule)))


def way_of(definition: MetricDefinition, wanted: Wanted) -> Way:
    """Which statement counts for a metric."""
    past, imported = wanted.position is not None, wanted.criteria.source is not None
    return Way(past, imported, definition.period)


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


def _all_of(wanted: Collection[str] | None) -> list[str] | None:
    return None if wanted is None else list(wanted)
