"""Areas: the district and its parts, down to grids 网格, are defined, change and are retired."""

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
    existing,
    in_force,
    kept,
    names_of,
    new_end,
    time_of,
    users,
)
from domain.directory.state import Directory, Ended, Placed
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import Area, AreaKind, Thing


class AreaDescribed(Placed):
    """Base of what says how an area is."""

    THING: ClassVar[Thing] = Thing.AREA

    kind: AreaKind
    name_zh: str | None
    name_en: str | None
    parent: str | None

    def content(self) -> Area:
        return Area(self.kind, self.name_zh, self.name_en, self.parent)


class AreaDefined(AreaDescribed):
    """There is an area, from `valid_from` on."""

    TOPIC: ClassVar[str] = "directory.area_defined"

    def apply(self, directory: Directory) -> None:
        directory.areas[self.code] = Timeline(self.content(), self.valid_from)
        directory.rearranged()


class AreaChanged(AreaDescribed):
    """An area is otherwise from `valid_from` on; everything about it is said anew."""

    TOPIC: ClassVar[str] = "directory.area_changed"

    def apply(self, directory: Directory) -> None:
        directory.areas[self.code].put(self.content(), self.valid_from)
        directory.rearranged()


class AreaRetired(Ended):
    """An area is no more from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.area_retired"
    THING: ClassVar[Thing] = Thing.AREA


@dataclass(frozen=True, kw_only=True)
class DefineArea(Command):
    """Define an area under a code of its own."""

    NAME: ClassVar[str] = "defineArea"

    code: str
    kind: AreaKind
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeArea(Command):
    """Change an area from a time on, until its next known change.

    None leaves a part as it is then; a blank name or parent takes it away.
    """

    NAME: ClassVar[str] = "changeArea"

    code: str
    kind: AreaKind | None = None
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RetireArea(Command):
    """Retire an area, or correct when it was retired."""

    NAME: ClassVar[str] = "retireArea"

    code: str
    valid_to: datetime | None = None


def define_area(directory: Directory, command: DefineArea, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    area = _looked_at(Area(command.kind, command.name_zh, command.name_en, command.parent))
    if check_new(directory.areas.get(code), Thing.AREA, code, area, start):
        _check_rests(directory, area, start, ENDLESS)
        directory.trigger_event(
            AreaDefined, timestamp=by.at, code=code, valid_from=start, **vars(area)
        )


def change_area(directory: Directory, command: ChangeArea, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    timeline, before = in_force(directory.areas, Thing.AREA, code, start)
    area = _looked_at(
        Area(
            kept(command.kind, before.kind),
            kept(command.name_zh, before.name_zh),
            kept(command.name_en, before.name_en),
            kept(command.parent, before.parent),
        )
    )
    if area == before:
        return
    end = timeline.next_change(start)
    _check_rests(directory, area, start, end)
    if area.parent is not None:
        check_not_below(
            directory.areas,
            lambda each: each.parent,
            Thing.AREA,
            code,
            area.parent,
            start=start,
            end=end,
        )
    directory.trigger_event(AreaChanged, timestamp=by.at, code=code, valid_from=start, **vars(area))


def retire_area(directory: Directory, command: RetireArea, by: Circumstances) -> None:
    code = code_of("code", command.code)
    timeline = existing(directory.areas, Thing.AREA, code)
    end = new_end(timeline, command.valid_to, by.at)
    if end is None:
        return
    check_not_needed(Thing.AREA, code, end, users(directory.areas, lambda a: a.parent == code))
    check_not_needed(Thing.AREA, code, end, users(directory.units, lambda u: code in u.areas))
    check_not_needed(Thing.AREA, code, end, users(directory.positions, lambda p: code in p.areas))
    _check_rests(directory, timeline.last, timeline.end, end)
    directory.trigger_event(AreaRetired, timestamp=by.at, code=code, valid_to=end)


def _looked_at(area: Area) -> Area:
    """The area with its names and codes as they must look."""
    name_zh, name_en = names_of("name", area.name_zh, area.name_en)
    return Area(area.kind, name_zh, name_en, code_or_none("parent", area.parent))


def _check_rests(directory: Directory, area: Area, start: datetime, end: datetime) -> None:
    """The area it lies in lasts as long as it."""
    parents = () if area.parent is None else (area.parent,)
    check_lasting(directory, Thing.AREA, parents, start, end)
