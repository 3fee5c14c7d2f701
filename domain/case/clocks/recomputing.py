"""When clocks that run would be due under other versions of calendar and SLA policy. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec.structs

from domain.calendar.content import CalendarVersion
from domain.calendar.timetable import Limit, Timetable
from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import after, began, elapsed
from domain.case.clocks.pinned import policy_in_force, rule_for, timetable_of
from domain.case.state import Case
from domain.command import Circumstances
from domain.sla_policy.content import ClockRule, SlaPolicyVersion
from domain.vocabulary import ClockKind

AS_ASKED: Final = frozenset({ClockKind.CO_REPLY, ClockKind.FEEDBACK, ClockKind.SUPERVISION_REPLY})
"""They are due when whoever asked has said so."""


@dataclass(frozen=True)
class Versions:
    """Which versions to go by; None: those that each clock is pinned to."""

    calendar: CalendarVersion | None = None
    policy: SlaPolicyVersion | None = None

    @classmethod
    def in_force(cls, by: Circumstances) -> "Versions":
        """Those in force now."""
        calendar = None if by.calendar is None else by.calendar.in_force(by.at)
        return cls(calendar, policy_in_force(by))


def recomputed(case: Case, versions: Versions, by: Circumstances) -> list[Clock]:
    """The running clocks by other versions: limits, due times and pins; when they act is not told.

    Pauses and what was granted by extensions are kept as the time that they are; the unit has no
    longer than the case (rule 5), the case no longer than those that go on in it (rule 6). A clock
    for which the versions have nothing is not among them.
    """
    found = {
        clock.name: anew
        for clock in case.clocks.values()
        if clock.kind not in AS_ASKED
        and (anew := _recomputed(clock, case, versions, by)) is not None
    }
    whole = found.get(ClockKind.RESOLUTION) or case.clocks.get(ClockKind.RESOLUTION)
    stage = found.get(ClockKind.STAGE)
    if whole is not None and stage is not None and stage.started_at < whole.due < stage.due:
        found[ClockKind.STAGE] = msgspec.structs.replace(stage, due=whole.due)
    return list(found.values())


def _recomputed(clock: Clock, case: Case, versions: Versions, by: Circumstances) -> Clock | None:
    policy = versions.policy or (None if by.sla is None else by.sla.content(clock.policy))
    rule = None if policy is None else rule_for(clock.kind, case, policy, by)
    if versions.policy is not None and rule is None:
        return None
    anew = clock
    if versions.policy is not None and rule is not None:
        anew = msgspec.structs.replace(clock, limit=rule.limit, policy=versions.policy.number)
    table = _table(clock, rule, versions, by)
    if table is None:
        return None
    granted = _granted(clock, timetable_of(clock, by))
    anew = msgspec.structs.replace(anew, calendar=table.pin)
    due = after(anew, due_under(anew, anew.limit, table), granted, table)
    bound = min(case.absorbed_dues.values(), default=None)
    if clock.kind is ClockKind.RESOLUTION and bound is not None and bound < due:
        return msgspec.structs.replace(anew, due=bound, own_due=due)
    return msgspec.structs.replace(anew, due=due, own_due=None)


def _table(
    clock: Clock, rule: ClockRule | None, versions: Versions, by: Circumstances
) -> Timetable | None:
    """The calendar to count by; None: the version has none of that code."""
    code, _, number = clock.calendar.partition("@")
    pinned = by.calendar.content(int(number)) if by.calendar is not None and number else None
    version = versions.calendar or pinned
    if version is None:
        return None if number else timetable_of(clock, by)
    if versions.policy is not None or not number:
        return version.timetable(None if rule is None else rule.calendar)
    return version.timetable(code)


def due_under(clock: Clock, limit: Limit, table: Timetable) -> datetime:
    """When a limit is over by a calendar, later by the pauses of the clock that ended."""
    due = table.due(began(clock), limit)
    for pause in clock.pauses:
        if pause.end is not None and pause.begin < due:
            due = after(clock, due, elapsed(clock, pause.begin, pause.end, table), table)
    return due


def _granted(clock: Clock, table: Timetable) -> timedelta:
    """What extensions added to the limit, as the clock counts it."""
    if not clock.extensions:
        return timedelta()
    own = clock.own_due or clock.due
    return max(timedelta(), elapsed(clock, due_under(clock, clock.limit, table), own, table))
