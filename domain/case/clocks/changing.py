"""A clock after it was paused, resumed, moved, or has acted: the same clock with other times."""

from datetime import datetime

import msgspec.structs

from domain.calendar.timetable import Timetable
from domain.case.clocks.clock import Clock, Pause
from domain.case.clocks.measure import after, began, budget, elapsed, percent, reached
from domain.escalation_policy.content import BREACH, Ladder


def awaiting(clock: Clock, table: Timetable, ladder: Ladder) -> Clock:
    """The same clock, told when it acts next."""
    following = _next_percent(clock, clock.raised, table, ladder)
    if not following:
        return msgspec.structs.replace(clock, next_percent=None, next_at=None)
    return msgspec.structs.replace(
        clock, next_percent=following, next_at=reached(clock, following, table)
    )


def _next_percent(clock: Clock, done: int, table: Timetable, ladder: Ladder) -> int:
    """The percentage at which it acts next; 0: never.

    It may have had little of its limit left, as where a late case was merged into one that began
    later: what repeats does so by the limit itself then, not every minute.
    """
    if not ladder.repeats(done):
        return ladder.next_percent(done)
    whole = elapsed(clock, began(clock), table.due(began(clock), clock.limit), table)
    return ladder.next_percent(done, max(1, whole // budget(clock, table)))


def paused(clock: Clock, at: datetime) -> Clock:
    """The clock standing still from an instant on."""
    return msgspec.structs.replace(
        clock, pauses=(*clock.pauses, Pause(at)), next_percent=None, next_at=None
    )


def resumed(clock: Clock, at: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The paused clock going on: its due time is later by the time, as it counts, of the pause.

    What is entered late may have it go on before it stood still: then it never did.
    """
    *before, pause = clock.pauses
    end = max(pause.begin, at)
    stood_still = elapsed(clock, pause.begin, end, table)
    moved = msgspec.structs.replace(
        clock,
        pauses=(*before, Pause(pause.begin, end)),
        due=after(clock, clock.due, stood_still, table),
        first_due=clock.first_due or clock.due,
        own_due=clock.own_due and after(clock, clock.own_due, stood_still, table),
    )
    return awaiting(moved, table, ladder)


def moved_to(clock: Clock, due: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The clock with another due time; by as much later is what it would be due by itself."""
    own_due = clock.own_due
    if own_due is not None and due > clock.due:
        own_due = after(clock, own_due, elapsed(clock, clock.due, due, table), table)
    moved = msgspec.structs.replace(
        clock, due=due, first_due=clock.first_due or clock.due, own_due=own_due
    )
    return moved if clock.is_paused else awaiting(moved, table, ladder)


def amended(clock: Clock, at: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The clock whose limit was moved at an instant, told when it acts next.

    What it would have said before that under the limit that it has now, it does not say any more:
    nobody could have known. A limit that is passed already is passed all the same (`breached`).
    """
    if clock.is_paused:
        return msgspec.structs.replace(clock, next_percent=None, next_at=None)
    used = max(clock.raised, percent(clock, at, table) // 1)
    open_still = clock.due > at and not clock.is_breached
    done = min(used, BREACH - 1) if open_still else max(used, BREACH)
    following = _next_percent(clock, done, table, ladder)
    next_at = reached(clock, following, table) if following else None
    return msgspec.structs.replace(clock, next_percent=following or None, next_at=next_at)


def at_rest(clock: Clock, at: datetime, table: Timetable) -> tuple[Clock, datetime] | None:
    """The clock as it had stopped by an instant, and when, where it has gone on since.

    None: it tells of no such time. It was due as its pauses until then say, extensions apart.
    """
    begun = [pause for pause in clock.pauses if pause.begin <= at]
    if not begun:
        return None
    *before, resting = begun
    due = clock.first_due or clock.due
    for pause in before:
        due = after(clock, due, elapsed(clock, pause.begin, pause.end or at, table), table)
    then = msgspec.structs.replace(clock, pauses=tuple(before), due=due, own_due=None)
    return then, resting.begin


def breached(clock: Clock) -> Clock:
    """The clock whose limit was passed at its due time; when it acts next stays as it is."""
    return msgspec.structs.replace(clock, raised=max(clock.raised, BREACH), breached_at=clock.due)


def raised(clock: Clock, percentage: int, at: datetime, table: Timetable, ladder: Ladder) -> Clock:
    """The clock after it has acted at a percentage of its limit."""
    acted = msgspec.structs.replace(
        clock,
        raised=percentage,
        breached_at=at if percentage == BREACH else clock.breached_at,
    )
    return awaiting(acted, table, ladder)
