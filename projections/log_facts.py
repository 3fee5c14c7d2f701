"""Facts of an imported log, as analysts check them: now, or as of a moment."""

from dataclasses import dataclass

from domain.scope import Scope
from projections.as_of import Moment
from projections.view import Connection


@dataclass(frozen=True)
class LogFacts:
    """Counts over one source.

    activities, resources: distinct. variants: distinct sequences of activities in the order of
    the log. throughput_*: seconds between the first and the last activity of a case, over the
    cases that have any; None without one.
    """

    source: str
    cases: int
    events: int
    activities: int
    resources: int
    variants: int
    throughput_median: float | None
    throughput_mean: float | None


async def log_facts(
    connection: Connection, scope: Scope, source: str, moment: Moment | None = None
) -> LogFacts:
    """The facts, all zero where the source is unknown or may not be seen; one statement."""
    raise NotImplementedError


async def log_sources(connection: Connection, scope: Scope) -> list[str]:
    """The names of the imported logs that may be seen, in order."""
    raise NotImplementedError
