"""The query of figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import strawberry
from strawberry import argument, field

from domain.command import EARLIEST
from domain.metric_definitions.content import MetricDefinition as Definition
from domain.metric_definitions.content import MetricDefinitionsVersion as Content
from domain.metrics.figures import Figure
from domain.permissions import READ_METRICS, permitted
from domain.refusal import InvalidInput
from domain.wording import NAME_LIMIT, optional
from projections import as_of as moments
from projections.as_of import Moment
from projections.counted import Cell, Dimension, MetricFilter, Span, Wanted
from projections.everywhere import everywhere
from projections.figures import report
from schema.as_of import AsOfArgument, AsOfInput, as_of_value
from schema.configuration.finding import VersionArgument
from schema.configuration.metrics import MetricDefinition, metric_of
from schema.context import Context
from schema.info import Info
from schema.metrics.figures import Asked, MetricFigure
from schema.period import PeriodInput
from schema.scalars import Position
from schema.supervision.criteria import SupervisionFilterInput

NOTHING_DEFINED: Final = Content(0, "", None, ())
"""Where no version is in force."""

Metrics = Annotated[
    list[str] | None,
    argument(name="metric", description="Only these metrics, by their codes; all by default."),
]
PeriodArgument = Annotated[
    PeriodInput | None,
    argument(
        description="By the time at which the definition lets a case count; up to the moment asked "
        "about by default. What falls due after that moment does not count yet."
    ),
]
By = Annotated[
    Dimension | None, argument(description="A figure for each of these; one for all by default.")
]
Every = Annotated[
    Span | None,
    argument(description="A figure for each such period, as local time has them, too."),
]
Filter = Annotated[
    SupervisionFilterInput | None,
    argument(
        name="filter", description="What is counted; all by default. Units are those appraised."
    ),
]
Source = Annotated[
    str | None,
    argument(
        description="Of histories imported from this log; by default those of cases lived here."
    ),
]


@strawberry.type(description="The figure of the whole jurisdiction, to compare with.")
class MetricEverywhere:
    """The figure of the whole jurisdiction."""

    value: float = field(description="The figure.")
    n: int = field(description="How many it rests on.")


@strawberry.type(description="A metric, with its figures.")
class MetricFigures:
    """A metric, with its figures."""

    metric: MetricDefinition = field(description="How it is made.")
    figures: list[MetricFigure] = field(
        description="One for each group and period in which anything was counted, in the order of "
        "codes and times."
    )
    asked: strawberry.Private[Asked]
    content: strawberry.Private[Content]
    definition: strawberry.Private[Definition]

    @field(
        description="The figure of the whole jurisdiction, whoever may see its cases and whatever "
        "the filter; of a period that is one month of the calendar. Null as of "
        "a past moment, and where fewer than five "
        "rest behind it, or fewer than five that the caller does not see."
    )
    async def everywhere(self) -> MetricEverywhere | None:
        asked = self.asked
        async with asked.reading() as connection:
            found = await everywhere(
                connection, asked.scope, self.content, self.definition, asked.wanted
            )
        return None if found is None else MetricEverywhere(value=found.value, n=found.n)


@strawberry.type(
    description="Figures of the cases within the reach of the caller's posts. What the caller may "
    "not see is not counted."
)
class MetricReport:
    """Figures that were counted together."""

    position: Position = field(
        description="The position up to which events are counted: figures follow the journal."
    )
    at: datetime = field(description="The moment asked about.")
    definition_version: int | None = field(
        description="The version of the metric definitions; null: none was in force, and nothing "
        "is counted."
    )
    metrics: list[MetricFigures] = field(description="In the order asked for, or of the version.")


@strawberry.type
class MetricQuery:
    """The query of figures."""

    @field(
        description="指标: figures by the definitions of a version, now or as known at a past "
        "position or recorded time; a time of occurrence is refused. For those who accept, "
        "dispatch, lead a unit, supervise or audit; null for others, with the refusal."
    )
    async def metrics(  # noqa: PLR0917 - what is asked of figures, each by itself
        self,
        info: Info,
        metric: Metrics = None,
        period: PeriodArgument = None,
        by: By = None,
        every: Every = None,
        criteria: Filter = None,
        source: Source = None,
        as_of: AsOfArgument = None,
        version: VersionArgument = None,
    ) -> MetricReport | None:
        context = info.context
        permitted(context.caller, READ_METRICS, None)
        moment = await _moment(context, as_of)
        wanted = _wanted(context, moment, period, criteria, source)
        asked = Asked(context, context.scope, replace(wanted, by=by, every=every), moment)
        return await _report(asked, _content(context, version, wanted.at), metric)


async def _moment(context: Context, given: AsOfInput | None) -> Moment | None:
    """Raises InvalidInput for a time of occurrence: a row does not tell its facts' times.

    What was entered late stands in no row by itself (ARCHITECTURE.md, "Figures").
    """
    if given is not None and given.occurred_at is not None:
        raise InvalidInput(
            ["asOf", "occurredAt"],
            "figures are as known at a position or a recorded time; a period says up to when",
        )
    async with context.reads.acquire() as connection:
        return await moments.resolve(connection, as_of_value(given))


def _wanted(
    context: Context,
    moment: Moment | None,
    period: PeriodInput | None,
    criteria: SupervisionFilterInput | None,
    source: str | None,
) -> Wanted:
    """Raises InvalidInput."""
    known = None if moment is None else moment.recorded_at
    at, configuration = known or datetime.now(UTC), context.configuration
    within, given = period or PeriodInput(), criteria or SupervisionFilterInput()
    return Wanted(
        start=within.since or EARLIEST,
        end=within.until or at + timedelta(microseconds=1),
        at=at,
        criteria=MetricFilter(
            units=given.units(configuration, at),
            areas=given.areas(configuration, at),
            type_codes=given.types(configuration, at),
            channels=given.channel,
            source=optional(["source"], source, NAME_LIMIT),
        ),
        position=None if moment is None else moment.position,
        time_zone=configuration.time_zone,
    )


def _content(context: Context, version: int | None, at: datetime) -> Content | None:
    """The version that is meant. Raises InvalidInput for one that was never published."""
    kept = context.configuration.metrics
    if version is None:
        return None if kept is None else kept.in_force(at)
    record = None if kept is None else kept.record(version)
    if kept is None or record is None or record.published is None:
        raise InvalidInput(["version"], "there is no such version")
    return kept.content(version)


async def _report(asked: Asked, content: Content | None, wanted: list[str] | None) -> MetricReport:
    """Raises InvalidInput for a metric that the version does not define."""
    defined = content or NOTHING_DEFINED
    if content is not None and any(content.metric(code) is None for code in wanted or ()):
        raise InvalidInput(["metric"], "metric is not defined")
    async with asked.reading() as connection:
        found = await report(connection, asked.scope, defined, asked.wanted, wanted)
    return MetricReport(
        position=Position(found.position),
        at=asked.wanted.at,
        definition_version=None if content is None else content.number,
        metrics=[
            MetricFigures(
                metric=metric_of(definition),
                figures=_figures(asked, definition, figures),
                asked=asked,
                content=defined,
                definition=definition,
            )
            for code, figures in found.figures.items()
            if (definition := defined.metric(code)) is not None
        ],
    )


def _figures(
    asked: Asked, definition: Definition, found: Mapping[Cell, Figure]
) -> list[MetricFigure]:
    return [
        MetricFigure(asked=asked, definition=definition, cell=cell, figure=figure)
        for cell, figure in found.items()
    ]
