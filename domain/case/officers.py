"""Officers: who handles a case for the lead unit, and how one hands it over to another.

Responsibility counts from its acceptance by the receiver, never from the offer.
"""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.regions import HandOver
from domain.case.responsibility import position_for
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, NAME_LIMIT, optional, required


class OfficerAssigned(CaseEvent):
    """The lead unit says who handles the case. position: of the lead unit; None: none is known."""

    TOPIC: ClassVar[str] = "case.officer_assigned"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"officer"})

    officer: str
    position: str | None

    def apply(self, case: Case) -> None:
        case.officer = self.officer
        case.hand_over = None


class HandOverOffered(CaseEvent):
    """Somebody is asked to take the case over; until then it stays whose it is."""

    TOPIC: ClassVar[str] = "case.hand_over_offered"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"officer", "to"})

    officer: str
    to: str
    position: str | None

    def apply(self, case: Case) -> None:
        case.hand_over = HandOver(self.to, self.position)


class ResponsibilityHandedOver(CaseEvent):
    """The receiver took the case over; from now on they answer for it."""

    TOPIC: ClassVar[str] = "case.responsibility_handed_over"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"from_officer", "to_officer", "accepted_by"})

    from_officer: str
    to_officer: str
    position: str | None
    accepted_by: str

    def apply(self, case: Case) -> None:
        case.officer = self.to_officer
        case.hand_over = None


class HandOverDeclined(CaseEvent):
    """The receiver did not take the case over."""

    TOPIC: ClassVar[str] = "case.hand_over_declined"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"declined_by"})

    declined_by: str

    def apply(self, case: Case) -> None:
        case.hand_over = None


@dataclass(frozen=True, kw_only=True)
class AssignOfficer(Command):
    """Say who handles the case. position: None: the first that they hold in the lead unit."""

    NAME: ClassVar[str] = "assignOfficer"

    case_id: UUID
    officer: str
    position: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfferHandOver(Command):
    """Ask somebody of the lead unit to take the case over. position: as for AssignOfficer."""

    NAME: ClassVar[str] = "offerHandOver"

    case_id: UUID
    to: str
    position: str | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptHandOver(Command):
    """Take the case over."""

    NAME: ClassVar[str] = "acceptHandOver"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeclineHandOver(Command):
    """Do not take the case over."""

    NAME: ClassVar[str] = "declineHandOver"

    case_id: UUID


def assign_officer(case: Case, command: AssignOfficer, by: Circumstances) -> None:
    check(case, command, by)
    officer = required(["officer"], command.officer, NAME_LIMIT)
    wanted = optional(["position"], command.position, CODE_LIMIT)
    position = position_for(case, officer, wanted, by)
    case.trigger_event(OfficerAssigned, timestamp=by.at, officer=officer, position=position)


def offer_hand_over(case: Case, command: OfferHandOver, by: Circumstances) -> None:
    """Nothing where just that was offered already; another offer takes its place."""
    check(case, command, by)
    to = required(["to"], command.to, NAME_LIMIT)
    if to == case.officer:
        raise InvalidInput(["to"], "to is the officer of the case already")
    wanted = optional(["position"], command.position, CODE_LIMIT)
    position = position_for(case, to, wanted, by)
    if case.hand_over != HandOver(to, position):
        case.trigger_event(
            HandOverOffered, timestamp=by.at, officer=case.officer, to=to, position=position
        )


def accept_hand_over(case: Case, command: AcceptHandOver, by: Circumstances) -> None:
    """What held for the receiver when they were asked must hold when they accept."""
    check(case, command, by)
    assert case.hand_over is not None, "its guard"  # noqa: S101
    case.trigger_event(
        ResponsibilityHandedOver,
        timestamp=by.at,
        from_officer=case.officer,
        to_officer=case.hand_over.to,
        position=case.hand_over.position,
        accepted_by=by.actor.principal,
    )


def decline_hand_over(case: Case, command: DeclineHandOver, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(HandOverDeclined, timestamp=by.at, declined_by=by.actor.principal)


OfficerCommand = AssignOfficer | OfferHandOver | AcceptHandOver | DeclineHandOver


def decide(case: Case, command: OfficerCommand, by: Circumstances) -> None:
    """Decide a command about who handles the case for the lead unit."""
    match command:
        case AssignOfficer():
            assign_officer(case, command, by)
        case OfferHandOver():
            offer_hand_over(case, command, by)
        case AcceptHandOver():
            accept_hand_over(case, command, by)
        case DeclineHandOver():
            decline_hand_over(case, command, by)
        case _:
            assert_never(command)
