"""What the mutations of suspension and extension take."""

from datetime import datetime

import strawberry
from strawberry import field

from schema.case.inputs.base import CODE, TEXT, CaseInput


@strawberry.input(description="Ask that a case rests.")
class RequestSuspensionInput(CaseInput):
    """requestSuspension."""

    suspension_reason: str = field(
        description=f"The code of a reason of the SLA policy that limits the case{CODE}."
    )
    expected_resume: datetime = field(description="Until when.")
    ground: str = field(description=f"Why, for who decides{TEXT}.")


@strawberry.input(description="Let a case rest as it was asked for.")
class ApproveSuspensionInput(CaseInput):
    """approveSuspension."""

    expected_resume: datetime | None = field(
        default=None, description="Until another time than was asked for."
    )


@strawberry.input(description="Let a case go on that was to rest.")
class DenySuspensionInput(CaseInput):
    """denySuspension."""

    ground: str = field(description=f"Why it goes on{TEXT}.")


@strawberry.input(description="Go on with a case that rests, before it does so by itself.")
class ResumeCaseInput(CaseInput):
    """resumeCase."""


@strawberry.input(description="Ask for more time.")
class RequestExtensionInput(CaseInput):
    """requestExtension."""

    days: int = field(description="How many calendar days more.")
    ground: str = field(description=f"Why, for who decides{TEXT}.")


@strawberry.input(description="Give more time as it was asked for.")
class ApproveExtensionInput(CaseInput):
    """approveExtension."""

    days: int | None = field(default=None, description="Fewer days than were asked for.")


@strawberry.input(description="Give no more time.")
class DenyExtensionInput(CaseInput):
    """denyExtension."""

    ground: str = field(description=f"Why there is none{TEXT}.")
