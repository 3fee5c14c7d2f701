"""What lies behind a figure: the rows that were counted, each with its case."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.metrics.vocabulary import ExclusionCause
from projections.metric_cases import CountedRow
from schema.case.group import CaseGroup
from schema.case.types import Case, case_of
from schema.directory.types import OrgUnit, unit_of


@strawberry.type(description="One thing that a figure counts, with its case.")
class MetricRow:
    """One row."""

    row: strawberry.Private[CountedRow]
    group: strawberry.Private[CaseGroup]

    @field(description="The case as it is at the moment of the figure.")
    async def case(self) -> Case | None:
        state = await self.group.case(self.row.case_id)
        return None if state is None else case_of(state, self.group)

    @field(description="The unit that is appraised by it; null: nobody had the case.")
    def unit(self) -> OrgUnit | None:
        return unit_of(self.row.unit)

    @field(
        description="Which of its kind it is in the case: the number of a clock, a cycle, an order."
    )
    def instance(self) -> str:
        return self.row.instance

    @field(description="The time of its period.")
    def counts_at(self) -> datetime:
        return self.row.counts_at

    @field(description="When it began.")
    def began_at(self) -> datetime:
        return self.row.began_at

    @field(description="When it was due, where it is timed.")
    def due_at(self) -> datetime | None:
        return self.row.due_at

    @field(description="When it ended, if it has.")
    def ended_at(self) -> datetime | None:
        return self.row.ended_at

    @field(description="Whether it has the numerator of the metric.")
    def has_numerator(self) -> bool:
        return self.row.hit

    @field(description="Of a decision: the position, or without one the person, that took it.")
    def decided_by(self) -> str | None:
        return self.row.decided_by


@strawberry.type(description="What was left out of a figure, by who approved that and why.")
class MetricExclusion:
    """What was left out of a figure."""

    approved_by: str = field(description="The position, or without one the person.")
    cause: ExclusionCause = field(description="The sort of reason.")
    rows: int = field(description="How much was left out.")
