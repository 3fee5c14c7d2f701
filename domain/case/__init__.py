"""The case 案件: its lifecycle, events, and the commands that change it."""

from domain.case import (
    evidence,
    handling,
    imported,
    intake,
    outcome,
    publication,
    reporters,
    routing,
)
from domain.case.evidence import EvidenceCommand
from domain.case.handling import HandlingCommand
from domain.case.intake import IntakeCommand
from domain.case.outcome import OutcomeCommand
from domain.case.publication import PublicationCommand
from domain.case.reporters import AttachReporter
from domain.case.routing import RoutingCommand
from domain.case.state import Case
from domain.case.tracking import ReissueTrackingCode, reissue_tracking_code
from domain.command import Circumstances

CaseCommand = (
    IntakeCommand
    | AttachReporter
    | RoutingCommand
    | HandlingCommand
    | EvidenceCommand
    | PublicationCommand
    | ReissueTrackingCode
    | OutcomeCommand
)
"""The commands on an existing case."""


def decide(case: Case, command: CaseCommand, by: Circumstances) -> None:
    """Check the guards of `command` and trigger its events, which are then pending on `case`.

    Raises a `domain.refusal.Refusal`; then nothing is pending. Each concern decides its own.
    """
    if isinstance(command, IntakeCommand):
        intake.decide(case, command, by)
    elif isinstance(command, AttachReporter):
        reporters.attach_reporter(case, command, by)
    elif isinstance(command, RoutingCommand):
        routing.decide(case, command, by)
    elif isinstance(command, HandlingCommand):
        handling.decide(case, command, by)
    elif isinstance(command, EvidenceCommand):
        evidence.decide(case, command, by)
    elif isinstance(command, PublicationCommand):
        publication.decide(case, command, by)
    elif isinstance(command, ReissueTrackingCode):
        reissue_tracking_code(case, command, by)
    else:
        outcome.decide(case, command, by)


__all__ = ["Case", "CaseCommand", "decide", "imported", "intake"]
