"""Clocks that run, as events set them."""

from collections.abc import Sequence
from typing import Any, Final

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.changing import paused
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import DeadlineWarning
from domain.case.clocks.starting import ClocksStarted
from domain.case.lifecycle import Stage
from domain.case.officers import OfficerAssigned
from domain.vocabulary import ClockKind, OrderLevel
from tests.domain.holding import suspended
from tests.domain.supervising import ended, escalated, interviewed, issued, released, replied
from tests.projections.recorded import Said, hour


def clock(kind: ClockKind = ClockKind.RESOLUTION, *, number: int = 1, **said: Any) -> Clock:
    usual: dict[str, Any] = {
        "started_at": hour(0),
        "limit": Limit(600, LimitUnit.WALL_MINUTES),
        "due": hour(10),
        "calendar": "",
        "policy": 1,
        "next_percent": 80,
        "next_at": hour(8),
    }
    return Clock(kind=kind, number=number, **{**usual, **said})


def started(*clocks: Clock) -> Said:
    return ClocksStarted, {"clocks": clocks}


CLOCKS: Final[Sequence[Said]] = (
    started(clock()),
    started(clock(number=2, due=hour(20), next_at=hour(16))),
    started(clock(ClockKind.STAGE, unit="water"), clock(ClockKind.SIGN_OFF, unit="water")),
    started(clock(ClockKind.VERIFICATION)),
    started(paused(clock(), hour(3))),
    (DeadlineWarning, {"percent": 80, "clock": clock(raised=80, next_percent=100)}),
    (OfficerAssigned, {"officer": "ann", "position": "inspector"}),
)
"""What may be said of clocks, and of who handles a case."""

SUPERVISED: Final[Sequence[Said]] = [
    (fact.event, dict(fact.said))
    for fact in (
        issued(1, unit="water", due=hour(4)),
        issued(2, unit="water", due=hour(8)),
        replied(1),
        escalated(1, OrderLevel.BLUE, OrderLevel.RED, unit="environment", due=hour(7)),
        interviewed(1),
        released(1),
        ended(2, Stage.CLOSED),
        suspended(),
    )
]
"""What supervisors order, and that the handling rests."""
