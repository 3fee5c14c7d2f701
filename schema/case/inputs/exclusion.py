"""What the mutations of exclusions from metrics take."""

import strawberry
from strawberry import field

from domain.metrics.vocabulary import ExclusionCause
from schema.case.inputs.base import CODE, TEXT, CaseInput


@strawberry.input
class ExclusionInput(CaseInput):
    """What every command on an exclusion takes."""

    metric: str = field(description=f"The code of the metric{CODE}.")
    ground: str = field(description=f"Why{TEXT}.")
    unit: str | None = field(
        default=None,
        description=f"The code of the appraised unit{CODE}; null: the one that leads the case.",
    )


@strawberry.input(
    description="Leave the case out of a metric of a unit; by somebody of neither that unit nor "
    "one below it."
)
class ApproveMetricExclusionInput(ExclusionInput):
    """approveMetricExclusion."""

    cause: ExclusionCause = field(
        description="The sort of reason; the definition of the metric says which are good."
    )


@strawberry.input(description="Let the case count again in a metric of a unit.")
class RevokeMetricExclusionInput(ExclusionInput):
    """revokeMetricExclusion."""
