"""Positions 岗位: posts in units are created, change and are abolished, whoever holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import ClassVar, Final

from domain.command import Circumstances, Command
from domain.directory.guards import (
    check_lasting,
    check_new,
    check_not_needed,
    code_of,
    codes_of,
    existing,
    in_force,
    kept,
    names_of,
    new_end,
    shown,
    time_of,
)
from domain.directory.refusals import PositionHeld
from domain.directory.state import Directory, Ended, Placed
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import Position, Thing
from domain.identity import Role
from domain.refusal import InvalidInput

NOT_BY_POST: Final = frozenset({Role.PUBLIC, Role.REPORTER, Role.SERVICE})
"""What people are without any post, and what no person is."""


class PositionDescribed(Placed):
    """Base of what says how a position is."""

    THING: ClassVar[Thing] = Thing.POSITION

    unit: str
    title_zh: str | None
    title_en: str | None
    roles: tuple[Role, ...]
    areas: tuple[str, ...]
    single_holder: bool

    def content(self) -> Position:
        return Position(
            self.unit, self.title_zh, self.title_en, self.roles, self.areas, self.single_holder
        )


class PositionCreated(PositionDescribed):
    """There is a position, from `valid_from` on."""

    TOPIC: ClassVar[str] = "directory.position_created"

    def apply(self, directory: Directory) -> None:
        directory.positions[self.code] = Timeline(self.content(), self.valid_from)
        directory.give(self.roles, self.code)


class PositionChanged(PositionDescribed):
    """A position is otherwise from `valid_from` on; everything about it is said anew."""

    TOPIC: ClassVar[str] = "directory.position_changed"

    def apply(self, directory: Directory) -> None:
        directory.positions[self.code].put(self.content(), self.valid_from)
        directory.give(self.roles, self.code)


class PositionAbolished(Ended):
    """A position is no more from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.position_abolished"
    THING: ClassVar[Thing] = Thing.POSITION


@dataclass(frozen=True, kw_only=True)
class CreatePosition(Command):
    """Create a position in a unit."""

    NAME: ClassVar[str] = "createPosition"

    code: str
    unit: str
    title_zh: str | None = None
    title_en: str | None = None
    roles: tuple[Role, ...] = ()
    areas: tuple[str, ...] = ()
    single_holder: bool = True
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePosition(Command):
    """Change a position from a time on, until its next known change.

    None leaves a part as it is then; a blank title takes it away.
    """

    NAME: ClassVar[str] = "changePosition"

    code: str
    unit: str | None = None
    title_zh: str | None = None
    title_en: str | None = None
    roles: tuple[Role, ...] | None = None
    areas: tuple[str, ...] | None = None
    single_holder: bool | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AbolishPosition(Command):
    """Abolish a position that nobody holds any more, or correct when it was abolished."""

    NAME: ClassVar[str] = "abolishPosition"

    code: str
    valid_to: datetime | None = None


def create_position(directory: Directory, command: CreatePosition, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    position = _looked_at(
        Position(
            command.unit,
            command.title_zh,
            command.title_en,
            command.roles,
            command.areas,
            command.single_holder,
        )
    )
    if check_new(directory.positions.get(code), Thing.POSITION, code, position, start):
        _check_rests(directory, position, start, ENDLESS)
        directory.trigger_event(
            PositionCreated, timestamp=by.at, code=code, valid_from=start, **vars(position)
        )


def change_position(directory: Directory, command: ChangePosition, by: Circumstances) -> None:
    code, start = code_of("code", command.code), time_of("validFrom", command.valid_from, by.at)
    timeline, before = in_force(directory.positions, Thing.POSITION, code, start)
    position = _looked_at(
        Position(
            kept(command.unit, before.unit),
            kept(command.title_zh, before.title_zh),
            kept(command.title_en, before.title_en),
            kept(command.roles, before.roles),
            kept(command.areas, before.areas),
            kept(command.single_holder, before.single_holder),
        )
    )
    if position == before:
        return
    end = timeline.next_change(start)
    _check_rests(directory, position, start, end)
    if position.single_holder:
        _check_one_by_one(directory, code, start, end)
    directory.trigger_event(
        PositionChanged, timestamp=by.at, code=code, valid_from=start, **vars(position)
    )


def abolish_position(directory: Directory, command: AbolishPosition, by: Circumstances) -> None:
    code = code_of("code", command.code)
    timeline = existing(directory.positions, Thing.POSITION, code)
    end = new_end(timeline, command.valid_to, by.at)
    if end is None:
        return
    held = (
        (name, directory.appointments[name]) for name in directory.appointments_to.get(code, ())
    )
    check_not_needed(
        Thing.POSITION, code, end, ((name, each.end) for name, each in held if each.lasts)
    )
    _check_rests(directory, timeline.last, timeline.end, end)
    directory.trigger_event(PositionAbolished, timestamp=by.at, code=code, valid_to=end)


def roles_in_order(path: str, roles: Sequence[Role]) -> tuple[Role, ...]:
    """Roles, each once, in the order of the table; only those that a post may give."""
    for number, role in enumerate(roles):
        if role in NOT_BY_POST:
            raise InvalidInput([path, str(number)], f"{role} is no role that a post gives")
    return tuple(role for role in Role if role in roles)


def check_single(directory: Directory, code: str, start: datetime, end: datetime) -> None:
    """Refuse a holder from `start` to `end` while a single holder is another one."""
    for piece in directory.positions[code].within(start, end):
        held = _held(directory, code, piece.start, piece.end)
        if held and piece.content.single_holder:
            since, _, appointment = held[0]
            raise PositionHeld(position=code, at=shown(since), held_by=appointment)


def _check_one_by_one(directory: Directory, code: str, start: datetime, end: datetime) -> None:
    """Refuse a single holder where two appointments overlap."""
    for (_, until, _), (since, _, appointment) in pairwise(_held(directory, code, start, end)):
        if since < until:
            raise PositionHeld(position=code, at=shown(since), held_by=appointment)


def _held(
    directory: Directory, code: str, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, str]]:
    """By which appointments the position is held from `start` to `end`, in order of time."""
    return sorted(
        (piece.start, piece.end, appointment)
        for appointment in directory.appointments_to.get(code, ())
        for piece in directory.appointments[appointment].within(start, end)
    )


def _looked_at(position: Position) -> Position:
    """The position with its titles, codes and roles as they must look."""
    title_zh, title_en = names_of("title", position.title_zh, position.title_en)
    return Position(
        code_of("unit", position.unit),
        title_zh,
        title_en,
        roles_in_order("roles", position.roles),
        codes_of("areas", position.areas),
        position.single_holder,
    )


def _check_rests(directory: Directory, position: Position, start: datetime, end: datetime) -> None:
    """Its unit and its areas last as long as it."""
    check_lasting(directory, Thing.UNIT, (position.unit,), start, end)
    check_lasting(directory, Thing.AREA, position.areas, start, end)
