"""The mutations of routing."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.routing import DispatchCase, SignForCase
from schema.case.inputs import routing as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class RoutingMutation:
    """Commands of `domain.case.routing`."""

    @mutation(description="Give an accepted case to a lead unit.")
    async def dispatch_case(
        self, info: Info, given: Annotated[inputs.DispatchCaseInput, INPUT]
    ) -> CaseResult:
        command = DispatchCase(
            **given.common(),
            lead_unit=given.lead_unit,
            co_units=tuple(given.co_units),
            override=given.override,
        )
        return await carry_out(info.context, command)

    @mutation(description="Take a dispatched case over on behalf of the lead unit.")
    async def sign_for_case(
        self, info: Info, given: Annotated[inputs.SignForCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, SignForCase(**given.common()))
