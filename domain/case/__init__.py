"""The case 案件: its lifecycle, events, and the commands that change it."""

from collections.abc import Callable
from typing import Any, Final

from domain.case import handling, imported, intake, outcome, routing
from domain.case.state import Case
from domain.command import Circumstances, Command

CaseCommand = (
    intake.AcceptCase
    | intake.RejectCase
    | intake.CorrectCase
    | intake.WithdrawCase
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

Decide = Callable[[Case, Any, Circumstances], None]

DECISIONS: Final[dict[type[Command], Decide]] = {
    intake.AcceptCase: intake.accept,
    intake.RejectCase: intake.reject,
    intake.CorrectCase: intake.correct,
    intake.WithdrawCase: intake.withdraw,
    routing.DispatchCase: routing.dispatch,
    routing.SignForCase: routing.sign_for,
    handling.RecordProgress: handling.record_progress,
    handling.AddNote: handling.add_note,
    outcome.SubmitResolution: outcome.submit_resolution,
    outcome.VerifyResolution: outcome.verify_resolution,
    outcome.OrderRework: outcome.order_rework,
    outcome.RecordFeedback: outcome.record_feedback,
    outcome.CloseCase: outcome.close,
    outcome.ReopenCase: outcome.reopen,
}
"""command -> the function that checks its guards and triggers its events."""

__all__ = ["DECISIONS", "Case", "CaseCommand", "imported", "intake"]
