"""Supervision orders 督办单: what a supervisor, or the ladder, demands of a unit that is late.

They are events of their case, so that it does not close over an open one. An order is issued to a
unit, which replies; it goes up a level, which demands another reply; others release it 销号.

What takes a case out of work by decision of the staff (closing, merging, voiding, referring it out)
waits until they are released. What ends it otherwise is not held up by them: the reporter who
withdraws has the right to, and a rejection is the decision that was demanded. Then they end with
the case, and each says so (`OrderEnded`): what nobody released never looks released.
"""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final, TypedDict

from domain.case.clocks.clock import StoppedClock
from domain.case.clocks.pinned import policy_in_force, rule_for, timetable_in_force
from domain.case.lifecycle import ENDS, Stage
from domain.case.order_book import (
    GRAVITY,
    OpenOrder,
    open_order,
)
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.case.windows import days_after, pinned_calendar
from domain.command import Circumstances
from domain.identity import ActorKind
from domain.vocabulary import ClockKind, OrderLevel

REPLY_DAYS: Final = 1
"""Working days for a reply, where no SLA policy says otherwise (DOMAIN.md section 7, ladder)."""


class OrderEvent(CaseEvent):
    """Base of what happens to one order of a case. number: 1, 2, 3 ... of the case."""

    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    number: int


class ReplyDemanded(OrderEvent):
    """Base of what makes a unit reply until `due`. unit: the one the order is addressed to.

    reply_from: from when the time for it counts: later than the event, where the ladder went up
        unnoticed for a while. calendar: code@version that `due` was computed by; None: there was
        none. interview: whether one is held before the order is released.
    clock, percent: what is late, and how much of its limit was used; None: a supervisor says in
        the demand what it is about. demand: None: the clock says it.
    """

    PROTECTED: ClassVar[frozenset[str]] = frozenset({"demand"})

    unit: str
    demand: str | None
    reply_from: datetime
    due: datetime
    calendar: str | None
    interview: bool
    clock: str | None
    percent: int | None


class OrderSettled(OrderEvent):
    """Base of what nobody waits for a reply to an order after."""

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (*super().stops_clocks(), _reply_clock(self.number))


class OrderIssued(ReplyDemanded):
    """A unit is to put right what is late. issued_by: who; the service, where the ladder did."""

    TOPIC: ClassVar[str] = "order.issued"

    level: OrderLevel
    issued_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders_issued = self.number
        order = OpenOrder(self.number, self.level, self.unit, self.clock, self.interview)
        case.orders = (*case.orders, order)


class OrderReplied(OrderSettled):
    """The unit says what it does about it. remedial_plan: what it puts right, how and by when."""

    TOPIC: ClassVar[str] = "order.replied"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"reply", "remedial_plan"})

    reply: str
    remedial_plan: str | None
    replied_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        _set(case, replace(open_order(case, self.number), replied_by=self.replied_by))


class OrderEscalated(ReplyDemanded):
    """It was not enough: the order is of another level now, and waits for a reply again.

    old, new: RED both times where it is repeated; then another interview is held too.
    """

    TOPIC: ClassVar[str] = "order.escalated"

    old: OrderLevel
    new: OrderLevel

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        """The time for the reply begins anew."""
        return (*super().stops_clocks(), _reply_clock(self.number))

    def apply(self, case: Case) -> None:
        super().apply(case)
        raised = replace(
            open_order(case, self.number),
            level=self.new,
            interview=self.interview,
            interviewed=False,
            replied_by=None,
        )
        _set(case, raised)


class InterviewHeld(OrderEvent):
    """Whoever holds a position of the addressed unit was called in 约谈. position: which one."""

    TOPIC: ClassVar[str] = "order.interview_held"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"record"})

    position: str
    record: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        _set(case, replace(open_order(case, self.number), interviewed=True))


class OrderReleased(OrderSettled):
    """Somebody of another unit found that it was put right 销号."""

    TOPIC: ClassVar[str] = "order.released"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"finding"})

    finding: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders = _without(case, self.number)


class OrderEnded(OrderSettled):
    """The case ended over it, at that stage: there is nothing to demand any more."""

    TOPIC: ClassVar[str] = "order.ended"

    stage: Stage

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders = _without(case, self.number)


def issue(
    case: Case,
    by: Circumstances,
    *,
    level: OrderLevel,
    unit: str,
    demand: str | None = None,
    interview: bool = False,
    clock: str | None = None,
    percent: int | None = None,
) -> None:
    """Issue the next order of the case; as in OrderIssued. A RED one needs an interview."""
    case.trigger_event(
        OrderIssued,
        timestamp=by.at,
        number=case.orders_issued + 1,
        level=level,
        unit=unit,
        demand=demand,
        interview=interview or level is OrderLevel.RED,
        clock=clock,
        percent=percent,
        issued_by=by.actor.principal,
        **_reply_time(case, by),
    )


def escalate(
    case: Case,
    order: OpenOrder,
    by: Circumstances,
    *,
    level: OrderLevel,
    demand: str | None = None,
    interview: bool = False,
    percent: int | None = None,
) -> None:
    """Raise an open order to a level, which demands another reply; as in OrderEscalated."""
    case.trigger_event(
        OrderEscalated,
        timestamp=by.at,
        number=order.number,
        old=order.level,
        new=level,
        unit=order.unit,
        demand=demand,
        interview=interview or level is OrderLevel.RED,
        clock=order.clock,
        percent=percent,
        **_reply_time(case, by),
    )


def level_above(level: OrderLevel) -> OrderLevel:
    """The next level; above RED there is none, so it is RED again."""
    return next((each for each in OrderLevel if GRAVITY[each] > GRAVITY[level]), level)


def end_orders(case: Case, by: Circumstances) -> None:
    """Where the case has come to an end over open orders: each of them ends, and says so."""
    if case.stage in ENDS:
        for order in case.orders:
            case.trigger_event(OrderEnded, timestamp=by.at, number=order.number, stage=case.stage)


class ReplyTime(TypedDict):
    """As in ReplyDemanded."""

    reply_from: datetime
    due: datetime
    calendar: str | None


def _reply_time(case: Case, by: Circumstances) -> ReplyTime:
    """The time for a reply: by the SLA policy, as the clock of the reply; else REPLY_DAYS.

    What the service noticed late counts from then: nobody can reply to what is not there yet.
    """
    start = by.now if by.actor.kind is ActorKind.SERVICE else by.at
    policy = policy_in_force(by)
    rule = None
    if policy is not None:
        rule = rule_for(ClockKind.SUPERVISION_REPLY, case, policy, by)
    if rule is None:
        due, calendar = days_after(by, start, REPLY_DAYS), pinned_calendar(by)
    else:
        table = timetable_in_force(rule.calendar, by)
        due, calendar = table.due(start, rule.limit), table.pin
    return ReplyTime(reply_from=start, due=due, calendar=calendar)


def _reply_clock(number: int) -> StoppedClock:
    return StoppedClock(ClockKind.SUPERVISION_REPLY, str(number))


def _set(case: Case, changed: OpenOrder) -> None:
    case.orders = tuple(changed if each.number == changed.number else each for each in case.orders)


def _without(case: Case, number: int) -> tuple[OpenOrder, ...]:
    return tuple(each for each in case.orders if each.number != number)
