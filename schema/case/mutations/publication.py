"""The mutations of publication."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.publication import (
    ApprovePublication,
    ProposePublication,
    RefusePublication,
    WithdrawPublication,
)
from schema.case.inputs import publication as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class PublicationMutation:
    """Commands of `domain.case.publication`."""

    @mutation(description="Propose what the public may read of a case, in words written for it.")
    async def propose_publication(
        self, info: Info, given: Annotated[inputs.ProposePublicationInput, INPUT]
    ) -> CaseResult:
        command = ProposePublication(**given.common(), title=given.title, summary=given.summary)
        return await carry_out(info.context, command)

    @mutation(description="Release what was proposed; not by whoever proposed it.")
    async def approve_publication(
        self, info: Info, given: Annotated[inputs.ApprovePublicationInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ApprovePublication(**given.common()))

    @mutation(description="Do not release what was proposed.")
    async def refuse_publication(
        self, info: Info, given: Annotated[inputs.RefusePublicationInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, RefusePublication(**given.common()))

    @mutation(description="Take a case from the public.")
    async def withdraw_publication(
        self, info: Info, given: Annotated[inputs.WithdrawPublicationInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, WithdrawPublication(**given.common()))
