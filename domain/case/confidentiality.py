"""Confidentiality: how few may see a case; whom a level leaves stands in `domain.reach.CLEARED`."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.vocabulary import Confidentiality


class ConfidentialityChanged(CaseEvent):
    """More or fewer people may see the case from here on, its past included."""

    TOPIC: ClassVar[str] = "case.confidentiality_changed"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    level: Confidentiality

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.confidentiality = self.level


@dataclass(frozen=True, kw_only=True)
class SetConfidentiality(Command):
    """Say how few may see the case."""

    NAME: ClassVar[str] = "setConfidentiality"

    case_id: UUID
    level: Confidentiality


def set_confidentiality(case: Case, command: SetConfidentiality, by: Circumstances) -> None:
    check(case, command, by)
    if command.level is not case.confidentiality:
        case.trigger_event(ConfidentialityChanged, timestamp=by.at, level=command.level)
