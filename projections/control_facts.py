"""What supervisors count of a case: which events are facts of control, and what each says. Pure.

A fact has the place of the case at that moment, before the event: a return counts against the unit
that returned, whoever leads the case by now.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import CaseEscalated, DeadlineBreached, DeadlineReached
from domain.case.decisions import DecisionKind, PendingDecision
from domain.case.emergency import AcceptanceSkipped
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.intake import CaseAccepted, CaseRejected
from domain.case.officers import ResponsibilityHandedOver
from domain.case.orders import (
    InterviewHeld,
    OrderEnded,
    OrderEscalated,
    OrderEvent,
    OrderIssued,
    OrderReleased,
    OrderReplied,
)
from domain.case.outcome import ReworkOrdered
from domain.case.publication import PublicationWithdrawn
from domain.case.reopening import CaseReopened
from domain.case.repeats import Repeated, RepetitionEscalated
from domain.case.returns import (
    ArbitrationRequested,
    ResponsibilityArbitrated,
    ReturnRejected,
    ReturnRequested,
    ReturnUpheld,
)
from domain.case.routing import CaseDispatched
from domain.case.voiding import CaseVoided
from domain.escalation_policy.content import BREACH
from domain.vocabulary import ClockKind, OrderLevel
from projections.pending_decisions import ABOUT_INTAKE, SETTLES, Pending


class FactKind(StrEnum):
    """What happened. DISPATCHED_ANEW: to another lead unit than the one before.

    ESCALATED: by its lateness; ..._ESCALATED: by what happened once more.
    """

    DISPATCHED = "DISPATCHED"
    DISPATCHED_ANEW = "DISPATCHED_ANEW"
    HANDED_OVER = "HANDED_OVER"
    FALLBACK_ASSIGNED = "FALLBACK_ASSIGNED"
    RETURN_REQUESTED = "RETURN_REQUESTED"
    RETURN_UPHELD = "RETURN_UPHELD"
    RETURN_REJECTED = "RETURN_REJECTED"
    ARBITRATION_REQUESTED = "ARBITRATION_REQUESTED"
    ARBITRATED_ELSEWHERE = "ARBITRATED_ELSEWHERE"
    ARBITRATED_AGAINST = "ARBITRATED_AGAINST"
    REWORK_ORDERED = "REWORK_ORDERED"
    REOPENED = "REOPENED"
    DECIDED = "DECIDED"
    BREACHED = "BREACHED"
    ESCALATED = "ESCALATED"
    RETURNS_ESCALATED = "RETURNS_ESCALATED"
    REWORKS_ESCALATED = "REWORKS_ESCALATED"
    REOPENINGS_ESCALATED = "REOPENINGS_ESCALATED"
    ORDER_ISSUED = "ORDER_ISSUED"
    ORDER_ESCALATED = "ORDER_ESCALATED"
    ORDER_REPLIED = "ORDER_REPLIED"
    INTERVIEW_HELD = "INTERVIEW_HELD"
    ORDER_RELEASED = "ORDER_RELEASED"
    ORDER_ENDED = "ORDER_ENDED"


class HeldOrder(msgspec.Struct, frozen=True):
    """A supervision order that is open: whom it is addressed to, and how grave it is by now."""

    unit: str
    level: OrderLevel


class Held(msgspec.Struct, omit_defaults=True):
    """What is kept of a case to tell the next fact.

    led_by: the lead unit before it was taken from it. orders: those that are open, by number.
    """

    lead_unit: str | None = None
    area: str | None = None
    type_code: str | None = None
    channel: str | None = None
    officer: str | None = None
    officer_position: str | None = None
    led_by: str | None = None
    pending: Pending = ()
    orders: dict[int, HeldOrder] = msgspec.field(default_factory=dict)


class Fact(msgspec.Struct, frozen=True):
    """One fact.

    unit: whom it is about. other_unit: where it went. since: of a decision: when it was asked for.
    clock, percent, level, number: of an escalation or an order.
    """

    kind: FactKind
    unit: str | None
    other_unit: str | None = None
    decision: DecisionKind | None = None
    since: datetime | None = None
    clock: str | None = None
    percent: int | None = None
    level: str | None = None
    number: int | None = None


OF_THE_LEAD: Final = frozenset(
    {ClockKind.SIGN_OFF, ClockKind.FIRST_CONTACT, ClockKind.STAGE, ClockKind.RESOLUTION}
)
"""Clocks that are the lead unit's where they name no unit; others are those of whoever decides,
checks or asks (DOMAIN.md section 7, "Held by"), and count against no unit.
"""


def unit_of(clock: Clock, lead_unit: str | None) -> str | None:
    """Whose a clock is."""
    return clock.unit or (lead_unit if clock.kind in OF_THE_LEAD else None)


Tells = Callable[[Any, Held], Iterator[Fact]]


def _about_lead(kind: FactKind) -> Tells:
    def tell(_: AggregateEvent, held: Held) -> Iterator[Fact]:
        yield Fact(kind, held.lead_unit)

    return tell


def _dispatched(event: CaseDispatched, held: Held) -> Iterator[Fact]:
    yield Fact(FactKind.DISPATCHED, event.lead_unit)
    before = held.lead_unit or held.led_by
    if before is not None and before != event.lead_unit:
        yield Fact(FactKind.DISPATCHED_ANEW, before, event.lead_unit)


def _arbitrated(event: ResponsibilityArbitrated, _: Held) -> Iterator[Fact]:
    # Where nobody led it there was no dispute to win.
    if event.previous == event.lead_unit:
        yield Fact(FactKind.ARBITRATED_AGAINST, event.previous)
    else:
        yield Fact(FactKind.ARBITRATED_ELSEWHERE, event.previous, event.lead_unit)


def _fallen_back(event: FallbackOwnerAssigned, _: Held) -> Iterator[Fact]:
    yield Fact(FactKind.FALLBACK_ASSIGNED, event.unit)


def _reopened(_: CaseReopened, held: Held) -> Iterator[Fact]:
    yield Fact(FactKind.REOPENED, held.lead_unit or held.led_by)


def _past_due(kind: FactKind) -> Tells:
    def tell(event: DeadlineReached, held: Held) -> Iterator[Fact]:
        if kind is FactKind.ESCALATED and event.percent == BREACH:
            # The fall-back owner is told of the very breach that is a fact already.
            return
        clock = event.clock
        unit = unit_of(clock, held.lead_unit)
        yield Fact(kind, unit, clock=clock.kind, percent=event.percent)

    return tell


REPEATED: Final = {
    Repeated.RETURNS: FactKind.RETURNS_ESCALATED,
    Repeated.REWORKS: FactKind.REWORKS_ESCALATED,
    Repeated.REOPENINGS: FactKind.REOPENINGS_ESCALATED,
}
"""What goes up the ladder because it happened again."""


def _repeated(event: RepetitionEscalated, held: Held) -> Iterator[Fact]:
    # What is reopened nobody leads: as the reopening itself, it is about whoever had handled it.
    yield Fact(REPEATED[event.repeated], event.unit or held.lead_unit or held.led_by)


def _issued(event: OrderIssued, _: Held) -> Iterator[Fact]:
    yield Fact(FactKind.ORDER_ISSUED, event.unit, level=event.level, number=event.number)


def _raised(event: OrderEscalated, _: Held) -> Iterator[Fact]:
    yield Fact(FactKind.ORDER_ESCALATED, event.unit, level=event.new, number=event.number)


def _of_order(kind: FactKind) -> Tells:
    def tell(event: OrderEvent, held: Held) -> Iterator[Fact]:
        order = held.orders.get(event.number)
        if order is not None:
            yield Fact(kind, order.unit, level=order.level, number=event.number)

    return tell


def orders_after(orders: dict[int, HeldOrder], event: AggregateEvent) -> dict[int, HeldOrder]:
    """The orders that are open after an event; the same dictionary where it changes none."""
    match event:
        case OrderIssued():
            return {**orders, event.number: HeldOrder(event.unit, event.level)}
        case OrderEscalated():
            return {**orders, event.number: HeldOrder(event.unit, event.new)}
        case OrderReleased() | OrderEnded():
            return {number: order for number, order in orders.items() if number != event.number}
        case _:
            return orders


TELLS: Final[dict[type[AggregateEvent], Tells]] = {
    CaseDispatched: _dispatched,
    ResponsibilityHandedOver: _about_lead(FactKind.HANDED_OVER),
    FallbackOwnerAssigned: _fallen_back,
    ReturnRequested: _about_lead(FactKind.RETURN_REQUESTED),
    ReturnUpheld: _about_lead(FactKind.RETURN_UPHELD),
    ReturnRejected: _about_lead(FactKind.RETURN_REJECTED),
    ArbitrationRequested: _about_lead(FactKind.ARBITRATION_REQUESTED),
    ResponsibilityArbitrated: _arbitrated,
    ReworkOrdered: _about_lead(FactKind.REWORK_ORDERED),
    CaseReopened: _reopened,
    DeadlineBreached: _past_due(FactKind.BREACHED),
    CaseEscalated: _past_due(FactKind.ESCALATED),
    RepetitionEscalated: _repeated,
    OrderIssued: _issued,
    OrderEscalated: _raised,
    OrderReplied: _of_order(FactKind.ORDER_REPLIED),
    InterviewHeld: _of_order(FactKind.INTERVIEW_HELD),
    OrderReleased: _of_order(FactKind.ORDER_RELEASED),
    OrderEnded: _of_order(FactKind.ORDER_ENDED),
}
"""The events that are facts by themselves; those that decide something are facts beside that."""

_WITHOUT_DECISION: Final = (ArbitrationRequested, CaseReopened, OrderEnded, PublicationWithdrawn)
"""They end the waiting for a decision that was never taken."""

_OF_INTAKE: Final = (CaseAccepted, CaseRejected, AcceptanceSkipped)


def facts_of(event: AggregateEvent, held: Held) -> Iterator[Fact]:
    """What an event says, of a case that was held like this before it."""
    tells = TELLS.get(type(event))
    if tells is not None:
        yield from tells(event, held)
    for decision in held.pending:
        if is_decided_by(event, decision):
            since = decision.since.astimezone(UTC)
            yield Fact(FactKind.DECIDED, held.lead_unit, decision=decision.kind, since=since)


def is_decided_by(event: AggregateEvent, decision: PendingDecision) -> bool:
    """Whether an event is the decision that was waited for, not only the end of the waiting."""
    if isinstance(event, _WITHOUT_DECISION):
        return False
    if isinstance(event, _OF_INTAKE):
        return decision.kind in ABOUT_INTAKE
    if isinstance(event, CaseVoided):
        return decision.kind is DecisionKind.VOIDING
    if isinstance(event, OrderReleased) and decision.kind is DecisionKind.ORDER_REPLY:
        return False
    settles = SETTLES.get(type(event))
    return settles is not None and settles(event, decision)
