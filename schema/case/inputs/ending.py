"""What the mutations take by which a case ends, or comes back from an end."""

import strawberry
from strawberry import field

from domain.case.vocabulary import VoidReason
from schema.case.inputs.base import TEXT, CaseInput


@strawberry.input(description="Not accept a rejection or a closing.")
class FileAppealInput(CaseInput):
    """fileAppeal."""

    ground: str = field(description=f"Why{TEXT}.")


@strawberry.input(description="Uphold the appeal that waits, or dismiss it.")
class DecideAppealInput(CaseInput):
    """decideAppeal."""

    upheld: bool = field(
        description="Whether the reporter is right: a closed case begins a new cycle, a rejected "
        "one is accepted after all."
    )
    finding: str = field(description=f"Why, for the reporter as well{TEXT}.")


@strawberry.input(description="Request that what should never have been a case be taken out.")
class RequestVoidInput(CaseInput):
    """requestVoid."""

    void_reason: VoidReason = field(description="Why it should never have been one.")
    explanation: str | None = field(
        default=None, description=f"More about that, for who decides{TEXT}."
    )


@strawberry.input(description="Void the case as requested; not by whoever requested it.")
class ApproveVoidInput(CaseInput):
    """approveVoid."""


@strawberry.input(description="Let the case go on.")
class RefuseVoidInput(CaseInput):
    """refuseVoid."""

    explanation: str = field(description=f"Why it is a case{TEXT}.")


@strawberry.input(description="Put a closed case away; nobody reopens it or appeals any more.")
class ArchiveCaseInput(CaseInput):
    """archiveCase."""
