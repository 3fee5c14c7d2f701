"""Emergency: for a while a case may go past steps, each of which is made good afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.regions import OpenStep
from domain.case.routing_refusals import NothingToRegularise, SkipperRegularises
from domain.case.rules import check
from domain.case.shortcuts import SHORTCUTS
from domain.case.state import Case, CaseEvent
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Step
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import required

LONGEST: Final = timedelta(days=7)
"""What lasts longer is declared again, by somebody who looks at it again."""


class EmergencyDeclared(CaseEvent):
    """What is missing may wait until it expires."""

    TOPIC: ClassVar[str] = "case.emergency_declared"

    expires: datetime

    def apply(self, case: Case) -> None:
        case.emergency_until = self.expires

    def starts(self) -> tuple[Timer, ...]:
        return (Timer(TimerKind.EMERGENCY, "", self.expires),)


class EmergencyEnded(CaseEvent):
    """Every step is needed again. expired: its time was over; else somebody ended it before."""

    TOPIC: ClassVar[str] = "case.emergency_ended"

    expired: bool

    def apply(self, case: Case) -> None:
        case.emergency_until = None

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.EMERGENCY),)


class StepSkipped(CaseEvent):
    """Base of the events that say which step an emergency let pass, and by whom it was passed."""

    INSIDE: ClassVar[frozenset[str]] = frozenset({"skipped_by"})
    STEP: ClassVar[Step]

    skipped_by: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.open_steps = (*case.open_steps, OpenStep(self.STEP, self.skipped_by))


class AcceptanceSkipped(StepSkipped):
    """The case went on as if it had been accepted: from here on somebody answers for it."""

    TOPIC: ClassVar[str] = "case.acceptance_skipped"
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED
    STEP: ClassVar[Step] = Step.ACCEPTANCE

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.accepted_at = case.accepted_at or self.timestamp


class SignOffSkipped(StepSkipped):
    """The lead unit acts as if it had signed for the case."""

    TOPIC: ClassVar[str] = "case.sign_off_skipped"
    STAGE: ClassVar[Stage | None] = Stage.IN_PROGRESS
    STEP: ClassVar[Step] = Step.SIGN_OFF


class StepRegularised(CaseEvent):
    """A step that had been passed over was looked at, and is as good as taken."""

    TOPIC: ClassVar[str] = "case.step_regularised"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"finding"})

    step: Step
    finding: str

    def apply(self, case: Case) -> None:
        case.open_steps = tuple(each for each in case.open_steps if each.step is not self.step)


@dataclass(frozen=True, kw_only=True)
class DeclareEmergency(Command):
    """Let steps wait until `expires`, timezone-aware; said again, it counts until then instead."""

    NAME: ClassVar[str] = "declareEmergency"

    case_id: UUID
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class EndEmergency(Command):
    """End an emergency; the service does when it expires."""

    NAME: ClassVar[str] = "endEmergency"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegulariseStep(Command):
    """Make a step good that was passed over. finding: what looking at it afterwards showed."""

    NAME: ClassVar[str] = "regulariseStep"

    case_id: UUID
    step: Step
    finding: str


def skip_to(case: Case, command: Command, by: Circumstances) -> None:
    """Record the step that `command` passes over, where it does.

    For a command that `domain.case.rules.check` has let through, after all else that could
    refuse it: what follows finds the case as if the step had been taken.
    """
    if case.stage in LIFECYCLE[command.NAME].sources:
        return
    skipped: type[StepSkipped]
    match SHORTCUTS[command.NAME, case.stage]:
        case Step.ACCEPTANCE:
            skipped = AcceptanceSkipped
        case Step.SIGN_OFF:
            skipped = SignOffSkipped
        case unknown:
            assert_never(unknown)
    case.trigger_event(skipped, timestamp=by.at, skipped_by=by.actor.principal)


def declare(case: Case, command: DeclareEmergency, by: Circumstances) -> None:
    check(case, command, by)
    expires = command.expires
    if expires.utcoffset() is None:
        raise InvalidInput(["expires"], "expires needs an offset from UTC")
    if not by.at < expires <= by.at + LONGEST:
        raise InvalidInput(
            ["expires"], f"expires lies within {LONGEST.days} days after the declaration"
        )
    if expires != case.emergency_until:
        case.trigger_event(EmergencyDeclared, timestamp=by.at, expires=expires)


def end(case: Case, command: EndEmergency, by: Circumstances) -> None:
    check(case, command, by)
    expired = case.emergency_until is not None and by.at >= case.emergency_until
    case.trigger_event(EmergencyEnded, timestamp=by.at, expired=expired)


def regularise(case: Case, command: RegulariseStep, by: Circumstances) -> None:
    check(case, command, by)
    finding = required(["finding"], command.finding)
    skippers = {each.skipped_by for each in case.open_steps if each.step is command.step}
    if not skippers:
        raise NothingToRegularise
    if by.actor.principal in skippers:
        raise SkipperRegularises
    case.trigger_event(StepRegularised, timestamp=by.at, step=command.step, finding=finding)


EmergencyCommand = DeclareEmergency | EndEmergency | RegulariseStep


def decide(case: Case, command: EmergencyCommand, by: Circumstances) -> None:
    """Decide a command about an emergency."""
    match command:
        case DeclareEmergency():
            declare(case, command, by)
        case EndEmergency():
            end(case, command, by)
        case RegulariseStep():
            regularise(case, command, by)
        case _:
            assert_never(command)
