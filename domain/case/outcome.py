"""Outcome: a resolution is submitted, checked, and the case closes or waits for an answer."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from domain.case import appeals, feedback, voiding
from domain.case.appeals import AppealCommand
from domain.case.closing import ArchiveCase, CaseClosed, archive
from domain.case.emergency import skip_to
from domain.case.exhibits import shows_handling
from domain.case.feedback import FeedbackCommand
from domain.case.guards import rules_of
from domain.case.lifecycle import Stage
from domain.case.refusals import BasisNeeded, EvidenceNeeded
from domain.case.reopening import ReopenCase, reopen
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ResolutionOutcome
from domain.case.voiding import VoidingCommand
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from domain.wording import optional, required

PROVED: Final = frozenset({ResolutionOutcome.RESOLVED, ResolutionOutcome.PARTLY})
"""What was done can be shown, where the type of the case wants to see it."""

FOUNDED: Final = frozenset({ResolutionOutcome.NOT_POSSIBLE, ResolutionOutcome.NOT_RESPONSIBLE})
"""That nothing is done rests on a rule, which is named."""


class ResolutionSubmitted(CaseEvent):
    """The lead unit says how the case ended, and by which measures."""

    TOPIC: ClassVar[str] = "case.resolution_submitted"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"measures"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"resolver"})
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
    """Somebody other than the resolver checked the resolution and found it good.

    checker: who it was; None: not recorded.
    """

    TOPIC: ClassVar[str] = "case.resolution_verified"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (
        ClockKind.VERIFICATION,
        ClockKind.RESOLUTION,
    )
    INSIDE: ClassVar[frozenset[str]] = frozenset({"checker"})
    class_version: ClassVar[int] = 2

    checker: str | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 did not say who checked."""
        state["checker"] = None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.decider = self.checker


class ReworkOrdered(CaseEvent):
    """Somebody other than the resolver checked the resolution and sent it back."""

    TOPIC: ClassVar[str] = "case.rework_ordered"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"demand"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"demand"})
    STAGE: ClassVar[Stage | None] = Stage.IN_PROGRESS

    demand: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.reworks += 1


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
class CloseCase(Command):
    """Close a case whose reporter did not answer."""

    NAME: ClassVar[str] = "closeCase"

    case_id: UUID
    public_reason: str | None = None


def submit_resolution(case: Case, command: SubmitResolution, by: Circumstances) -> None:
    check(case, command, by)
    measures = required(["measures"], command.measures)
    basis = optional(["basis"], command.basis)
    if command.outcome in FOUNDED and basis is None:
        raise BasisNeeded(outcome=command.outcome.value)
    if command.outcome in PROVED:
        _check_evidence(case, by)
    skip_to(case, command, by)
    case.trigger_event(
        ResolutionSubmitted,
        timestamp=by.at,
        outcome=command.outcome,
        measures=measures,
        basis=basis,
        resolver=by.actor.principal,
    )


def verify_resolution(case: Case, command: VerifyResolution, by: Circumstances) -> None:
    check(case, command, by)
    public_reason = optional(["publicReason"], command.public_reason)
    if command.ask_feedback and public_reason is not None:
        raise InvalidInput(["publicReason"], "publicReason is for a case that closes at once")
    case.trigger_event(ResolutionVerified, timestamp=by.at, checker=by.actor.principal)
    if command.ask_feedback:
        feedback.ask_for_feedback(case, by)
    else:
        case.trigger_event(CaseClosed, timestamp=by.at, public_reason=public_reason)


def order_rework(case: Case, command: OrderRework, by: Circumstances) -> None:
    check(case, command, by)
    demand = required(["demand"], command.demand)
    case.trigger_event(ReworkOrdered, timestamp=by.at, demand=demand)


def close(case: Case, command: CloseCase, by: Circumstances) -> None:
    check(case, command, by)
    public_reason = optional(["publicReason"], command.public_reason)
    feedback.lapse(case, by, public_reason)


def _check_evidence(case: Case, by: Circumstances) -> None:
    """Refuse a resolution that shows nothing, where the type wants to see something."""
    rules = rules_of(case, by)
    if rules is not None and rules.evidence and not shows_handling(case):
        raise EvidenceNeeded(kinds=[kind.value for kind in rules.evidence])


OutcomeCommand = (
    SubmitResolution
    | VerifyResolution
    | OrderRework
    | FeedbackCommand
    | CloseCase
    | ReopenCase
    | AppealCommand
    | VoidingCommand
    | ArchiveCase
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
        case CloseCase():
            close(case, command, by)
        case ReopenCase():
            reopen(case, command, by)
        case ArchiveCase():
            archive(case, command, by)
        case _:
            _decide_with_others(case, command, by)


def _decide_with_others(
    case: Case, command: FeedbackCommand | AppealCommand | VoidingCommand, by: Circumstances
) -> None:
    if isinstance(command, FeedbackCommand):
        feedback.decide(case, command, by)
    elif isinstance(command, AppealCommand):
        appeals.decide(case, command, by)
    else:
        voiding.decide(case, command, by)
