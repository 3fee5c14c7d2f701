"""How a case may end and come back: the guards of feedback, reopening, appeals, voiding, archiving.

What stands in the way of closing is in one place: `CLOSING`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.case.guards import rules_of
from domain.case.regions import FeedbackState
from domain.case.vocabulary import VoidReason
from domain.case.windows import windows_of
from domain.catalogue.content import REOPENING_DAYS
from domain.command import Circumstances
from domain.refusal import Refusal

if TYPE_CHECKING:  # a case holds a void request
    from domain.case.state import Case


@dataclass(frozen=True)
class VoidRequest:
    """Somebody wants the case voided; another person decides."""

    reason: VoidReason
    requested_by: str


class FeedbackNotAwaited(Refusal):
    """No answer of the reporter is awaited."""

    code = "FEEDBACK_NOT_AWAITED"


class ReporterSaidResolved(Refusal):
    """The reporter said that it is resolved; what is new is another case."""

    code = "REPORTER_SAID_RESOLVED"


class ReopeningOver(Refusal):
    """A reporter may have a case reopened for {days} days; it was closed at {closed_at}."""

    code = "REOPENING_OVER"


class AppealOver(Refusal):
    """An appeal is possible for {days} days; it was decided at {decided_at}."""

    code = "APPEAL_OVER"


class AlreadyAppealed(Refusal):
    """An appeal against this was filed already."""

    code = "ALREADY_APPEALED"


class NoAppealOpen(Refusal):
    """No appeal waits to be decided."""

    code = "NO_APPEAL_OPEN"


class AppealOpen(Refusal):
    """Appeal {appeal} waits to be decided."""

    code = "APPEAL_OPEN"


class AppealAgainstOneself(Refusal):
    """Whoever decided what the appeal is against does not decide the appeal."""

    code = "APPEAL_AGAINST_ONESELF"


class VoidAlreadyRequested(Refusal):
    """That the case be voided was requested already."""

    code = "VOID_ALREADY_REQUESTED"


class NoVoidRequested(Refusal):
    """Nobody has requested that the case be voided."""

    code = "NO_VOID_REQUESTED"


class VoidNeedsSecondPerson(Refusal):
    """Whoever requested that the case be voided does not approve it; a second person must."""

    code = "VOID_NEEDS_SECOND_PERSON"


class RetentionNotOver(Refusal):
    """The case is kept at hand until {until}."""

    code = "RETENTION_NOT_OVER"


def check_feedback_asked(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse an answer that nobody waits for."""
    if case.feedback is not FeedbackState.ASKED:
        raise FeedbackNotAwaited


def check_reopening(case: "Case", by: Circumstances) -> None:
    """Bind a reporter to the time that the type gives them, and to their own word.

    Their time is judged by now: what a reporter says of when does not make it longer.
    """
    if not by.as_reporter:
        return
    if case.says_resolved:
        raise ReporterSaidResolved
    days = _reopening_days(case, by)
    if by.now > case.decided_at + timedelta(days=days):
        raise ReopeningOver(days=days, closed_at=case.decided_at.isoformat())


def check_appeal(case: "Case", by: Circumstances) -> None:
    """Refuse a second appeal against the same, and one that comes too late."""
    if case.appealed:
        raise AlreadyAppealed
    days = windows_of(case, by).appeal_days
    moment = by.now if by.as_reporter else by.at
    if moment > case.decided_at + timedelta(days=days):
        raise AppealOver(days=days, decided_at=case.decided_at.isoformat())


def check_appeal_open(case: "Case", by: Circumstances) -> None:
    """Refuse to decide where nobody appealed, and whoever decided what it is against."""
    if case.open_appeal is None:
        raise NoAppealOpen
    if case.decider == by.actor.principal:
        raise AppealAgainstOneself


def check_no_appeal_open(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while an appeal waits to be decided."""
    if case.open_appeal is not None:
        raise AppealOpen(appeal=case.open_appeal)


def check_no_void_requested(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse a second request."""
    if case.void_request is not None:
        raise VoidAlreadyRequested


def check_void_requested(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse to decide what nobody requested."""
    if case.void_request is None:
        raise NoVoidRequested


def check_second_person(case: "Case", by: Circumstances) -> None:
    """Refuse whoever made the request themselves."""
    if case.void_request is not None and case.void_request.requested_by == by.actor.principal:
        raise VoidNeedsSecondPerson


def check_retention(case: "Case", by: Circumstances) -> None:
    """Refuse to archive a case that is kept at hand, and cut no reporter's time short."""
    windows = windows_of(case, by)
    days = max(windows.retention_days, windows.appeal_days, _reopening_days(case, by))
    until = case.decided_at + timedelta(days=days)
    if by.at < until:
        raise RetentionNotOver(until=until.isoformat())


def _reopening_days(case: "Case", by: Circumstances) -> int:
    rules = rules_of(case, by)
    return REOPENING_DAYS if rules is None else rules.reopening_days
