"""Units: bodies of all kinds are established, change and are dissolved."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.command import Circumstances, Command
from domain.directory.guards import (
    check_lasting,
    check_new,
    check_not_below,
    check_not_needed,
    code_of,
    code_or_none,
    codes_of,
    existing,
    in_force,
    kept,
    names_of,
    new_end,
    time_of,
    users,
)
from domain.directory.state import EVERY_TYPE, Directory, Ended, Placed
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import Thing, Unit, UnitKind


class UnitDescribed(Placed):
    """Base of what says how a unit is."""

    THING: ClassVar[Thing] = Thing.UNIT

    kind: UnitKind
    name_zh: str | None
    name_en: str | None
    parent: str | None
    areas: tuple[str, ...]
    competences: tuple[str, ...]

    def content(self) -> Unit:
        return Unit(
            self.kind, self.name_zh, self.name_en, self.parent, self.areas, self.competences
        )


class UnitEstablished(UnitDescribed):
    """There is a unit, from `valid_from` on."""

    TOPIC: ClassVar[str] = "directory.unit_established"

    def apply(self, directory: Directory) -> None:
        directory.units[self.code] = Timeline(self.content(), self.valid_from)
        directory.rearranged()


class UnitChanged(UnitDescribed):
    """A unit is otherwise from `valid_from` on; everything about it is said anew."""

    TOPIC: ClassVar[str] = "directory.unit_changed"

    def apply(self, directory: Directory) -> None:
        directory.units[self.code].put(self.content(), self.valid_from)
        directory.rearranged()


class UnitDissolved(Ended):
    """A unit is no more from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.unit_dissolved"
    THING: ClassVar[Thing] = Thing.UNIT


@dataclass(frozen=True, kw_only=True)
class EstablishUnit(Command):
    """Establish a unit under a code of its own."""

    NAME: ClassVar[str] = "establishUnit"

    code: str
    kind: UnitKind
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None
    areas: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeUnit(Command):
    """Change a unit from a time on, until its next known change.

    None leaves a part as it is then; a blank name or parent takes it away.
    """

    NAME: ClassVar[str] = "changeUnit"

    code: str
    kind: UnitKind | None = None
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None
    areas: tuple[str, ...] | None = None
    competences: tuple[str, ...] | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DissolveUnit(Command):
    """Dissolve a unit, or correct when it was dissolved."""

    NAME: ClassVar[str] = "dissolveUnit"

    code: str
    valid_to: datetime | None = None


def establish_unit(directory: Directory, command: EstablishUnit, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    unit = _looked_at(
        Unit(
            command.kind,
            command.name_zh,
            command.name_en,
            command.parent,
            command.areas,
            command.competences,
        )
    )
    if check_new(directory.units.get(code), Thing.UNIT, code, unit, start):
        _check_rests(directory, unit, start, ENDLESS)
        directory.trigger_event(
            UnitEstablished, timestamp=by.at, code=code, valid_from=start, **vars(unit)
        )


def change_unit(directory: Directory, command: ChangeUnit, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    timeline, before = in_force(directory.units, Thing.UNIT, code, start)
    unit = _looked_at(
        Unit(
            kept(command.kind, before.kind),
            kept(command.name_zh, before.name_zh),
            kept(command.name_en, before.name_en),
            kept(command.parent, before.parent),
            kept(command.areas, before.areas),
            kept(command.competences, before.competences),
        )
    )
    if unit == before:
        return
    end = timeline.next_change(start)
    _check_rests(directory, unit, start, end)
    if unit.parent is not None:
        check_not_below(
            directory.units,
            lambda each: each.parent,
            Thing.UNIT,
            code,
            unit.parent,
            start=start,
            end=end,
        )
    directory.trigger_event(UnitChanged, timestamp=by.at, code=code, valid_from=start, **vars(unit))


def dissolve_unit(directory: Directory, command: DissolveUnit, by: Circumstances) -> None:
    code = code_of("code", command.code)
    timeline = existing(directory.units, Thing.UNIT, code)
    end = new_end(timeline, command.valid_to, by.at)
    if end is None:
        return
    check_not_needed(Thing.UNIT, code, end, users(directory.units, lambda u: u.parent == code))
    check_not_needed(Thing.UNIT, code, end, users(directory.positions, lambda p: p.unit == code))
    _check_rests(directory, timeline.last, timeline.end, end)
    directory.trigger_event(UnitDissolved, timestamp=by.at, code=code, valid_to=end)


def _looked_at(unit: Unit) -> Unit:
    """The unit with its names and codes as they must look."""
    name_zh, name_en = names_of("name", unit.name_zh, unit.name_en)
    return Unit(
        unit.kind,
        name_zh,
        name_en,
        code_or_none("parent", unit.parent),
        codes_of("areas", unit.areas),
        codes_of("competences", unit.competences, besides=EVERY_TYPE),
    )


def _check_rests(directory: Directory, unit: Unit, start: datetime, end: datetime) -> None:
    """What the unit rests on lasts as long as it; nothing to check where it ends earlier."""
    parents = () if unit.parent is None else (unit.parent,)
    check_lasting(directory, Thing.UNIT, parents, start, end)
    check_lasting(directory, Thing.AREA, unit.areas, start, end)
