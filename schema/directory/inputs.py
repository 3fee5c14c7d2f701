"""What the mutations of the directory take.

Codes are 1 to 64 letters, digits and . _ / -, the first a letter or a digit; one is never given to
anything else again. expectedVersion is the version of the directory as a whole.
"""

from dataclasses import fields
from datetime import datetime
from typing import Final, TypeVar

import strawberry
from strawberry import field

from domain.command import Command
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.identity import Role
from schema.case.inputs.base import CommandInput

C = TypeVar("C", bound=Command)

_CODE: Final = "A code of its own: 1 to 64 letters, digits and . _ / -; it is never given twice."
_FROM: Final = "From when on; left out: when it happened."
_TO: Final = "Until when; left out: when it happened."
_LATER: Final = " Left out: as it is then."
_BLANK: Final = " Left out: as it is then; blank: none."
_ZH: Final = "In Chinese, at most 200 characters."
_EN: Final = "In English, at most 200 characters."


@strawberry.input
class DirectoryInput(CommandInput):
    """What every command on the directory takes."""

    def command(self, kind: type[C]) -> C:
        """The command with all that is said here."""
        common = self.common()
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
        return kind(**{**said, **lists, **common})


@strawberry.input(description="Establish a unit.")
class EstablishUnitInput(DirectoryInput):
    """establishUnit."""

    code: str = field(description=_CODE)
    kind: UnitKind = field(description="What sort of body it is.")
    name_zh: str | None = field(default=None, description=_ZH)
    name_en: str | None = field(default=None, description=_EN)
    parent: str | None = field(default=None, description="Code of the unit above it.")
    areas: list[str] = field(
        default_factory=list,
        description="Codes of the areas it serves, at most 200; none: everywhere.",
    )
    competences: list[str] = field(
        default_factory=list,
        description='Codes of types of case, or beginnings cut at "." "/" or "-"; "*": all.',
    )
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="Change a unit from a time on, until its next known change.")
class ChangeUnitInput(DirectoryInput):
    """changeUnit."""

    code: str = field(description="Code of the unit.")
    kind: UnitKind | None = field(default=None, description="What sort of body it is." + _LATER)
    name_zh: str | None = field(default=None, description=_ZH + _BLANK)
    name_en: str | None = field(default=None, description=_EN + _BLANK)
    parent: str | None = field(default=None, description="Code of the unit above it." + _BLANK)
    areas: list[str] | None = field(
        default=None, description="Codes of the areas it serves." + _LATER
    )
    competences: list[str] | None = field(
        default=None, description="What it handles, as in establishUnit." + _LATER
    )
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="Dissolve a unit, or correct when it was dissolved.")
class DissolveUnitInput(DirectoryInput):
    """dissolveUnit."""

    code: str = field(description="Code of the unit.")
    valid_to: datetime | None = field(default=None, description=_TO)


@strawberry.input(description="Define an area.")
class DefineAreaInput(DirectoryInput):
    """defineArea."""

    code: str = field(description=_CODE)
    kind: AreaKind = field(description="How large it is.")
    name_zh: str | None = field(default=None, description=_ZH)
    name_en: str | None = field(default=None, description=_EN)
    parent: str | None = field(default=None, description="Code of the area it lies in.")
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="Change an area from a time on, until its next known change.")
class ChangeAreaInput(DirectoryInput):
    """changeArea."""

    code: str = field(description="Code of the area.")
    kind: AreaKind | None = field(default=None, description="How large it is." + _LATER)
    name_zh: str | None = field(default=None, description=_ZH + _BLANK)
    name_en: str | None = field(default=None, description=_EN + _BLANK)
    parent: str | None = field(default=None, description="Code of the area it lies in." + _BLANK)
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="Retire an area, or correct when it was retired.")
class RetireAreaInput(DirectoryInput):
    """retireArea."""

    code: str = field(description="Code of the area.")
    valid_to: datetime | None = field(default=None, description=_TO)


