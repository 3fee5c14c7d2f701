"""What is given to persons besides positions: delegated roles, and qualifications."""

from collections.abc import Sequence
from datetime import datetime

import strawberry
from strawberry import field

from domain.directory import vocabulary
from domain.identity import Role
from projections.directory import Entry
from schema.directory.reading import Reading


@strawberry.type(
    description="Roles of an appointment are exercised by another person as well 授权."
)
class Delegation:
    """A delegation."""

    code: str = field(description='Its code: the appointment\'s, "." and a number from 1.')
    appointment_code: str = field(description="The code of the appointment.")
    position_code: str = field(description="The code of the position.")
    delegator: str = field(description="Whose authority it is.")
    delegate: str = field(description="Who exercises it as well.")
    roles: list[Role] = field(description="Which roles of it, as long as the position has them.")
    valid_from: datetime = field(description="When it begins.")
    valid_to: datetime | None = field(
        description="When it ends; it is over earlier where the appointment is."
    )


@strawberry.type(description="A person is qualified for something 资格.")
class Qualification:
    """A qualification."""

    code: str = field(description='The code of the grant: the qualification\'s, "#" and a number.')
    qualification: str = field(description="The code of the qualification.")
    person: str = field(description="The person, as tokens name them.")
    valid_from: datetime = field(description="When it begins.")
    valid_to: datetime | None = field(description="When it ends; null: no end is known.")


def delegations_of(
    _reading: Reading, found: Sequence[Entry[vocabulary.Delegation]]
) -> list[Delegation]:
    """Delegations that were read together."""
    return [
        Delegation(
            code=each.code,
            appointment_code=each.content.appointment,
            position_code=each.content.position,
            delegator=each.content.delegator,
            delegate=each.content.delegate,
            roles=list(each.content.roles),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        for each in found
    ]


def qualifications_of(
    _reading: Reading, found: Sequence[Entry[vocabulary.Qualification]]
) -> list[Qualification]:
    """Qualifications that were read together."""
    return [
        Qualification(
            code=each.code,
            qualification=each.content.qualification,
            person=each.content.person,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        for each in found
    ]
