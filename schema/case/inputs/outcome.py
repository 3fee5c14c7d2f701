"""What the mutations of the outcome take."""

import strawberry
from strawberry import field

from domain.case.vocabulary import ResolutionOutcome
from schema.case.inputs.base import TEXT, CaseInput


@strawberry.input(description="Say how the handling of a case in progress ended.")
class SubmitResolutionInput(CaseInput):
    """submitResolution."""

    outcome: ResolutionOutcome = field(description="What was reached.")
    measures: str = field(description=f"What was done to reach it{TEXT}.")
    basis: str | None = field(
        default=None, description=f"The rule it rests on, where one does{TEXT}."
    )


@strawberry.input(description="Find a resolution good: ask the reporter, or close at once.")
class VerifyResolutionInput(CaseInput):
    """verifyResolution."""

    ask_feedback: bool = field(
        default=True, description="Whether the reporter is asked before the case closes."
    )
    public_reason: str | None = field(
        default=None,
        description="Why it closes, in words for the public; only where it closes at once.",
    )


@strawberry.input(description="Send a resolution back to the lead unit.")
class OrderReworkInput(CaseInput):
    """orderRework."""

    demand: str = field(description=f"What is still to be done{TEXT}.")


@strawberry.input(description="Record what the reporter answered; it closes the case.")
class RecordFeedbackInput(CaseInput):
    """recordFeedback."""

    contacted: bool = field(description="Whether the reporter was reached.")
    resolved: bool | None = field(
        default=None, description="Whether the reporter says that it is resolved."
    )
    satisfaction: int | None = field(
        default=None, description="From 1, very dissatisfied, to 5, very satisfied."
    )


@strawberry.input(description="Close a case whose reporter did not answer.")
class CloseCaseInput(CaseInput):
    """closeCase."""

    public_reason: str | None = field(
        default=None, description="Why it closes, in words for the public."
    )


@strawberry.input(description="Begin a new cycle of a closed case.")
class ReopenCaseInput(CaseInput):
    """reopenCase."""

    ground: str = field(description=f"Why it was not finished after all{TEXT}.")
