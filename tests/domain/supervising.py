"""Facts and examples of supervision orders."""

from typing import Any, Final

from domain.case import ordering, orders
from domain.case.lifecycle import Stage
from domain.command import Command
from domain.vocabulary import OrderLevel
from tests.domain.people import OFFICER, SUPERVISOR
from tests.domain.scenario import NOW, Fact, ask, happened


def issued(number: int = 1, level: OrderLevel = OrderLevel.BLUE, **said: Any) -> Fact:
    usual: dict[str, Any] = {
        "unit": "environment",
        "demand": "Say when you measure.",
        "reply_from": NOW,
        "due": NOW,
        "calendar": None,
        "interview": level is OrderLevel.RED,
        "clock": None,
        "percent": None,
        "issued_by": SUPERVISOR.principal,
    }
    return happened(orders.OrderIssued, number=number, level=level, **{**usual, **said})


def replied(number: int = 1, plan: str | None = None, by: str = OFFICER.principal) -> Fact:
    return happened(
        orders.OrderReplied, number=number, reply="On Friday", remedial_plan=plan, replied_by=by
    )


def escalated(number: int, old: OrderLevel, new: OrderLevel, **said: Any) -> Fact:
    usual: dict[str, Any] = {
        "unit": "environment",
        "demand": None,
        "reply_from": NOW,
        "due": NOW,
        "calendar": None,
        "interview": new is OrderLevel.RED,
        "clock": None,
        "percent": None,
    }
    return happened(orders.OrderEscalated, number=number, old=old, new=new, **{**usual, **said})


def interviewed(number: int = 1, position: str = "inspector") -> Fact:
    return happened(orders.InterviewHeld, number=number, position=position, record="He came")


def released(number: int = 1) -> Fact:
    return happened(orders.OrderReleased, number=number, finding="Measured")


def ended(number: int, stage: Stage) -> Fact:
    return happened(orders.OrderEnded, number=number, stage=stage)


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    "replyToOrder": (issued(),),
    "escalateOrder": (issued(),),
    "recordInterview": (issued(),),
    "releaseOrder": (issued(), replied()),
}
"""As in `tests.domain.histories`."""

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(ordering.IssueOrder, level=OrderLevel.BLUE, unit="environment", demand="Say when."),
    ask(ordering.ReplyToOrder, number=1, reply="On Friday", remedial_plan="Two more inspectors"),
    ask(ordering.EscalateOrder, number=1),
    ask(ordering.RecordInterview, number=1, position="inspector", record="He came"),
    ask(ordering.ReleaseOrder, number=1, finding="Measured"),
)
