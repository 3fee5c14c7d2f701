"""The mutations of the outcome."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.feedback import RecordFeedback
from domain.case.outcome import CloseCase, OrderRework, SubmitResolution, VerifyResolution
from domain.case.reopening import ReopenCase
from schema.case.inputs import outcome as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class OutcomeMutation:
    """Commands of `domain.case.outcome`."""

    @mutation(description="Say how the handling of a case in progress ended.")
    async def submit_resolution(
        self, info: Info, given: Annotated[inputs.SubmitResolutionInput, INPUT]
    ) -> CaseResult:
        command = SubmitResolution(
            **given.common(),
            outcome=given.outcome,
            measures=given.measures,
            basis=given.basis,
        )
        return await carry_out(info.context, command)

    @mutation(description="Find a resolution good; not by whoever submitted it.")
    async def verify_resolution(
        self, info: Info, given: Annotated[inputs.VerifyResolutionInput, INPUT]
    ) -> CaseResult:
        command = VerifyResolution(
            **given.common(),
            ask_feedback=given.ask_feedback,
            public_reason=given.public_reason,
        )
        return await carry_out(info.context, command)

    @mutation(description="Send a resolution back; not by whoever submitted it.")
    async def order_rework(
        self, info: Info, given: Annotated[inputs.OrderReworkInput, INPUT]
    ) -> CaseResult:
        command = OrderRework(
            **given.common(),
            demand=given.demand,
        )
        return await carry_out(info.context, command)

    @mutation(description="Record what the reporter answered; it closes the case.")
    async def record_feedback(
        self, info: Info, given: Annotated[inputs.RecordFeedbackInput, INPUT]
    ) -> CaseResult:
        command = RecordFeedback(
            **given.common(),
            contacted=given.contacted,
            resolved=given.resolved,
            satisfaction=given.satisfaction,
        )
        return await carry_out(info.context, command)

    @mutation(description="Close a case whose reporter did not answer.")
    async def close_case(
        self, info: Info, given: Annotated[inputs.CloseCaseInput, INPUT]
    ) -> CaseResult:
        command = CloseCase(
            **given.common(),
            public_reason=given.public_reason,
        )
        return await carry_out(info.context, command)

    @mutation(description="Begin a new cycle of a closed case.")
    async def reopen_case(
        self, info: Info, given: Annotated[inputs.ReopenCaseInput, INPUT]
    ) -> CaseResult:
        command = ReopenCase(
            **given.common(),
            ground=given.ground,
        )
        return await carry_out(info.context, command)
