"""Outcome: a resolution is submitted, checked, answered by the reporter, closed or reopened."""

from dataclasses import dataclass
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ResolutionOutcome
from domain.command import Circumstances, Command
from domain.refusal import FeedbackWithoutContact, InvalidInput
from domain.wording import optional, required

SATISFACTION: Final = range(1, 6)
"""From very dissatisfied to very satisfied."""


class ResolutionSubmitted(CaseEvent):
    """The lead unit says how the case ended, and by which measures."""

    TOPIC: ClassVar[str] = "case.resolution_submitted"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"measures"})
    STAGE: ClassVar[Stage | None] = Stage.RESOLVED

    outcome: ResolutionOutcome
    measures: str
    basis: str | None
    resolver: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.resolver = self.resolver
        case.resolved_at = self.timestamp


class ResolutionVerified(CaseEvent):
    """Somebody other than the resolver checked the resolution and found it good."""

    TOPIC: ClassVar[str] = "case.resolution_verified"


class ReworkOrdered(CaseEvent):
    """Somebody other than the resolver checked the resolution and sent it back."""

    TOPIC: ClassVar[str] = "case.rework_ordered"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"demand"})
    STAGE: ClassVar[Stage | None] = Stage.IN_PROGRESS

    demand: str


class FeedbackRequested(CaseEvent):
    """The reporter is asked whether the case is resolved and how satisfied they are."""

    TOPIC: ClassVar[str] = "case.feedback_requested"
    STAGE: ClassVar[Stage | None] = Stage.AWAITING_FEEDBACK


class FeedbackReceived(CaseEvent):
    """The reporter's answer, or that they could not be reached. satisfaction: 1 to 5."""

    TOPIC: ClassVar[str] = "case.feedback_received"

    contacted: bool
    resolved: bool | None
    satisfaction: int | None


class FeedbackLapsed(CaseEvent):
    """Nobody answered in time."""

    TOPIC: ClassVar[str] = "case.feedback_lapsed"


class CaseClosed(CaseEvent):
    """The case is finished, for a reason that may be made public."""

    TOPIC: ClassVar[str] = "case.closed"
    STAGE: ClassVar[Stage | None] = Stage.CLOSED

    public_reason: str | None


class CaseReopened(CaseEvent):
    """The case was not finished after all: a new cycle begins at ACCEPTED."""

    TOPIC: ClassVar[str] = "case.reopened"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED

    cycle: int
    ground: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.cycle = self.cycle
        case.resolver = None
        case.resolved_at = None
        case.lead_unit = None
        case.co_units = ()


@dataclass(frozen=True, kw_only=True)
class SubmitResolution(Command):
    """Say how the case ended."""

    NAME: ClassVar[str] = "submitResolution"

    case_id: UUID
    outcome: ResolutionOutcome
    measures: str
    basis: str | None = None


@dataclass(frozen=True, kw_only=True)
class VerifyResolution(Command):
    """Find the resolution good; then ask the reporter, or close at once for `public_reason`."""

    NAME: ClassVar[str] = "verifyResolution"

    case_id: UUID
    ask_feedback: bool = True
    public_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRework(Command):
    """Send the resolution back."""

    NAME: ClassVar[str] = "orderRework"

    case_id: UUID
    demand: str


@dataclass(frozen=True, kw_only=True)
class RecordFeedback(Command):
    """Record what the reporter answered."""

    NAME: ClassVar[str] = "recordFeedback"

    case_id: UUID
    contacted: bool
    resolved: bool | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, kw_only=True)
class CloseCase(Command):
    """Close a case whose reporter did not answer."""

    NAME: ClassVar[str] = "closeCase"

    case_id: UUID
    public_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReopenCase(Command):
    """Begin a new cycle of a closed case."""

    NAME: ClassVar[str] = "reopenCase"

    case_id: UUID
    ground: str


def submit_resolution(case: Case, command: SubmitResolution, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        ResolutionSubmitted,
        timestamp=by.at,
        outcome=command.outcome,
        measures=required(["measures"], command.measures),
        basis=optional(["basis"], command.basis),
        resolver=by.actor.principal,
    )


def verify_resolution(case: Case, command: VerifyResolution, by: Circumstances) -> None:
    check(case, command, by)
    public_reason = optional(["publicReason"], command.public_reason)
    if command.ask_feedback and public_reason is not None:
        raise InvalidInput(["publicReason"], "publicReason is for a case that closes at once")
    case.trigger_event(ResolutionVerified, timestamp=by.at)
    if command.ask_feedback:
        case.trigger_event(FeedbackRequested, timestamp=by.at)
    else:
        case.trigger_event(CaseClosed, timestamp=by.at, public_reason=public_reason)


def order_rework(case: Case, command: OrderRework, by: Circumstances) -> None:
    check(case, command, by)
    demand = required(["demand"], command.demand)
    case.trigger_event(ReworkOrdered, timestamp=by.at, demand=demand)


def record_feedback(case: Case, command: RecordFeedback, by: Circumstances) -> None:
    check(case, command, by)
    _check_answer(command)
    case.trigger_event(
        FeedbackReceived,
        timestamp=by.at,
        contacted=command.contacted,
        resolved=command.resolved,
        satisfaction=command.satisfaction,
    )
    case.trigger_event(CaseClosed, timestamp=by.at, public_reason=None)


def close(case: Case, command: CloseCase, by: Circumstances) -> None:
    check(case, command, by)
    public_reason = optional(["publicReason"], command.public_reason)
    case.trigger_event(FeedbackLapsed, timestamp=by.at)
    case.trigger_event(CaseClosed, timestamp=by.at, public_reason=public_reason)


def reopen(case: Case, command: ReopenCase, by: Circumstances) -> None:
    check(case, command, by)
    ground = required(["ground"], command.ground)
    case.trigger_event(CaseReopened, timestamp=by.at, cycle=case.cycle + 1, ground=ground)


def _check_answer(command: RecordFeedback) -> None:
    answers = {"resolved": command.resolved, "satisfaction": command.satisfaction}
    given = [name for name, answer in answers.items() if answer is not None]
    if given and not command.contacted:
        raise FeedbackWithoutContact(given=given)
    if command.satisfaction is not None and command.satisfaction not in SATISFACTION:
        raise InvalidInput(
            ["satisfaction"], f"satisfaction is not within {SATISFACTION[0]}..{SATISFACTION[-1]}"
        )


OutcomeCommand = (
    SubmitResolution | VerifyResolution | OrderRework | RecordFeedback | CloseCase | ReopenCase
)


def decide(case: Case, command: OutcomeCommand, by: Circumstances) -> None:
    """Decide a command about how the case ends."""
    match command:
        case SubmitResolution():
            submit_resolution(case, command, by)
        case VerifyResolution():
            verify_resolution(case, command, by)
        case OrderRework():
            order_rework(case, command, by)
        case RecordFeedback():
            record_feedback(case, command, by)
        case CloseCase():
            close(case, command, by)
        case ReopenCase():
            reopen(case, command, by)
        case _:
            assert_never(command)
