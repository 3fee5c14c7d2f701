"""What the mutations of routing take."""

import strawberry
from strawberry import field

from domain.case.routing import MOST_CO_UNITS
from schema.case.inputs.base import CODE, CaseInput


@strawberry.input(
    description="Give an accepted case to a lead unit: the one given, or that of the policy."
)
class DispatchCaseInput(CaseInput):
    """dispatchCase."""

    lead_unit: str | None = field(
        default=None,
        description="Code of the unit that answers for the handling; left out: the one that the "
        f"routing policy in force says. Another one needs a reason{CODE}.",
    )
    co_units: list[str] = field(
        default_factory=list,
        description="Codes of the units that help; none: without leadUnit those of the policy. "
        f"At most {MOST_CO_UNITS}.",
    )
    override: bool = field(
        default=False,
        description="Whether it goes to leadUnit although that is not competent; needs a reason.",
    )


@strawberry.input(description="Take a dispatched case over on behalf of the lead unit.")
class SignForCaseInput(CaseInput):
    """signForCase."""
