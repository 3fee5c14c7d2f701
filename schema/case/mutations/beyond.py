"""The mutations of what is beyond the usual course."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.emergency import DeclareEmergency, EndEmergency, RegulariseStep
from domain.case.referral import RecordDeliveryFailure, RecordExternalStatus, ReferCaseOut
from domain.case.urging import UrgeCase
from schema.case.inputs import passage as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class BeyondMutation:
    """Commands of `domain.case.{referral,emergency,urging}`."""

    @mutation(description="Refer a case to a body outside.")
    async def refer_case_out(
        self, info: Info, given: Annotated[inputs.ReferCaseOutInput, INPUT]
    ) -> CaseResult:
        command = ReferCaseOut(**given.common(), target=given.target, basis=given.basis)
        return await carry_out(info.context, command)

    @mutation(description="Record what the body outside says of a case.")
    async def record_external_status(
        self, info: Info, given: Annotated[inputs.RecordExternalStatusInput, INPUT]
    ) -> CaseResult:
        command = RecordExternalStatus(**given.common(), status=given.status, text=given.text)
        return await carry_out(info.context, command)

    @mutation(
        description="Record that a case did not arrive there: it is ours, and to be dispatched."
    )
    async def record_delivery_failure(
        self, info: Info, given: Annotated[inputs.RecordDeliveryFailureInput, INPUT]
    ) -> CaseResult:
        command = RecordDeliveryFailure(**given.common(), text=given.text)
        return await carry_out(info.context, command)

    @mutation(description="Declare an emergency: until it expires, steps may wait.")
    async def declare_emergency(
        self, info: Info, given: Annotated[inputs.DeclareEmergencyInput, INPUT]
    ) -> CaseResult:
        command = DeclareEmergency(**given.common(), expires=given.expires)
        return await carry_out(info.context, command)

    @mutation(description="End an emergency before it expires.")
    async def end_emergency(
        self, info: Info, given: Annotated[inputs.EndEmergencyInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, EndEmergency(**given.common()))

    @mutation(description="Make a step good that an emergency let pass; nothing closes before.")
    async def regularise_step(
        self, info: Info, given: Annotated[inputs.RegulariseStepInput, INPUT]
    ) -> CaseResult:
        command = RegulariseStep(**given.common(), step=given.step, finding=given.finding)
        return await carry_out(info.context, command)

    @mutation(description="Say that one waits, once in a working day. It moves no clock.")
    async def urge_case(
        self, info: Info, given: Annotated[inputs.UrgeCaseInput, INPUT]
    ) -> CaseResult:
        command = UrgeCase(**given.common(), text=given.text)
        return await carry_out(info.context, command)
