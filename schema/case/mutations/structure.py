"""The mutations of structure: of several cases at once, and recorded in all of them or none."""

from typing import Annotated
from zoneinfo import ZoneInfo

import strawberry
from strawberry import mutation

from domain.case.linking import LinkCases, UnlinkCases
from domain.case.merging import MergeCase, ReverseMerge
from domain.case.splitting import SplitCase
from schema.case.inputs import structure as inputs
from schema.case.mutations.base import INPUT
from schema.case.numbers import case_number, new_case_id
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class StructureMutation:
    """Commands of `domain.case.structure`."""

    @mutation(description="Let a case go on in another one.")
    async def merge_case(
        self, info: Info, given: Annotated[inputs.MergeCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, MergeCase(**given.common()))

    @mutation(description="Take a merged case out again: it is back at the stage that it had.")
    async def reverse_merge(
        self, info: Info, given: Annotated[inputs.ReverseMergeInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, ReverseMerge(**given.common()))

    @mutation(description="Let a part of a case go on as a case of its own, with a link.")
    async def split_case(
        self, info: Info, given: Annotated[inputs.SplitCaseInput, INPUT]
    ) -> CaseResult:
        new_id = new_case_id()
        command = SplitCase(
            **given.common(),
            new_case_id=new_id,
            new_case_no=case_number(new_id, ZoneInfo(info.context.configuration.time_zone)),
            title=given.title,
            description=given.description,
            type_code=given.type_code,
            area=given.area,
        )
        return await carry_out(info.context, command)

    @mutation(description="Say that two cases have to do with each other; both then say so.")
    async def link_cases(
        self, info: Info, given: Annotated[inputs.LinkCasesInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, LinkCases(**given.common(), kind=given.kind))

    @mutation(description="Take a link back, from both cases.")
    async def unlink_cases(
        self, info: Info, given: Annotated[inputs.UnlinkCasesInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, UnlinkCases(**given.common()))
