"""What happens to supervision orders, for tests of folds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.case.lifecycle import Stage
from domain.case.orders import (
    InterviewHeld,
    OrderEnded,
    OrderEscalated,
    OrderIssued,
    OrderReleased,
    OrderReplied,
)
from domain.vocabulary import OrderLevel

Said = tuple[type[AggregateEvent], dict[str, Any]]
DUE: Final = datetime(2024, 3, 2, 11, tzinfo=UTC)
LATER_DUE: Final = DUE + timedelta(days=1)

BLUE, ORANGE, RED = OrderLevel
DEMANDED: dict[str, Any] = {
    "unit": "environment",
    "demand": "Measure it",
    "reply_from": DUE - timedelta(days=1),
    "due": DUE,
    "calendar": None,
    "interview": False,
    "clock": "RESOLUTION",
    "percent": 150,
}


def issued(number: int = 1, level: OrderLevel = BLUE) -> Said:
    return OrderIssued, {**DEMANDED, "number": number, "level": level, "issued_by": "service"}


def escalated(number: int, old: OrderLevel, new: OrderLevel) -> Said:
    facts = {"number": number, "old": old, "new": new, "due": LATER_DUE, "interview": new is RED}
    return OrderEscalated, {**DEMANDED, **facts}


REPLIED: Said = (
    OrderReplied,
    {"number": 1, "reply": "Soon", "remedial_plan": None, "replied_by": "officer"},
)
INTERVIEWED: Said = (InterviewHeld, {"number": 1, "position": "head", "record": "He came"})
RELEASED: Said = (OrderReleased, {"number": 1, "finding": "Measured"})

ORDERS: Final[Sequence[Said]] = (
    issued(),
    issued(2, RED),
    REPLIED,
    escalated(1, BLUE, ORANGE),
    INTERVIEWED,
    RELEASED,
    (OrderEnded, {"number": 2, "stage": Stage.WITHDRAWN}),
)
