"""Facts and histories that the domain tests begin from, and an example of every command."""

from typing import Final
from uuid import UUID

from domain.case import (
    correction,
    evidence,
    handling,
    imported,
    intake,
    outcome,
    publication,
    reporters,
    routing,
    tracking,
)
from domain.case.lifecycle import ACTIVE, Stage
from domain.case.vocabulary import Channel, ResolutionOutcome, Urgency
from domain.command import Command
from tests.domain import endings, excluding, holding, passages, structures, supervising, timing
from tests.domain.endings import archived, asked, closed, lapsed, verified, void_requested, voided
from tests.domain.passages import field_verified, referred, verification_requested
from tests.domain.people import INTAKE, OFFICER, REGISTRAR, REPORTER
from tests.domain.scenario import BEGAN, Fact, ask, happened


def registered(**said: object) -> Fact:
    usual: dict[str, object] = {
        "case_no": "20240301-0000001H",
        "channel": Channel.HOTLINE,
        "type_code": "noise",
        "title": "Noise at night",
        "description": "A workshop works until two.",
        "area": "grid-7",
        "point": None,
        "urgency": Urgency.NORMAL,
        "on_behalf": False,
        "relation": None,
        "reporter": REPORTER.principal,
        "catalogue_version": None,
        "fields": None,
    }
    return happened(intake.CaseRegistered, **{**usual, **said})


def resolution(**said: object) -> Fact:
    usual: dict[str, object] = {
        "outcome": ResolutionOutcome.RESOLVED,
        "measures": "The workshop closes at ten.",
        "basis": None,
        "resolver": OFFICER.principal,
    }
    return happened(outcome.ResolutionSubmitted, **{**usual, **said})


accepted: Final = happened(intake.CaseAccepted)
rejected: Final = happened(
    intake.CaseRejected, legal_basis="Article 21", remedy="Review", decider=REGISTRAR.principal
)
withdrawn: Final = happened(intake.CaseWithdrawn)


def dispatched_to(lead_unit: str, *co_units: str, **said: object) -> Fact:
    usual: dict[str, object] = {"routing_version": None, "by_override": False}
    units = {"lead_unit": lead_unit, "co_units": co_units}
    return happened(routing.CaseDispatched, **{**usual, **units, **said})


dispatched: Final = dispatched_to("environment")
signed_for: Final = happened(routing.CaseSignedFor)
reworked: Final = happened(outcome.ReworkOrdered, demand="Measure again at night.")


def history(attributes: tuple[object, ...] = ()) -> Fact:
    return happened(
        imported.HistoryImported, source="log", external_id="case-1", attributes=attributes
    )


IN_PROGRESS: Final = (registered(), accepted, dispatched, signed_for)
RESOLVED: Final = (*IN_PROGRESS, resolution())
AWAITING: Final = (*RESOLVED, verified, asked())
CLOSED: Final = (*AWAITING, lapsed, closed())

AT_STAGE: Final[dict[Stage, tuple[Fact, ...]]] = {
    Stage.REGISTERED: (registered(),),
    Stage.VERIFYING: (registered(), verification_requested, field_verified),
    Stage.ACCEPTED: (registered(), accepted),
    Stage.DISPATCHED: (registered(), accepted, dispatched),
    Stage.IN_PROGRESS: IN_PROGRESS,
    Stage.RESOLVED: RESOLVED,
    Stage.AWAITING_FEEDBACK: AWAITING,
    Stage.CLOSED: CLOSED,
    Stage.REJECTED: (registered(), rejected),
    Stage.WITHDRAWN: (registered(), withdrawn),
    Stage.REFERRED: (registered(), accepted, referred),
    Stage.VOIDED: (registered(), void_requested(), voided),
    Stage.ARCHIVED: (*CLOSED, archived),
    Stage.IMPORTED: (history(),),
}
"""A history that leads to each stage."""

AT_STAGE[Stage.MERGED] = (registered(), structures.merged())

COMING_BACK: Final[dict[Stage, tuple[tuple[Fact, ...], ...]]] = {
    Stage.MERGED: tuple((*AT_STAGE[stage], structures.merged(stage)) for stage in sorted(ACTIVE)),
}
"""More histories that lead to a stage: from there a case goes back to where it was."""

proposed: Final = happened(
    publication.PublicationProposed,
    title="A noisy workshop",
    summary=None,
    proposer=INTAKE.principal,
)

PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    **passages.PREPARED,
    **endings.PREPARED,
    **holding.PREPARED,
    **structures.PREPARED,
    **timing.PREPARED,
    **supervising.PREPARED,
    **excluding.PREPARED,
    "approvePublication": (proposed,),
    "refusePublication": (proposed,),
    "withdrawPublication": (proposed,),
}
"""What must have happened in a case, beside that it is at the stage, before a command is possible;
none of it moves the case to another stage. A command that is not here needs nothing."""


def ready_for(command: str, stage: Stage) -> tuple[Fact, ...]:
    """A history that leads to a stage, with what the command needs."""
    return (*AT_STAGE[stage], *PREPARED.get(command, ()))


PERSON: Final = UUID("0190a000-0000-7000-8000-00000000000a")

EXAMPLES: Final[tuple[Command, ...]] = (
    *passages.EXAMPLES,
    *endings.EXAMPLES,
    *holding.EXAMPLES,
    *structures.EXAMPLES,
    *timing.EXAMPLES,
    *supervising.EXAMPLES,
    *excluding.EXAMPLES,
    ask(intake.AcceptCase),
    ask(intake.RejectCase, legal_basis="Article 21", remedy="Administrative review"),
    ask(correction.CorrectCase, title="Noise after ten"),
    ask(intake.WithdrawCase),
    ask(
        reporters.AttachReporter,
        reporter_id=PERSON,
        details=reporters.ReporterDetails(name="Li Hua", contact="555 0199"),
    ),
    ask(routing.DispatchCase, lead_unit="environment"),
    ask(routing.SignForCase),
    ask(handling.RecordProgress, text="Measured 62 dB."),
    ask(handling.AddNote, text="Call back after six."),
    ask(
        evidence.AddEvidence,
        sha256="ab" * 32,
        size=48_213,
        media_type="image/jpeg",
        label="The bar at night",
    ),
    ask(outcome.SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures="Closes at ten."),
    ask(outcome.VerifyResolution),
    ask(outcome.VerifyResolution, ask_feedback=False),
    ask(outcome.OrderRework, demand="Measure again."),
    ask(tracking.ReissueTrackingCode),
    ask(publication.ProposePublication, title="A noisy workshop"),
    ask(publication.ApprovePublication),
    ask(publication.RefusePublication),
    ask(publication.WithdrawPublication),
)
"""Every command on an existing case; where it may lead to two stages, an example of each."""

REGISTRATION: Final = ask(
    intake.RegisterCase,
    case_no="20240301-0000001H",
    channel=Channel.HOTLINE,
    type_code="noise",
    title="Noise at night",
    description="A workshop works until two.",
    area="grid-7",
)

BEFORE_BEGAN: Final = BEGAN.replace(day=1, hour=8)
