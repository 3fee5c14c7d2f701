"""Field verification: a grid worker looks at the place before the case is accepted or not."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.guards import check_area
from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, optional, required


class FieldVerificationRequested(CaseEvent):
    """Somebody is to look at the place. area: where the case lies from now on; its grid worker."""

    TOPIC: ClassVar[str] = "case.field_verification_requested"
    STAGE: ClassVar[Stage | None] = Stage.VERIFYING

    area: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.area = self.area


class FieldVerified(CaseEvent):
    """Somebody was there. confirmed: it is as the request says."""

    TOPIC: ClassVar[str] = "case.field_verified"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"findings"})

    findings: str
    confirmed: bool

    def apply(self, case: Case) -> None:
        case.field_verified = True


@dataclass(frozen=True, kw_only=True)
class RequestFieldVerification(Command):
    """Have the place looked at; None: in the area where the case lies."""

    NAME: ClassVar[str] = "requestFieldVerification"

    case_id: UUID
    area: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordFieldVerification(Command):
    """Say what was found at the place."""

    NAME: ClassVar[str] = "recordFieldVerification"

    case_id: UUID
    findings: str
    confirmed: bool


def request_verification(case: Case, command: RequestFieldVerification, by: Circumstances) -> None:
    check(case, command, by)
    area = optional(["area"], command.area, CODE_LIMIT) or case.area
    if area is None:
        raise InvalidInput(["area"], "area is needed: the case does not say where it is")
    check_area(area, by)
    case.trigger_event(FieldVerificationRequested, timestamp=by.at, area=area)


def record_verification(case: Case, command: RecordFieldVerification, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        FieldVerified,
        timestamp=by.at,
        findings=required(["findings"], command.findings),
        confirmed=command.confirmed,
    )


VerificationCommand = RequestFieldVerification | RecordFieldVerification


def decide(case: Case, command: VerificationCommand, by: Circumstances) -> None:
    """Decide a command about the verification in the field."""
    match command:
        case RequestFieldVerification():
            request_verification(case, command, by)
        case RecordFieldVerification():
            record_verification(case, command, by)
        case _:
            assert_never(command)
