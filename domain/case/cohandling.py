"""Co-handling: the lead unit asks another one for its part; silence counts as consent."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.asked import CoReplyAlreadyAwaited, CoReplyNotAwaited, ReplierNotInUnit
from domain.case.clocks.clock import StoppedClock
from domain.case.guards import check_unit
from domain.case.routing import MOST_CO_UNITS
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience
from domain.case.windows import days_after, pinned_calendar, windows_of
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from domain.wording import CODE_LIMIT, required


class CoHandlingRequested(CaseEvent):
    """The lead unit asks another one for its part, which helps from here on.

    due: until when it replies. calendar: code@version of the calendar it was computed by; None:
        there was none.
    """

    TOPIC: ClassVar[str] = "case.co_handling_requested"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"question"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    unit: str
    question: str
    due: datetime
    calendar: str | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.co_asked = (*case.co_asked, self.unit)
        if self.unit not in case.co_units:
            case.co_units = (*case.co_units, self.unit)

    def starts(self) -> tuple[Timer, ...]:
        return (Timer(TimerKind.CO_REPLY, self.unit, self.due),)


class CoHandlingReplied(CaseEvent):
    """The unit that was asked says what it does, or that it does not agree."""

    TOPIC: ClassVar[str] = "case.co_handling_replied"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"reply"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    unit: str
    agrees: bool
    reply: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.co_asked = _without(case.co_asked, self.unit)

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.CO_REPLY, self.unit),)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.CO_REPLY, self.unit),)


class CoHandlingDeemedAgreed(CaseEvent):
    """The unit that was asked was silent until the due time, and so agrees."""

    TOPIC: ClassVar[str] = "case.co_handling_deemed_agreed"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    unit: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.co_asked = _without(case.co_asked, self.unit)

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.CO_REPLY, self.unit),)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.CO_REPLY, self.unit),)


@dataclass(frozen=True, kw_only=True)
class RequestCoHandling(Command):
    """Ask another unit for its part."""

    NAME: ClassVar[str] = "requestCoHandling"

    case_id: UUID
    unit: str
    question: str


@dataclass(frozen=True, kw_only=True)
class ReplyCoHandling(Command):
    """Reply for the unit that was asked."""

    NAME: ClassVar[str] = "replyCoHandling"

    case_id: UUID
    unit: str
    reply: str
    agrees: bool = True


@dataclass(frozen=True, kw_only=True)
class DeemCoHandlingAgreed(Command):
    """Take the silence of a unit for consent; by the service, once the reply is due."""

    NAME: ClassVar[str] = "deemCoHandlingAgreed"

    case_id: UUID
    unit: str


def request_co_handling(case: Case, command: RequestCoHandling, by: Circumstances) -> None:
    check(case, command, by)
    unit = required(["unit"], command.unit, CODE_LIMIT)
    question = required(["question"], command.question)
    if unit == case.lead_unit:
        raise InvalidInput(["unit"], "the lead unit does not ask itself")
    if len({*case.co_units, unit}) > MOST_CO_UNITS:
        raise InvalidInput(["unit"], f"a case has at most {MOST_CO_UNITS} helping units")
    if unit in case.co_asked:
        raise CoReplyAlreadyAwaited(unit=unit)
    check_unit(unit, by)
    case.trigger_event(
        CoHandlingRequested,
        timestamp=by.at,
        unit=unit,
        question=question,
        due=days_after(by, by.at, windows_of(case, by).co_reply_days),
        calendar=pinned_calendar(by),
    )


def reply_co_handling(case: Case, command: ReplyCoHandling, by: Circumstances) -> None:
    check(case, command, by)
    reply = required(["reply"], command.reply)
    _check_awaited(case, command.unit)
    _check_replier(command.unit, by)
    case.trigger_event(
        CoHandlingReplied, timestamp=by.at, unit=command.unit, agrees=command.agrees, reply=reply
    )


def deem_agreed(case: Case, command: DeemCoHandlingAgreed, by: Circumstances) -> None:
    check(case, command, by)
    _check_awaited(case, command.unit)
    case.trigger_event(CoHandlingDeemedAgreed, timestamp=by.at, unit=command.unit)


def _check_awaited(case: Case, unit: str) -> None:
    if unit not in case.co_asked:
        raise CoReplyNotAwaited(unit=unit)


def _check_replier(unit: str, by: Circumstances) -> None:
    """Refuse a reply by somebody without a position in the very unit that was asked."""
    directory = by.directory
    if directory is None or not directory.has_units():
        return
    if not directory.holds_position_in(by.actor.principal, unit, by.at):
        raise ReplierNotInUnit(unit=unit)


def _without(units: tuple[str, ...], unit: str) -> tuple[str, ...]:
    return tuple(each for each in units if each != unit)


CoHandlingCommand = RequestCoHandling | ReplyCoHandling | DeemCoHandlingAgreed


def decide(case: Case, command: CoHandlingCommand, by: Circumstances) -> None:
    """Decide a command about the help of other units."""
    match command:
        case RequestCoHandling():
            request_co_handling(case, command, by)
        case ReplyCoHandling():
            reply_co_handling(case, command, by)
        case DeemCoHandlingAgreed():
            deem_agreed(case, command, by)
        case _:
            assert_never(command)
