"""What the mutations of clocks take."""

import strawberry
from strawberry import field

from schema.case.inputs.base import CaseInput


@strawberry.input(
    description="Let the clocks that run count by other versions; it needs a reason. Without any "
    "version: by those in force."
)
class AmendClocksInput(CaseInput):
    """amendClocks."""

    calendar_version: int | None = field(
        default=None,
        description="Number of a published version of the work calendars; null: each clock keeps "
        "its own.",
    )
    policy_version: int | None = field(
        default=None,
        description="Number of a published version of the SLA policy; null: each clock keeps its "
        "limit.",
    )
