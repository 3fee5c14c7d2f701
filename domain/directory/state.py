"""The directory 组织目录: what it holds, as known so far, and what it answers about any time.

Every entry has a timeline in valid time; when something became known is the journal's to say.
Nothing here looks at a clock: each question names its moment.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.directory.timeline import ENDLESS, Piece, Timeline, Tree
from domain.directory.vocabulary import (
    Appointment,
    Area,
    Content,
    Delegation,
    Position,
    Qualification,
    Thing,
    Unit,
)
from domain.event import Recorded, stream_begins_with
from domain.identity import Post, Role

C = TypeVar("C")

AnyTimeline = (
    Timeline[Unit]
    | Timeline[Area]
    | Timeline[Position]
    | Timeline[Appointment]
    | Timeline[Delegation]
    | Timeline[Qualification]
)

DIRECTORY_STREAM: Final = UUID("00000000-0000-8000-8000-000000000003")

EVERY_TYPE: Final = "*"
"""The competence for cases of every type."""

_CUTS: Final = ("", ".", "/", "-")
"""What may follow the beginning of a code that names a competence."""


class Directory(Aggregate):
    """Units, areas, positions, and who holds or is what: then, now and as planned."""

    def __init__(self) -> None:
        """It is empty before its first entry."""
        self.units: dict[str, Timeline[Unit]] = {}
        self.areas: dict[str, Timeline[Area]] = {}
        self.positions: dict[str, Timeline[Position]] = {}
        self.appointments: dict[str, Timeline[Appointment]] = {}
        self.delegations: dict[str, Timeline[Delegation]] = {}
        self.qualifications: dict[str, Timeline[Qualification]] = {}
        # Derived, for finding.
        self.appointments_to: dict[str, list[str]] = {}
        self.delegations_of: dict[str, list[str]] = {}
        self.grants_of: dict[str, list[str]] = {}
        self._appointments_by_person: dict[str, list[str]] = {}
        self._delegations_to: dict[str, list[str]] = {}
        self._qualified: dict[str, list[str]] = {}
        self._positions_with: dict[Role, list[str]] = {}
        self.unit_tree = Tree(self.units, lambda unit: unit.parent)
        self.area_tree = Tree(self.areas, lambda area: area.parent)

    def has_units(self) -> bool:
        """Whether any unit was ever established: from then on codes of units are checked."""
        return bool(self.units)

    def unit_at(self, code: str, at: datetime) -> Unit | None:
        """The unit as it is at a moment; None where there is no such unit then."""
        return _at(self.units, code, at)

    def is_active(self, code: str, at: datetime) -> bool:
        """Whether there is such a unit then."""
        return self.unit_at(code, at) is not None

    def subtree(self, code: str, at: datetime) -> frozenset[str]:
        """The unit and all units below it then; nothing where there is no such unit."""
        return self.unit_tree.subtree(code, at)

    def unit_path(self, code: str, at: datetime) -> tuple[str, ...]:
        """The units above it then, from the root down to itself."""
        return self.unit_tree.path(code, at)

    def area_at(self, code: str, at: datetime) -> Area | None:
        """The area as it is at a moment; None where there is no such area then."""
        return _at(self.areas, code, at)

    def area_subtree(self, code: str, at: datetime) -> frozenset[str]:
        """The area and all areas in it then; nothing where there is no such area."""
        return self.area_tree.subtree(code, at)

    def area_path(self, code: str, at: datetime) -> tuple[str, ...]:
        """The areas that the area lies in then, from the largest down to itself."""
        return self.area_tree.path(code, at)

    def areas_below(self, codes: Iterable[str], at: datetime) -> frozenset[str]:
        """These areas and all areas in them then."""
        return frozenset[str]().union(*(self.area_subtree(code, at) for code in codes))

    def is_competent(
        self, unit: str, type_code: str, at: datetime, area: str | None = None
    ) -> bool:
        """Whether the unit handles cases of this type (and in this area) then."""
        found = self.unit_at(unit, at)
        if found is None or not any(_names(each, type_code) for each in found.competences):
            return False
        if area is None or not found.areas:
            return True
        return not frozenset(self.area_path(area, at)).isdisjoint(found.areas)

    def position_at(self, code: str, at: datetime) -> Position | None:
        """The position as it is at a moment; None where there is no such position then."""
        return _at(self.positions, code, at)

    def holders_of(self, position: str, at: datetime) -> tuple[str, ...]:
        """Who holds the position then, the longest-serving first."""
        held = (self.appointments[code] for code in self.appointments_to.get(position, ()))
        serving = sorted((each.start, each.first.person) for each in held if each.at(at))
        return tuple(person for _, person in serving)

    def holder_of(self, position: str, at: datetime) -> str | None:
        """Who holds the position then; of several the longest-serving."""
        return next(iter(self.holders_of(position, at)), None)

    def delegates_of(
        self, position: str, person: str, start: datetime, end: datetime
    ) -> Iterator[tuple[str, Piece[Delegation]]]:
        """Who acts for a holder of the position within a time, each with the delegation's code.

        Only as long as they hold it.
        """
        for code in self.appointments_to.get(position, ()):
            held = self.appointments[code]
            if held.first.person != person:
                continue
            for delegation in self.delegations_of.get(code, ()):
                for own in held.within(start, end):
                    for piece in self.delegations[delegation].within(own.start, own.end):
                        yield delegation, piece

    def acting_for(self, holder: str, position: str, role: Role, at: datetime) -> tuple[str, ...]:
        """Who exercises a role for a holder of the position then, by their principals."""
        return tuple(
            sorted(
                {
                    delegation.delegate
                    for code in self.appointments_to.get(position, ())
                    if (held := self.appointments[code].at(at)) and held.person == holder
                    for each in self.delegations_of.get(code, ())
                    if (delegation := self.delegations[each].at(at)) and role in delegation.roles
                }
            )
        )

    def positions_of(self, person: str, at: datetime) -> tuple[str, ...]:
        """The positions a person holds by appointment then."""
        return tuple(each.position for each in self._appointments_at(person, at))

    def roles_of(self, person: str, at: datetime) -> tuple[Post, ...]:
        """What a person's positions give them then, those that others delegated to them last."""
        own = (self._post(each.position, at) for each in self._appointments_at(person, at))
        return (*own, *self._delegated_to(person, at))

    def holds_position_in(self, person: str, unit: str, at: datetime) -> bool:
        """Whether a person holds a position in that very unit then, or acts for who does."""
        return any(post.unit == unit for post in self.roles_of(person, at))

    def qualifications_of(self, person: str, at: datetime) -> frozenset[str]:
        """What a person is qualified for then."""
        granted = (self.qualifications[code].at(at) for code in self._qualified.get(person, ()))
        return frozenset(each.qualification for each in granted if each is not None)

    def posts_with(self, role: Role, at: datetime) -> Iterator[tuple[str, Position]]:
        """The positions that have a role then, each with its code."""
        for code in self._positions_with.get(role, ()):
            position = self.positions[code].at(at)
            if position is not None and role in position.roles:
                yield code, position

    def posts_ever_with(self, role: Role) -> Sequence[str]:
        """The codes of the positions that have a role at any time."""
        return self._positions_with.get(role, ())

    def role_is_held(self, role: Role, at: datetime) -> bool:
        """Whether anybody has this role by a position then."""
        return any(
            role in position.roles
            for code in self.appointments_to
            if (position := self.position_at(code, at)) and self.holder_of(code, at)
        )

    def timeline(self, thing: Thing, code: str) -> AnyTimeline | None:
        """The timeline of any entry."""
        every: Mapping[Thing, Mapping[str, AnyTimeline]] = {
            Thing.UNIT: self.units,
            Thing.AREA: self.areas,
            Thing.POSITION: self.positions,
            Thing.APPOINTMENT: self.appointments,
            Thing.DELEGATION: self.delegations,
            Thing.QUALIFICATION: self.qualifications,
        }
        return every[thing].get(code)

    def end(self, thing: Thing, code: str, end: datetime) -> None:
        """End an entry then."""
        timeline = self.timeline(thing, code)
        if timeline is None:
            raise LookupError(code)
        timeline.end_at(end)
        self.rearranged()

    def rearranged(self) -> None:
        """Units or areas may lie otherwise than before."""
        self.unit_tree.changed()
        self.area_tree.changed()

    def give(self, roles: Iterable[Role], code: str) -> None:
        """Note that a position has these roles at some time."""
        for role in roles:
            codes = self._positions_with.setdefault(role, [])
            if code not in codes:
                codes.append(code)

    def appoint(self, code: str, timeline: Timeline[Appointment]) -> None:
        """Enter an appointment."""
        self.appointments[code] = timeline
        self.appointments_to.setdefault(timeline.first.position, []).append(code)
        self._appointments_by_person.setdefault(timeline.first.person, []).append(code)

    def delegate(self, code: str, timeline: Timeline[Delegation]) -> None:
        """Enter a delegation."""
        self.delegations[code] = timeline
        self.delegations_of.setdefault(timeline.first.appointment, []).append(code)
        self._delegations_to.setdefault(timeline.first.delegate, []).append(code)

    def qualify(self, code: str, timeline: Timeline[Qualification]) -> None:
        """Enter the grant of a qualification."""
        self.qualifications[code] = timeline
        self.grants_of.setdefault(timeline.first.qualification, []).append(code)
        self._qualified.setdefault(timeline.first.person, []).append(code)

    def grants(self, person: str, qualification: str) -> list[str]:
        """The grants of a qualification to a person, in the order they were recorded."""
        return [
            code
            for code in self._qualified.get(person, ())
            if self.qualifications[code].first.qualification == qualification
        ]

    def _appointments_at(self, person: str, at: datetime) -> Iterator[Appointment]:
        for code in self._appointments_by_person.get(person, ()):
            appointment = self.appointments[code].at(at)
            if appointment is not None:
                yield appointment

    def _delegated_to(self, person: str, at: datetime) -> Iterator[Post]:
        """Only as long as the delegator holds the position, and only roles it has."""
        for code in self._delegations_to.get(person, ()):
            delegation = self.delegations[code].at(at)
            if delegation and self.appointments[delegation.appointment].at(at):
                post = self._post(delegation.position, at, delegation)
                if post.roles:
                    yield post

    def _post(self, code: str, at: datetime, delegation: Delegation | None = None) -> Post:
        """Of a position that is held then: so it is there, and its unit too."""
        position = self.positions[code].that(at)
        unit = self.units[position.unit].that(at)
        roles = frozenset(position.roles)
        return Post(
            position=code,
            roles=roles if delegation is None else roles.intersection(delegation.roles),
            unit=position.unit,
            areas=frozenset(position.areas or unit.areas),
            by_delegation=None if delegation is None else delegation.delegator,
        )


