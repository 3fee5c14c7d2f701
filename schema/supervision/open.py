"""Open cases by age, by whose work they are, and by what they wait for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import strawberry
from strawberry import field

from domain.case.decisions import DecisionKind
from domain.vocabulary import OrderLevel
from projections.open_cases import (
    AGE_BANDS,
    AgeBand,
    AgeingBy,
    Load,
    OpenOrders,
    OrderLoad,
    UnitLoad,
    Waiting,
    WorkloadBy,
    cases_of_age,
    cases_of_load,
    cases_of_orders,
    cases_waiting,
)
from projections.supervised import Asked
from schema.configuration.case_types import CaseType, type_of
from schema.directory.types import Area, OrgUnit, area_of, unit_of
from schema.supervision.figures import CaseFigure


@strawberry.type(
    description="Open cases of an age in calendar days, that is in times of 24 hours since they "
    "were registered: from <= age < to."
)
class AgeingBand:
    """Open cases of an age."""

    from_days: int = field(description="How old they are at least.")
    to_days: int | None = field(description="What they are younger than; null: without end.")
    open: CaseFigure = field(description="How many they are.")


@strawberry.type(description="How old open cases are.")
class Ageing:
    """How old open cases are."""

    unit: OrgUnit | None = field(description="By UNIT: that leads them; null: none does.")
    area: Area | None = field(description="By AREA: where they are; null: that is not known.")
    type: CaseType | None = field(description="By TYPE: of what type; null: that is not known.")
    bands: list[AgeingBand] = field(description="Every band, the youngest first.")


@strawberry.type(description="The open cases of a unit, or of a position in it.")
class Workload:
    """The open cases of a unit, or of a position."""

    unit: OrgUnit | None = field(description="The lead unit; null: nobody leads them.")
    post: str | None = field(
        description="By POSITION: that of who handles them; null: nobody was assigned."
    )
    open: CaseFigure = field(description="All of them.")
    due_soon: CaseFigure = field(description="Of which a clock falls due within seven days.")
    overdue: CaseFigure = field(description="Of which a clock is past due.")
    suspended: CaseFigure = field(description="That are suspended 挂起.")


@strawberry.type(description="Decisions that open cases wait for.")
class WaitingDecisions:
    """Decisions that open cases wait for."""

    decision: DecisionKind = field(description="What is to be decided.")
    unit: OrgUnit | None = field(description="The lead unit of the cases.")
    since: datetime = field(description="When the first of them was asked for.")
    waiting: CaseFigure = field(description="How many cases wait for one.")


@strawberry.type(
    description="The supervision orders 督办单 of a level that nobody has released, by the unit "
    "that they are addressed to."
)
class OpenSupervisionOrders:
    """Supervision orders that nobody has released."""

    unit: OrgUnit = field(description="Whom they are addressed to.")
    level: OrderLevel = field(description="How grave they are, by now.")
    open: CaseFigure = field(description="All of them.")
    unanswered: CaseFigure = field(description="To which the unit has not replied.")
    overdue: CaseFigure = field(description="To which it should have replied by now.")


def ageing_of(asked: Asked, by: AgeingBy, bands: Sequence[AgeBand]) -> Iterator[Ageing]:
    """One for each key, with every band."""
    for key, found in groupby(bands, key=lambda band: band.key):
        counts = {band.band: band.cases for band in found}
        yield Ageing(
            unit=unit_of(key) if by is AgeingBy.UNIT else None,
            area=area_of(key) if by is AgeingBy.AREA else None,
            type=type_of(key) if by is AgeingBy.TYPE else None,
            bands=[
                _band(asked, by, key, band, counts.get(band, 0))
                for band in range(len(AGE_BANDS) + 1)
            ],
        )


def _band(asked: Asked, by: AgeingBy, key: str | None, band: int, cases: int) -> AgeingBand:
    return AgeingBand(
        from_days=AGE_BANDS[band - 1] if band else 0,
        to_days=AGE_BANDS[band] if band < len(AGE_BANDS) else None,
        open=CaseFigure(
            count=cases,
            case_count=cases,
            asked=asked,
            behind=lambda: cases_of_age(asked, by, key, band),
        ),
    )


def workload_of(asked: Asked, by: WorkloadBy, found: UnitLoad) -> Workload:
    """The open cases of a unit or position."""

    def figure(count: int, load: Load) -> CaseFigure:
        return CaseFigure(
            count=count,
            case_count=count,
            asked=asked,
            behind=lambda: cases_of_load(asked, by, found, load),
        )

    return Workload(
        unit=unit_of(found.unit),
        post=found.position,
        open=figure(found.open, Load.OPEN),
        due_soon=figure(found.due_soon, Load.DUE_SOON),
        overdue=figure(found.overdue, Load.OVERDUE),
        suspended=figure(found.suspended, Load.SUSPENDED),
    )


def waiting_of(asked: Asked, found: Waiting) -> WaitingDecisions:
    """Decisions that are waited for."""
    return WaitingDecisions(
        decision=found.decision,
        unit=unit_of(found.unit),
        since=found.oldest,
        waiting=CaseFigure(
            count=found.cases,
            case_count=found.cases,
            asked=asked,
            behind=lambda: cases_waiting(asked, found),
        ),
    )


def orders_of(asked: Asked, found: OpenOrders) -> OpenSupervisionOrders:
    """The open orders of a unit and level."""

    def figure(count: int, cases: int, load: OrderLoad) -> CaseFigure:
        return CaseFigure(
            count=count,
            case_count=cases,
            asked=asked,
            behind=lambda: cases_of_orders(asked, found, load),
        )

    return OpenSupervisionOrders(
        unit=OrgUnit(code=found.unit),
        level=found.level,
        open=figure(found.open, found.open_cases, OrderLoad.OPEN),
        unanswered=figure(found.unanswered, found.unanswered_cases, OrderLoad.UNANSWERED),
        overdue=figure(found.overdue, found.overdue_cases, OrderLoad.OVERDUE),
    )
