"""Amendments: clocks that run get another due time, explicitly, and the fact says what it was.

A later version of a calendar or of the SLA policy moves nothing by itself (DOMAIN.md section 7,
rules 2 and 6): people amend, or a merge, an emergency or another type does, each time by an event.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.changing import amended
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import breach, passed
from domain.case.clocks.notifying import told_of_breach
from domain.case.clocks.pinned import (
    ladder_of,
    policy_in_force,
    rule_for,
    timetable_in_force,
    timetable_of,
)
from domain.case.clocks.recomputing import Versions, recomputed
from domain.case.correction import CaseReclassified
from domain.case.emergency import EmergencyDeclared
from domain.case.merging import AbsorptionReversed, CaseAbsorbed
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience, ClockEffect
from domain.command import Circumstances
from domain.vocabulary import ClockKind


class AmendmentBasis(StrEnum):
    """Why a clock is due at another time. DECISION: somebody wanted it, for a reason."""

    DECISION = "DECISION"
    EMERGENCY = "EMERGENCY"
    MERGE = "MERGE"
    MERGE_REVERSED = "MERGE_REVERSED"
    RECLASSIFICATION = "RECLASSIFICATION"


class Amended(msgspec.Struct, frozen=True):
    """One clock as it runs on, and what it was before: due, and by which versions."""

    clock: Clock
    due_before: datetime
    calendar_before: str
    policy_before: int


class ClocksAmended(CaseEvent):
    """Clocks that run are due at other times, or by other versions, than they were."""

    TOPIC: ClassVar[str] = "case.clocks_amended"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    clocks: tuple[Amended, ...]
    basis: AmendmentBasis

    def apply(self, case: Case) -> None:
        """Clocks are folded apart (`CaseEvent.mutate`)."""

    def sets_clocks(self) -> tuple[Clock, ...]:
        return tuple(each.clock for each in self.clocks)


def amend(case: Case, wanted: Iterable[Clock], basis: AmendmentBasis, by: Circumstances) -> None:
    """ClocksAmended pending for those of the running clocks that come out differently.

    wanted: each with its new limit, due time and versions. A limit that is passed so is passed.
    """
    found: list[Amended] = []
    for clock in wanted:
        was = case.clocks[clock.name]
        if (was.due, was.calendar, was.policy) == (clock.due, clock.calendar, clock.policy):
            continue
        told = msgspec.structs.replace(clock, first_due=was.first_due or was.due)
        then = amended(told, by.at, timetable_of(told, by), ladder_of(told, case, by))
        found.append(Amended(passed(then, by.at), was.due, was.calendar, was.policy))
    if not found:
        return
    late = [each.clock for each in found if each.clock.due <= by.at and _is_new(case, each.clock)]
    case.trigger_event(ClocksAmended, timestamp=by.at, clocks=tuple(found), basis=basis)
    for clock in late:
        breach(case, clock, told_of_breach(clock, case, by))


def _is_new(case: Case, clock: Clock) -> bool:
    return clock.is_breached and not case.clocks[clock.name].is_breached


def amend_after(case: Case, events: Sequence[AggregateEvent], by: Circumstances) -> None:
    """What events that are pending already do to the clocks that run."""
    for wanted, basis in wanted_after(case, events, by):
        amend(case, wanted, basis, by)


def wanted_after(
    case: Case, events: Sequence[AggregateEvent], by: Circumstances
) -> Iterator[tuple[list[Clock], AmendmentBasis]]:
    """The running clocks as they are to be after each of the events, and why."""
    for event in events:
        match event:
            case EmergencyDeclared():
                yield _tightened(case, event, by), AmendmentBasis.EMERGENCY
            case CaseAbsorbed():
                yield _no_later(case), AmendmentBasis.MERGE
            case AbsorptionReversed():
                yield _by_itself(case), AmendmentBasis.MERGE_REVERSED
            case CaseReclassified(clock_effect=ClockEffect.RECOMPUTED):
                now = Versions.in_force(by)
                yield recomputed(case, now, by), AmendmentBasis.RECLASSIFICATION
            case _:
                pass


def _tightened(case: Case, event: EmergencyDeclared, by: Circumstances) -> list[Clock]:
    """The limits of an emergency count from its declaration, and make nothing later."""
    policy = policy_in_force(by)
    found: list[Clock] = []
    for clock in case.clocks.values():
        rule = None if policy is None else rule_for(clock.kind, case, policy, by)
        if policy is None or rule is None or not rule.emergency or clock.is_breached:
            continue
        table = timetable_in_force(rule.calendar, by)
        due = table.due(event.timestamp, rule.limit)
        if due < clock.due:
            tighter = msgspec.structs.replace(
                clock,
                limit=rule.limit,
                due=due,
                own_due=clock.own_due and min(due, clock.own_due),
                calendar=table.pin,
                policy=policy.number,
                counts_from=event.timestamp,
            )
            found.append(tighter)
    return found


def _no_later(case: Case) -> list[Clock]:
    """The survivor of a merge keeps the earliest due time."""
    clock = case.clocks.get(ClockKind.RESOLUTION)
    earliest = min(case.absorbed_dues.values(), default=None)
    if clock is None or earliest is None or earliest >= clock.due:
        return []
    own_due = clock.own_due or clock.due
    return [msgspec.structs.replace(clock, due=earliest, own_due=own_due)]


def _by_itself(case: Case) -> list[Clock]:
    """A survivor is due as it would be without the case that left it; never earlier than it was."""
    clock = case.clocks.get(ClockKind.RESOLUTION)
    if clock is None or clock.own_due is None:
        return []
    left = min((clock.own_due, *case.absorbed_dues.values()))
    own_due = clock.own_due if left < clock.own_due else None
    return [msgspec.structs.replace(clock, due=max(left, clock.due), own_due=own_due)]
