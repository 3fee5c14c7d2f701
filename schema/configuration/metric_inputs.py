"""What the mutations of the metric definitions take."""

import strawberry
from strawberry import field

from domain.catalogue.content import Label
from domain.metric_definitions import content
from domain.metric_definitions.commands import DraftMetricDefinitions
from domain.metric_definitions.content import Direction, MetricKind
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule
from schema.case.inputs.base import CommandInput
from schema.configuration.inputs import PublishVersionInput, VersionInput


@strawberry.input(description="One of the metrics that a composite is made of.")
class MetricPartInput:
    """A part."""

    metric: str = field(description="The code of a RATE or SHARE of the same version.")
    weight: float = field(description="How much it counts; the weights of all parts make up 1.")

    def value(self) -> content.Part:
        """The domain's part."""
        return content.Part(self.metric, self.weight)


@strawberry.input(description="A class of values of a metric.")
class MetricBandInput:
    """A band."""

    code: str = field(description="Its code: 1 to 64 letters, digits and . _ / -")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    least: float = field(description="From this value on, up to the next band.")

    def value(self) -> content.Band:
        """The domain's band."""
        return content.Band(self.code, Label(self.label_zh, self.label_en), self.least)


@strawberry.input(description="How a metric 指标 is made, of named facts.")
class MetricDefinitionInput:
    """A definition."""

    code: str = field(description="Its code: 1 to 64 letters, digits and . _ / -")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    kind: MetricKind = field(description="How a figure is made; it says what else is needed.")
    counted: Fact | None = field(default=None, description="What is counted.")
    numerator: Fact | None = field(default=None, description="What is set against it.")
    measure: Measure | None = field(default=None, description="What is measured.")
    parts: list[MetricPartInput] = field(
        default_factory=list, description="What a composite is made of."
    )
    bands: list[MetricBandInput] = field(
        default_factory=list, description="The classes of its values, upwards."
    )
    direction: Direction = field(default=Direction.HIGHER, description="What is good.")
    period: PeriodRule = field(default=PeriodRule.DUE, description="By which time a case counts.")
    exclusions: list[ExclusionCause] = field(
        default_factory=list, description="Why a case may be left out of it."
    )
    least_to_rank: int = field(
        default=content.LEAST_TO_RANK, description="Below so many nothing is ranked."
    )

    def value(self) -> content.MetricDefinition:
        """The domain's definition."""
        return content.MetricDefinition(
            code=self.code,
            label=Label(self.label_zh, self.label_en),
            kind=self.kind,
            counted=self.counted,
            numerator=self.numerator,
            measure=self.measure,
            parts=tuple(each.value() for each in self.parts),
            bands=tuple(each.value() for each in self.bands),
            direction=self.direction,
            period=self.period,
            exclusions=tuple(self.exclusions),
            least_to_rank=self.least_to_rank,
        )


@strawberry.input(description="Write a version of the metric definitions down.")
class DraftMetricDefinitionsInput(CommandInput):
    """draftMetricDefinitions."""

    title: str = field(description="What the version is called.")
    metrics: list[MetricDefinitionInput] = field(description="All of them.")
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftMetricDefinitions:
        """The command."""
        metrics = tuple(each.value() for each in self.metrics)
        return DraftMetricDefinitions(
            **self.common(), title=self.title, metrics=metrics, pack=self.pack
        )


@strawberry.input(description="Answer for a draft of the metric definitions.")
class ProposeMetricDefinitionsInput(VersionInput):
    """proposeMetricDefinitions."""


@strawberry.input(
    description="Put a version of the metric definitions in force that somebody else proposed."
)
class PublishMetricDefinitionsInput(PublishVersionInput):
    """publishMetricDefinitions."""


@strawberry.input(description="End a version of the metric definitions.")
class RetireMetricDefinitionsInput(VersionInput):
    """retireMetricDefinitions."""
