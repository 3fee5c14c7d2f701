"""Extension: the lead unit asks for more time, and somebody of another unit decides.

It is asked for before the time is over. What is asked for later is recorded as late: granted or
not, that the limit was passed stays so (DOMAIN.md section 7, rule 4).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, assert_never
from uuid import UUID

import msgspec.structs

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.changing import amended, moved_to
from domain.case.clocks.clock import Clock, StoppedClock
from domain.case.clocks.pinned import ladder_of, timetable_of
from domain.case.clocks.running import EXTENSION_ASKED
from domain.case.holds import ExtensionTooLong, held_clocks, pinned_policy
from domain.case.regions import ExtensionAsked
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from domain.wording import required


class ExtensionRequested(CaseEvent):
    """The lead unit wants so many calendar days more. number: 1, 2, 3 ... of the case.

    late: a limit that it would move was passed already. unit: that of the requester.
    """

    TOPIC: ClassVar[str] = "case.extension_requested"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "requester"})

    number: int
    days: int
    late: bool
    ground: str
    requester: str
    unit: str | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        asked = ExtensionAsked(self.number, self.days, self.late, self.requester, self.unit)
        case.holding = replace(case.holding, extension_asked=asked, extensions_asked=self.number)


class ExtensionDenied(CaseEvent):
    """There is no more time than there was."""

    TOPIC: ClassVar[str] = "case.extension_denied"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "decider"})

    number: int
    ground: str
    decider: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.holding = replace(case.holding, extension_asked=None)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (EXTENSION_ASKED,)


class ExtensionApproved(CaseEvent):
    """There are so many calendar days more. late: as it was requested.

    clocks: those that are due later, as they run on. due: when the case is due now; None: its
    time is not limited.
    """

    TOPIC: ClassVar[str] = "case.extension_approved"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"decider"})

    number: int
    days: int
    late: bool
    clocks: tuple[Clock, ...]
    due: datetime | None
    decider: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        extensions = case.holding.extensions + 1
        case.holding = replace(case.holding, extension_asked=None, extensions=extensions)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (EXTENSION_ASKED,)

    def sets_clocks(self) -> tuple[Clock, ...]:
        return self.clocks


@dataclass(frozen=True, kw_only=True)
class RequestExtension(Command):
    """Ask for so many calendar days more, and why."""

    NAME: ClassVar[str] = "requestExtension"

    case_id: UUID
    days: int
    ground: str


@dataclass(frozen=True, kw_only=True)
class ApproveExtension(Command):
    """Give more time; fewer days than were asked for, where that is said."""

    NAME: ClassVar[str] = "approveExtension"

    case_id: UUID
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class DenyExtension(Command):
    """Give no more time."""

    NAME: ClassVar[str] = "denyExtension"

    case_id: UUID
    ground: str


def request_extension(case: Case, command: RequestExtension, by: Circumstances) -> None:
    check(case, command, by)
    most = pinned_policy(case, by).most_extension_days
    _check_days(command.days)
    if command.days > most:
        raise ExtensionTooLong(most=most)
    case.trigger_event(
        ExtensionRequested,
        timestamp=by.at,
        number=case.holding.extensions_asked + 1,
        days=command.days,
        late=any(clock.due <= by.at for clock in held_clocks(case)),
        ground=required(["ground"], command.ground),
        requester=by.actor.principal,
        unit=by.actor.unit or case.lead_unit,
    )


def approve_extension(case: Case, command: ApproveExtension, by: Circumstances) -> None:
    check(case, command, by)
    asked = case.holding.extension_asked
    assert asked is not None, "a guard of the command"  # noqa: S101
    days = asked.days if command.days is None else command.days
    _check_days(days)
    if days > asked.days:
        raise InvalidInput(["days"], f"{asked.days} days were asked for")
    clocks = tuple(extended(clock, days, case, by) for clock in held_clocks(case))
    case.trigger_event(
        ExtensionApproved,
        timestamp=by.at,
        number=asked.number,
        days=days,
        late=asked.late,
        clocks=clocks,
        due=next((clock.due for clock in clocks if clock.kind is ClockKind.RESOLUTION), None),
        decider=by.actor.principal,
    )


def deny_extension(case: Case, command: DenyExtension, by: Circumstances) -> None:
    check(case, command, by)
    asked = case.holding.extension_asked
    assert asked is not None, "a guard of the command"  # noqa: S101
    case.trigger_event(
        ExtensionDenied,
        timestamp=by.at,
        number=asked.number,
        ground=required(["ground"], command.ground),
        decider=by.actor.principal,
    )


def _check_days(days: int) -> None:
    if days < 1:
        raise InvalidInput(["days"], "days are at least 1")


def extended(clock: Clock, days: int, case: Case, by: Circumstances) -> Clock:
    """The clock, due so many calendar days later.

    A day off moves to the next working day, unless the limit is one by the wall clock. Its warnings
    are those of the new due time. That it was passed before stays so.
    """
    table, ladder = timetable_of(clock, by), ladder_of(clock, case, by)
    if clock.limit.unit is LimitUnit.WALL_MINUTES:
        due = clock.due + timedelta(days=days)
    else:
        due = table.due(clock.due, Limit(days, LimitUnit.CALENDAR_DAYS))
    moved = msgspec.structs.replace(
        moved_to(clock, due, table, ladder),
        raised=clock.raised if clock.is_breached else 0,
        extensions=clock.extensions + 1,
    )
    return amended(moved, by.at, table, ladder)


ExtensionCommand = RequestExtension | ApproveExtension | DenyExtension


def decide(case: Case, command: ExtensionCommand, by: Circumstances) -> None:
    """Decide a command about an extension."""
    match command:
        case RequestExtension():
            request_extension(case, command, by)
        case ApproveExtension():
            approve_extension(case, command, by)
        case DenyExtension():
            deny_extension(case, command, by)
        case _:
            assert_never(command)
