"""The figures of a report: the answer to one GraphQL query, in its shape.

A report says nothing that its reader could not ask for in the same words: `figures.graphql`.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import strawberry

from app.report.period import ReportPeriod
from schema.context import Context

DOCUMENT: Final = Path(__file__).with_suffix(".graphql").read_text(encoding="utf-8")

BY_UNIT: Final = ("on-time-handling", "satisfaction")
COURSE: Final = ("response-rate", "on-time-handling", "on-time-closing")


class Answer(msgspec.Struct, frozen=True, rename="camel"):
    """Base of the objects of the answer."""


class Unit(Answer, frozen=True):
    """A unit, by its name in the language of the report."""

    code: str
    name: str | None


class Count(Answer, frozen=True):
    """How many."""

    count: int


class Metric(Answer, frozen=True, kw_only=True):
    """What a figure is of. measure: what is measured, where it is no count and no share."""

    code: str
    label_zh: str
    label_en: str
    kind: str = ""
    measure: str | None = None


class Figure(Answer, frozen=True, kw_only=True):
    """One figure; what was not asked for is None."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    p90: float | None = None
    excluded: int = 0
    unit: Unit | None = None
    begin: datetime | None = msgspec.field(default=None, name="from")


class Figures(Answer, frozen=True):
    """The figures of a metric."""

    metric: Metric
    figures: list[Figure]


class Counted(Answer, frozen=True, kw_only=True):
    """Figures that were counted together."""

    metrics: list[Figures]
    position: str = ""
    definition_version: int | None = None


class LateClock(Answer, frozen=True):
    """How a clock stands."""

    kind: str
    due: datetime
    percent: int


class CaseNo(Answer, frozen=True):
    """A case, by its number."""

    case_no: str


class Late(Answer, frozen=True):
    """A clock that is past due."""

    clock: LateClock
    unit: Unit | None
    case: CaseNo


class Overdue(Answer, frozen=True):
    """The first of the clocks that are past due, and how many there are."""

    total_count: int
    nodes: list[Late]


class UnitOverdue(Answer, frozen=True):
    """Clocks past due, and nearly so, of a unit."""

    unit: Unit | None
    red: int
    yellow: int


class Band(Answer, frozen=True):
    """Open cases of an age."""

    from_days: int
    to_days: int | None
    open: Count


class Ageing(Answer, frozen=True):
    """Open cases by age."""

    bands: list[Band]


class Workload(Answer, frozen=True):
    """The open cases of a unit."""

    unit: Unit | None
    open: Count
    due_soon: Count
    overdue: Count
    suspended: Count


class Orders(Answer, frozen=True):
    """Open supervision orders."""

    unit: Unit | None
    level: str
    open: Count
    unanswered: Count


class Returns(Answer, frozen=True):
    """What a unit gave back."""

    unit: Unit | None
    dispatched: Count
    requested: Count
    upheld: Count
    rejected: Count
    arbitrated_against: Count


class Escalation(Answer, frozen=True):
    """Clocks that came to a share of their limit, or what happened again: those are None then."""

    ground: str
    clock: str | None
    percent: int | None
    escalated: Count


class Delay(Answer, frozen=True):
    """How long decisions took."""

    decision: str
    decided: Count
    median_seconds: int
    p90_seconds: int


class Supervision(Answer, frozen=True):
    """What is late, how old and how much."""

    at: datetime
    overdue: Overdue
    overdue_by_unit: list[UnitOverdue]
    ageing: list[Ageing]
    workload: list[Workload]
    open_orders: list[Orders]
    returns: list[Returns]
    escalations: list[Escalation]
    approval_delays: list[Delay]


class ReportFigures(Answer, frozen=True):
    """The whole answer."""

    all: Counted
    by_unit: Counted
    course: Counted
    supervision: Supervision


class NoFigures(Exception):
    """The query was not answered; with the message of its first error."""


async def gather(
    schema: strawberry.Schema,
    context: Context,
    period: ReportPeriod,
    units: list[str] | None,
    now: datetime,
) -> ReportFigures:
    """Ask for the figures. units: with all below them; None: all. Raises NoFigures.

    What is late is told as of the end of the period, where that is over.
    """
    since, until = period.instants(context.configuration.time_zone)
    result = await schema.execute(
        DOCUMENT,
        {
            "unit": units,
            "from": since.isoformat(),
            "to": until.isoformat(),
            "every": period.every,
            "asOf": {"occurredAt": until.isoformat()} if until < now else None,
            "byUnit": _defined(BY_UNIT, context, now),
            "course": _defined(COURSE, context, now),
        },
        context_value=context,
    )
    if result.errors or result.data is None:
        raise NoFigures(result.errors[0].message if result.errors else "nothing was answered")
    return msgspec.convert(result.data, ReportFigures, strict=False)


def _defined(codes: Sequence[str], context: Context, now: datetime) -> list[str]:
    """Those of the metrics that the definitions in force have: whose figures they are, decides."""
    kept = context.configuration.metrics
    content = None if kept is None else kept.in_force(now)
    return [code for code in codes if content is not None and content.metric(code) is not None]
