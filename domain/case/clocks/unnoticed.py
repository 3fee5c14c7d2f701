"""What a clock had come to before it stopped or moved, and nobody noticed: it is said all the same.

The limit that was passed and the rungs above it, each with its true time and for whom it was to be
told then. No warning, for nobody was warned; no order, for none is about what is over; and a rung
that repeats once, for nobody was told again. Where the clock runs on, the service goes on from
there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec.structs

from domain.case.clocks.changing import awaiting, raised
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import CaseEscalated, DeadlineBreached, passed
from domain.case.clocks.notifying import Notified, told, unit_behind
from domain.case.clocks.pinned import ladder_of, timetable_of
from domain.case.state import Case
from domain.command import Circumstances
from domain.escalation_policy.content import BREACH, Rung
from domain.vocabulary import OrderLevel


@dataclass(frozen=True)
class Unnoticed:
    """A share of a limit that was used. clock: as it came to that. at: when."""

    clock: Clock
    percent: int
    at: datetime
    notified: tuple[Notified, ...]
    level: OrderLevel | None


def unnoticed(clock: Clock, case: Case, by: Circumstances) -> Iterator[Unnoticed]:
    """What is to be said of a clock by then, from its limit on, in the order of time.

    case: as it was while the clock ran.
    """
    percent, at = clock.next_percent, clock.next_at
    if passed(clock, by.at) is not clock:
        percent, at = BREACH, clock.due
    elif not clock.is_breached:
        return
    while percent is not None and at is not None and at < by.at:
        then = replace(by, at=at)
        ladder = ladder_of(clock, case, then)
        clock = raised(clock, percent, at, timetable_of(clock, by), ladder)
        rung = ladder.rung(percent) or Rung(percent)
        notified = told(rung.notify, unit_behind(clock, case, then), case, then)
        yield Unnoticed(clock, percent, at, notified, rung.order)
        if rung.repeat_every is not None:
            return
        percent, at = clock.next_percent, clock.next_at


def say(found: Unnoticed, runs_on: Clock | None, case: Case, by: Circumstances) -> None:
    """Trigger the event of it. runs_on: the clock by now, if it is still the same one."""
    now = msgspec.structs.replace(
        found.clock if runs_on is None else runs_on,
        raised=found.percent,
        breached_at=found.clock.breached_at,
    )
    if runs_on is None:
        now = msgspec.structs.replace(now, next_percent=None, next_at=None)
    elif now.next_percent is not None and now.next_percent <= found.percent:
        now = awaiting(now, timetable_of(now, by), ladder_of(now, case, by))
    case.trigger_event(
        DeadlineBreached if found.percent == BREACH else CaseEscalated,
        timestamp=found.at,
        percent=found.percent,
        clock=now,
        notified=found.notified,
        level=found.level,
    )
