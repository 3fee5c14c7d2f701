"""What a version of the metric definitions says: each figure, made of named facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from domain.catalogue.content import Label
from domain.configuration import VersionContent
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule

LEAST_TO_RANK: Final = 10
"""Below so many rows nothing is ranked (DOMAIN.md section 8)."""


class MetricKind(StrEnum):
    """How a figure is made.

    RATE: of the rows with fact `counted` those with `numerator` too, both of one population, with
    a Wilson interval. SHARE: the same without one: they are all there were. RATIO: rows with
    `numerator` by rows with `counted`, of any populations. COUNT: of rows with `counted`.
    MEDIAN_P90: of the `measure` of rows with `counted`. SPREAD: the largest median of that over
    areas by the smallest. COMPOSITE: of other rates or shares, weighted, in bands.
    """

    RATE = "RATE"
    SHARE = "SHARE"
    RATIO = "RATIO"
    COUNT = "COUNT"
    MEDIAN_P90 = "MEDIAN_P90"
    SPREAD = "SPREAD"
    COMPOSITE = "COMPOSITE"


class Direction(StrEnum):
    """What is good. BAND: too little is as telling as too much."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    BAND = "BAND"


@dataclass(frozen=True)
class Part:
    """What a composite is made of. metric: the code of a RATE or SHARE. weight: above 0."""

    metric: str
    weight: float


@dataclass(frozen=True)
class Band:
    """A class of values: from `least` on, up to the next band. The bands of a metric ascend."""

    code: str
    label: Label
    least: float


@dataclass(frozen=True)
class MetricDefinition:
    """One metric. counted, numerator, measure, parts: as its kind has them, and no others.

    period: by which time a row counts. exclusions: the causes for which a case may be left out.
    """

    code: str
    label: Label
    kind: MetricKind
    counted: Fact | None = None
    numerator: Fact | None = None
    measure: Measure | None = None
    parts: tuple[Part, ...] = ()
    bands: tuple[Band, ...] = ()
    direction: Direction = Direction.HIGHER
    period: PeriodRule = PeriodRule.DUE
    exclusions: tuple[ExclusionCause, ...] = ()
    least_to_rank: int = LEAST_TO_RANK

    def band(self, value: float) -> Band | None:
        """The band that a value lies in; None: below all, or there are none."""
        return next((each for each in reversed(self.bands) if value >= each.least), None)


@dataclass(frozen=True)
class MetricDefinitionsVersion(VersionContent):
    """The content of one version."""

    metrics: tuple[MetricDefinition, ...]

    def metric(self, code: str) -> MetricDefinition | None:
        """The definition with this code."""
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> Mapping[str, MetricDefinition]:
        return {each.code: each for each in self.metrics}
