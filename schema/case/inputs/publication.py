"""What the mutations of publication take."""

import strawberry
from strawberry import field

from schema.case.inputs.base import TEXT, TITLE, CaseInput


@strawberry.input(description="Propose what the public may read of a case.")
class ProposePublicationInput(CaseInput):
    """proposePublication."""

    title: str = field(description=f"The case in one line, written for the public{TITLE}.")
    summary: str | None = field(
        default=None, description=f"What happened and what was done, for the public{TEXT}."
    )


@strawberry.input(description="Release what was proposed; not by whoever proposed it.")
class ApprovePublicationInput(CaseInput):
    """approvePublication."""


@strawberry.input(description="Do not release what was proposed; the reason says why.")
class RefusePublicationInput(CaseInput):
    """refusePublication."""


@strawberry.input(description="Take a case from the public.")
class WithdrawPublicationInput(CaseInput):
    """withdrawPublication."""
