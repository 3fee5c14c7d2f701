"""Supervision orders: the commands of supervisors, and of the units that they address."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.guards import check_unit
from domain.case.order_book import (
    WITH_PLAN,
    NotOfAddressedUnit,
    OrderAlreadyReplied,
    PositionNotInUnit,
    RemedialPlanNeeded,
    hindrance_of,
    is_of,
    open_order,
)
from domain.case.orders import (
    InterviewHeld,
    OrderReleased,
    OrderReplied,
    escalate,
    issue,
    level_above,
)
from domain.case.rules import check
from domain.case.state import Case
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import OrderLevel
from domain.wording import CODE_LIMIT, optional, required


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


def _check_position(position: str, unit: str, by: Circumstances) -> None:
    """Refuse a position of another unit, once there are units."""
    directory = by.directory
    if directory is None or not directory.has_units():
        return
    found = directory.position_at(position, by.at)
    if found is None or found.unit != unit:
        raise PositionNotInUnit(position=position, unit=unit)


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
