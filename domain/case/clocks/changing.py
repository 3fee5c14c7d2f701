"""A clock after it was paused, resumed, moved, or has acted: the same clock with other times."""

from datetime import datetime

import msgspec.structs

from domain.calendar.timetable import Timetable
from domain.case.clocks.clock import Clock, Pause
from domain.case.clocks.measure import after, elapsed, reached
from domain.escalation_policy.content import BREACH, Ladder


def awaiting(clock: Clock, table: Timetable, ladder: Ladder) -> Clock:
    """The same clock, told when it acts next."""
    following = ladder.next_percent(clock.raised)
    if not following:
        return msgspec.structs.replace(clock, next_percent=None, next_at=None)
    return msgspec.structs.replace(
        clock, next_percent=following, next_at=reached(clock, following, table)
    )


def paused(clock: Clock, at: datetime) -> Clock:
    """The clock standing still from an instant on."""
    return msgspec.structs.replace(
        clock, pauses=(*clock.pauses, Pause(at)), next_percent=None, next_at=None
    )


def resumed(clock: Clock, at: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The paused clock going on: its due time is later by the time, as it counts, of the pause."""
    *before, pause = clock.pauses
    closed = Pause(pause.begin, at)
    due = after(clock, clock.due, elapsed(clock, pause.begin, at, table), table)
    moved = msgspec.structs.replace(
        clock, pauses=(*before, closed), due=due, first_due=clock.first_due or clock.due
    )
    return awaiting(moved, table, ladder)


def moved_to(clock: Clock, due: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The clock with another due time."""
    moved = msgspec.structs.replace(clock, due=due, first_due=clock.first_due or clock.due)
    return moved if clock.is_paused else awaiting(moved, table, ladder)


def raised(clock: Clock, percentage: int, at: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The clock after it has acted at a percentage of its limit."""
    acted = msgspec.structs.replace(
        clock,
        raised=percentage,
        breached_at=at if percentage == BREACH else clock.breached_at,
    )
    return awaiting(acted, table, ladder)
