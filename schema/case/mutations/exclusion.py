"""The mutations of exclusions from metrics."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.excluding import ApproveMetricExclusion, RevokeMetricExclusion
from schema.case.inputs import exclusion as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class ExclusionMutation:
    """Commands of `domain.case.excluding`."""

    @mutation(
        description="Leave the case out of a metric of a unit: it is counted apart, with who "
        "approved it. Not by somebody whom the metric appraises."
    )
    async def approve_metric_exclusion(
        self, info: Info, given: Annotated[inputs.ApproveMetricExclusionInput, INPUT]
    ) -> CaseResult:
        command = ApproveMetricExclusion(
            **given.common(),
            metric=given.metric,
            unit=given.unit,
            cause=given.cause,
            ground=given.ground,
        )
        return await carry_out(info.context, command)

    @mutation(description="Let the case count again in a metric of a unit.")
    async def revoke_metric_exclusion(
        self, info: Info, given: Annotated[inputs.RevokeMetricExclusionInput, INPUT]
    ) -> CaseResult:
        command = RevokeMetricExclusion(
            **given.common(), metric=given.metric, unit=given.unit, ground=given.ground
        )
        return await carry_out(info.context, command)