# Set after the class body, as for Case.
Directory.TOPIC = "directory"  # type: ignore[attr-defined]


class DirectoryOpened(Recorded, AggregateCreated):
    """The first entry of the directory is about to be recorded."""

    TOPIC: ClassVar[str] = "directory.opened"


stream_begins_with(DirectoryOpened, Directory)


class DirectoryEvent(Recorded, AggregateEvent):
    """Base of the events of the directory. THING: what sort of entry `code` names."""

    THING: ClassVar[Thing]

    code: str


class Placed(DirectoryEvent):
    """Base of what says how an entry is from `valid_from` on."""

    valid_from: datetime

    @abstractmethod
    def content(self) -> Content:
        """The entry as it is from then on."""
        ...


class Granted(Placed):
    """Base of what gives a person something for a time; valid_to: None while without end."""

    valid_to: datetime | None

    @property
    def end(self) -> datetime:
        """When it ends, as far as known."""
        return ENDLESS if self.valid_to is None else self.valid_to


class Ended(DirectoryEvent):
    """Base of what ends an entry; corrected by another one."""

    valid_to: datetime

    def apply(self, directory: Directory) -> None:
        """End the entry then."""
        directory.end(self.THING, self.code, self.valid_to)


def _at(timelines: Mapping[str, Timeline[C]], code: str, at: datetime) -> C | None:
    timeline = timelines.get(code)
    return None if timeline is None else timeline.at(at)


def _names(competence: str, type_code: str) -> bool:
    return competence == EVERY_TYPE or (
        type_code.startswith(competence) and type_code[len(competence) :][:1] in _CUTS
    )