@strawberry.input(description="Create a position in a unit.")
class CreatePositionInput(DirectoryInput):
    """createPosition."""

    code: str = field(description=_CODE)
    unit: str = field(description="Code of the unit.")
    title_zh: str | None = field(default=None, description=_ZH)
    title_en: str | None = field(default=None, description=_EN)
    roles: list[Role] = field(
        default_factory=list, description="The roles that whoever holds it has."
    )
    areas: list[str] = field(
        default_factory=list,
        description="Codes of the areas it is for; none: those its unit serves.",
    )
    single_holder: bool = field(
        default=True, description="Whether one person at most holds it at a time."
    )
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="Change a position from a time on, until its next known change.")
class ChangePositionInput(DirectoryInput):
    """changePosition."""

    code: str = field(description="Code of the position.")
    unit: str | None = field(default=None, description="Code of the unit." + _LATER)
    title_zh: str | None = field(default=None, description=_ZH + _BLANK)
    title_en: str | None = field(default=None, description=_EN + _BLANK)
    roles: list[Role] | None = field(
        default=None, description="The roles that whoever holds it has." + _LATER
    )
    areas: list[str] | None = field(
        default=None, description="Codes of the areas it is for." + _LATER
    )
    single_holder: bool | None = field(
        default=None, description="Whether one person at most holds it at a time." + _LATER
    )
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(
    description="Abolish a position that nobody holds, or correct when it was abolished."
)
class AbolishPositionInput(DirectoryInput):
    """abolishPosition."""

    code: str = field(description="Code of the position.")
    valid_to: datetime | None = field(default=None, description=_TO)


@strawberry.input(description="Appoint a person to a position.")
class AppointPersonInput(DirectoryInput):
    """appointPerson."""

    position: str = field(description="Code of the position.")
    person: str = field(
        description="The person, as tokens name them: an opaque id, at most 200 characters."
    )
    name: str | None = field(
        default=None,
        description="The person's name for display, at most 100 characters; it is protected.",
    )
    valid_from: datetime | None = field(default=None, description=_FROM)
    valid_to: datetime | None = field(
        default=None, description="Until when; left out: until further notice."
    )


@strawberry.input(description="End an appointment, or correct when it ends.")
class EndAppointmentInput(DirectoryInput):
    """endAppointment."""

    appointment: str = field(description="Code of the appointment.")
    valid_to: datetime | None = field(default=None, description=_TO)


@strawberry.input(
    description="Let another person exercise roles of an appointment as well, for a time."
)
class DelegateAuthorityInput(DirectoryInput):
    """delegateAuthority."""

    appointment: str = field(description="Code of the appointment.")
    delegate: str = field(description="The other person, as tokens name them.")
    roles: list[Role] = field(description="Which roles of the position.")
    valid_to: datetime = field(description="Until when.")
    valid_from: datetime | None = field(default=None, description=_FROM)


@strawberry.input(description="End a delegation before its time.")
class RevokeDelegationInput(DirectoryInput):
    """revokeDelegation."""

    delegation: str = field(description="Code of the delegation.")
    valid_to: datetime | None = field(default=None, description=_TO)


@strawberry.input(description="Record that a person is qualified.")
class GrantQualificationInput(DirectoryInput):
    """grantQualification."""

    person: str = field(description="The person, as tokens name them.")
    qualification: str = field(description="Code of the qualification.")
    valid_from: datetime | None = field(default=None, description=_FROM)
    valid_to: datetime | None = field(
        default=None, description="Until when; left out: without end."
    )


@strawberry.input(description="Record that a person is not qualified any more.")
class WithdrawQualificationInput(DirectoryInput):
    """withdrawQualification."""

    person: str = field(description="The person, as tokens name them.")
    qualification: str = field(description="Code of the qualification.")
    valid_to: datetime | None = field(default=None, description=_TO)
