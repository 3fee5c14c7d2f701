"""Suspension: a case rests, for a reason of the SLA policy, until a time that is said.

The lead unit requests it, somebody else decides. Where the reason stops the clock, the time of the
case and of its lead stands still, and on resumption both are due as much working time later as they
stood still (DOMAIN.md section 7, rule 3). It rests while the unit is at it: whatever takes the case
to another stage ends that.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, assert_never
from uuid import UUID

import msgspec

from domain.case.clocks.changing import paused, resumed
from domain.case.clocks.clock import Clock, StoppedClock
from domain.case.clocks.measure import elapsed
from domain.case.clocks.pinned import ladder_of, timetable_of
from domain.case.clocks.running import SUSPENSION_ASKED
from domain.case.holds import (
    SuspendedTooLong,
    UnknownSuspensionReason,
    held_clocks,
    pinned_policy,
)
from domain.case.regions import SuspensionAsked
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience
from domain.catalogue.content import Label
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.sla_policy.content import SlaPolicyVersion, SuspensionReason
from domain.vocabulary import ClockKind
from domain.wording import CODE_LIMIT, required


class Resumption(msgspec.Struct, frozen=True):
    """What a pause came to for one clock. paused: as the clock counts time. due: from now on."""

    clock: str
    paused: timedelta
    due: datetime


class SuspensionRequested(CaseEvent):
    """The lead unit wants the case to rest. number: 1, 2, 3 ... of the case.

    suspension_reason: a code of the SLA policy; label: what people call it. unit: that of the
    requester.
    """

    TOPIC: ClassVar[str] = "case.suspension_requested"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "requester"})

    number: int
    suspension_reason: str
    label: Label
    expected_resume: datetime
    ground: str
    requester: str
    unit: str | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        asked = SuspensionAsked(
            self.number, self.suspension_reason, self.expected_resume, self.requester, self.unit
        )
        case.holding = replace(case.holding, suspension_asked=asked, suspensions_asked=self.number)


class SuspensionDenied(CaseEvent):
    """The case goes on."""

    TOPIC: ClassVar[str] = "case.suspension_denied"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "decider"})

    number: int
    ground: str
    decider: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.holding = replace(case.holding, suspension_asked=None)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (SUSPENSION_ASKED,)


class CaseSuspended(CaseEvent):
    """The case rests until it is resumed, at `expected_resume` at the latest.

    label: of the reason, for people. clocks: those that stand still from now on; empty where the
    reason stops none.
    """

    TOPIC: ClassVar[str] = "case.suspended"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"decider"})

    number: int
    suspension_reason: str
    label: Label
    expected_resume: datetime
    clocks: tuple[Clock, ...]
    decider: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.holding = replace(
            case.holding,
            since=self.timestamp,
            until=self.expected_resume,
            suspensions=case.holding.suspensions + 1,
            suspension_asked=None,
        )

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (SUSPENSION_ASKED,)

    def sets_clocks(self) -> tuple[Clock, ...]:
        return self.clocks

    def starts(self) -> tuple[Timer, ...]:
        return (Timer(TimerKind.SUSPENSION, "", self.expected_resume),)


class CaseResumed(CaseEvent):
    """The case goes on. clocks: those that stood still, as they run on; paused: how long each did.

    due: when the case is due now; None: its time did not stand still.
    """

    TOPIC: ClassVar[str] = "case.resumed"

    clocks: tuple[Clock, ...]
    paused: tuple[Resumption, ...]
    due: datetime | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.holding = case.holding.resumed(self.timestamp)

    def sets_clocks(self) -> tuple[Clock, ...]:
        return self.clocks

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.SUSPENSION),)


@dataclass(frozen=True, kw_only=True)
class RequestSuspension(Command):
    """Ask that the case rests: for which reason of the SLA policy, until when, and why."""

    NAME: ClassVar[str] = "requestSuspension"

    case_id: UUID
    suspension_reason: str
    expected_resume: datetime
    ground: str


@dataclass(frozen=True, kw_only=True)
class ApproveSuspension(Command):
    """Let the case rest; until another time than was asked for, where that is said."""

    NAME: ClassVar[str] = "approveSuspension"

    case_id: UUID
    expected_resume: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DenySuspension(Command):
    """Let the case go on."""

    NAME: ClassVar[str] = "denySuspension"

    case_id: UUID
    ground: str


@dataclass(frozen=True, kw_only=True)
class ResumeCase(Command):
    """Go on with a case that rests; the service does when that was expected."""

    NAME: ClassVar[str] = "resumeCase"

    case_id: UUID


def request_suspension(case: Case, command: RequestSuspension, by: Circumstances) -> None:
    check(case, command, by)
    policy = pinned_policy(case, by)
    reason = _reason(required(["suspensionReason"], command.suspension_reason, CODE_LIMIT), policy)
    _check_time(case, command.expected_resume, policy, by)
    case.trigger_event(
        SuspensionRequested,
        timestamp=by.at,
        number=case.holding.suspensions_asked + 1,
        suspension_reason=reason.code,
        label=reason.label,
        expected_resume=command.expected_resume,
        ground=required(["ground"], command.ground),
        requester=by.actor.principal,
        unit=by.actor.unit or case.lead_unit,
    )


def approve_suspension(case: Case, command: ApproveSuspension, by: Circumstances) -> None:
    check(case, command, by)
    asked = case.holding.suspension_asked
    assert asked is not None, "a guard of the command"  # noqa: S101
    policy = pinned_policy(case, by)
    reason = _reason(asked.reason, policy)
    until = command.expected_resume or asked.expected_resume
    _check_time(case, until, policy, by)
    _check_after_the_last(case, by)
    stopped = held_clocks(case) if reason.stops_clock else ()
    case.trigger_event(
        CaseSuspended,
        timestamp=by.at,
        number=asked.number,
        suspension_reason=reason.code,
        label=reason.label,
        expected_resume=until,
        clocks=tuple(paused(clock, by.at) for clock in stopped),
        decider=by.actor.principal,
    )


def deny_suspension(case: Case, command: DenySuspension, by: Circumstances) -> None:
    check(case, command, by)
    asked = case.holding.suspension_asked
    assert asked is not None, "a guard of the command"  # noqa: S101
    case.trigger_event(
        SuspensionDenied,
        timestamp=by.at,
        number=asked.number,
        ground=required(["ground"], command.ground),
        decider=by.actor.principal,
    )


def resume(case: Case, command: ResumeCase, by: Circumstances) -> None:
    """It went on when that was expected, also where nobody noticed before."""
    check(case, command, by)
    since, until = case.holding.since, case.holding.until
    assert since is not None, "a guard of the command"  # noqa: S101
    assert until is not None, "a suspension has both"  # noqa: S101
    if by.at < since:
        raise InvalidInput(["occurredAt"], f"the case was suspended at {since.isoformat()}")
    at = min(by.at, until)
    standing = [clock for clock in held_clocks(case) if clock.is_paused]
    clocks = tuple(
        resumed(clock, at, timetable_of(clock, by), ladder_of(clock, case, by))
        for clock in standing
    )
    case.trigger_event(
        CaseResumed,
        timestamp=at,
        clocks=clocks,
        paused=tuple(_resumption(clock, at, by) for clock in clocks),
        due=next((clock.due for clock in clocks if clock.kind is ClockKind.RESOLUTION), None),
    )


def _resumption(clock: Clock, at: datetime, by: Circumstances) -> Resumption:
    lasted = elapsed(clock, clock.pauses[-1].begin, at, timetable_of(clock, by))
    return Resumption(clock.name, lasted, clock.due)


def _reason(code: str, policy: SlaPolicyVersion) -> SuspensionReason:
    reason = policy.suspension_reason(code)
    if reason is None:
        known = sorted(each.code for each in policy.suspension_reasons)
        raise UnknownSuspensionReason(reason=code, known=known)
    return reason


def _check_time(
    case: Case, expected: datetime, policy: SlaPolicyVersion, by: Circumstances
) -> None:
    """Refuse what is no time in the future, or too far away together with what was before."""
    if expected.utcoffset() is None:
        raise InvalidInput(["expectedResume"], "expectedResume needs an offset from UTC")
    if expected <= by.at:
        raise InvalidInput(["expectedResume"], "expectedResume lies after the suspension begins")
    most = timedelta(days=policy.most_suspended_days)
    latest = by.at + most - case.holding.suspended
    if expected > latest:
        raise SuspendedTooLong(most=policy.most_suspended_days, latest=latest.isoformat())


def _check_after_the_last(case: Case, by: Circumstances) -> None:
    """Refuse a suspension, entered late, that would have begun before the last one was over."""
    ended = case.holding.ended_at
    if ended is not None and by.at < ended:
        raise InvalidInput(["occurredAt"], f"the case was suspended until {ended.isoformat()}")


SuspensionCommand = RequestSuspension | ApproveSuspension | DenySuspension | ResumeCase


def decide(case: Case, command: SuspensionCommand, by: Circumstances) -> None:
    """Decide a command about suspension."""
    match command:
        case RequestSuspension():
            request_suspension(case, command, by)
        case ApproveSuspension():
            approve_suspension(case, command, by)
        case DenySuspension():
            deny_suspension(case, command, by)
        case ResumeCase():
            resume(case, command, by)
        case _:
            assert_never(command)
