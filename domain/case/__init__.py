"""The case 案件: its lifecycle, events, and the commands that change it."""

from domain.case import (
    control,
    evidence,
    handling,
    imported,
    intake,
    outcome,
    passage,
    publication,
    reporters,
    sharing,
    structure,
)
from domain.case.clocks.following import BEGINNING, before, follow
from domain.case.confidentiality import SetConfidentiality, set_confidentiality
from domain.case.control import ControlCommand
from domain.case.evidence import EvidenceCommand
from domain.case.handling import HandlingCommand
from domain.case.intake import RegisterCase
from domain.case.merging import tell_absorbed
from domain.case.orders import end_orders
from domain.case.others import Cases
from domain.case.outcome import OutcomeCommand
from domain.case.passage import PassageCommand
from domain.case.publication import PublicationCommand
from domain.case.repeats import escalate_repeats
from domain.case.reporters import AttachReporter
from domain.case.sharing import SharingCommand
from domain.case.state import Case
from domain.case.structure import StructureCommand
from domain.case.tracking import ReissueTrackingCode, reissue_tracking_code
from domain.command import Circumstances

CommandOnOne = (
    PassageCommand
    | AttachReporter
    | HandlingCommand
    | EvidenceCommand
    | PublicationCommand
    | ReissueTrackingCode
    | SharingCommand
    | SetConfidentiality
    | OutcomeCommand
    | ControlCommand
)
"""The commands that change one case alone."""

CaseCommand = CommandOnOne | StructureCommand
"""The commands on an existing case."""


def decide(
    case: Case, command: CaseCommand, by: Circumstances, others: Cases | None = None
) -> None:
    """Check the guards of `command` and trigger its events, which are then pending on `case`.

    others: the cases that `structure.taken_by` names, as far as they are there. Those that change
    have events pending too; one that begins is added.
    Raises a `domain.refusal.Refusal`; then nothing is pending. Each concern decides its own.
    """
    stage = case.stage
    together = {} if others is None else others
    was = {each.id: before(each, by) for each in (case, *together.values())}
    if isinstance(command, StructureCommand):
        structure.decide(case, command, by, together)
    else:
        _decide_alone(case, command, by)
    escalate_repeats(case, was[case.id].pending, by)
    end_orders(case, by)
    tell_absorbed(case, stage, by, together)
    for each in (case, *together.values()):
        follow(each, was.get(each.id, BEGINNING), by)


def register(command: RegisterCase, by: Circumstances) -> Case:
    """A new case, with its first events pending, and what is timed of it from now on."""
    case = intake.register(command, by)
    follow(case, BEGINNING, by)
    return case


def _decide_alone(case: Case, command: CommandOnOne, by: Circumstances) -> None:
    if isinstance(command, PassageCommand):
        passage.decide(case, command, by)
    elif isinstance(command, AttachReporter):
        reporters.attach_reporter(case, command, by)
    elif isinstance(command, HandlingCommand):
        handling.decide(case, command, by)
    elif isinstance(command, EvidenceCommand):
        evidence.decide(case, command, by)
    elif isinstance(command, PublicationCommand):
        publication.decide(case, command, by)
    elif isinstance(command, ReissueTrackingCode):
        reissue_tracking_code(case, command, by)
    elif isinstance(command, SharingCommand):
        sharing.decide(case, command, by)
    elif isinstance(command, SetConfidentiality):
        set_confidentiality(case, command, by)
    elif isinstance(command, ControlCommand):
        control.decide(case, command, by)
    else:
        outcome.decide(case, command, by)


__all__ = ["Case", "CaseCommand", "decide", "imported", "intake", "register"]
