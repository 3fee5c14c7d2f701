"""What a command on the directory results in: the entry as it is then, or why nothing changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, TypeVar, assert_never

import strawberry
from strawberry import field

from domain.command import Executed
from domain.directory import DirectoryCommand, areas, people, posts, units, vocabulary
from projections.directory import DirectoryMoment, Entry, EntryFilter
from schema.case.result import VersionConflict
from schema.context import Context
from schema.directory.grants import delegations_of, qualifications_of
from schema.directory.reading import C, Reading
from schema.directory.types import (
    DirectoryEntry,
    appointments_of,
    areas_of,
    positions_of,
    units_of,
)
from schema.errors import CommandRefused, InvalidInput, NotFound, NotPermitted
from schema.scalars import Position

Made = TypeVar("Made")


@strawberry.type(description="The command on the directory was carried out, now or earlier.")
class DirectoryChanged:
    """The command was carried out."""

    entry: DirectoryEntry | None = field(
        description="The entry as it is from, or until, the time that the command names."
    )
    version: int = field(description="The version of the directory after the command.")
    position: Position = field(
        description="The journal's position of the command's event: what a reader waits for."
    )


DirectoryResult = Annotated[
    DirectoryChanged | CommandRefused | VersionConflict | NotPermitted | NotFound | InvalidInput,
    strawberry.union(
        "DirectoryResult", description="The changed entry, or why the command was not carried out."
    ),
]


async def carry_out(context: Context, command: DirectoryCommand) -> DirectoryChanged:
    """Execute a command on the directory. Raises its refusal."""
    executed = await context.commands.execute(command, context.caller)
    return DirectoryChanged(
        entry=await _entry(context, command, executed),
        version=executed.last_version,
        position=Position(executed.position),
    )


async def _entry(
    context: Context, command: DirectoryCommand, executed: Executed
) -> DirectoryEntry | None:
    """What the command is about, as known when it was recorded."""
    read = Reading(context, DirectoryMoment(executed.position, None))
    match command:
        case units.EstablishUnit() | units.ChangeUnit() | units.DissolveUnit():
            wanted = EntryFilter(codes=[command.code])
            return await _newest(read, vocabulary.Unit, wanted, units_of)
        case areas.DefineArea() | areas.ChangeArea() | areas.RetireArea():
            wanted = EntryFilter(codes=[command.code])
            return await _newest(read, vocabulary.Area, wanted, areas_of)
        case posts.CreatePosition() | posts.ChangePosition() | posts.AbolishPosition():
            wanted = EntryFilter(codes=[command.code])
            return await _newest(read, vocabulary.Position, wanted, positions_of)
        case people.AppointPerson() | people.EndAppointment():
            return await _newest(read, vocabulary.Appointment, _held(command), appointments_of)
        case people.DelegateAuthority() | people.RevokeDelegation():
            return await _newest(read, vocabulary.Delegation, _given(command), delegations_of)
        case people.GrantQualification() | people.WithdrawQualification():
            wanted = EntryFilter(qualification=command.qualification, person=command.person)
            return await _newest(read, vocabulary.Qualification, wanted, qualifications_of)
        case _:
            assert_never(command)


def _held(command: people.AppointPerson | people.EndAppointment) -> EntryFilter:
    if isinstance(command, people.AppointPerson):
        return EntryFilter(positions=[command.position], person=command.person)
    return EntryFilter(codes=[command.appointment])


def _given(command: people.DelegateAuthority | people.RevokeDelegation) -> EntryFilter:
    if isinstance(command, people.DelegateAuthority):
        return EntryFilter(appointments=[command.appointment], person=command.delegate)
    return EntryFilter(codes=[command.delegation])


async def _newest(
    read: Reading,
    kind: type[C],
    wanted: EntryFilter,
    make: Callable[[Reading, Sequence[Entry[C]]], Sequence[Made]],
) -> Made | None:
    """What was said of the entry last; a change also says that what was before ends."""
    found = await read.all(kind, replace(wanted, every_time=True))
    found.sort(key=lambda each: (each.known_from, each.valid_from))
    return next(iter(make(read, found[-1:])), None)
