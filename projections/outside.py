"""What of a case is for whoever sees it from outside: its reporter, who sees their own case only.

Deny by default: an event that is not in the table is not in their timeline, and of one that is
they see the parts that are named. What it changed in the case is cut to what they see of a case.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.appeals import AppealDecided, AppealFiled
from domain.case.closing import CaseArchived, CaseClosed
from domain.case.contact import ContactAttempted, FirstContactMade
from domain.case.correction import CaseDetailCorrected, CaseReclassified, DispatchRecalled
from domain.case.emergency import (
    AcceptanceSkipped,
    EmergencyDeclared,
    EmergencyEnded,
    SignOffSkipped,
)
from domain.case.evidence import EvidenceAdded
from domain.case.extension import ExtensionApproved
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.feedback import FeedbackLapsed, FeedbackReceived, FeedbackRequested
from domain.case.handling import NoteAdded, ProgressRecorded
from domain.case.imported import ActivityRecorded, HistoryClosed, HistoryImported, RecordImported
from domain.case.information import InformationReceived, InformationRequested
from domain.case.intake import CaseAccepted, CaseRegistered, CaseRejected, CaseWithdrawn
from domain.case.merging import CaseMergedInto, MergeReversed, SurvivorEnded, SurvivorResumed
from domain.case.outcome import ResolutionSubmitted, ResolutionVerified, ReworkOrdered
from domain.case.publication import PublicationApproved, PublicationWithdrawn
from domain.case.referral import CaseReferredOut, DeliveryFailed, ExternalStatusReceived
from domain.case.reopening import CaseReopened
from domain.case.reporters import ReporterAttached
from domain.case.returns import ResponsibilityArbitrated, ReturnUpheld
from domain.case.routing import CaseDispatched, CaseSignedFor, RoutingDecided
from domain.case.splitting import CaseSplit, CaseSplitFrom
from domain.case.state import CaseEvent
from domain.case.suspension import CaseResumed, CaseSuspended
from domain.case.tracking import TrackingCodeReissued
from domain.case.urging import CaseUrged
from domain.case.verification import FieldVerificationRequested, FieldVerified
from domain.case.vocabulary import Audience
from domain.case.voiding import CaseVoided
from projections.case_changes import FieldChange, camel_case

OUTSIDE: Final[dict[type[AggregateEvent], tuple[str, ...]]] = {
    CaseRegistered: (
        "case_no",
        "channel",
        "type_code",
        "title",
        "description",
        "area",
        "point",
        "urgency",
        "on_behalf",
        "relation",
        "catalogue_version",
        "fields",
    ),
    ReporterAttached: ("reporter_id", "categories"),
    CaseDetailCorrected: ("field", "old", "new"),
    CaseReclassified: ("old", "new"),
    FieldVerificationRequested: (),
    FieldVerified: ("confirmed",),
    CaseAccepted: (),
    CaseRejected: ("legal_basis", "remedy"),
    CaseWithdrawn: (),
    RoutingDecided: (),
    CaseDispatched: ("lead_unit", "co_units"),
    DispatchRecalled: (),
    CaseSignedFor: (),
    # That a unit gave it back, not why: the next unit is told them when it is dispatched.
    ReturnUpheld: (),
    ResponsibilityArbitrated: ("lead_unit",),
    FallbackOwnerAssigned: ("unit",),
    CaseReferredOut: ("target", "basis"),
    ExternalStatusReceived: ("status", "text"),
    DeliveryFailed: (),
    EmergencyDeclared: ("expires",),
    EmergencyEnded: ("expired",),
    AcceptanceSkipped: (),
    SignOffSkipped: (),
    CaseUrged: ("text",),
    FirstContactMade: ("way",),
    ContactAttempted: ("way",),
    ProgressRecorded: ("text",),
    NoteAdded: ("text", "audience"),
    EvidenceAdded: (
        "evidence_id",
        "sha256",
        "size",
        "media_type",
        "label",
        "audience",
        "by_reporter",
    ),
    InformationRequested: ("number", "question"),
    InformationReceived: ("number", "answer"),
    # That it rests and why by the rules, that it goes on, and that it takes longer; not what the
    # unit asks for before that is decided.
    CaseSuspended: ("suspension_reason", "label", "expected_resume"),
    CaseResumed: ("due",),
    ExtensionApproved: ("days", "due"),
    ResolutionSubmitted: ("outcome", "measures", "basis"),
    ResolutionVerified: (),
    # That it was not good enough, not what the checker demands of the unit.
    ReworkOrdered: (),
    FeedbackRequested: ("due",),
    FeedbackReceived: ("contacted", "resolved", "satisfaction"),
    FeedbackLapsed: (),
    CaseClosed: ("public_reason",),
    CaseReopened: ("cycle", "ground"),
    AppealFiled: ("number", "against", "ground"),
    AppealDecided: ("number", "upheld", "finding"),
    CaseArchived: (),
    CaseVoided: ("void_reason",),
    # Where it went, by its number only: the other case may be somebody else's.
    CaseMergedInto: ("survivor_no",),
    MergeReversed: ("stage",),
    SurvivorEnded: ("stage", "public_reason"),
    SurvivorResumed: ("stage",),
    CaseSplit: (),
    CaseSplitFrom: (),
    PublicationApproved: (),
    PublicationWithdrawn: (),
    TrackingCodeReissued: ("number",),
    # Nobody's own: whoever sees them sees them from inside.
    HistoryImported: (),
    RecordImported: (),
    ActivityRecorded: (),
    HistoryClosed: (),
}
"""The events that somebody outside is shown, and the fields of each."""

_BY_TOPIC: Final[dict[str, frozenset[str]]] = {
    kind.TOPIC: frozenset(map(camel_case, names))  # type: ignore[attr-defined]  # events of ours
    for kind, names in OUTSIDE.items()
}

STATE_OUTSIDE: Final = frozenset(
    {
        "stage",
        "case_no",
        "channel",
        "registered_at",
        "type_code",
        "title",
        "description",
        "area",
        "point",
        "urgency",
        "lead_unit",
        "co_units",
        "cycle",
        "outcome",
        "on_behalf",
        "relation",
        "accepted_at",
        "closed_at",
        "source",
        "external_id",
        "feedback_state",
        "publication_state",
        "emergency_until",
        "hold",
    }
)
"""The fields of a state that somebody outside is shown."""

_CHANGES: Final = frozenset(map(camel_case, STATE_OUTSIDE))

_parts: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode: Final = msgspec.json.Encoder().encode


def audience_of(event: AggregateEvent) -> Audience | None:
    """Who may read an event; None: whoever sees the case. Nothing opens what is not listed."""
    if isinstance(event, CaseEvent):
        return event.readers() if type(event) in OUTSIDE else Audience.INTERNAL
    return None


def payload_outside(topic: str, payload: str) -> str:
    """What somebody outside is shown of a payload, as JSON text."""
    shown = _BY_TOPIC.get(topic, frozenset())
    parts: Mapping[str, msgspec.Raw] = _parts(payload)
    return _encode({name: part for name, part in parts.items() if name in shown}).decode()


def changes_outside(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """What somebody outside is shown of what an event changed."""
    return tuple(change for change in changes if change.field in _CHANGES)
