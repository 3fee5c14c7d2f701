"""Supervision orders 督办单: what a supervisor, or the ladder, demands of a unit that is late.

They are events of their case, so that it does not close over an open one. An order is issued to a
unit, which replies; it goes up a level, which demands another reply; others release it 销号.

What takes a case out of work by decision of the staff (closing, merging, voiding, referring it out)
waits until they are released. What ends it otherwise is not held up by them: the reporter who
withdraws has the right to, and a rejection is the decision that was demanded. Then they end with
the case, and each says so (`OrderEnded`): what nobody released never looks released.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.guards import check_unit
from domain.case.lifecycle import ENDS, Stage
from domain.case.order_book import (
    GRAVITY,
    WITH_PLAN,
    NotOfAddressedUnit,
    OpenOrder,
    OrderAlreadyReplied,
    PositionNotInUnit,
    RemedialPlanNeeded,
    hindrance_of,
    is_of,
    open_order,
)
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.case.windows import days_after, pinned_calendar
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import OrderLevel
from domain.wording import CODE_LIMIT, optional, required

REPLY_DAYS: Final = 1
"""Working days for a reply, where no SLA policy says otherwise (DOMAIN.md section 7, ladder)."""


class OrderEvent(CaseEvent):
    """Base of what happens to one order of a case. number: 1, 2, 3 ... of the case."""

    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    number: int


class OrderIssued(OrderEvent):
    """A unit is to put right what is late, and to say until `due` how.

    interview: whether one is held before the order is released. clock, percent: what is late, and
    how much of its limit was used; None: a supervisor says it in the demand. calendar:
    code@version that `due` was computed by. issued_by: who; the service, where the ladder did.
    """

    TOPIC: ClassVar[str] = "order.issued"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"demand"})

    level: OrderLevel
    unit: str
    demand: str | None
    due: datetime
    calendar: str | None
    interview: bool
    clock: str | None
    percent: int | None
    issued_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders_issued = self.number
        order = OpenOrder(self.number, self.level, self.unit, self.clock, self.interview)
        case.orders = (*case.orders, order)


class OrderReplied(OrderEvent):
    """The unit says what it does about it. remedial_plan: what it puts right, how and by when."""

    TOPIC: ClassVar[str] = "order.replied"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"reply", "remedial_plan"})

    reply: str
    remedial_plan: str | None
    replied_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        _set(case, replace(open_order(case, self.number), replied_by=self.replied_by))


class OrderEscalated(OrderEvent):
    """It was not enough: the order is of another level now, and waits for a reply again.

    old, new: RED both times where it is repeated; then another interview is held too. unit: the one
    it is addressed to. The rest as in OrderIssued.
    """

    TOPIC: ClassVar[str] = "order.escalated"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"demand"})

    old: OrderLevel
    new: OrderLevel
    unit: str
    demand: str | None
    due: datetime
    calendar: str | None
    interview: bool
    clock: str | None
    percent: int | None

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


class OrderReleased(OrderEvent):
    """Somebody of another unit found that it was put right 销号."""

    TOPIC: ClassVar[str] = "order.released"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"finding"})

    finding: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders = _without(case, self.number)


class OrderEnded(OrderEvent):
    """The case ended over it, at that stage: there is nothing to demand any more."""

    TOPIC: ClassVar[str] = "order.ended"

    stage: Stage

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.orders = _without(case, self.number)


@dataclass(frozen=True, kw_only=True)
class IssueOrder(Command):
    """Demand something of a unit. unit: None: of the one that leads the case."""

    NAME: ClassVar[str] = "issueOrder"

    case_id: UUID
    level: OrderLevel
    demand: str
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyToOrder(Command):
    """Reply for the unit that an order is addressed to."""

    NAME: ClassVar[str] = "replyToOrder"

    case_id: UUID
    number: int
    reply: str
    remedial_plan: str | None = None


@dataclass(frozen=True, kw_only=True)
class EscalateOrder(Command):
    """Raise an order by a level; one that is RED is repeated."""

    NAME: ClassVar[str] = "escalateOrder"

    case_id: UUID
    number: int
    demand: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordInterview(Command):
    """Record that the holder of a position was called in over an order."""

    NAME: ClassVar[str] = "recordInterview"

    case_id: UUID
    number: int
    position: str
    record: str


@dataclass(frozen=True, kw_only=True)
class ReleaseOrder(Command):
    """Release an order: what was demanded is done."""

    NAME: ClassVar[str] = "releaseOrder"

    case_id: UUID
    number: int
    finding: str


def issue_order(case: Case, command: IssueOrder, by: Circumstances) -> None:
    check(case, command, by)
    demand = required(["demand"], command.demand)
    unit = optional(["unit"], command.unit, CODE_LIMIT) or case.lead_unit
    if unit is None:
        raise InvalidInput(["unit"], "unit is needed while nobody leads the case")
    check_unit(unit, by)
    issue(case, by, level=command.level, unit=unit, demand=demand)


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
        due=days_after(by, by.at, REPLY_DAYS),
        calendar=pinned_calendar(by),
        interview=interview or level is OrderLevel.RED,
        clock=clock,
        percent=percent,
        issued_by=by.actor.principal,
    )


def reply_to_order(case: Case, command: ReplyToOrder, by: Circumstances) -> None:
    check(case, command, by)
    order = open_order(case, command.number)
    reply = required(["reply"], command.reply)
    plan = optional(["remedialPlan"], command.remedial_plan)
    if order.replied_by is not None:
        raise OrderAlreadyReplied(order=order.number)
    if not is_of(order.unit, by):
        raise NotOfAddressedUnit(unit=order.unit)
    if plan is None and order.level in WITH_PLAN:
        raise RemedialPlanNeeded(level=order.level.value)
    case.trigger_event(
        OrderReplied,
        timestamp=by.at,
        number=order.number,
        reply=reply,
        remedial_plan=plan,
        replied_by=by.actor.principal,
    )


def escalate_order(case: Case, command: EscalateOrder, by: Circumstances) -> None:
    check(case, command, by)
    order = open_order(case, command.number)
    demand = optional(["demand"], command.demand)
    escalate(case, order, by, level=level_above(order.level), demand=demand)


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
        due=days_after(by, by.at, REPLY_DAYS),
        calendar=pinned_calendar(by),
        interview=interview or level is OrderLevel.RED,
        clock=order.clock,
        percent=percent,
    )


def level_above(level: OrderLevel) -> OrderLevel:
    """The next level; above RED there is none, so it is RED again."""
    return next((each for each in OrderLevel if GRAVITY[each] > GRAVITY[level]), level)


def record_interview(case: Case, command: RecordInterview, by: Circumstances) -> None:
    check(case, command, by)
    order = open_order(case, command.number)
    position = required(["position"], command.position, CODE_LIMIT)
    record = required(["record"], command.record)
    _check_position(position, order.unit, by)
    case.trigger_event(
        InterviewHeld, timestamp=by.at, number=order.number, position=position, record=record
    )


def release_order(case: Case, command: ReleaseOrder, by: Circumstances) -> None:
    check(case, command, by)
    order = open_order(case, command.number)
    finding = required(["finding"], command.finding)
    hindrance = hindrance_of(case, order, by)
    if hindrance is not None:
        raise hindrance
    case.trigger_event(OrderReleased, timestamp=by.at, number=order.number, finding=finding)


def end_orders(case: Case, by: Circumstances) -> None:
    """Where the case has come to an end over open orders: each of them ends, and says so."""
    if case.stage in ENDS:
        for order in case.orders:
            case.trigger_event(OrderEnded, timestamp=by.at, number=order.number, stage=case.stage)


def _check_position(position: str, unit: str, by: Circumstances) -> None:
    """Refuse a position of another unit, once there are units."""
    directory = by.directory
    if directory is None or not directory.has_units():
        return
    found = directory.position_at(position, by.at)
    if found is None or found.unit != unit:
        raise PositionNotInUnit(position=position, unit=unit)


def _set(case: Case, changed: OpenOrder) -> None:
    case.orders = tuple(changed if each.number == changed.number else each for each in case.orders)


def _without(case: Case, number: int) -> tuple[OpenOrder, ...]:
    return tuple(each for each in case.orders if each.number != number)


OrderCommand = IssueOrder | ReplyToOrder | EscalateOrder | RecordInterview | ReleaseOrder


def decide(case: Case, command: OrderCommand, by: Circumstances) -> None:
    """Decide a command about supervision orders."""
    match command:
        case IssueOrder():
            issue_order(case, command, by)
        case ReplyToOrder():
            reply_to_order(case, command, by)
        case EscalateOrder():
            escalate_order(case, command, by)
        case RecordInterview():
            record_interview(case, command, by)
        case ReleaseOrder():
            release_order(case, command, by)
        case _:
            assert_never(command)
