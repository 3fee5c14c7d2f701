"""What may happen about whose a case is, as a fold of any order meets it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.case.correction import CaseDetailCorrected, CaseReclassified, DispatchRecalled
from domain.case.emergency import (
    AcceptanceSkipped,
    EmergencyDeclared,
    EmergencyEnded,
    SignOffSkipped,
    StepRegularised,
)
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.intake import RejectionProposed
from domain.case.officers import (
    HandOverDeclined,
    HandOverOffered,
    OfficerAssigned,
    ResponsibilityHandedOver,
)
from domain.case.referral import CaseReferredOut, DeliveryFailed, ExternalStatusReceived
from domain.case.returns import (
    ArbitrationRequested,
    ResponsibilityArbitrated,
    ReturnRejected,
    ReturnRequested,
    ReturnUpheld,
)
from domain.case.urging import CaseUrged
from domain.case.verification import FieldVerificationRequested, FieldVerified
from domain.case.vocabulary import (
    Channel,
    ClockEffect,
    Detail,
    ExternalStatus,
    Point,
    Step,
    Urgency,
)

OLD: Final = {"old": None}

PASSAGE: Final[Sequence[tuple[type[AggregateEvent], dict[str, Any]]]] = (
    (FieldVerificationRequested, {"area": "grid-8"}),
    (FieldVerified, {"findings": "Loud", "confirmed": True}),
    (RejectionProposed, {"legal_basis": "Article 21", "remedy": "Review", "proposer": "clerk"}),
    (CaseDetailCorrected, {**OLD, "field": Detail.AREA, "new": "grid-9"}),
    (CaseDetailCorrected, {**OLD, "field": Detail.POINT, "new": Point(30.5, 120.25)}),
    (CaseDetailCorrected, {**OLD, "field": Detail.URGENCY, "new": Urgency.URGENT}),
    (CaseDetailCorrected, {**OLD, "field": Detail.CHANNEL, "new": Channel.WALK_IN}),
    (
        CaseReclassified,
        {
            "old": "noise",
            "new": "lift",
            "catalogue_version": 2,
            "fields": {"floors": 3},
            "clock_effect": ClockEffect.KEPT,
        },
    ),
    (DispatchRecalled, {"lead_unit": "environment"}),
    (FallbackOwnerAssigned, {"unit": "duty"}),
    (OfficerAssigned, {"officer": "ann", "position": "inspector"}),
    (HandOverOffered, {"officer": "ann", "to": "bo", "position": "second"}),
    (
        ResponsibilityHandedOver,
        {"from_officer": "ann", "to_officer": "bo", "position": None, "accepted_by": "bo"},
    ),
    (HandOverDeclined, {"declined_by": "bo"}),
    (
        ReturnRequested,
        {"ground": "Not ours", "basis": None, "suggested_unit": "roads", "requester": "ann"},
    ),
    (ReturnUpheld, {"lead_unit": "environment"}),
    (ReturnRejected, {"ground": "It is"}),
    (ArbitrationRequested, {"ground": "It is not", "requester": "ann"}),
    (
        ResponsibilityArbitrated,
        {"lead_unit": "roads", "previous": None, "ground": "By the list", "final": True},
    ),
    (CaseReferredOut, {"target": "railway", "basis": "Article 30"}),
    (ExternalStatusReceived, {"status": ExternalStatus.RECEIVED, "text": None}),
    (DeliveryFailed, {"text": "Unknown there"}),
    (EmergencyDeclared, {"expires": datetime(2026, 3, 9, 12, tzinfo=UTC)}),
    (EmergencyEnded, {"expired": True}),
    (AcceptanceSkipped, {"skipped_by": "ann"}),
    (SignOffSkipped, {"skipped_by": "ann"}),
    (StepRegularised, {"step": Step.SIGN_OFF, "finding": "In order"}),
    (CaseUrged, {"text": "Still loud", "by": "resident"}),
)
