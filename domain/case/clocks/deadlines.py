"""Deadlines: a clock that comes to a share of its limit says so, once, with its true time.

The service notices, and the fact has the time at which that share was used (DOMAIN.md section 2,
rule 6).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec.structs

from domain.case.clocks.changing import breached
from domain.case.clocks.clock import Clock, Clocks
from domain.case.clocks.notifying import Notified
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Command
from domain.escalation_policy.content import BREACH
from domain.vocabulary import OrderLevel


class DeadlineReached(CaseEvent):
    """Base of what a clock says. percent: of its limit. clock: as it runs on.

    notified: who is told. level: of the order that the ladder has for it (`domain.case.orders`).
    """

    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    class_version: ClassVar[int] = 2

    percent: int
    clock: Clock
    notified: tuple[Notified, ...] = ()
    level: OrderLevel | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew no delegates of whoever is told."""

    def apply(self, case: Case) -> None:
        """Clocks are folded apart (`CaseEvent.mutate`); one that stopped may go on later."""
        case.clocks_known = {**case.clocks_known, self.clock.name: self.clock}

    def sets_clocks(self) -> tuple[Clock, ...]:
        return (self.clock,)

    def clocks_after(self, clocks: Clocks) -> Clocks:
        """A clock that had stopped by then stays so: it was noticed late what it had to say."""
        if not self.clock.is_same(clocks.get(self.clock.name)):
            return clocks
        return super().clocks_after(clocks)


class DeadlineWarning(DeadlineReached):
    """A limit draws near."""

    TOPIC: ClassVar[str] = "case.deadline_warning"


class DeadlineBreached(DeadlineReached):
    """A limit is passed, from the due time on; once for each clock."""

    TOPIC: ClassVar[str] = "case.deadline_breached"


class CaseEscalated(DeadlineReached):
    """A limit is passed by so much that it goes up the ladder."""

    TOPIC: ClassVar[str] = "case.escalated"


@dataclass(frozen=True, kw_only=True)
class RaiseDeadline(Command):
    """Let a clock say that a share of its limit is used; by the service, once that is so."""

    NAME: ClassVar[str] = "raiseDeadline"
    COMMUTES: ClassVar[bool] = True

    case_id: UUID
    clock: str


def passed(clock: Clock, at: datetime) -> Clock:
    """The clock with its limit passed, where it is by then and that was not recorded."""
    if clock.is_breached or clock.is_paused or clock.due > at:
        return clock
    return breached(clock)


def breach(
    case: Case, clock: Clock, notified: tuple[Notified, ...] = (), due: datetime | None = None
) -> None:
    """DeadlineBreached pending for what nobody noticed in time; due: at another time than now.

    notified: see `domain.case.clocks.notifying.told_of_breach`.
    """
    at = clock.due if due is None else due
    said = msgspec.structs.replace(breached(clock), breached_at=at)
    case.trigger_event(
        DeadlineBreached, timestamp=at, percent=BREACH, clock=said, notified=notified
    )
