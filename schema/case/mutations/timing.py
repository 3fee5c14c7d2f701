"""The mutations of clocks."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.clocks.deciding import AmendClocks
from schema.case.inputs import timing as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class TimingMutation:
    """Commands of `domain.case.clocks`."""

    @mutation(
        description="Compute the due times of the clocks that run anew, by other versions of the "
        "work calendars or of the SLA policy; what was is told beside what is."
    )
    async def amend_clocks(
        self, info: Info, given: Annotated[inputs.AmendClocksInput, INPUT]
    ) -> CaseResult:
        command = AmendClocks(
            **given.common(),
            calendar_version=given.calendar_version,
            policy_version=given.policy_version,
        )
        return await carry_out(info.context, command)
