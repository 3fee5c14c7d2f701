"""The mutations by which a case ends, or comes back from an end."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.appeals import DecideAppeal, FileAppeal
from domain.case.closing import ArchiveCase
from domain.case.voiding import ApproveVoid, RefuseVoid, RequestVoid
from schema.case.inputs import ending as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class EndingMutation:
    """Commands of `domain.case.appeals`, `domain.case.closing`, `domain.case.voiding`."""

    @mutation(description="Not accept a rejection or a closing; once against each, and in time.")
    async def file_appeal(
        self, info: Info, given: Annotated[inputs.FileAppealInput, INPUT]
    ) -> CaseResult:
        command = FileAppeal(
            **given.common(),
            ground=given.ground,
        )
        return await carry_out(info.context, command)

    @mutation(
        description="Uphold an appeal or dismiss it; not by whoever decided what it is against."
    )
    async def decide_appeal(
        self, info: Info, given: Annotated[inputs.DecideAppealInput, INPUT]
    ) -> CaseResult:
        command = DecideAppeal(
            **given.common(),
            upheld=given.upheld,
            finding=given.finding,
        )
        return await carry_out(info.context, command)

    @mutation(description="Request that what should never have been a case be taken out.")
    async def request_void(
        self, info: Info, given: Annotated[inputs.RequestVoidInput, INPUT]
    ) -> CaseResult:
        command = RequestVoid(
            **given.common(),
            void_reason=given.void_reason,
            explanation=given.explanation,
        )
        return await carry_out(info.context, command)

    @mutation(description="Void the case as requested; not by whoever requested it.")
    async def approve_void(
        self, info: Info, given: Annotated[inputs.ApproveVoidInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ApproveVoid(**given.common()))

    @mutation(description="Let the case go on.")
    async def refuse_void(
        self, info: Info, given: Annotated[inputs.RefuseVoidInput, INPUT]
    ) -> CaseResult:
        command = RefuseVoid(
            **given.common(),
            explanation=given.explanation,
        )
        return await carry_out(info.context, command)

    @mutation(description="Put a closed case away, once it is no longer kept at hand.")
    async def archive_case(
        self, info: Info, given: Annotated[inputs.ArchiveCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ArchiveCase(**given.common()))
