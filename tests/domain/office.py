"""given(commands).when(command).then(facts) or .refused(CODE), for the directory.

What is given are commands that were carried out before: a directory is too much to write its
entries out by hand. Times are days: day(0) is when the first unit may begin.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.command import circumstances
from domain.directory import Directory, DirectoryCommand, decide
from domain.directory.areas import DefineArea
from domain.directory.people import AppointPerson
from domain.directory.posts import CreatePosition
from domain.directory.units import EstablishUnit
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.identity import Role
from domain.refusal import Fact as RefusalFact
from domain.refusal import Refusal
from tests.domain.people import person
from tests.domain.scenario import Fact, ask, fact_of, pending_events

ADMINISTRATOR: Final = person("administrator", Role.DIRECTORY_ADMIN)
FIRST: Final = datetime(2024, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return FIRST + timedelta(days=number)


NOW: Final = day(100)


def unit(code: str, **said: Any) -> EstablishUnit:
    usual = {"kind": UnitKind.GOVERNMENT, "name_en": code.title(), "valid_from": day(0)}
    return ask(EstablishUnit, code=code, **{**usual, **said})


def area(code: str, **said: Any) -> DefineArea:
    usual = {"kind": AreaKind.GRID, "name_en": code.title(), "valid_from": day(0)}
    return ask(DefineArea, code=code, **{**usual, **said})


def position(code: str, of: str, **said: Any) -> CreatePosition:
    usual = {"title_en": code.title(), "roles": (Role.OFFICER,), "valid_from": day(0)}
    return ask(CreatePosition, code=code, unit=of, **{**usual, **said})


def appointed(to: str, who: str, start: float = 0, end: float | None = None) -> AppointPerson:
    valid_to = None if end is None else day(end)
    return ask(AppointPerson, position=to, person=who, valid_from=day(start), valid_to=valid_to)


def carried_out(*commands: DirectoryCommand) -> Directory | None:
    """The directory after these commands, with nothing pending."""
    directory: Directory | None = None
    for command in commands:
        directory = decide(directory, command, circumstances(command, ADMINISTRATOR, NOW))
        directory.collect_events()
    return directory


def directory_of(*commands: DirectoryCommand) -> Directory:
    directory = carried_out(*commands)
    assert directory is not None
    return directory


class Office:
    """A directory with a past, or none yet."""

    def __init__(self, *commands: DirectoryCommand) -> None:
        self.directory = carried_out(*commands)

    def when(self, command: DirectoryCommand) -> "Outcome":
        by = circumstances(command, ADMINISTRATOR, NOW)
        try:
            directory = decide(self.directory, command, by)
        except Refusal as refusal:
            return Outcome(self.directory, (), refusal)
        return Outcome(directory, tuple(pending_events(directory)), None)


@dataclass(frozen=True)
class Outcome:
    """What came of a command: events, or a refusal."""

    directory: Directory | None
    events: tuple[AggregateEvent, ...]
    refusal: Refusal | None

    def then(self, *facts: Fact) -> Directory:
        """Exactly these facts followed; without any: it was already so."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert self.directory is not None
        assert tuple(fact_of(event) for event in self.events) == facts
        return self.directory

    def happens(self) -> Directory:
        """One fact followed, whatever it says."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert self.directory is not None
        assert len(self.events) == 1
        return self.directory

    def refused(self, code: str, /, **facts: RefusalFact) -> Refusal:
        """It was refused with `code` and at least these facts, and nothing is pending."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.code == code, self.refusal
        assert {name: self.refusal.facts.get(name) for name in facts} == facts
        assert self.directory is None or not self.directory.pending_events
        return self.refusal


def given(*commands: DirectoryCommand) -> Office:
    return Office(*commands)
