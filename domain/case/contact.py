"""Contact: the lead unit speaks with the reporter for the first time in a cycle."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import ContactWay
from domain.command import Circumstances, Command
from domain.vocabulary import ClockKind
from domain.wording import required


class FirstContactMade(CaseEvent):
    """The lead unit reached the reporter. result: what came of it."""

    TOPIC: ClassVar[str] = "case.first_contact_made"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.FIRST_CONTACT,)
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"result"})

    way: ContactWay
    result: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.contacted = True


class ContactAttempted(CaseEvent):
    """The lead unit tried to reach the reporter, and did not. result: what it met with."""

    TOPIC: ClassVar[str] = "case.contact_attempted"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"result"})

    way: ContactWay
    result: str


@dataclass(frozen=True, kw_only=True)
class RecordFirstContact(Command):
    """Say how the reporter was reached, or that they were not; only the first stops a clock."""

    NAME: ClassVar[str] = "recordFirstContact"

    case_id: UUID
    way: ContactWay
    result: str
    reached: bool = True


def record_first_contact(case: Case, command: RecordFirstContact, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        FirstContactMade if command.reached else ContactAttempted,
        timestamp=by.at,
        way=command.way,
        result=required(["result"], command.result),
    )
