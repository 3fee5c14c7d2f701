"""Cases of the demonstration that rest, are given more time, or are left out of a figure."""

from datetime import datetime, timedelta
from typing import Final

from app.demo import phrases
from app.demo.chronicle import Chronicle
from app.demo.names import COMMAND_CENTRE
from app.demo.pace import LEFT, Handled, foreseen, within
from domain.case.clocks.deciding import AmendClocks
from domain.case.excluding import ApproveMetricExclusion, RevokeMetricExclusion
from domain.case.extension import ApproveExtension, DenyExtension, RequestExtension
from domain.case.suspension import (
    ApproveSuspension,
    DenySuspension,
    RequestSuspension,
    ResumeCase,
)
from domain.case.vocabulary import Urgency
from domain.vocabulary import ClockKind

SUSPENDED: Final = 0.06
"""Of what its lead has days for; so of everything that follows."""

LET_REST: Final = 0.75
GOES_ON_EARLY: Final = 0.5
REST_DAYS: Final = (2.0, 9.0)
LEAST_REST: Final = timedelta(hours=30)
STOPS_NOTHING: Final = "coordination"

EXTENDED_LATE: Final = 0.45
"""Of what will be late, so much is asked more time for while there is some left."""

EXTENDED_ANYWAY: Final = 0.015
"""And of what will not."""

ASKED_TOO_LATE: Final = 0.12
GIVEN: Final = 0.7
KEPT_THEN: Final = 0.75
GIVEN_LATE: Final = 0.35
MORE_DAYS: Final = (3, 8)

AMENDED: Final = 0.6
LEFT_OUT: Final = 0.07
"""Of what was late."""

COUNTED_AGAIN: Final = 0.25
LATE_FIGURES: Final = ("on-time-handling", "on-time-closing")


def rest(case: Chronicle) -> None:
    """The lead cannot go on for a while, and says why; somebody decides whether it has to."""
    if not _is_asked_of_others(case) or not case.happens(SUSPENDED):
        return
    case.wait(6)
    reason, ground = case.one_of(phrases.SUSPENSIONS)
    expected = case.at + timedelta(days=case.rng.uniform(*REST_DAYS))
    case.do(
        case.officer(),
        RequestSuspension,
        suspension_reason=reason,
        expected_resume=expected,
        ground=ground,
    )
    within(case, ClockKind.APPROVAL)
    dispatcher = case.post("dispatcher", 3)
    if expected - case.at < LEAST_REST or not case.happens(LET_REST):
        case.do(dispatcher, DenySuspension, ground=case.one_of(phrases.NO_REST))
        return
    case.do(dispatcher, ApproveSuspension)
    since = case.at
    _go_on(case, expected)
    if reason != STOPS_NOTHING:
        case.later += case.at - since


def _go_on(case: Chronicle, expected: datetime) -> None:
    """Somebody does not wait until the time is over, or the service goes on."""
    early = case.opening(case.at + (expected - case.at) * case.rng.uniform(0.3, 0.9))
    if case.happens(GOES_ON_EARLY) and early < expected:
        case.at = early
        case.do(case.officer() if case.happens(0.7) else case.post("dispatcher", 3), ResumeCase)
        return
    case.expect(expected, ResumeCase.NAME)
    case.at = expected
    case.moment()


def planned(case: Chronicle) -> Handled:
    """When its lead will be done with it: with more time, where it asks for that and gets it."""
    handled = foreseen(case)
    _amend(case, handled.at)
    if not _is_asked_of_others(case) or case.hushed or case.extended:
        return handled
    if case.happens(EXTENDED_LATE if handled.late else EXTENDED_ANYWAY):
        asked_at = case.handling_due - timedelta(hours=case.rng.uniform(9, 30))
        if case.at < asked_at < handled.at:
            return _asked_in_time(case, handled, asked_at)
    if handled.late and case.happens(ASKED_TOO_LATE):
        _ask_too_late(case, handled)
    return handled


def _is_asked_of_others(case: Chronicle) -> bool:
    """Whether the lead has days for it, and does not decide on itself."""
    return case.is_unhurried and case.lead != COMMAND_CENTRE and case.urgency is Urgency.NORMAL


def _asked_in_time(case: Chronicle, handled: Handled, asked_at: datetime) -> Handled:
    case.at = asked_at
    days = case.rng.randint(*MORE_DAYS)
    _ask(case, days)
    if not case.happens(GIVEN):
        case.do(case.post("dispatcher", 3), DenyExtension, ground=case.one_of(phrases.NO_EXTENSION))
        return handled
    case.do(case.post("dispatcher", 3), ApproveExtension)
    case.extended, case.later = True, case.later + timedelta(days=days)
    if not handled.late or not case.happens(KEPT_THEN):
        return handled
    before = case.handling_due - timedelta(minutes=case.rng.uniform(*LEFT))
    return Handled(min(handled.at, max(case.at, before)), late=False)


def _ask_too_late(case: Chronicle, handled: Handled) -> None:
    """Whatever is decided: that it was late stays so."""
    asked_at = case.opening(case.handling_due + timedelta(hours=case.rng.uniform(1, 12)))
    if not case.at < asked_at < handled.at:
        return
    case.at = asked_at
    _ask(case, MORE_DAYS[0])
    dispatcher = case.post("dispatcher", 3)
    if case.happens(GIVEN_LATE):
        case.do(dispatcher, ApproveExtension)
        case.extended, case.later = True, case.later + timedelta(days=MORE_DAYS[0])
    else:
        case.do(dispatcher, DenyExtension, ground=case.one_of(phrases.NO_EXTENSION))


def _ask(case: Chronicle, days: int) -> None:
    case.do(case.officer(), RequestExtension, days=days, ground=case.one_of(phrases.EXTENSIONS))
    within(case, ClockKind.APPROVAL)


def _amend(case: Chronicle, until: datetime) -> None:
    """The registrar puts a case that is open when limits are revised under the new ones."""
    revised_at = case.scene.forecast.revised_at
    kind = ClockKind.RESOLUTION
    same = case.limit(kind, case.accepted_at) == case.limit(kind, revised_at)
    if same or case.hushed or not case.at < revised_at < until or not case.happens(AMENDED):
        return
    amended_at = case.opening(revised_at + timedelta(hours=case.rng.uniform(1, 20)))
    if amended_at < until:
        case.at = amended_at
        case.do(case.post("registrar", 3), AmendClocks, reason=phrases.AMENDED)


def leave_out(case: Chronicle) -> None:
    """A supervisor finds that its lead could not help being late, now and then too soon."""
    if not case.late or case.hushed or case.lead == COMMAND_CENTRE:
        return
    if not case.happens(LEFT_OUT):
        return
    case.wait(20)
    metric = case.one_of(LATE_FIGURES)
    cause, ground = case.one_of(phrases.EXCLUSIONS)
    by, unit = case.post("supervisor", 2), case.lead
    case.do(by, ApproveMetricExclusion, metric=metric, cause=cause, ground=ground, unit=unit)
    if case.happens(COUNTED_AGAIN):
        case.wait(40)
        by, ground = case.post("supervisor", 2), phrases.COUNTED_AGAIN
        case.do(by, RevokeMetricExclusion, metric=metric, ground=ground, unit=unit)
