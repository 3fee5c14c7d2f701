"""What happened in a period: returns, decisions, hand-overs, escalations."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import strawberry
from strawberry import field

from domain.case.decisions import DecisionKind
from domain.vocabulary import ClockKind
from projections.control_facts import REPEATED, FactKind
from projections.escalations import EscalationGround
from projections.fact_figures import FactBy, FactCell, Facts, cases_of_cell
from projections.supervised import Asked
from schema.directory.types import OrgUnit, unit_of
from schema.period import PeriodInput
from schema.supervision.figures import CaseFigure

_UNIT: Final = "The lead unit that it is about; null: nobody led the case."


@strawberry.type(description="What a unit gave back, and what became of that.")
class UnitReturns:
    """What a unit gave back."""

    unit: OrgUnit | None = field(description=_UNIT)
    dispatched: CaseFigure = field(description="派单: how often it was given a case.")
    requested: CaseFigure = field(description="退单申请: how often it asked to give one back.")
    upheld: CaseFigure = field(description="How often the dispatcher agreed.")
    rejected: CaseFigure = field(description="How often the dispatcher did not.")
    arbitration_requested: CaseFigure = field(
        description="How often it had a registrar decide whose the case is."
    )
    arbitrated_elsewhere: CaseFigure = field(
        description="How often the case went to another unit by arbitration."
    )
    arbitrated_against: CaseFigure = field(
        description="How often it stayed with the unit by arbitration."
    )


@strawberry.type(description="How a case changed hands, by the unit that had it.")
class UnitHandOvers:
    """How cases changed hands."""

    unit: OrgUnit | None = field(description=_UNIT)
    handed_over: CaseFigure = field(description="From one officer of the unit to another.")
    dispatched_anew: CaseFigure = field(description="From the unit to another one.")
    fallback_assigned: CaseFigure = field(
        description="To the unit as fall-back owner, since nobody was given the case."
    )
    rework_ordered: CaseFigure = field(description="Back to the unit, from the checker.")
    reopened: CaseFigure = field(description="Reopened after the unit had handled it.")


@strawberry.type(description="How long decisions of a sort took, from the request to the decision.")
class ApprovalDelay:
    """How long decisions took."""

    decision: DecisionKind = field(description="What was decided.")
    decided_by: OrgUnit | None = field(description="The unit of whoever decided.")
    decided: CaseFigure = field(description="How many were decided.")
    median_seconds: int = field(description="Half of them took no longer, in seconds of the wall.")
    p90_seconds: int = field(description="Nine of ten took no longer.")
    longest_seconds: int = field(description="None took longer.")


@strawberry.type(
    description="What went up the ladder for one reason: clocks of a unit that came to a share of "
    "their limit, or what happened to its cases once more."
)
class Escalation:
    """What went up the ladder for one reason."""

    ground: EscalationGround = field(description="Why.")
    unit: OrgUnit | None = field(
        description="Whose clocks; of what happened again, who gave the cases back or had handled "
        "them. Null: no unit."
    )
    clock: ClockKind | None = field(description="What is timed; null unless it is late.")
    percent: int | None = field(
        description="Of the limit; 100: it was passed. Null unless it is late."
    )
    escalated: CaseFigure = field(description="How often.")


@strawberry.type(description="What became of supervision orders 督办单 in a period, by unit.")
class UnitOrders:
    """What became of supervision orders."""

    unit: OrgUnit | None = field(description="Whom they were addressed to.")
    issued: CaseFigure = field(description="How many were issued.")
    escalated: CaseFigure = field(description="How often one went up a level, or was repeated.")
    replied: CaseFigure = field(description="How often the unit replied.")
    interviewed: CaseFigure = field(description="约谈: how many interviews were held.")
    released: CaseFigure = field(description="销号: how many were released.")
    ended: CaseFigure = field(description="How many ended with their case, released by nobody.")


RETURNS: Final[Mapping[str, FactKind]] = {
    "dispatched": FactKind.DISPATCHED,
    "requested": FactKind.RETURN_REQUESTED,
    "upheld": FactKind.RETURN_UPHELD,
    "rejected": FactKind.RETURN_REJECTED,
    "arbitration_requested": FactKind.ARBITRATION_REQUESTED,
    "arbitrated_elsewhere": FactKind.ARBITRATED_ELSEWHERE,
    "arbitrated_against": FactKind.ARBITRATED_AGAINST,
}
HAND_OVERS: Final[Mapping[str, FactKind]] = {
    "handed_over": FactKind.HANDED_OVER,
    "dispatched_anew": FactKind.DISPATCHED_ANEW,
    "fallback_assigned": FactKind.FALLBACK_ASSIGNED,
    "rework_ordered": FactKind.REWORK_ORDERED,
    "reopened": FactKind.REOPENED,
}
ORDERS: Final[Mapping[str, FactKind]] = {
    "issued": FactKind.ORDER_ISSUED,
    "escalated": FactKind.ORDER_ESCALATED,
    "replied": FactKind.ORDER_REPLIED,
    "interviewed": FactKind.INTERVIEW_HELD,
    "released": FactKind.ORDER_RELEASED,
    "ended": FactKind.ORDER_ENDED,
}
ESCALATIONS: Final[Mapping[FactKind, EscalationGround]] = {
    FactKind.BREACHED: EscalationGround.DEADLINE,
    FactKind.ESCALATED: EscalationGround.DEADLINE,
    **{kind: EscalationGround(repeated) for repeated, kind in REPEATED.items()},
}


def facts_in(period: PeriodInput | None, kinds: Collection[FactKind], *by: FactBy) -> Facts:
    """Facts of a period, told apart so."""
    within = period or PeriodInput()
    return Facts(tuple(kinds), by, within.since, within.until)


def figures_by_unit(
    asked: Asked, wanted: Facts, cells: Sequence[FactCell], names: Mapping[str, FactKind]
) -> Iterator[tuple[OrgUnit | None, Mapping[str, CaseFigure]]]:
    """For each unit that has any fact, a figure of each kind, by the names of the kinds."""
    ordered = sorted(cells, key=lambda cell: (cell.unit is None, cell.unit or ""))
    for unit, found in groupby(ordered, key=lambda cell: cell.unit):
        of_unit = {cell.kind: cell for cell in found}
        any_cell = next(iter(of_unit.values()))
        yield (
            unit_of(unit),
            {
                name: figure(asked, wanted, of_unit.get(kind) or _none(any_cell, kind))
                for name, kind in names.items()
            },
        )


def _none(like: FactCell, kind: FactKind) -> FactCell:
    return replace(like, kind=kind, facts=0, cases=0)


def figure(asked: Asked, wanted: Facts, cell: FactCell) -> CaseFigure:
    """The figure of a cell."""
    return CaseFigure(
        count=cell.facts,
        case_count=cell.cases,
        asked=asked,
        behind=lambda: cases_of_cell(asked, wanted, cell),
    )


def delays_of(asked: Asked, wanted: Facts, cells: Sequence[FactCell]) -> Iterator[ApprovalDelay]:
    """How long the decisions of each cell took."""
    for cell in cells:
        if cell.decision is not None and cell.delays is not None:
            yield ApprovalDelay(
                decision=cell.decision,
                decided_by=unit_of(cell.by_unit),
                decided=figure(asked, wanted, cell),
                median_seconds=int(cell.delays.median.total_seconds()),
                p90_seconds=int(cell.delays.p90.total_seconds()),
                longest_seconds=int(cell.delays.longest.total_seconds()),
            )


def escalations_of(asked: Asked, wanted: Facts, cells: Sequence[FactCell]) -> Iterator[Escalation]:
    """One for each cell."""
    for cell in cells:
        yield Escalation(
            ground=ESCALATIONS[cell.kind],
            unit=unit_of(cell.unit),
            clock=cell.clock,
            percent=cell.percent,
            escalated=figure(asked, wanted, cell),
        )
