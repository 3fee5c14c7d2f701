"""Units, areas, positions and people, as the caller may see them.

A unit or an area comes out of the directory with its entry and the group it was read with; out of
a case it comes with its code alone, and what it is then is what this process has in memory.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import field

from domain.directory import Directory, vocabulary
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import AreaKind, Content, UnitKind
from domain.identity import Role
from projections.directory import NOW, Entry, EntryFilter
from schema.directory.grants import Delegation, Qualification, delegations_of
from schema.directory.reading import Group, Reading
from schema.info import Info
from schema.languages import Language

C = TypeVar("C", bound=Content)
Named = TypeVar("Named", vocabulary.Unit, vocabulary.Area)
Made = TypeVar("Made")

_VALID_FROM = "From when on it is as it is here."
_VALID_TO = "Until when it is as it is here; null: without end so far."


@strawberry.type
class _Place(Generic[Named]):
    """What units and areas have in common."""

    code: str = field(description="Its code.")
    entry: strawberry.Private[Entry[Named] | None] = None
    group: strawberry.Private[Group[Named] | None] = None

    @field(description="Its name in the language of the request, or in the other one.")
    def name(self, info: Info) -> str | None:
        content = self._content(info)
        return _name(content.name_zh, content.name_en, info) if content else None

    @field(description="Its name in Chinese.")
    def name_zh(self, info: Info) -> str | None:
        content = self._content(info)
        return content.name_zh if content else None

    @field(description="Its name in English.")
    def name_en(self, info: Info) -> str | None:
        content = self._content(info)
        return content.name_en if content else None

    @field(description=_VALID_FROM)
    def valid_from(self, info: Info) -> datetime | None:
        entry = self._entry(info)
        return entry.valid_from if entry else None

    @field(description=_VALID_TO)
    def valid_to(self, info: Info) -> datetime | None:
        entry = self._entry(info)
        return entry.valid_to if entry else None

    def _content(self, info: Info) -> Named | None:
        entry = self._entry(info)
        return entry.content if entry else None

    def _entry(self, info: Info) -> Entry[Named] | None:
        directory = info.context.configuration.directory
        if self.entry is None and directory is not None:
            self.entry = _in_memory(self.code, self._timeline(directory))
        return self.entry

    def _group(self, info: Info) -> Group[Named]:
        if self.group is None:
            entry = self._entry(info)
            self.group = Group(Reading(info.context, NOW), [entry] if entry else [])
        return self.group

    def _timeline(self, directory: Directory) -> Timeline[Named] | None:
        raise NotImplementedError


@strawberry.type(
    description=(
        "A unit: a department, coordinating body, organisation, enterprise or residents' body that "
        "handles cases. Of a code that the directory does not know, everything else is null."
    )
)
class OrgUnit(_Place[vocabulary.Unit]):
    """A unit."""

    @field(description="What sort of body it is.")
    def kind(self, info: Info) -> UnitKind | None:
        unit = self._content(info)
        return unit.kind if unit else None

    @field(description='Codes of types of case, or beginnings of them, that it handles; "*": all.')
    def competences(self, info: Info) -> list[str]:
        unit = self._content(info)
        return list(unit.competences) if unit else []

    @field(description="The areas it serves, each with all in it; none: everywhere.")
    async def areas(self, info: Info) -> "list[Area]":
        unit, group = self._content(info), self._group(info)
        return await _areas_named(group, unit.areas if unit else (), lambda each: each.areas)

    @field(description="The unit above it.")
    async def parent(self, info: Info) -> "OrgUnit | None":
        unit, group = self._content(info), self._group(info)
        above = EntryFilter(codes=group.named(lambda each: (each.parent,)))
        found = await group.shared("parent", lambda: _units(group.reading, above, _code))
        return _one(found, unit.parent if unit else None)

    @field(description="The units directly below it.")
    async def children(self, info: Info) -> "list[OrgUnit]":
        group = self._group(info)
        below = EntryFilter(parents=group.codes)
        found = await group.shared(
            "children", lambda: _units(group.reading, below, lambda each: each.content.parent)
        )
        return found.get(self.code, [])

    @field(description="Its positions.")
    async def positions(self, info: Info) -> "list[OrgPosition]":
        group = self._group(info)
        here = EntryFilter(units=group.codes)
        found = await group.shared(
            "positions", lambda: _positions(group.reading, here, lambda each: each.content.unit)
        )
        return found.get(self.code, [])

    def _timeline(self, directory: Directory) -> Timeline[vocabulary.Unit] | None:
        return directory.units.get(self.code)


@strawberry.type(
    description=(
        "An area, from the district down to a grid cell 网格. Of a code that the directory does "
        "not know, everything else is null."
    )
)
class Area(_Place[vocabulary.Area]):
    """An area."""

    @field(description="How large a part of the district it is.")
    def kind(self, info: Info) -> AreaKind | None:
        area = self._content(info)
        return area.kind if area else None

    @field(description="The area it lies in.")
    async def parent(self, info: Info) -> "Area | None":
        area, group = self._content(info), self._group(info)
        around = EntryFilter(codes=group.named(lambda each: (each.parent,)))
        found = await group.shared("parent", lambda: _areas(group.reading, around, _code))
        return _one(found, area.parent if area else None)

    @field(description="The areas directly in it.")
    async def children(self, info: Info) -> "list[Area]":
        group = self._group(info)
        inside = EntryFilter(parents=group.codes)
        found = await group.shared(
            "children", lambda: _areas(group.reading, inside, lambda each: each.content.parent)
        )
        return found.get(self.code, [])

    def _timeline(self, directory: Directory) -> Timeline[vocabulary.Area] | None:
        return directory.areas.get(self.code)


@strawberry.type(description="A position 岗位 in a unit, whoever holds it.")
class OrgPosition:
    """A position."""

    code: str = field(description="Its code.")
    title_zh: str | None = field(description="Its title in Chinese.")
    title_en: str | None = field(description="Its title in English.")
    roles: list[Role] = field(description="The roles that whoever holds it has.")
    single_holder: bool = field(description="Whether one person at most holds it at a time.")
    valid_from: datetime = field(description=_VALID_FROM)
    valid_to: datetime | None = field(description=_VALID_TO)
    entry: strawberry.Private[Entry[vocabulary.Position]]
    group: strawberry.Private[Group[vocabulary.Position]]

    @field(description="Its title in the language of the request, or in the other one.")
    def title(self, info: Info) -> str | None:
        return _name(self.title_zh, self.title_en, info)

    @field(description="The unit it belongs to.")
    async def unit(self) -> OrgUnit:
        group, code = self.group, self.entry.content.unit
        units = EntryFilter(codes=group.named(lambda each: (each.unit,)))
        found = await group.shared("unit", lambda: _units(group.reading, units, _code))
        return _one(found, code) or OrgUnit(code=code)

    @field(description="The areas it is for, each with all in it; none: those its unit serves.")
    async def areas(self) -> list[Area]:
        return await _areas_named(self.group, self.entry.content.areas, lambda each: each.areas)

    @field(description="By which appointments it is held, the longest-serving first.")
    async def holders(self) -> "list[Appointment]":
        group = self.group
        here = EntryFilter(positions=group.codes)
        found = await group.shared(
            "holders",
            lambda: _appointments(group.reading, here, lambda each: each.content.position),
        )
        return found.get(self.code, [])


@strawberry.type(description="A person holds a position 任职.")
class Appointment:
    """An appointment."""

    code: str = field(description='Its code: the position\'s, "#" and a number from 1.')
    position_code: str = field(description="The code of the position.")
    person: str = field(description="The person, as tokens name them.")
    name: str | None = field(
        description="The person's name for display; null where the caller may not see it."
    )
    valid_from: datetime = field(description="When it begins.")
    valid_to: datetime | None = field(description="When it ends; null: no end is known.")
    group: strawberry.Private[Group[vocabulary.Appointment]]

    @field(description="The position; null where it is not there at the moment asked for.")
    async def position(self) -> OrgPosition | None:
        group = self.group
        held = EntryFilter(codes=group.named(lambda each: (each.position,)))
        found = await group.shared("position", lambda: _positions(group.reading, held, _code))
        return _one(found, self.position_code)

    @field(description="To whom roles of it are delegated at the moment asked for.")
    async def delegations(self) -> "list[Delegation]":
        group = self.group
        here = EntryFilter(appointments=group.codes)
        found = await group.shared(
            "delegations",
            lambda: _delegations(group.reading, here, lambda each: each.content.appointment),
        )
        return found.get(self.code, [])


DirectoryEntry = Annotated[
    OrgUnit | Area | OrgPosition | Appointment | Delegation | Qualification,
    strawberry.union("DirectoryEntry", description="An entry of the directory."),
]


def unit_of(code: str | None) -> OrgUnit | None:
    """The unit with this code, where there is one."""
    return None if code is None else OrgUnit(code=code)


def area_of(code: str | None) -> Area | None:
    """The area with this code, where there is one."""
    return None if code is None else Area(code=code)


def units_of(reading: Reading, found: Sequence[Entry[vocabulary.Unit]]) -> list[OrgUnit]:
    """Units that were read together."""
    group = Group(reading, found)
    return [OrgUnit(code=each.code, entry=each, group=group) for each in found]


def areas_of(reading: Reading, found: Sequence[Entry[vocabulary.Area]]) -> list[Area]:
    """Areas that were read together."""
    group = Group(reading, found)
    return [Area(code=each.code, entry=each, group=group) for each in found]


def positions_of(
    reading: Reading, found: Sequence[Entry[vocabulary.Position]]
) -> list[OrgPosition]:
    """Positions that were read together."""
    group = Group(reading, found)
    return [
        OrgPosition(
            code=each.code,
            title_zh=each.content.title_zh,
            title_en=each.content.title_en,
            roles=list(each.content.roles),
            single_holder=each.content.single_holder,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            entry=each,
            group=group,
        )
        for each in found
    ]


def appointments_of(
    reading: Reading, found: Sequence[Entry[vocabulary.Appointment]]
) -> list[Appointment]:
    """Appointments that were read together."""
    group = Group(reading, found)
    return [
        Appointment(
            code=each.code,
            position_code=each.content.position,
            person=each.content.person,
            name=each.content.name,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            group=group,
        )
        for each in found
    ]


Key = Callable[[Entry[C]], str | None]
Make = Callable[[Reading, Sequence[Entry[C]]], Sequence[Made]]


def _code(entry: Entry[C]) -> str:
    return entry.code


async def _by(
    reading: Reading, kind: type[C], criteria: EntryFilter, key: Key[C], make: Make[C, Made]
) -> dict[str, list[Made]]:
    """What matches, by what `key` says of it; all of it is one group."""
    found = await reading.all(kind, criteria)
    by: dict[str, list[Made]] = {}
    for entry, made in zip(found, make(reading, found), strict=True):
        by.setdefault(key(entry) or "", []).append(made)
    return by


async def _units(
    reading: Reading, criteria: EntryFilter, key: Key[vocabulary.Unit]
) -> dict[str, list[OrgUnit]]:
    return await _by(reading, vocabulary.Unit, criteria, key, units_of)


async def _areas(
    reading: Reading, criteria: EntryFilter, key: Key[vocabulary.Area]
) -> dict[str, list[Area]]:
    return await _by(reading, vocabulary.Area, criteria, key, areas_of)


async def _positions(
    reading: Reading, criteria: EntryFilter, key: Key[vocabulary.Position]
) -> dict[str, list[OrgPosition]]:
    return await _by(reading, vocabulary.Position, criteria, key, positions_of)


async def _appointments(
    reading: Reading, criteria: EntryFilter, key: Key[vocabulary.Appointment]
) -> dict[str, list[Appointment]]:
    return await _by(reading, vocabulary.Appointment, criteria, key, appointments_of)


async def _delegations(
    reading: Reading, criteria: EntryFilter, key: Key[vocabulary.Delegation]
) -> dict[str, list[Delegation]]:
    return await _by(reading, vocabulary.Delegation, criteria, key, delegations_of)


async def _areas_named(
    group: Group[C], codes: Sequence[str], name: Callable[[C], Sequence[str]]
) -> list[Area]:
    """The areas that one of a group names, read for all of the group."""
    named = EntryFilter(codes=group.named(name))
    found = await group.shared("areas", lambda: _areas(group.reading, named, _code))
    return [area for code in codes for area in found.get(code, ())]


def _one(found: dict[str, list[Made]], code: str | None) -> Made | None:
    return next(iter(found.get(code or "", ())), None)


def _in_memory(code: str, timeline: Timeline[C] | None) -> Entry[C] | None:
    """The entry as it is now, as far as this process knows."""
    now = datetime.now(UTC)
    for piece in timeline.pieces() if timeline else ():
        if piece.start <= now < piece.end:
            end = None if piece.end == ENDLESS else piece.end
            return Entry(code, piece.content, piece.start, end, NOW.known)
    return None


def _name(zh: str | None, en: str | None, info: Info) -> str | None:
    return (zh or en) if info.context.language is Language.ZH else (en or zh)
