"""Voiding: what should never have been a case is taken out, by two persons."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.clocks.clock import StoppedClock
from domain.case.endings import VoidRequest
from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience, VoidReason
from domain.command import Circumstances, Command
from domain.vocabulary import ClockKind
from domain.wording import optional, required


class VoidRequested(CaseEvent):
    """Somebody says that this should never have been a case. explanation: where it needs one."""

    TOPIC: ClassVar[str] = "case.void_requested"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"explanation"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    void_reason: VoidReason
    explanation: str | None
    requested_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.void_request = VoidRequest(self.void_reason, self.requested_by)


class VoidRefused(CaseEvent):
    """It is a case, and goes on."""

    TOPIC: ClassVar[str] = "case.void_refused"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"explanation"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    explanation: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.void_request = None

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.APPROVAL, "VOIDING"),)


class CaseVoided(CaseEvent):
    """A second person agreed that this should never have been a case."""

    TOPIC: ClassVar[str] = "case.voided"
    STAGE: ClassVar[Stage | None] = Stage.VOIDED

    void_reason: VoidReason


@dataclass(frozen=True, kw_only=True)
class RequestVoid(Command):
    """Request that the case be voided."""

    NAME: ClassVar[str] = "requestVoid"

    case_id: UUID
    void_reason: VoidReason
    explanation: str | None = None


@dataclass(frozen=True, kw_only=True)
class ApproveVoid(Command):
    """Void the case as requested; by another person."""

    NAME: ClassVar[str] = "approveVoid"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefuseVoid(Command):
    """Let the case go on; whoever requested otherwise may take that back so."""

    NAME: ClassVar[str] = "refuseVoid"

    case_id: UUID
    explanation: str


def request_void(case: Case, command: RequestVoid, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        VoidRequested,
        timestamp=by.at,
        void_reason=command.void_reason,
        explanation=optional(["explanation"], command.explanation),
        requested_by=by.actor.principal,
    )


def approve_void(case: Case, command: ApproveVoid, by: Circumstances) -> None:
    check(case, command, by)
    request = case.void_request
    assert request is not None, "a guard of the command"  # noqa: S101
    case.trigger_event(CaseVoided, timestamp=by.at, void_reason=request.reason)


def refuse_void(case: Case, command: RefuseVoid, by: Circumstances) -> None:
    check(case, command, by)
    explanation = required(["explanation"], command.explanation)
    case.trigger_event(VoidRefused, timestamp=by.at, explanation=explanation)


VoidingCommand = RequestVoid | ApproveVoid | RefuseVoid


def decide(case: Case, command: VoidingCommand, by: Circumstances) -> None:
    """Decide a command about voiding."""
    match command:
        case RequestVoid():
            request_void(case, command, by)
        case ApproveVoid():
            approve_void(case, command, by)
        case RefuseVoid():
            refuse_void(case, command, by)
        case _:
            assert_never(command)
