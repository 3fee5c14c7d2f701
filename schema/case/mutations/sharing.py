"""The mutations that say who may see a case."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.confidentiality import SetConfidentiality
from domain.case.sharing import RevokeShare, ShareCase
from schema.case.inputs import sharing as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class SharingMutation:
    """Commands of `domain.case.confidentiality`, `domain.case.sharing`."""

    @mutation(description="Say how few may see the case, its past included.")
    async def set_confidentiality(
        self, info: Info, given: Annotated[inputs.SetConfidentialityInput, INPUT]
    ) -> CaseResult:
        command = SetConfidentiality(
            **given.common(),
            level=given.level,
        )
        return await carry_out(info.context, command)

    @mutation(description="Show parts of the case to a unit, for a purpose and a time.")
    async def share_case(
        self, info: Info, given: Annotated[inputs.ShareCaseInput, INPUT]
    ) -> CaseResult:
        command = ShareCase(
            **given.common(),
            unit=given.unit,
            purpose=given.purpose,
            parts=tuple(given.parts),
            expires=given.expires,
        )
        return await carry_out(info.context, command)

    @mutation(description="Show the case to a unit no longer.")
    async def revoke_share(
        self, info: Info, given: Annotated[inputs.RevokeShareInput, INPUT]
    ) -> CaseResult:
        command = RevokeShare(
            **given.common(),
            unit=given.unit,
        )
        return await carry_out(info.context, command)
