"""Facts of imported logs."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.wording import NAME_LIMIT, optional
from projections import as_of as moments
from projections import log_facts as view
from schema.as_of import AsOfArgument, as_of_value
from schema.info import Info

Source = Annotated[str, argument(description="The name of the log, as given at its import.")]


@strawberry.type(description="Facts of one imported log; all zero for a log that is not known.")
class LogFacts:
    """Facts of one imported log."""

    source: str = field(description="The name of the log.")
    cases: int = field(description="How many cases it has.")
    events: int = field(description="How many events they have.")
    activities: int = field(description="How many different activities occur.")
    resources: int = field(description="How many different resources occur.")
    variants: int = field(description="How many different sequences of activities occur.")
    throughput_median: float | None = field(
        description="Median of the seconds between first and last activity of a case."
    )
    throughput_mean: float | None = field(
        description="Mean of the seconds between first and last activity of a case."
    )


@strawberry.type
class LogFactsQuery:
    """The queries of imported logs."""

    @field(description="Facts of one imported log, now or as of a past moment.")
    async def log_facts(self, info: Info, source: Source, as_of: AsOfArgument = None) -> LogFacts:
        optional(["source"], source, NAME_LIMIT)
        async with info.context.reads.acquire() as connection:
            moment = await moments.resolve(connection, as_of_value(as_of))
            facts = await view.log_facts(connection, info.context.scope, source, moment)
        return LogFacts(
            source=facts.source,
            cases=facts.cases,
            events=facts.events,
            activities=facts.activities,
            resources=facts.resources,
            variants=facts.variants,
            throughput_median=facts.throughput_median,
            throughput_mean=facts.throughput_mean,
        )

    @field(description="The names of the imported logs, in order.")
    async def log_sources(self, info: Info) -> list[str]:
        async with info.context.reads.acquire() as connection:
            return await view.log_sources(connection, info.context.scope)
