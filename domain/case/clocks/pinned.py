"""What clocks are pinned to when they start, and what of that holds for one later."""

from collections.abc import Collection

from domain.calendar.state import WorkCalendars
from domain.calendar.timetable import AROUND_THE_CLOCK, Timetable
from domain.case.clocks.clock import Clock
from domain.case.guards import rules_of
from domain.case.state import Case
from domain.command import Circumstances
from domain.escalation_policy.content import NO_LADDER, Ladder
from domain.sla_policy.content import ClockRule, SlaPolicyVersion
from domain.vocabulary import ClockKind


def timetable_of(clock: Clock, by: Circumstances) -> Timetable:
    """The calendar, of its version, that the clock counts by."""
    return pinned_timetable(clock.calendar, by.calendar)


def pinned_timetable(pin: str, calendars: WorkCalendars | None) -> Timetable:
    """The calendar code@version; around the clock where there was none."""
    code, _, version = pin.partition("@")
    content = calendars.content(int(version)) if calendars is not None and version else None
    found = None if content is None else content.timetable(code)
    return AROUND_THE_CLOCK if found is None else found


def timetable_in_force(code: str | None, by: Circumstances) -> Timetable:
    """The calendar of that code, now; None: the default one. Around the clock without one."""
    version = None if by.calendar is None else by.calendar.in_force(by.at)
    found = None if version is None else version.timetable(code)
    return AROUND_THE_CLOCK if found is None else found


def policy_in_force(by: Circumstances) -> SlaPolicyVersion | None:
    """The SLA policy, now; without one nothing is timed."""
    return None if by.sla is None else by.sla.in_force(by.at)


def rule_for(
    kind: ClockKind, case: Case, policy: SlaPolicyVersion, by: Circumstances
) -> ClockRule | None:
    """The limit that a version of the policy has for a clock of the case as it is."""
    until = case.emergency_until
    emergency = until is not None and by.at < until
    return policy.rule(kind, type_path(case, by), case.urgency, emergency=emergency)


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
