"""What if: the history of a case told again under other versions of policy and calendar. Pure.

What happened is as it was, and so are suspensions, extensions and other cases; only the clocks are
others. Nothing is recorded: another policy is a question, not a rewrite (DOMAIN.md section 2).
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from eventsourcing.domain import AggregateEvent

from domain.case.clocks.amending import ClocksAmended, wanted_after
from domain.case.clocks.changing import paused, resumed
from domain.case.clocks.clock import Clock, Clocks
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.clocks.following import set_anew
from domain.case.clocks.pinned import timetable_of
from domain.case.clocks.running import running_after
from domain.case.clocks.starting import ClocksStarted
from domain.case.extension import ExtensionApproved, extended
from domain.case.state import Case, CaseEvent
from domain.case.suspension import CaseResumed, CaseSuspended
from domain.command import EARLIEST, Arrangements, Circumstances
from domain.configuration import ConfigurationOf, VersionContent
from domain.escalation_policy.content import NO_LADDER
from domain.identity import THE_SERVICE, Actor
from domain.recorded import RecordedEvent

OF_CLOCKS: Final = (ClocksStarted, ClocksAmended, DeadlineReached)
"""What is told anew."""

Kept = TypeVar("Kept", bound=ConfigurationOf[VersionContent])
Commands = Iterable[Sequence[AggregateEvent]]
"""The events of a case, those of one command together."""


class Told(NamedTuple):
    """A clock as it ran last, and when it stopped; None: it runs."""

    clock: Clock
    stopped_at: datetime | None = None

    def is_late(self, at: datetime) -> bool:
        """Whether it stopped after it was due, or is past due at an instant."""
        end = self.stopped_at or at
        if self.clock.is_paused:
            end = min(end, self.clock.pauses[-1].begin)
        return self.clock.due < end


class Compared(NamedTuple):
    """One clock as it is and as it would be; None: then it would not be timed, or is not."""

    now: Told | None
    then: Told | None


def only(kept: Kept, number: int) -> Kept:
    """The configuration, in which that version alone is in force, at any time."""
    alone = copy(kept)
    alone.versions = [
        replace(record, valid_from=EARLIEST, retired=None)
        if record.number == number
        else replace(record, valid_from=None)
        for record in kept.versions
    ]
    return alone


def by_command(events: Iterable[RecordedEvent]) -> list[list[AggregateEvent]]:
    """The events of a case, those of one command together, as it caused them."""
    of_each = groupby(events, key=lambda recorded: recorded.command_id)
    return [[recorded.event for recorded in group] for _, group in of_each]


def compared(commands: Commands, arrangements: Arrangements) -> list[Compared]:
    """Every clock of a case as it is, and as it would be under these arrangements.

    In the order in which they started.
    """
    said = list(commands)
    now, then = told(said), retold(said, arrangements)
    places = sorted(now.keys() | then.keys(), key=lambda place: (place[1], place[0]))
    return [Compared(now.get(place), then.get(place)) for place in places]


Tale = dict[tuple[str, datetime], Told]
"""The clocks of a case by name and start."""


def told(commands: Commands) -> Tale:
    """The clocks as they are."""
    tale: Tale = {}
    case: Case | None = None
    for events in commands:
        for event in events:
            before: Clocks = {} if case is None else case.clocks
            case = event.mutate(case)
            _note(tale, before, {} if case is None else case.clocks, event.timestamp)
    return tale


def retold(commands: Commands, arrangements: Arrangements) -> Tale:
    """The clocks as they would be, had these arrangements been in force."""
    tale: Tale = {}
    case: Case | None = None
    for events in commands:
        if case is None:
            case = _begun(events[0])
            _note(tale, {}, case.clocks, events[0].timestamp)
        _tell_again(tale, case, events, arrangements)
    return tale


def _begun(event: AggregateEvent) -> Case:
    """The case as the event begins it that comes first."""
    nothing: Case | None = None
    case = event.mutate(nothing)
    assert case is not None, "a stream begins with an event that begins it"  # noqa: S101
    return case


def _tell_again(
    tale: Tale, case: Case, events: Sequence[AggregateEvent], arrangements: Arrangements
) -> None:
    by = _under(arrangements, events[0].timestamp)

    def step(event: CaseEvent, clocks: Clocks) -> Clocks:
        changed = _changed(event, clocks, case, by)
        return running_after(clocks, event.STAGE, event.stops_clocks(), changed)

    plain = [event for event in events if not isinstance(event, OF_CLOCKS)]
    before = case.clocks
    for event in plain:
        if isinstance(event, CaseEvent):
            was = case.clocks
            event.apply(case)
            case.time(step(event, was))
            _note(tale, was, case.clocks, event.timestamp)
    _set(tale, case, set_anew(case, plain, before, by, step), by.at)
    for clocks, _ in wanted_after(case, plain, by):
        _set(tale, case, clocks, by.at)


def _changed(event: CaseEvent, clocks: Clocks, case: Case, by: Circumstances) -> tuple[Clock, ...]:
    """Those that stand still, go on, or are due later with an event."""
    if not isinstance(event, CaseSuspended | CaseResumed | ExtensionApproved):
        return ()
    there = [clocks[clock.name] for clock in event.clocks if clock.name in clocks]
    if isinstance(event, CaseSuspended):
        return tuple(paused(clock, event.timestamp) for clock in there)
    if isinstance(event, ExtensionApproved):
        return tuple(extended(clock, event.days, case, by) for clock in there)
    return tuple(
        resumed(clock, event.timestamp, timetable_of(clock, by), NO_LADDER)
        for clock in there
        if clock.is_paused
    )


def _set(tale: Tale, case: Case, clocks: Iterable[Clock], at: datetime) -> None:
    was = case.clocks
    case.time({**was, **{clock.name: clock for clock in clocks}})
    _note(tale, was, case.clocks, at)


def _note(tale: Tale, before: Clocks, after: Clocks, at: datetime) -> None:
    for name, clock in before.items():
        if not clock.is_same(after.get(name)):
            tale[name, clock.started_at] = Told(clock, at)
    for name, clock in after.items():
        tale[name, clock.started_at] = Told(clock)


def _under(arrangements: Arrangements, at: datetime) -> Circumstances:
    service = Actor(THE_SERVICE.principal, THE_SERVICE.kind, None, None)
    return Circumstances(
        actor=service,
        at=at,
        now=at,
        directory=arrangements.directory,
        catalogue=arrangements.catalogue,
        routing=arrangements.routing,
        calendar=arrangements.calendar,
        time_zone=arrangements.time_zone,
        sla=arrangements.sla,
        escalation=arrangements.escalation,
    )
