"""The mutations of suspension and extension."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.extension import ApproveExtension, DenyExtension, RequestExtension
from domain.case.suspension import (
    ApproveSuspension,
    DenySuspension,
    RequestSuspension,
    ResumeCase,
)
from schema.case.inputs import holding as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class HoldingMutation:
    """Commands of `domain.case.suspension` and `domain.case.extension`."""

    @mutation(
        description="Ask, for the lead unit, that the case rests until a time; for a reason of the "
        "SLA policy, which also says whether its clocks stand still meanwhile."
    )
    async def request_suspension(
        self, info: Info, given: Annotated[inputs.RequestSuspensionInput, INPUT]
    ) -> CaseResult:
        command = RequestSuspension(
            **given.common(),
            suspension_reason=given.suspension_reason,
            expected_resume=given.expected_resume,
            ground=given.ground,
        )
        return await carry_out(info.context, command)

    @mutation(description="Let the case rest; by somebody of another unit than the one that asked.")
    async def approve_suspension(
        self, info: Info, given: Annotated[inputs.ApproveSuspensionInput, INPUT]
    ) -> CaseResult:
        command = ApproveSuspension(**given.common(), expected_resume=given.expected_resume)
        return await carry_out(info.context, command)

    @mutation(description="Let the case go on; by somebody of another unit than that which asked.")
    async def deny_suspension(
        self, info: Info, given: Annotated[inputs.DenySuspensionInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, DenySuspension(**given.common(), ground=given.ground))

    @mutation(
        description="Go on with a case that rests. Clocks that stood still are due as much later "
        "as they did, each as it counts time. When it was expected, the service does it by itself."
    )
    async def resume_case(
        self, info: Info, given: Annotated[inputs.ResumeCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ResumeCase(**given.common()))

    @mutation(
        description="Ask, for the lead unit, for more time. After a limit was passed that is "
        "recorded as late, and does not undo that it was passed."
    )
    async def request_extension(
        self, info: Info, given: Annotated[inputs.RequestExtensionInput, INPUT]
    ) -> CaseResult:
        command = RequestExtension(**given.common(), days=given.days, ground=given.ground)
        return await carry_out(info.context, command)

    @mutation(description="Give more time; by somebody of another unit than the one that asked.")
    async def approve_extension(
        self, info: Info, given: Annotated[inputs.ApproveExtensionInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ApproveExtension(**given.common(), days=given.days))

    @mutation(description="Give no more time; by somebody of another unit than the one that asked.")
    async def deny_extension(
        self, info: Info, given: Annotated[inputs.DenyExtensionInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, DenyExtension(**given.common(), ground=given.ground))
