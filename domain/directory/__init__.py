"""The directory 组织目录: units, areas, positions, appointments, delegations, qualifications."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, assert_never

from domain.command import Circumstances, check_circumstances
from domain.directory import areas, people, posts, units
from domain.directory.state import DIRECTORY_STREAM, Directory, DirectoryOpened
from domain.event import begin_stream
from domain.identity import Role

DirectoryCommand = (
    units.EstablishUnit
    | units.ChangeUnit
    | units.DissolveUnit
    | areas.DefineArea
    | areas.ChangeArea
    | areas.RetireArea
    | posts.CreatePosition
    | posts.ChangePosition
    | posts.AbolishPosition
    | people.AppointPerson
    | people.EndAppointment
    | people.DelegateAuthority
    | people.RevokeDelegation
    | people.GrantQualification
    | people.WithdrawQualification
)
"""The commands on the directory."""

BOOTSTRAP_ROLES: Final = frozenset({Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN})
"""What the administrators of the genesis entry may be until somebody is it by a post."""


def decide(directory: Directory | None, command: DirectoryCommand, by: Circumstances) -> Directory:
    """The directory, begun if need be, with the events of `command` pending.

    Raises a `domain.refusal.Refusal`; then nothing is pending.
    """
    check_circumstances(command, by)
    if directory is None:
        directory = begin_stream(
            Directory, DirectoryOpened, stream_id=DIRECTORY_STREAM, timestamp=by.at
        )
    _carry_out(directory, command, by)
    return directory


def _carry_out(  # noqa: C901, PLR0912 - one line for each command, complete by type
    directory: Directory, command: DirectoryCommand, by: Circumstances
) -> None:
    match command:
        case units.EstablishUnit():
            units.establish_unit(directory, command, by)
        case units.ChangeUnit():
            units.change_unit(directory, command, by)
        case units.DissolveUnit():
            units.dissolve_unit(directory, command, by)
        case areas.DefineArea():
            areas.define_area(directory, command, by)
        case areas.ChangeArea():
            areas.change_area(directory, command, by)
        case areas.RetireArea():
            areas.retire_area(directory, command, by)
        case posts.CreatePosition():
            posts.create_position(directory, command, by)
        case posts.ChangePosition():
            posts.change_position(directory, command, by)
        case posts.AbolishPosition():
            posts.abolish_position(directory, command, by)
        case people.AppointPerson():
            people.appoint_person(directory, command, by)
        case people.EndAppointment():
            people.end_appointment(directory, command, by)
        case people.DelegateAuthority():
            people.delegate_authority(directory, command, by)
        case people.RevokeDelegation():
            people.revoke_delegation(directory, command, by)
        case people.GrantQualification():
            people.grant_qualification(directory, command, by)
        case people.WithdrawQualification():
            people.withdraw_qualification(directory, command, by)
        case _:
            assert_never(command)


def administrator_roles(
    directory: Directory | None, administrators: Collection[str], person: str, at: datetime
) -> frozenset[Role]:
    """What an administrator named in the genesis entry is, so that rules can start from nothing.

    Each of these roles only until somebody holds a post with it, and again when nobody does.
    """
    if person not in administrators:
        return frozenset()
    return frozenset(
        role
        for role in BOOTSTRAP_ROLES
        if directory is None or not directory.role_is_held(role, at)
    )


__all__ = [
    "DIRECTORY_STREAM",
    "Directory",
    "DirectoryCommand",
    "administrator_roles",
    "decide",
]
