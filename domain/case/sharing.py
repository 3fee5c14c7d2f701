"""Sharing: a unit that does not handle a case is shown parts of it, for a purpose and a time.

It may do nothing with the case, and is shown its past only as far as what is shared now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.guards import check_unit
from domain.case.rules import check
from domain.case.shares import NotShared, Share, ShareExpiresTooSoon, ShareNeedless
from domain.case.state import Case, CaseEvent
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience, CasePart
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, required


class CaseShared(CaseEvent):
    """A unit is shown parts of the case. What was shared with it before ends by that.

    purpose: what for. parts: each once, in order; the number, the type and the stage of a case
        go without saying. expires: until when.
    """

    TOPIC: ClassVar[str] = "case.shared"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"purpose"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    unit: str
    purpose: str
    parts: tuple[CasePart, ...]
    expires: datetime

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.shares = (*_others(case, self.unit), Share(self.unit, self.expires))

    def starts(self) -> tuple[Timer, ...]:
        return (Timer(TimerKind.SHARE, self.unit, self.expires),)


class ShareEnded(CaseEvent):
    """Base of the events by which a unit is shown the case no longer."""

    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    unit: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.shares = _others(case, self.unit)

    def stops(self) -> tuple[Stopped, ...]:
        return (Stopped(TimerKind.SHARE, self.unit),)


class ShareRevoked(ShareEnded):
    """Somebody took it back."""

    TOPIC: ClassVar[str] = "case.share_revoked"


class ShareExpired(ShareEnded):
    """Its time was over."""

    TOPIC: ClassVar[str] = "case.share_expired"


@dataclass(frozen=True, kw_only=True)
class ShareCase(Command):
    """Show parts of the case to a unit."""

    NAME: ClassVar[str] = "shareCase"

    case_id: UUID
    unit: str
    purpose: str
    parts: tuple[CasePart, ...]
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class RevokeShare(Command):
    """Show the case to that unit no longer."""

    NAME: ClassVar[str] = "revokeShare"

    case_id: UUID
    unit: str


@dataclass(frozen=True, kw_only=True)
class ExpireShare(Command):
    """End a share whose time is over; by the service."""

    NAME: ClassVar[str] = "expireShare"

    case_id: UUID
    unit: str


def share_case(case: Case, command: ShareCase, by: Circumstances) -> None:
    check(case, command, by)
    unit = required(["unit"], command.unit, CODE_LIMIT)
    purpose = required(["purpose"], command.purpose)
    if command.expires.utcoffset() is None:
        raise InvalidInput(["expires"], "expires needs an offset from UTC")
    if command.expires <= by.at:
        raise ShareExpiresTooSoon(at=by.at.isoformat())
    if unit in {case.lead_unit, *case.co_units}:
        raise ShareNeedless(unit=unit)
    check_unit(unit, by)
    case.trigger_event(
        CaseShared,
        timestamp=by.at,
        unit=unit,
        purpose=purpose,
        parts=tuple(part for part in CasePart if part in command.parts),
        expires=command.expires,
    )


def revoke_share(case: Case, command: RevokeShare, by: Circumstances) -> None:
    check(case, command, by)
    _check_shared(case, command.unit)
    case.trigger_event(ShareRevoked, timestamp=by.at, unit=command.unit)


def expire_share(case: Case, command: ExpireShare, by: Circumstances) -> None:
    check(case, command, by)
    _check_shared(case, command.unit)
    case.trigger_event(ShareExpired, timestamp=by.at, unit=command.unit)


def _check_shared(case: Case, unit: str) -> None:
    if all(share.unit != unit for share in case.shares):
        raise NotShared(unit=unit)


def _others(case: Case, unit: str) -> tuple[Share, ...]:
    return tuple(share for share in case.shares if share.unit != unit)


SharingCommand = ShareCase | RevokeShare | ExpireShare


def decide(case: Case, command: SharingCommand, by: Circumstances) -> None:
    """Decide a command about whom the case is shown to beside those who handle it."""
    match command:
        case ShareCase():
            share_case(case, command, by)
        case RevokeShare():
            revoke_share(case, command, by)
        case ExpireShare():
            expire_share(case, command, by)
        case _:
            assert_never(command)
