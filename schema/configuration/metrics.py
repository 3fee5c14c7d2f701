"""The metric definitions: a version of them, and each metric in it."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.metric_definitions import content
from domain.metric_definitions.content import Direction, MetricKind
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule
from schema.configuration.finding import content_of
from schema.configuration.versions import ConfigurationVersion
from schema.context import Context
from schema.info import Info

Code = Annotated[str, argument(name="code", description="The code of a metric.")]


@strawberry.type(description="One of the metrics that a composite is made of.")
class MetricPart:
    """A part."""

    metric: str = field(description="Its code.")
    weight: float = field(description="How much it counts; the weights of all parts make up 1.")


@strawberry.type(description="A class of values of a metric.")
class MetricBand:
    """A band."""

    code: str = field(description="Its code.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    least: float = field(description="From this value on, up to the next band.")


@strawberry.type(description="How a metric 指标 is made, of named facts.")
class MetricDefinition:
    """A definition."""

    code: str = field(description="Its code.")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    kind: MetricKind = field(description="How a figure is made.")
    counted: Fact | None = field(description="What is counted; null for a composite.")
    numerator: Fact | None = field(description="What is set against it, where the kind has one.")
    measure: Measure | None = field(description="What is measured, where the kind measures.")
    parts: list[MetricPart] = field(description="What a composite is made of.")
    bands: list[MetricBand] = field(description="The classes of its values, upwards.")
    direction: Direction = field(description="What is good.")
    period: PeriodRule = field(description="By which time a case counts.")
    exclusions: list[ExclusionCause] = field(description="Why a case may be left out of it.")
    least_to_rank: int = field(description="Below so many nothing is ranked.")


@strawberry.type(
    description="A version of the metric definitions 指标: how each figure is made, of named facts."
)
class MetricDefinitionsVersion(ConfigurationVersion):
    """A version of the metric definitions."""

    @field(description="All of them, in their order.")
    async def metrics(self, info: Info) -> list[MetricDefinition]:
        version = await _content(info.context, self.row.number)
        return [] if version is None else [metric_of(each) for each in version.metrics]

    @field(description="One of them; null where it does not have it.")
    async def metric(self, info: Info, code: Code) -> MetricDefinition | None:
        version = await _content(info.context, self.row.number)
        found = None if version is None else version.metric(code)
        return None if found is None else metric_of(found)


async def _content(context: Context, number: int) -> content.MetricDefinitionsVersion | None:
    return await content_of(context, lambda known: known.metrics, number)


def metric_of(metric: content.MetricDefinition) -> MetricDefinition:
    """A definition as it is shown."""
    return MetricDefinition(
        code=metric.code,
        label_zh=metric.label.zh,
        label_en=metric.label.en,
        kind=metric.kind,
        counted=metric.counted,
        numerator=metric.numerator,
        measure=metric.measure,
        parts=[MetricPart(metric=part.metric, weight=part.weight) for part in metric.parts],
        bands=[_band(band) for band in metric.bands],
        direction=metric.direction,
        period=metric.period,
        exclusions=list(metric.exclusions),
        least_to_rank=metric.least_to_rank,
    )


def _band(band: content.Band) -> MetricBand:
    return MetricBand(
        code=band.code, label_zh=band.label.zh, label_en=band.label.en, least=band.least
    )
