"""The mutations of supervision orders."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.ordering import (
    EscalateOrder,
    IssueOrder,
    RecordInterview,
    ReleaseOrder,
    ReplyToOrder,
)
from schema.case.inputs import supervision as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class SupervisionMutation:
    """Commands of `domain.case.ordering`."""

    @mutation(
        description="Demand of a unit that it puts something right; the case does not close over "
        "an order that nobody released."
    )
    async def issue_order(
        self, info: Info, given: Annotated[inputs.IssueOrderInput, INPUT]
    ) -> CaseResult:
        command = IssueOrder(
            **given.common(), level=given.level, demand=given.demand, unit=given.unit
        )
        return await carry_out(info.context, command)

    @mutation(description="Reply for the unit that an order is addressed to.")
    async def reply_to_order(
        self, info: Info, given: Annotated[inputs.ReplyToOrderInput, INPUT]
    ) -> CaseResult:
        command = ReplyToOrder(
            **given.common(),
            number=given.number,
            reply=given.reply,
            remedial_plan=given.remedial_plan,
        )
        return await carry_out(info.context, command)

    @mutation(description="Raise an order by a level, which demands another reply.")
    async def escalate_order(
        self, info: Info, given: Annotated[inputs.EscalateOrderInput, INPUT]
    ) -> CaseResult:
        command = EscalateOrder(**given.common(), number=given.number, demand=given.demand)
        return await carry_out(info.context, command)

    @mutation(description="Record that the holder of a post was called in over an order.")
    async def record_interview(
        self, info: Info, given: Annotated[inputs.RecordInterviewInput, INPUT]
    ) -> CaseResult:
        command = RecordInterview(
            **given.common(), number=given.number, position=given.position, record=given.record
        )
        return await carry_out(info.context, command)

    @mutation(
        description="Release an order: by somebody of another unit, once there is a reply and, "
        "for a RED one, an interview was held."
    )
    async def release_order(
        self, info: Info, given: Annotated[inputs.ReleaseOrderInput, INPUT]
    ) -> CaseResult:
        command = ReleaseOrder(**given.common(), number=given.number, finding=given.finding)
        return await carry_out(info.context, command)
