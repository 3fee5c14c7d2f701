"""Referral: a case goes to a body outside the jurisdiction, and what comes back from there."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.intake import CaseAccepted
from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ExternalStatus
from domain.command import Circumstances, Command
from domain.wording import CODE_LIMIT, optional, required


class CaseReferredOut(CaseEvent):
    """Somebody else is to handle the case. target: the code or name of that body."""

    TOPIC: ClassVar[str] = "case.referred_out"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"basis"})
    STAGE: ClassVar[Stage | None] = Stage.REFERRED

    target: str
    basis: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.returns = case.returns.withdrawn()
        case.emergency_until = None


class ExternalStatusReceived(CaseEvent):
    """The other body says how the case stands there; whatever it is, the case stays referred."""

    TOPIC: ClassVar[str] = "case.external_status_received"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"text"})

    status: ExternalStatus
    text: str | None


class DeliveryFailed(CaseEvent):
    """The case did not reach the other body, or came back: it is ours, and nobody leads it.

    Where it had never been accepted, CaseAccepted follows: from now on somebody answers for it.
    """

    TOPIC: ClassVar[str] = "case.delivery_failed"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"text"})
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED

    text: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.release()


@dataclass(frozen=True, kw_only=True)
class ReferCaseOut(Command):
    """Refer the case to a body outside, by a rule."""

    NAME: ClassVar[str] = "referCaseOut"

    case_id: UUID
    target: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class RecordExternalStatus(Command):
    """Record what the other body says."""

    NAME: ClassVar[str] = "recordExternalStatus"

    case_id: UUID
    status: ExternalStatus
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordDeliveryFailure(Command):
    """Record that the case did not arrive there."""

    NAME: ClassVar[str] = "recordDeliveryFailure"

    case_id: UUID
    text: str


def refer_out(case: Case, command: ReferCaseOut, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        CaseReferredOut,
        timestamp=by.at,
        target=required(["target"], command.target, CODE_LIMIT),
        basis=required(["basis"], command.basis),
    )


def record_status(case: Case, command: RecordExternalStatus, by: Circumstances) -> None:
    check(case, command, by)
    text = optional(["text"], command.text)
    case.trigger_event(ExternalStatusReceived, timestamp=by.at, status=command.status, text=text)


def record_failure(case: Case, command: RecordDeliveryFailure, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(DeliveryFailed, timestamp=by.at, text=required(["text"], command.text))
    if case.accepted_at is None:
        case.trigger_event(CaseAccepted, timestamp=by.at)


ReferralCommand = ReferCaseOut | RecordExternalStatus | RecordDeliveryFailure


def decide(case: Case, command: ReferralCommand, by: Circumstances) -> None:
    """Decide a command about a body outside."""
    match command:
        case ReferCaseOut():
            refer_out(case, command, by)
        case RecordExternalStatus():
            record_status(case, command, by)
        case RecordDeliveryFailure():
            record_failure(case, command, by)
        case _:
            assert_never(command)
