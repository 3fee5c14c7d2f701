"""The mutations of who answers for a case."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.fallback import AssignFallbackOwner
from domain.case.officers import AcceptHandOver, AssignOfficer, DeclineHandOver, OfferHandOver
from domain.case.returns import (
    ArbitrateResponsibility,
    RejectReturn,
    RequestArbitration,
    RequestReturn,
    UpholdReturn,
)
from schema.case.inputs import passage as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class ResponsibilityMutation:
    """Commands of `domain.case.{fallback,officers,returns}`."""

    @mutation(description="Name the unit that answers for an accepted case until it is dispatched.")
    async def assign_fallback_owner(
        self, info: Info, given: Annotated[inputs.AssignFallbackOwnerInput, INPUT]
    ) -> CaseResult:
        command = AssignFallbackOwner(**given.common(), unit=given.unit)
        return await carry_out(info.context, command)

    @mutation(description="Say who of the lead unit handles a case.")
    async def assign_officer(
        self, info: Info, given: Annotated[inputs.AssignOfficerInput, INPUT]
    ) -> CaseResult:
        command = AssignOfficer(**given.common(), officer=given.officer, position=given.position)
        return await carry_out(info.context, command)

    @mutation(
        description="Ask somebody of the lead unit to take a case over; until they do it stays."
    )
    async def offer_hand_over(
        self, info: Info, given: Annotated[inputs.OfferHandOverInput, INPUT]
    ) -> CaseResult:
        command = OfferHandOver(**given.common(), to=given.to, position=given.position)
        return await carry_out(info.context, command)

    @mutation(description="Take a case over: from now on the caller answers for it.")
    async def accept_hand_over(
        self, info: Info, given: Annotated[inputs.AcceptHandOverInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, AcceptHandOver(**given.common()))

    @mutation(description="Do not take a case over.")
    async def decline_hand_over(
        self, info: Info, given: Annotated[inputs.DeclineHandOverInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, DeclineHandOver(**given.common()))

    @mutation(
        description="Ask to give a case back, soon after it was dispatched, and not too often."
    )
    async def request_return(
        self, info: Info, given: Annotated[inputs.RequestReturnInput, INPUT]
    ) -> CaseResult:
        command = RequestReturn(
            **given.common(),
            ground=given.ground,
            basis=given.basis,
            suggested_unit=given.suggested_unit,
        )
        return await carry_out(info.context, command)

    @mutation(
        description="Take a case back from a unit that asked for it: it is to be dispatched anew."
    )
    async def uphold_return(
        self, info: Info, given: Annotated[inputs.UpholdReturnInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, UpholdReturn(**given.common()))

    @mutation(description="Leave a case with a unit that asked to give it back.")
    async def reject_return(
        self, info: Info, given: Annotated[inputs.RejectReturnInput, INPUT]
    ) -> CaseResult:
        command = RejectReturn(**given.common(), ground=given.ground)
        return await carry_out(info.context, command)

    @mutation(
        description="Ask to have it decided for good whose case it is, where no return is left."
    )
    async def request_arbitration(
        self, info: Info, given: Annotated[inputs.RequestArbitrationInput, INPUT]
    ) -> CaseResult:
        command = RequestArbitration(**given.common(), ground=given.ground)
        return await carry_out(info.context, command)

    @mutation(
        description="Name the lead unit of a case for good: no return changes it in this cycle."
    )
    async def arbitrate_responsibility(
        self, info: Info, given: Annotated[inputs.ArbitrateResponsibilityInput, INPUT]
    ) -> CaseResult:
        command = ArbitrateResponsibility(
            **given.common(), lead_unit=given.lead_unit, ground=given.ground
        )
        return await carry_out(info.context, command)
