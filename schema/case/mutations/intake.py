"""The mutations of intake."""

from typing import Annotated
from zoneinfo import ZoneInfo

import strawberry
from strawberry import mutation

from domain.case.correction import CorrectCase
from domain.case.intake import AcceptCase, RejectCase, WithdrawCase
from domain.case.reporters import AttachReporter
from schema.case.inputs import intake as inputs
from schema.case.mutations.base import INPUT
from schema.case.numbers import case_number, new_case_id, new_person_id
from schema.case.result import CaseResult, carry_out, carry_out_and_track
from schema.info import Info


@strawberry.type
class IntakeMutation:
    """Commands of `domain.case.intake`."""

    @mutation(description="Register a request. Anybody may, also without a token.")
    async def register_case(
        self, info: Info, given: Annotated[inputs.RegisterCaseInput, INPUT]
    ) -> CaseResult:
        case_id = new_case_id()
        number = case_number(case_id, ZoneInfo(info.context.configuration.time_zone))
        command = given.command(case_id, number, new_person_id())
        return await carry_out_and_track(info.context, command)

    @mutation(description="Put details of a case right.")
    async def correct_case(
        self, info: Info, given: Annotated[inputs.CorrectCaseInput, INPUT]
    ) -> CaseResult:
        command = CorrectCase(
            **given.common(),
            title=given.title,
            description=given.description,
            area=given.area,
            point=given.point.value() if given.point else None,
            urgency=given.urgency,
            channel=given.channel,
        )
        return await carry_out(info.context, command)

    @mutation(description="Say who brings a case. It is kept apart, under a key of the person.")
    async def attach_reporter(
        self, info: Info, given: Annotated[inputs.AttachReporterInput, INPUT]
    ) -> CaseResult:
        command = AttachReporter(
            **given.common(),
            reporter_id=new_person_id(),
            details=given.reporter.value(),
            another=given.another,
        )
        return await carry_out(info.context, command)

    @mutation(description="Accept a registered case: from here on somebody answers for it.")
    async def accept_case(
        self, info: Info, given: Annotated[inputs.AcceptCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, AcceptCase(**given.common()))

    @mutation(description="Do not accept a registered case.")
    async def reject_case(
        self, info: Info, given: Annotated[inputs.RejectCaseInput, INPUT]
    ) -> CaseResult:
        command = RejectCase(
            **given.common(),
            legal_basis=given.legal_basis,
            remedy=given.remedy,
        )
        return await carry_out(info.context, command)

    @mutation(description="Take a request back.")
    async def withdraw_case(
        self, info: Info, given: Annotated[inputs.WithdrawCaseInput, INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, WithdrawCase(**given.common()))
