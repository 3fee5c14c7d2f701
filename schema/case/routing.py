"""How a case was routed, and how good the first dispatch is."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.permissions import READ_METRICS, permitted
from projections import routing as view
from schema.configuration.routing import RoutingExplanation, explanation_of
from schema.info import Info
from schema.period import PeriodInput
from schema.scalars import Position


@strawberry.type(
    description="The newest decision on where a case goes, as it was recorded: an old one is read "
    "by the versions of its time."
)
class CaseRouting:
    """The newest decision."""

    position: Position = field(description="The journal's position of the decision.")
    decided_at: datetime = field(description="When it was made.")
    decision: RoutingExplanation = field(description="Where the policy sent the case, and why.")
    left_out: int = field(
        description="How many more rules lost than are among the candidates; those that came "
        "nearest are."
    )
    by_override: bool = field(
        description="Whether the case went elsewhere than the policy or the competences of units "
        "say; the reason stands in the timeline."
    )


@strawberry.type(
    description="Of the cases ever dispatched, those that never went to another lead unit."
)
class FirstDispatchAccuracy:
    """First-dispatch accuracy."""

    dispatched: int = field(description="How many cases were dispatched first in the period.")
    never_redispatched: int = field(description="How many of them kept their first lead unit.")
    rate: float | None = field(description="0 to 1; null where there is no case.")


Period = Annotated[
    PeriodInput | None,
    argument(description="When the cases were dispatched first; any time by default."),
]


@strawberry.type
class RoutingMetricsQuery:
    """The query about routing."""

    @field(
        description="First-dispatch accuracy 一次派单准确率 over the cases within the caller's "
        "reach. For those who accept, dispatch, lead a unit, supervise or audit; null for others, "
        "with the refusal."
    )
    async def first_dispatch_accuracy(
        self, info: Info, period: Period = None
    ) -> FirstDispatchAccuracy | None:
        context, within = info.context, period or PeriodInput()
        permitted(context.caller, READ_METRICS, None)
        async with context.reads.acquire() as connection:
            found = await view.accuracy(connection, context.scope, within.since, within.until)
        return FirstDispatchAccuracy(
            dispatched=found.dispatched,
            never_redispatched=found.kept,
            rate=found.kept / found.dispatched if found.dispatched else None,
        )


def routing_of(found: view.Routing | None) -> CaseRouting | None:
    """A recorded decision as clients see it."""
    if found is None:
        return None
    return CaseRouting(
        position=Position(found.position),
        decided_at=found.decided_at,
        decision=explanation_of(found.decision),
        left_out=found.left_out,
        by_override=found.by_override,
    )
