"""The mutations of the directory: one for each command, each with one `input`."""

from typing import Annotated

import strawberry
from strawberry import argument, mutation

from domain.directory import areas, people, posts, units
from schema.directory import inputs
from schema.directory.result import DirectoryResult, carry_out
from schema.info import Info

_INPUT = argument(name="input", description="The command's own fields.")


@strawberry.type
class DirectoryMutation:
    """The mutations of the directory."""

    @mutation(description="Establish a unit.")
    async def establish_unit(
        self, info: Info, given: Annotated[inputs.EstablishUnitInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(units.EstablishUnit))

    @mutation(description="Change a unit from a time on, until its next known change.")
    async def change_unit(
        self, info: Info, given: Annotated[inputs.ChangeUnitInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(units.ChangeUnit))

    @mutation(description="Dissolve a unit, or correct when it was dissolved.")
    async def dissolve_unit(
        self, info: Info, given: Annotated[inputs.DissolveUnitInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(units.DissolveUnit))

    @mutation(description="Define an area.")
    async def define_area(
        self, info: Info, given: Annotated[inputs.DefineAreaInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(areas.DefineArea))

    @mutation(description="Change an area from a time on, until its next known change.")
    async def change_area(
        self, info: Info, given: Annotated[inputs.ChangeAreaInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(areas.ChangeArea))

    @mutation(description="Retire an area, or correct when it was retired.")
    async def retire_area(
        self, info: Info, given: Annotated[inputs.RetireAreaInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(areas.RetireArea))

    @mutation(description="Create a position in a unit.")
    async def create_position(
        self, info: Info, given: Annotated[inputs.CreatePositionInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(posts.CreatePosition))

    @mutation(description="Change a position from a time on, until its next known change.")
    async def change_position(
        self, info: Info, given: Annotated[inputs.ChangePositionInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(posts.ChangePosition))

    @mutation(description="Abolish a position that nobody holds, or correct when it was abolished.")
    async def abolish_position(
        self, info: Info, given: Annotated[inputs.AbolishPositionInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(posts.AbolishPosition))

    @mutation(description="Appoint a person to a position.")
    async def appoint_person(
        self, info: Info, given: Annotated[inputs.AppointPersonInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.AppointPerson))

    @mutation(description="End an appointment, or correct when it ends.")
    async def end_appointment(
        self, info: Info, given: Annotated[inputs.EndAppointmentInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.EndAppointment))

    @mutation(
        description="Let another person exercise roles of an appointment as well, for a time."
    )
    async def delegate_authority(
        self, info: Info, given: Annotated[inputs.DelegateAuthorityInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.DelegateAuthority))

    @mutation(description="End a delegation before its time.")
    async def revoke_delegation(
        self, info: Info, given: Annotated[inputs.RevokeDelegationInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.RevokeDelegation))

    @mutation(description="Record that a person is qualified.")
    async def grant_qualification(
        self, info: Info, given: Annotated[inputs.GrantQualificationInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.GrantQualification))

    @mutation(description="Record that a person is not qualified any more.")
    async def withdraw_qualification(
        self, info: Info, given: Annotated[inputs.WithdrawQualificationInput, _INPUT]
    ) -> DirectoryResult:
        return await carry_out(info.context, given.command(people.WithdrawQualification))
