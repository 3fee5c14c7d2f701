"""What the mutations take that say who may see a case."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.vocabulary import CasePart
from domain.vocabulary import Confidentiality
from schema.case.inputs.base import CODE, TEXT, CaseInput


@strawberry.input(description="Say how few may see the case, its past included.")
class SetConfidentialityInput(CaseInput):
    """setConfidentiality."""

    level: Confidentiality = field(description="How few.")


@strawberry.input(
    description="Show parts of the case to a unit that has nothing to do with its handling. It "
    "takes the place of what was shared with that unit before."
)
class ShareCaseInput(CaseInput):
    """shareCase."""

    unit: str = field(description=f"The code of the unit{CODE}.")
    purpose: str = field(description=f"What for{TEXT}.")
    parts: list[CasePart] = field(
        description="What of it, beside its number, type, stage, urgency, channel and time."
    )
    expires: datetime = field(description="Until when.")


@strawberry.input(description="Show the case to a unit no longer.")
class RevokeShareInput(CaseInput):
    """revokeShare."""

    unit: str = field(description="The code of the unit.")
