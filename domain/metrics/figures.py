"""Figures: what a definition makes of what was counted.

A tally comes from the view, which counts in SQL, or from the rows themselves (`tally`): both are
the same numbers, and a figure is made of either in one way.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.rows import Row
from domain.metrics.statistics import Bounds, quantile, spread, wilson
from domain.metrics.vocabulary import Fact, Measure, PeriodRule

HOUR: Final = timedelta(hours=1)

LEAST_TIME: Final = timedelta(minutes=1)
"""What was due when it began had this long: a multiple of nothing says nothing."""


@dataclass(frozen=True)
class Tally:
    """What was counted for one metric. n: rows with `counted`; hits: rows with `numerator`.

    median, p90: of the measure. medians: by area, those above 0, of a SPREAD. excluded: rows left
    out, whether they would have had the numerator or not.
    """

    n: int
    hits: int = 0
    median: float | None = None
    p90: float | None = None
    medians: tuple[float, ...] = ()
    excluded: int = 0


@dataclass(frozen=True)
class Figure:
    """One figure. value: None where nothing was counted, or the kind has none.

    bounds: of a RATE. p90: of MEDIAN_P90, whose value is the median. band: the code of one.
    may_rank: it is a figure that can be ranked, of enough rows.
    """

    metric: str
    value: float | None
    n: int
    hits: int | None = None
    bounds: Bounds | None = None
    p90: float | None = None
    band: str | None = None
    may_rank: bool = False
    excluded: int = 0


NOTHING_COUNTED: Final = Tally(0)

Countable = tuple[Row, str | None, Collection[str]]
"""A row, the area of its case, and the metrics that it is left out of."""


def counts_at(row: Row, rule: PeriodRule) -> datetime:
    """The time by which a row counts."""
    return row.began if rule is PeriodRule.HAPPENED or row.due is None else row.due


def measured(row: Row, measure: Measure, at: datetime) -> float | None:
    """The measure of a row at a moment."""
    match measure:
        case Measure.HOURS:
            return None if row.ended is None else (row.ended - row.began) / HOUR
        case Measure.LEAD_HOURS:
            return None if row.due is None else (row.due - row.began) / HOUR
        case Measure.MULTIPLE:
            if row.due is None:
                return None
            return ((row.ended or at) - row.began) / max(LEAST_TIME, row.due - row.began)
        case _:
            assert_never(measure)


def tally(
    definition: MetricDefinition,
    rows: Iterable[Countable],
    start: datetime,
    end: datetime,
    at: datetime,
) -> Tally:
    """Count the rows of a period, as known at `at`: what falls due later does not count yet.

    start, end: of the period; end is not in it. Not for a COMPOSITE, which counts nothing itself.
    """
    within = [
        countable
        for countable in rows
        if start <= counts_at(countable[0], definition.period) < end
        and counts_at(countable[0], definition.period) <= at
    ]
    counted = _left_in(definition, within, definition.counted)
    hits = counted if definition.kind is not MetricKind.RATIO else within
    values = _values(definition, counted, at)
    return Tally(
        n=len(values) if definition.measure is not None else len(counted),
        hits=len(_left_in(definition, hits, definition.numerator)),
        median=quantile([value for value, _ in values], 0.5),
        p90=quantile([value for value, _ in values], 0.9),
        medians=_medians(values) if definition.kind is MetricKind.SPREAD else (),
        excluded=sum(
            definition.counted in row.facts and definition.code in left_out
            for row, _, left_out in within
        ),
    )


def _left_in(
    definition: MetricDefinition, rows: Iterable[Countable], fact: Fact | None
) -> list[Countable]:
    return [
        countable
        for countable in rows
        if fact in countable[0].facts and definition.code not in countable[2]
    ]


def _values(
    definition: MetricDefinition, rows: Iterable[Countable], at: datetime
) -> list[tuple[float, str | None]]:
    if definition.measure is None:
        return []
    found = ((measured(row, definition.measure, at), area) for row, area, _ in rows)
    return [(value, area) for value, area in found if value is not None]


def _medians(values: Iterable[tuple[float, str | None]]) -> tuple[float, ...]:
    by_area: dict[str, list[float]] = {}
    for value, area in values:
        if area is not None:
            by_area.setdefault(area, []).append(value)
    medians = (quantile(each, 0.5) for each in by_area.values())
    return tuple(sorted(median for median in medians if median is not None and median > 0))


def figure(definition: MetricDefinition, counted: Tally) -> Figure:
    """What a definition makes of a tally. A COMPOSITE: see `composed`."""
    value, enough = _value(definition, counted), counted.n >= definition.least_to_rank
    is_rate = definition.kind is MetricKind.RATE
    has_hits = definition.numerator is not None
    band = None if value is None else definition.band(value)
    return Figure(
        metric=definition.code,
        value=value,
        n=counted.n,
        hits=counted.hits if has_hits else None,
        bounds=wilson(counted.hits, counted.n) if is_rate else None,
        p90=counted.p90 if definition.kind is MetricKind.MEDIAN_P90 else None,
        band=None if band is None else band.code,
        may_rank=enough and value is not None and not definition.bands,
        excluded=counted.excluded,
    )


def _value(definition: MetricDefinition, counted: Tally) -> float | None:
    match definition.kind:
        case MetricKind.RATE | MetricKind.SHARE | MetricKind.RATIO:
            return counted.hits / counted.n if counted.n else None
        case MetricKind.COUNT:
            return float(counted.n)
        case MetricKind.MEDIAN_P90:
            return counted.median
        case MetricKind.SPREAD:
            return spread(counted.medians)
        case MetricKind.COMPOSITE:
            return None
        case _:
            assert_never(definition.kind)


def composed(definition: MetricDefinition, parts: Mapping[str, Figure]) -> Figure:
    """A composite of the figures of its parts, by their codes; bands, never ranks.

    n: of the part with the fewest rows. Nothing where a part has no value: a weight that is given
    to the others would make units incomparable.
    """
    found = [parts.get(part.metric) for part in definition.parts]
    n = min((each.n for each in found if each is not None), default=0)
    excluded = sum(each.excluded for each in found if each is not None)
    value = 0.0
    for part, each in zip(definition.parts, found, strict=True):
        if each is None or each.value is None:
            return Figure(definition.code, None, n, excluded=excluded)
        value += part.weight * each.value
    value /= sum(part.weight for part in definition.parts)
    band = definition.band(value)
    return Figure(
        definition.code, value, n, band=None if band is None else band.code, excluded=excluded
    )
