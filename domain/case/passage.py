"""The passage of a case: all commands about whether it is ours, as what, and who handles it."""

from domain.case import (
    correction,
    emergency,
    intake,
    officers,
    referral,
    returns,
    routing,
    verification,
)
from domain.case.correction import CorrectionCommand
from domain.case.emergency import EmergencyCommand
from domain.case.fallback import AssignFallbackOwner, assign_fallback_owner
from domain.case.intake import IntakeCommand
from domain.case.officers import OfficerCommand
from domain.case.referral import ReferralCommand
from domain.case.returns import ReturnCommand
from domain.case.routing import RoutingCommand
from domain.case.state import Case
from domain.case.urging import UrgeCase, urge
from domain.case.verification import VerificationCommand
from domain.command import Circumstances

PassageCommand = (
    IntakeCommand
    | VerificationCommand
    | CorrectionCommand
    | RoutingCommand
    | AssignFallbackOwner
    | OfficerCommand
    | ReturnCommand
    | ReferralCommand
    | EmergencyCommand
    | UrgeCase
)


def decide(case: Case, command: PassageCommand, by: Circumstances) -> None:
    """Let the concern of the command decide it."""
    if isinstance(command, IntakeCommand):
        intake.decide(case, command, by)
    elif isinstance(command, VerificationCommand):
        verification.decide(case, command, by)
    elif isinstance(command, CorrectionCommand):
        correction.decide(case, command, by)
    elif isinstance(command, RoutingCommand):
        routing.decide(case, command, by)
    elif isinstance(command, AssignFallbackOwner):
        assign_fallback_owner(case, command, by)
    elif isinstance(command, OfficerCommand):
        officers.decide(case, command, by)
    elif isinstance(command, ReturnCommand):
        returns.decide(case, command, by)
    elif isinstance(command, ReferralCommand):
        referral.decide(case, command, by)
    elif isinstance(command, EmergencyCommand):
        emergency.decide(case, command, by)
    else:
        urge(case, command, by)
