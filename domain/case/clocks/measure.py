"""How a clock stands at an instant: used, allowed, and when a share of that is used.

A limit in minutes of the wall or calendar days is measured by the wall, one in working minutes or
days by working time. All of it is what lies between its start and its due time, without pauses: so
100 % is the due time itself, whatever the unit.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from domain.calendar.timetable import LimitUnit, Timetable
from domain.case.clocks.clock import Clock
from domain.escalation_policy.content import BREACH

ON_THE_WALL: Final = frozenset({LimitUnit.WALL_MINUTES, LimitUnit.CALENDAR_DAYS})

YELLOW_FROM: Final = 80
"""Percent (DOMAIN.md section 7, rule 7)."""

LEAST: Final = timedelta(minutes=1)
"""A clock that starts when it is due already has used all of this in a minute."""


class Light(StrEnum):
    """How a clock stands: below 80 %, up to 100 %, beyond."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


def elapsed(clock: Clock, first: datetime, last: datetime, table: Timetable) -> timedelta:
    """The time between two instants as the clock counts it, pauses and all."""
    if clock.limit.unit in ON_THE_WALL:
        return last - first
    return table.working_time(first, last)


def began(clock: Clock) -> datetime:
    """From when on its limit counts."""
    return clock.counts_from or clock.started_at


def consumed(clock: Clock, at: datetime, table: Timetable) -> timedelta:
    """How much of its limit is used at an instant, without the pauses; nothing before it counts."""
    return _used(clock, _counted_to(clock, at), table)


def budget(clock: Clock, table: Timetable) -> timedelta:
    """How much may be used; at least LEAST. One that stands still has all of it."""
    return max(LEAST, _used(clock, clock.due, table))


def _counted_to(clock: Clock, at: datetime) -> datetime:
    """Up to when time has passed for a clock: one that stands still has none since then."""
    return min(at, clock.pauses[-1].begin) if clock.is_paused else at


def _used(clock: Clock, at: datetime, table: Timetable) -> timedelta:
    """What it counts up to an instant, without the pauses that are over."""
    begin = began(clock)
    if at <= begin:
        return timedelta()
    used = elapsed(clock, begin, at, table)
    for pause in clock.pauses:
        if pause.end is None:
            continue
        first, last = max(pause.begin, begin), min(pause.end, at)
        if first < last:
            used -= elapsed(clock, first, last, table)
    return used


def percent(clock: Clock, at: datetime, table: Timetable) -> Fraction:
    """How much of the limit is used at an instant, exactly."""
    microsecond = timedelta(microseconds=1)
    return Fraction(
        100 * (consumed(clock, at, table) // microsecond), budget(clock, table) // microsecond
    )


class Standing(NamedTuple):
    """How a clock stands at an instant: used, allowed, and what that means."""

    consumed: timedelta
    budget: timedelta
    light: Light


def standing(clock: Clock, at: datetime, table: Timetable) -> Standing:
    """All of it at once: what is asked for by the million."""
    used, allowed = consumed(clock, at, table), budget(clock, table)
    if _counted_to(clock, at) > clock.due:
        return Standing(used, allowed, Light.RED)
    nearly = 100 * used >= YELLOW_FROM * allowed
    return Standing(used, allowed, Light.YELLOW if nearly else Light.GREEN)


def light(clock: Clock, at: datetime, table: Timetable) -> Light:
    """How it stands at an instant."""
    return standing(clock, at, table).light


def reached(clock: Clock, percentage: int, table: Timetable) -> datetime:
    """When so much of the limit is used, if it is not paused again; 100 %: the due time."""
    if percentage == BREACH:
        return clock.due
    at = after(clock, began(clock), budget(clock, table) * percentage / 100, table)
    for pause in clock.pauses:
        if pause.begin < at and pause.end is not None:
            first = max(pause.begin, began(clock))
            at = after(clock, at, elapsed(clock, first, max(first, pause.end), table), table)
    return at


def after(clock: Clock, start: datetime, amount: timedelta, table: Timetable) -> datetime:
    """The instant by which so much time, as the clock counts it, has passed since `start`."""
    if clock.limit.unit in ON_THE_WALL or not amount:
        return start + amount
    return table.after_working_time(start, amount)
