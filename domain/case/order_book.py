"""What is open of the supervision orders 督办单 of a case, and the guards that look at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.case.regions import Supervision
from domain.command import Circumstances
from domain.refusal import Refusal
from domain.vocabulary import OrderLevel

if TYPE_CHECKING:  # a case holds orders
    from domain.case.state import Case

GRAVITY: Final = {level: rank for rank, level in enumerate(OrderLevel)}
"""The gravest has the highest."""

WITH_PLAN: Final = frozenset({OrderLevel.ORANGE, OrderLevel.RED})
"""The reply to such an order says what is put right, how and until when."""


@dataclass(frozen=True)
class OpenOrder:
    """An order that was not released. unit: the one it is addressed to.

    clock: the name of the clock whose lateness it is about; None: a supervisor issued it.
    interview: whether one is needed before it is released. interviewed: whether it was held since
    the order was issued or last escalated. replied_by: who answered it since; None: nobody.
    """

    number: int
    level: OrderLevel
    unit: str
    clock: str | None = None
    interview: bool = False
    interviewed: bool = False
    replied_by: str | None = None


class OpenOrders(Refusal):
    """The supervision orders {orders} have not been released."""

    code = "OPEN_ORDERS"


class NoOpenOrder(Refusal):
    """No supervision order is open."""

    code = "NO_OPEN_ORDER"


class OrderNotOpen(Refusal):
    """The supervision order number {order} is not open."""

    code = "ORDER_NOT_OPEN"


class NoOrderToReply(Refusal):
    """No supervision order waits for a reply."""

    code = "NO_ORDER_TO_REPLY"


class OrderAlreadyReplied(Refusal):
    """The supervision order number {order} was replied to; a supervisor decides on it."""

    code = "ORDER_ALREADY_REPLIED"


class NotOfAddressedUnit(Refusal):
    """Whoever replies holds a position in the unit {unit} that the order is addressed to."""

    code = "NOT_OF_ADDRESSED_UNIT"


class RemedialPlanNeeded(Refusal):
    """The reply to an order of the level {level} says what is put right, how and until when."""

    code = "REMEDIAL_PLAN_NEEDED"


class PositionNotInUnit(Refusal):
    """There was no position {position} in the unit {unit} that the order is addressed to."""

    code = "POSITION_NOT_IN_UNIT"


class OrderNotReplied(Refusal):
    """The unit {unit} has not replied to the supervision order number {order}."""

    code = "ORDER_NOT_REPLIED"


class InterviewNeeded(Refusal):
    """The supervision order number {order} is released after an interview only."""

    code = "INTERVIEW_NEEDED"


class ReleaserOfAddressedUnit(Refusal):
    """Somebody of another unit than {unit}, to which the order is addressed, releases it."""

    code = "RELEASER_OF_ADDRESSED_UNIT"


def supervision_of(levels: Iterable[OrderLevel]) -> Supervision:
    """The region: the highest level among the open orders."""
    gravest = max(levels, key=GRAVITY.__getitem__, default=None)
    return Supervision.NONE if gravest is None else Supervision(gravest.value)


def check_no_open_order(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while an order is open: the case does not leave supervision by itself."""
    if case.orders:
        raise OpenOrders(orders=[str(each.number) for each in case.orders])


def check_order_open(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse where no order is open."""
    if not case.orders:
        raise NoOpenOrder


def check_order_to_reply(case: "Case", by: Circumstances) -> None:
    """Refuse where no order waits for a reply of whoever it is."""
    waiting = [order for order in case.orders if order.replied_by is None]
    if not waiting:
        raise NoOrderToReply
    if not any(is_of(order.unit, by) for order in waiting):
        raise NotOfAddressedUnit(unit=", ".join(sorted({order.unit for order in waiting})))


def check_releasable(case: "Case", by: Circumstances) -> None:
    """Refuse where there is no open order that the actor may release."""
    check_order_open(case, by)
    hindrances = [hindrance_of(case, order, by) for order in case.orders]
    first = hindrances[0]
    if first is not None and None not in hindrances:
        raise first


def hindrance_of(case: "Case", order: OpenOrder, by: Circumstances) -> Refusal | None:
    """Why the actor may not release an order; None: they may.

    A unit that has nothing to do with the case any more cannot reply: then nobody waits for it.
    """
    if order.replied_by is None and order.unit in {case.lead_unit, *case.co_units}:
        return OrderNotReplied(unit=order.unit, order=order.number)
    if order.interview and not order.interviewed:
        return InterviewNeeded(order=order.number)
    if order.replied_by == by.actor.principal or _is_known_of(order.unit, by):
        return ReleaserOfAddressedUnit(unit=order.unit)
    return None


def open_order(case: "Case", number: int) -> OpenOrder:
    """The open order with that number. Raises OrderNotOpen."""
    found = next((each for each in case.orders if each.number == number), None)
    if found is None:
        raise OrderNotOpen(order=number)
    return found


def is_of(unit: str, by: Circumstances) -> bool:
    """Whether the actor holds a position in that very unit; anybody may, while there are none."""
    directory = by.directory
    return directory is None or not directory.has_units() or _is_known_of(unit, by)


def _is_known_of(unit: str, by: Circumstances) -> bool:
    directory = by.directory
    return directory is not None and directory.holds_position_in(by.actor.principal, unit, by.at)
