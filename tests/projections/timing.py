"""Clocks that run, as events set them."""

from typing import Any

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.starting import ClocksStarted
from domain.vocabulary import ClockKind
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
