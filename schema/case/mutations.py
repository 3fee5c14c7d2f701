"""The mutations of the case: one for each command, each with one `input`."""

from typing import Annotated

import strawberry
from strawberry import argument, mutation

from domain.case.handling import AddNote, RecordProgress
from domain.case.intake import AcceptCase, CorrectCase, RejectCase, WithdrawCase
from domain.case.outcome import (
    CloseCase,
    OrderRework,
    RecordFeedback,
    ReopenCase,
    SubmitResolution,
    VerifyResolution,
)
from domain.case.reporters import AttachReporter
from domain.case.routing import DispatchCase, SignForCase
from schema.case import inputs
from schema.case.numbers import case_number, new_case_id, new_person_id
from schema.case.result import CaseResult, carry_out
from schema.info import Info

_INPUT = argument(name="input", description="The case and the command's own fields.")


@strawberry.type
class CaseMutation:
    """The mutations of the case."""

    @mutation(description="Register a request. Anybody may, also without a token.")
    async def register_case(
        self, info: Info, given: Annotated[inputs.RegisterCaseInput, _INPUT]
    ) -> CaseResult:
        case_id = new_case_id()
        command = given.command(case_id, case_number(case_id), new_person_id())
        return await carry_out(info.context, command)

    @mutation(description="Put title or description right.")
    async def correct_case(
        self, info: Info, given: Annotated[inputs.CorrectCaseInput, _INPUT]
    ) -> CaseResult:
        command = CorrectCase(
            **given.common(),
            title=given.title,
            description=given.description,
        )
        return await carry_out(info.context, command)

    @mutation(description="Say who brings a case. It is kept apart, under a key of the person.")
    async def attach_reporter(
        self, info: Info, given: Annotated[inputs.AttachReporterInput, _INPUT]
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
        self, info: Info, given: Annotated[inputs.AcceptCaseInput, _INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, AcceptCase(**given.common()))

    @mutation(description="Do not accept a registered case.")
    async def reject_case(
        self, info: Info, given: Annotated[inputs.RejectCaseInput, _INPUT]
    ) -> CaseResult:
        command = RejectCase(
            **given.common(),
            legal_basis=given.legal_basis,
            remedy=given.remedy,
        )
        return await carry_out(info.context, command)

    @mutation(description="Give an accepted case to a lead unit.")
    async def dispatch_case(
        self, info: Info, given: Annotated[inputs.DispatchCaseInput, _INPUT]
    ) -> CaseResult:
        command = DispatchCase(
            **given.common(),
            lead_unit=given.lead_unit,
            co_units=tuple(given.co_units),
            override=given.override,
        )
        return await carry_out(info.context, command)

    @mutation(description="Take a dispatched case over on behalf of the lead unit.")
    async def sign_for_case(
        self, info: Info, given: Annotated[inputs.SignForCaseInput, _INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, SignForCase(**given.common()))

    @mutation(description="Say what was done about a case in progress.")
    async def record_progress(
        self, info: Info, given: Annotated[inputs.RecordProgressInput, _INPUT]
    ) -> CaseResult:
        command = RecordProgress(
            **given.common(),
            text=given.text,
        )
        return await carry_out(info.context, command)

    @mutation(description="Add a note to a case.")
    async def add_note(
        self, info: Info, given: Annotated[inputs.AddNoteInput, _INPUT]
    ) -> CaseResult:
        command = AddNote(
            **given.common(),
            text=given.text,
            audience=given.audience,
        )
        return await carry_out(info.context, command)

    @mutation(description="Say how the handling of a case in progress ended.")
    async def submit_resolution(
        self, info: Info, given: Annotated[inputs.SubmitResolutionInput, _INPUT]
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
        self, info: Info, given: Annotated[inputs.VerifyResolutionInput, _INPUT]
    ) -> CaseResult:
        command = VerifyResolution(
            **given.common(),
            ask_feedback=given.ask_feedback,
            public_reason=given.public_reason,
        )
        return await carry_out(info.context, command)

    @mutation(description="Send a resolution back; not by whoever submitted it.")
    async def order_rework(
        self, info: Info, given: Annotated[inputs.OrderReworkInput, _INPUT]
    ) -> CaseResult:
        command = OrderRework(
            **given.common(),
            demand=given.demand,
        )
        return await carry_out(info.context, command)

    @mutation(description="Record what the reporter answered; it closes the case.")
    async def record_feedback(
        self, info: Info, given: Annotated[inputs.RecordFeedbackInput, _INPUT]
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
        self, info: Info, given: Annotated[inputs.CloseCaseInput, _INPUT]
    ) -> CaseResult:
        command = CloseCase(
            **given.common(),
            public_reason=given.public_reason,
        )
        return await carry_out(info.context, command)

    @mutation(description="Begin a new cycle of a closed case.")
    async def reopen_case(
        self, info: Info, given: Annotated[inputs.ReopenCaseInput, _INPUT]
    ) -> CaseResult:
        command = ReopenCase(
            **given.common(),
            ground=given.ground,
        )
        return await carry_out(info.context, command)

    @mutation(description="Take a request back.")
    async def withdraw_case(
        self, info: Info, given: Annotated[inputs.WithdrawCaseInput, _INPUT]
    ) -> CaseResult:
        return await carry_out(info.context, WithdrawCase(**given.common()))
