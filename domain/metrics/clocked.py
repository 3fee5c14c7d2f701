"""The rows of clocks: when each fell due, whether it was kept by then, and whether it had warned.

A clock that something else stops before its due time (the case is withdrawn, the unit may give it
back) never fell due and counts in nothing; one that is stopped later was not kept. One that stands
still does not fall due meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock, Clocks
from domain.case.clocks.deadlines import DeadlineWarning
from domain.case.contact import FirstContactMade
from domain.case.imported import HistoryClosed, HistoryEnded
from domain.case.outcome import ResolutionSubmitted, ResolutionVerified
from domain.case.routing import CaseSignedFor
from domain.case.state import CaseEvent
from domain.metrics.rows import History, Row, key_of
from domain.metrics.vocabulary import Fact, Population
from domain.vocabulary import ClockKind

WARNS_FROM: Final = 80
"""Percent: then a clock is yellow (DOMAIN.md section 7, rule 7); before, it is no warning."""


@dataclass(frozen=True)
class Kept:
    """What becomes of a kind of clock: its population, and what keeps it."""

    population: Population
    due: Fact
    in_time: Fact
    by: tuple[type[AggregateEvent], ...]


KEPT: Final[dict[ClockKind, Kept]] = {
    ClockKind.FIRST_CONTACT: Kept(
        Population.CONTACT, Fact.CONTACT_DUE, Fact.CONTACTED_IN_TIME, (FirstContactMade,)
    ),
    ClockKind.SIGN_OFF: Kept(
        Population.SIGN_OFF, Fact.SIGN_OFF_DUE, Fact.SIGNED_IN_TIME, (CaseSignedFor,)
    ),
    ClockKind.STAGE: Kept(
        Population.HANDLING, Fact.HANDLING_DUE, Fact.HANDLED_IN_TIME, (ResolutionSubmitted,)
    ),
    ClockKind.RESOLUTION: Kept(
        Population.CLOSING,
        Fact.CLOSING_DUE,
        Fact.CLOSED_IN_TIME,
        (ResolutionVerified, HistoryClosed, HistoryEnded),
    ),
}
"""The clocks of DOMAIN.md section 8. Whoever verifies a resolution has the case closed."""

_WARNING: Final = frozenset({ClockKind.STAGE, ClockKind.RESOLUTION})


def clocks_taken_in(history: History, event: CaseEvent) -> History:
    """The history after what an event does to the clocks."""
    before = history.clocks
    after = event.clocks_after(before)
    if after is not before:
        for clock in _stopped(before, after):
            history = _ended(history, clock, event)
        anew = [clock for name, clock in after.items() if clock != before.get(name)]
        history = clocks_running(history, anew)
        history = msgspec.structs.replace(history, clocks=dict(after))
    if isinstance(event, DeadlineWarning) and event.percent >= WARNS_FROM:
        history = _warned(history, event)
    return history


def clocks_running(history: History, clocks: Collection[Clock]) -> History:
    """The history with clocks that run from now on, or at other times than before."""
    for clock in clocks:
        history = _running(history, clock)
    known = {clock.name: clock for clock in clocks}
    return msgspec.structs.replace(history, clocks={**history.clocks, **known})


def led_by(history: History) -> History:
    """The history after its lead has changed: what still runs for the case is the lead's now."""
    for row in history.of(Population.CLOSING):
        if row.ended is None:
            history = history.with_row(msgspec.structs.replace(row, unit=history.lead))
    return history


def _stopped(before: Clocks, after: Clocks) -> list[Clock]:
    """Those that run no longer; another of that name may have taken their place."""
    return [
        clock
        for name, clock in before.items()
        if name not in after or after[name].number != clock.number
    ]


def _running(history: History, clock: Clock) -> History:
    kept = KEPT.get(clock.kind)
    if kept is None:
        return history
    if clock.is_paused and clock.breached_at is None:
        return history.without_row(key_of(kept.population, _instance(clock)))
    unit = history.lead if clock.kind is ClockKind.RESOLUTION else clock.unit
    row = Row(
        kept.population,
        _instance(clock),
        began=clock.started_at,
        facts=(kept.due,),
        unit=unit,
        due=_fell_due(clock),
    )
    if clock.kind is ClockKind.RESOLUTION:
        row = row.marked(*_of_closing(clock))
        history = _due_of_cycle(history, clock)
    if clock.breached_at is not None:
        history = _passed(history, clock)
    return history.with_row(row)


def _ended(history: History, clock: Clock, event: CaseEvent) -> History:
    kept = KEPT.get(clock.kind)
    if kept is None:
        return history
    history = _running(history, clock)
    row = history.row(kept.population, _instance(clock))
    # A breach stands, whatever time is given after it.
    in_time = event.timestamp <= clock.due and not clock.is_breached
    is_kept = isinstance(event, kept.by)
    if row is None or (in_time and not is_kept):
        return _never_due(history, clock, kept)
    row = msgspec.structs.replace(row, ended=event.timestamp)
    if in_time:
        return history.with_row(row.marked(kept.in_time))
    if clock.kind is ClockKind.RESOLUTION:
        row = row.marked(Fact.PASSED)
    return _passed(history.with_row(row), clock)


def _of_closing(clock: Clock) -> list[Fact]:
    facts = {
        Fact.PASSED: clock.breached_at is not None,
        Fact.EXTENDED: clock.extensions > 0,
        Fact.SUSPENDED: bool(clock.pauses),
    }
    return [fact for fact, holds in facts.items() if holds]


def _due_of_cycle(history: History, clock: Clock) -> History:
    row = history.row(Population.CYCLE, str(clock.cycle))
    if row is None:
        return history
    return history.with_row(msgspec.structs.replace(row, due=_fell_due(clock)))


def _fell_due(clock: Clock) -> datetime:
    """When it did, or will: time that is given after a breach moves it to no other period."""
    return clock.breached_at or clock.due


def _never_due(history: History, clock: Clock, kept: Kept) -> History:
    history = history.without_row(key_of(kept.population, _instance(clock)))
    return history.without_row(key_of(Population.WARNING, _warning(clock)))


def _warned(history: History, event: DeadlineWarning) -> History:
    """The first warning of a clock that still runs counts: a later one says the same again."""
    clock = event.clock
    if clock.kind not in _WARNING or not clock.is_same(history.clocks.get(clock.name)):
        return history
    if history.row(Population.WARNING, _warning(clock)) is not None:
        return history
    unit = history.lead if clock.kind is ClockKind.RESOLUTION else clock.unit
    row = Row(
        Population.WARNING,
        _warning(clock),
        began=event.timestamp,
        facts=(Fact.WARNED,),
        unit=unit,
        due=clock.due,
    )
    return history.with_row(row)


def _passed(history: History, clock: Clock) -> History:
    row = history.row(Population.WARNING, _warning(clock))
    return history if row is None else history.with_row(row.marked(Fact.WARNED_RIGHTLY))


def _instance(clock: Clock) -> str:
    return f"{clock.key}/{clock.number}" if clock.key else str(clock.number)


def _warning(clock: Clock) -> str:
    return f"{clock.kind.value}/{_instance(clock)}"


def due_of(history: History) -> datetime | None:
    """When the case was to be closed in this cycle."""
    row = history.row(Population.CYCLE, str(history.cycle))
    return None if row is None else row.due
