"""Urging: whoever waits for a case says so. It moves no clock and never conflicts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.urges import key_of
from domain.command import Circumstances, Command
from domain.wording import optional


class CaseUrged(CaseEvent):
    """Somebody waits. by: who, for the rule how often; empty: the reporter through the staff."""

    TOPIC: ClassVar[str] = "case.urged"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"text"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"by"})

    text: str | None
    by: str

    def apply(self, case: Case) -> None:
        case.urged_at = {**case.urged_at, self.by: self.timestamp}


@dataclass(frozen=True, kw_only=True)
class UrgeCase(Command):
    """Say that one waits, or that the reporter does."""

    NAME: ClassVar[str] = "urgeCase"
    COMMUTES: ClassVar[bool] = True

    case_id: UUID
    text: str | None = None


def urge(case: Case, command: UrgeCase, by: Circumstances) -> None:
    check(case, command, by)
    text = optional(["text"], command.text)
    case.trigger_event(CaseUrged, timestamp=by.at, text=text, by=key_of(by))
