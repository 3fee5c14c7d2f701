"""Closing: the case is finished, until somebody has it reopened or it is archived."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command


class CaseClosed(CaseEvent):
    """The case is finished, for a reason that may be made public."""

    TOPIC: ClassVar[str] = "case.closed"
    STAGE: ClassVar[Stage | None] = Stage.CLOSED

    public_reason: str | None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.decided_at = self.timestamp
        case.appealed = False


class CaseArchived(CaseEvent):
    """The case is put away: nobody reopens it or appeals any more."""

    TOPIC: ClassVar[str] = "case.archived"
    STAGE: ClassVar[Stage | None] = Stage.ARCHIVED


@dataclass(frozen=True, kw_only=True)
class ArchiveCase(Command):
    """Put a closed case away, once its type no longer wants it at hand."""

    NAME: ClassVar[str] = "archiveCase"

    case_id: UUID


def archive(case: Case, command: ArchiveCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(CaseArchived, timestamp=by.at)
