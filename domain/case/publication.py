"""Publication: what the public may read of a case, released by two persons (党务公开).

The public reads what somebody wrote for it, never what the reporter said: the words that stand in
a proposal are those that another person releases.
"""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.regions import PublicationState
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.vocabulary import ClockKind
from domain.wording import TITLE_LIMIT, optional, required


class PublicationProposed(CaseEvent):
    """Somebody wrote what the public may read of the case. summary: None: the title says it."""

    TOPIC: ClassVar[str] = "case.publication_proposed"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"title", "summary"})

    title: str
    summary: str | None
    proposer: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.publication_state = PublicationState.PROPOSED
        case.publication_proposer = self.proposer


class PublicationApproved(CaseEvent):
    """Another person released what was proposed."""

    TOPIC: ClassVar[str] = "case.publication_approved"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.PUBLICATION,)

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.publication_state = PublicationState.PUBLIC


class PublicationRefused(CaseEvent):
    """Another person did not release what was proposed: why, the reason of the command says."""

    TOPIC: ClassVar[str] = "case.publication_refused"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.PUBLICATION,)

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.publication_state = PublicationState.PRIVATE


class PublicationWithdrawn(CaseEvent):
    """The public may no longer read the case."""

    TOPIC: ClassVar[str] = "case.publication_withdrawn"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.PUBLICATION,)

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.publication_state = PublicationState.WITHDRAWN


@dataclass(frozen=True, kw_only=True)
class ProposePublication(Command):
    """Propose what the public may read; of a case that is public already, other words."""

    NAME: ClassVar[str] = "proposePublication"

    case_id: UUID
    title: str
    summary: str | None = None


@dataclass(frozen=True, kw_only=True)
class ApprovePublication(Command):
    """Release what was proposed."""

    NAME: ClassVar[str] = "approvePublication"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefusePublication(Command):
    """Do not release what was proposed."""

    NAME: ClassVar[str] = "refusePublication"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class WithdrawPublication(Command):
    """Take a case, or what is proposed of it, from the public."""

    NAME: ClassVar[str] = "withdrawPublication"

    case_id: UUID


PublicationCommand = (
    ProposePublication | ApprovePublication | RefusePublication | WithdrawPublication
)


def decide(case: Case, command: PublicationCommand, by: Circumstances) -> None:
    """Decide a command about what the public may read."""
    check(case, command, by)
    match command:
        case ProposePublication():
            case.trigger_event(
                PublicationProposed,
                timestamp=by.at,
                title=required(["title"], command.title, TITLE_LIMIT),
                summary=optional(["summary"], command.summary),
                proposer=by.actor.principal,
            )
        case ApprovePublication():
            case.trigger_event(PublicationApproved, timestamp=by.at)
        case RefusePublication():
            case.trigger_event(PublicationRefused, timestamp=by.at)
        case WithdrawPublication():
            case.trigger_event(PublicationWithdrawn, timestamp=by.at)
        case _:
            assert_never(command)
