"""Feedback: the reporter is asked whether the case is resolved, and it closes with the answer.

An answer that it is not resolved closes the case too: it is the reporter's word, and lets them
have it reopened. Whoever could not be reached stays asked, for a number of visits and until a due
time; then the feedback lapses.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.closing import CaseClosed
from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.windows import days_after, pinned_calendar, windows_of
from domain.command import Circumstances, Command
from domain.refusal import FeedbackWithoutContact, InvalidInput

SATISFACTION: Final = range(1, 6)
"""From very dissatisfied to very satisfied."""


class FeedbackRequested(CaseEvent):
    """The reporter is asked whether the case is resolved and how satisfied they are.

    due: until when; then it lapses. None: only a person ends it. calendar: code@version of the
        calendar that `due` was computed by; None: there was none.
    """

    TOPIC: ClassVar[str] = "case.feedback_requested"
    STAGE: ClassVar[Stage | None] = Stage.AWAITING_FEEDBACK
    class_version: ClassVar[int] = 2

    due: datetime | None
    calendar: str | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 waited for ever."""
        state["due"] = None
        state["calendar"] = None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.feedback = FeedbackState.ASKED
        case.visits = 0
        case.says_resolved = None

    def starts(self) -> tuple[Timer, ...]:
        return () if self.due is None else (Timer(TimerKind.FEEDBACK, "", self.due),)


class FeedbackReceived(CaseEvent):
    """The reporter's answer, or that they could not be reached. satisfaction: 1 to 5."""

    TOPIC: ClassVar[str] = "case.feedback_received"

    contacted: bool
    resolved: bool | None
    satisfaction: int | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        if self.contacted:
            case.feedback = FeedbackState.ANSWERED
            case.says_resolved = self.resolved
        else:
            case.visits += 1


class FeedbackLapsed(CaseEvent):
    """Nobody answered in time."""

    TOPIC: ClassVar[str] = "case.feedback_lapsed"

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.feedback = FeedbackState.LAPSED

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.FEEDBACK),)


@dataclass(frozen=True, kw_only=True)
class RecordFeedback(Command):
    """Record what the reporter answered, or that they could not be reached."""

    NAME: ClassVar[str] = "recordFeedback"

    case_id: UUID
    contacted: bool
    resolved: bool | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, kw_only=True)
class LapseFeedback(Command):
    """Close a case whose reporter did not answer in time; by the service, once that is due."""

    NAME: ClassVar[str] = "lapseFeedback"

    case_id: UUID


def ask_for_feedback(case: Case, by: Circumstances) -> None:
    """FeedbackRequested pending, due within the window of the type."""
    case.trigger_event(
        FeedbackRequested,
        timestamp=by.at,
        due=days_after(by, by.at, windows_of(case, by).feedback_days),
        calendar=pinned_calendar(by),
    )


def record_feedback(case: Case, command: RecordFeedback, by: Circumstances) -> None:
    check(case, command, by)
    _check_answer(command, by)
    case.trigger_event(
        FeedbackReceived,
        timestamp=by.at,
        contacted=command.contacted,
        resolved=command.resolved,
        satisfaction=command.satisfaction,
    )
    if command.contacted:
        case.trigger_event(CaseClosed, timestamp=by.at, public_reason=None)
    elif case.visits >= windows_of(case, by).most_visits:
        lapse(case, by)


def lapse(case: Case, by: Circumstances, public_reason: str | None = None) -> None:
    """FeedbackLapsed and CaseClosed pending."""
    case.trigger_event(FeedbackLapsed, timestamp=by.at)
    case.trigger_event(CaseClosed, timestamp=by.at, public_reason=public_reason)


def lapse_feedback(case: Case, command: LapseFeedback, by: Circumstances) -> None:
    check(case, command, by)
    lapse(case, by)


def _check_answer(command: RecordFeedback, by: Circumstances) -> None:
    answers = {"resolved": command.resolved, "satisfaction": command.satisfaction}
    given = [name for name, answer in answers.items() if answer is not None]
    if given and not command.contacted:
        raise FeedbackWithoutContact(given=given)
    if by.as_reporter and not command.contacted:
        raise InvalidInput(["contacted"], "whoever answers themselves was reached")
    if command.satisfaction is not None and command.satisfaction not in SATISFACTION:
        raise InvalidInput(
            ["satisfaction"], f"satisfaction is not within {SATISFACTION[0]}..{SATISFACTION[-1]}"
        )


FeedbackCommand = RecordFeedback | LapseFeedback


def decide(case: Case, command: FeedbackCommand, by: Circumstances) -> None:
    """Decide a command about the reporter's answer."""
    match command:
        case RecordFeedback():
            record_feedback(case, command, by)
        case LapseFeedback():
            lapse_feedback(case, command, by)
        case _:
            assert_never(command)
