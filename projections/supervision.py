"""What supervision orders make of the state of a case: which there are, and what became of each.

Each effect holds in any order: an event that is backdated may meet a state without its order, and
then changes nothing. What is demanded and replied stays in the events.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.order_book import supervision_of
from domain.case.orders import (
    InterviewHeld,
    OrderEnded,
    OrderEscalated,
    OrderEvent,
    OrderIssued,
    OrderReleased,
    OrderReplied,
)
from domain.case.regions import Supervision
from domain.vocabulary import OrderLevel


class OrderState(StrEnum):
    """What became of a supervision order. ENDED: the case ended over it."""

    OPEN = "OPEN"
    REPLIED = "REPLIED"
    RELEASED = "RELEASED"
    ENDED = "ENDED"


OPEN_STATES: Final = frozenset({OrderState.OPEN, OrderState.REPLIED})
"""Nobody has released it."""


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """A supervision order. clock: whose lateness it is about; None: a supervisor issued it.

    due: until when the reply is awaited. interview: whether one is needed before it is released.
    escalated_at, replied_at, interviewed_at: the last of each, the latter two since it was issued
    or escalated. ended_at: when it was released, or the case ended over it.
    """

    number: int
    level: OrderLevel
    unit: str
    issued_at: datetime
    due: datetime
    state: OrderState = OrderState.OPEN
    clock: str | None = None
    interview: bool = False
    escalated_at: datetime | None = None
    replied_at: datetime | None = None
    interviewed_at: datetime | None = None
    ended_at: datetime | None = None


Orders = tuple[Order, ...]

replace: Final = msgspec.structs.replace


def _issued(orders: Orders, event: OrderIssued) -> Orders:
    issued = Order(
        event.number,
        event.level,
        event.unit,
        _utc(event.timestamp),
        _utc(event.due),
        clock=event.clock,
        interview=event.interview,
    )
    return (*orders, issued)


def _escalated(event: OrderEscalated) -> dict[str, object]:
    return {
        "level": event.new,
        "due": _utc(event.due),
        "state": OrderState.OPEN,
        "interview": event.interview,
        "escalated_at": _utc(event.timestamp),
        "replied_at": None,
        "interviewed_at": None,
    }


def _replied(event: OrderReplied) -> dict[str, object]:
    return {"state": OrderState.REPLIED, "replied_at": _utc(event.timestamp)}


def _interviewed(event: InterviewHeld) -> dict[str, object]:
    return {"interviewed_at": _utc(event.timestamp)}


def _over(state: OrderState) -> Callable[[OrderEvent], dict[str, object]]:
    return lambda event: {"state": state, "ended_at": _utc(event.timestamp)}


def _change(changed: Callable[[Any], dict[str, object]]) -> Callable[[Orders, Any], Orders]:
    """The effect on the order of that number."""
    return lambda orders, event: tuple(
        replace(each, **changed(event)) if each.number == event.number else each for each in orders
    )


ORDER_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Orders, Any], Orders]]] = {
    OrderIssued: _issued,
    OrderEscalated: _change(_escalated),
    OrderReplied: _change(_replied),
    InterviewHeld: _change(_interviewed),
    OrderReleased: _change(_over(OrderState.RELEASED)),
    OrderEnded: _change(_over(OrderState.ENDED)),
}
"""What an event makes of the orders of a case."""


def region_of(orders: Orders) -> Supervision:
    """The highest level among those that are open."""
    return supervision_of(each.level for each in orders if each.state in OPEN_STATES)


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)
