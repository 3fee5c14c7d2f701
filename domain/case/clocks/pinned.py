"""What a clock is pinned to: its calendar and its ladder, whatever is in force by now."""

from collections.abc import Collection

from domain.calendar.timetable import AROUND_THE_CLOCK, Timetable
from domain.case.clocks.clock import Clock
from domain.case.guards import rules_of
from domain.case.state import Case
from domain.command import Circumstances
from domain.escalation_policy.content import NO_LADDER, Ladder


def timetable_of(clock: Clock, by: Circumstances) -> Timetable:
    """The calendar, of its version, that the clock counts by."""
    code, _, version = clock.calendar.partition("@")
    content = by.calendar.content(int(version)) if by.calendar is not None and version else None
    found = None if content is None else content.timetable(code)
    return AROUND_THE_CLOCK if found is None else found


def ladder_of(clock: Clock, case: Case, by: Circumstances) -> Ladder:
    """The ladder, of its version, that the clock goes up."""
    if clock.escalation is None or by.escalation is None:
        return NO_LADDER
    content = by.escalation.content(clock.escalation)
    return NO_LADDER if content is None else content.ladder(clock.kind, type_path(case, by))


def type_path(case: Case, by: Circumstances) -> Collection[str]:
    """The type of a case and those above it, from the root down; an unknown code stands alone."""
    rules = rules_of(case, by)
    if rules is not None:
        return rules.path
    return () if case.type_code is None else (case.type_code,)
