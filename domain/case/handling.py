"""Handling: what is done about a case, and what is said about it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case import cohandling, information
from domain.case.cohandling import CoHandlingCommand
from domain.case.contact import RecordFirstContact, record_first_contact
from domain.case.emergency import skip_to
from domain.case.information import InformationCommand
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.refusal import AudienceNotOpen
from domain.wording import required


class ProgressRecorded(CaseEvent):
    """The lead unit says what it did."""

    TOPIC: ClassVar[str] = "case.progress_recorded"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"text"})

    text: str


class NoteAdded(CaseEvent):
    """Somebody wrote a note; its audience says who may read it."""

    TOPIC: ClassVar[str] = "case.note_added"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"text"})

    text: str
    audience: Audience

    def readers(self) -> Audience | None:
        return self.audience


@dataclass(frozen=True, kw_only=True)
class RecordProgress(Command):
    """Say what was done."""

    NAME: ClassVar[str] = "recordProgress"

    case_id: UUID
    text: str


@dataclass(frozen=True, kw_only=True)
class AddNote(Command):
    """Add a note for an audience; None: for the writer's own side, staff or reporter."""

    NAME: ClassVar[str] = "addNote"
    COMMUTES: ClassVar[bool] = True

    case_id: UUID
    text: str
    audience: Audience | None = None


def record_progress(case: Case, command: RecordProgress, by: Circumstances) -> None:
    check(case, command, by)
    text = required(["text"], command.text)
    skip_to(case, command, by)
    case.trigger_event(ProgressRecorded, timestamp=by.at, text=text)


def add_note(case: Case, command: AddNote, by: Circumstances) -> None:
    check(case, command, by)
    own_side = Audience.REPORTER if by.as_reporter else Audience.INTERNAL
    audience = command.audience or own_side
    if by.as_reporter and audience is not Audience.REPORTER:
        raise AudienceNotOpen(allowed=own_side.value, audience=audience.value)
    text = required(["text"], command.text)
    case.trigger_event(NoteAdded, timestamp=by.at, text=text, audience=audience)


HandlingCommand = (
    RecordProgress | AddNote | RecordFirstContact | CoHandlingCommand | InformationCommand
)


def decide(case: Case, command: HandlingCommand, by: Circumstances) -> None:
    """Decide a command about the handling of the case."""
    match command:
        case RecordProgress():
            record_progress(case, command, by)
        case AddNote():
            add_note(case, command, by)
        case RecordFirstContact():
            record_first_contact(case, command, by)
        case _:
            _decide_asking(case, command, by)


def _decide_asking(
    case: Case, command: CoHandlingCommand | InformationCommand, by: Circumstances
) -> None:
    if isinstance(command, CoHandlingCommand):
        cohandling.decide(case, command, by)
    else:
        information.decide(case, command, by)
