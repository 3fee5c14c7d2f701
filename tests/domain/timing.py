"""Facts about the clocks of a case."""

from datetime import timedelta
from typing import Any, Final

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import RaiseDeadline
from domain.case.clocks.deciding import AmendClocks
from domain.case.clocks.starting import ClocksStarted
from domain.command import Command
from domain.vocabulary import ClockKind
from tests.domain.scenario import BEGAN, Fact, ask, happened

DAYS: Final = 7


def clock(kind: ClockKind = ClockKind.RESOLUTION, **said: Any) -> Clock:
    """A clock of seven days around the clock, which says something at 80 % of them."""
    usual: dict[str, Any] = {
        "number": 1,
        "started_at": BEGAN,
        "limit": Limit(DAYS, LimitUnit.CALENDAR_DAYS),
        "due": BEGAN + timedelta(days=DAYS),
        "calendar": "24x7",
        "policy": 1,
        "next_percent": 80,
        "next_at": BEGAN + timedelta(days=DAYS) * 80 / 100,
    }
    return Clock(kind=kind, **{**usual, **said})


def started(*clocks: Clock) -> Fact:
    return happened(ClocksStarted, clocks=clocks or (clock(),))


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    "raiseDeadline": (started(),),
    # It was due earlier than its limit says.
    "amendClocks": (started(clock(due=BEGAN + timedelta(days=1))),),
}

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(RaiseDeadline, clock="RESOLUTION"),
    ask(AmendClocks, reason="The holidays of the year were set"),
)
