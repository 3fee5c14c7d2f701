"""The case 案件: its lifecycle, events, and the commands that change it."""

from typing import assert_never

from domain.case import handling, imported, intake, outcome, reporters, routing
from domain.case.state import Case
from domain.command import Circumstances

CaseCommand = (
    intake.AcceptCase
    | intake.RejectCase
    | intake.CorrectCase
    | intake.WithdrawCase
    | reporters.AttachReporter
    | routing.DispatchCase
    | routing.SignForCase
    | handling.RecordProgress
    | handling.AddNote
    | outcome.SubmitResolution
    | outcome.VerifyResolution
    | outcome.OrderRework
    | outcome.RecordFeedback
    | outcome.CloseCase
    | outcome.ReopenCase
)
"""The commands on an existing case."""


def decide(case: Case, command: CaseCommand, by: Circumstances) -> None:  # noqa: C901, PLR0912
    """Check the guards of `command` and trigger its events, which are then pending on `case`.

    Raises a `domain.refusal.Refusal`; then nothing is pending. One line for each command: flat,
    complete by type, and nothing to look up.
    """
    match command:
        case intake.AcceptCase():
            intake.accept(case, command, by)
        case intake.RejectCase():
            intake.reject(case, command, by)
        case intake.CorrectCase():
            intake.correct(case, command, by)
        case intake.WithdrawCase():
            intake.withdraw(case, command, by)
        case reporters.AttachReporter():
            reporters.attach_reporter(case, command, by)
        case routing.DispatchCase():
            routing.dispatch(case, command, by)
        case routing.SignForCase():
            routing.sign_for(case, command, by)
        case handling.RecordProgress():
            handling.record_progress(case, command, by)
        case handling.AddNote():
            handling.add_note(case, command, by)
        case outcome.SubmitResolution():
            outcome.submit_resolution(case, command, by)
        case outcome.VerifyResolution():
            outcome.verify_resolution(case, command, by)
        case outcome.OrderRework():
            outcome.order_rework(case, command, by)
        case outcome.RecordFeedback():
            outcome.record_feedback(case, command, by)
        case outcome.CloseCase():
            outcome.close(case, command, by)
        case outcome.ReopenCase():
            outcome.reopen(case, command, by)
        case _:
            assert_never(command)


__all__ = ["Case", "CaseCommand", "decide", "imported", "intake"]
