"""The mutations of what a case is taken for."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.answers import checked_answers
from domain.case.correction import ReclassifyCase
from domain.case.intake import ProposeRejection
from domain.case.verification import RecordFieldVerification, RequestFieldVerification
from schema.case.inputs import passage as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class ExaminingMutation:
    """Commands about whether a case is ours, and as what."""

    @mutation(description="Have a grid worker look at the place before a case is accepted or not.")
    async def request_field_verification(
        self, info: Info, given: Annotated[inputs.RequestFieldVerificationInput, INPUT]
    ) -> CaseResult:
        command = RequestFieldVerification(**given.common(), area=given.area)
        return await carry_out(info.context, command)

    @mutation(description="Say what was found at the place.")
    async def record_field_verification(
        self, info: Info, given: Annotated[inputs.RecordFieldVerificationInput, INPUT]
    ) -> CaseResult:
        command = RecordFieldVerification(
            **given.common(), findings=given.findings, confirmed=given.confirmed
        )
        return await carry_out(info.context, command)

    @mutation(description="Propose not to accept a case; another person decides.")
    async def propose_rejection(
        self, info: Info, given: Annotated[inputs.ProposeRejectionInput, INPUT]
    ) -> CaseResult:
        command = ProposeRejection(
            **given.common(), legal_basis=given.legal_basis, remedy=given.remedy
        )
        return await carry_out(info.context, command)

    @mutation(description="Give a case another type, by the catalogue in force.")
    async def reclassify_case(
        self, info: Info, given: Annotated[inputs.ReclassifyCaseInput, INPUT]
    ) -> CaseResult:
        command = ReclassifyCase(
            **given.common(),
            type_code=given.type_code,
            fields=checked_answers(given.fields),
            redispatch=given.redispatch,
            recompute_clocks=given.recompute_clocks,
        )
        return await carry_out(info.context, command)
