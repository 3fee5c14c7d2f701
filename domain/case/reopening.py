"""Reopening: a closed case was not finished after all, and begins a new cycle."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState, Returns
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ReopenedBy
from domain.command import Circumstances, Command
from domain.wording import required


class CaseReopened(CaseEvent):
    """The case was not finished after all: a new cycle begins at ACCEPTED.

    by: who had it reopened; None: not recorded.
    """

    TOPIC: ClassVar[str] = "case.reopened"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED
    class_version: ClassVar[int] = 2

    cycle: int
    ground: str
    by: ReopenedBy | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 did not say who had it reopened."""
        state["by"] = None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.release()
        case.returns = Returns()
        case.reworks = 0
        case.holding = case.holding.anew()
        case.cycle = self.cycle
        case.resolver = None
        case.resolved_at = None
        case.contacted = False
        case.feedback = FeedbackState.NONE
        case.says_resolved = None
        # In a new cycle it is due by itself.
        case.absorbed_dues = {}
        # What an appeal asked for has come about.
        case.open_appeal = None


@dataclass(frozen=True, kw_only=True)
class ReopenCase(Command):
    """Begin a new cycle of a closed case."""

    NAME: ClassVar[str] = "reopenCase"

    case_id: UUID
    ground: str


def reopen(case: Case, command: ReopenCase, by: Circumstances) -> None:
    check(case, command, by)
    ground = required(["ground"], command.ground)
    begin_cycle(case, by, ground, ReopenedBy.REPORTER if by.as_reporter else ReopenedBy.SUPERVISOR)


def begin_cycle(case: Case, by: Circumstances, ground: str, reopened_by: ReopenedBy) -> None:
    """CaseReopened pending, with the next cycle."""
    case.trigger_event(
        CaseReopened, timestamp=by.at, cycle=case.cycle + 1, ground=ground, by=reopened_by
    )
