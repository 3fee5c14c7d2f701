"""A step for each command about whether a case is ours, as what, and who handles it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.identity import Role
from tests.api.schema.steps import Before, Step
from tests.domain.people import (
    DISPATCHER,
    GRID_WORKER,
    INTAKE,
    OFFICER,
    REGISTRAR,
    UNIT_LEADER,
    person,
)

COLLEAGUE: Final = person("colleague", Role.OFFICER)
LATER: Final = (datetime.now(UTC) + timedelta(days=2)).isoformat()
REJECTION: Final = {"legalBasis": "Regulation 12", "remedy": "Ask the court"}
GROUND: Final = {"ground": "Not our road"}

_area: Final[Before] = ("correctCase", INTAKE, {"area": "grid-7"})
_verification: Final[Before] = ("requestFieldVerification", INTAKE, {"area": "grid-7"})
_assigned: Final[Before] = ("assignOfficer", UNIT_LEADER, {"officer": OFFICER.principal})
_offered: Final[Before] = ("offerHandOver", OFFICER, {"to": COLLEAGUE.principal})
_return: Final[Before] = ("requestReturn", OFFICER, GROUND)
_refused: Final[Before] = ("rejectReturn", DISPATCHER, {"ground": "It is"})
_arbitration: Final[Before] = ("requestArbitration", OFFICER, GROUND)
_referral: Final[Before] = (
    "referCaseOut",
    REGISTRAR,
    {"target": "railway", "basis": "Article 30"},
)
_emergency: Final[Before] = ("declareEmergency", DISPATCHER, {"expires": LATER})
_at_once: Final[Before] = ("recordProgress", OFFICER, {"text": "On the spot"})


def _step(command: str, start: str, by: Any, stage: str, *events: str, **more: Any) -> Step:
    return Step(command, start, by, stage, [f"case.{event}" for event in events], **more)


PASSAGE: Final = [
    _step(
        "requestFieldVerification",
        "registered",
        INTAKE,
        "VERIFYING",
        "field_verification_requested",
        before=[_area],
    ),
    _step(
        "recordFieldVerification",
        "registered",
        GRID_WORKER,
        "VERIFYING",
        "field_verified",
        given={"findings": "Dark indeed", "confirmed": True},
        before=[_verification],
    ),
    _step(
        "proposeRejection",
        "registered",
        INTAKE,
        "REGISTERED",
        "rejection_proposed",
        given=REJECTION,
    ),
    _step(
        "reclassifyCase",
        "in_progress",
        DISPATCHER,
        "IN_PROGRESS",
        "reclassified",
        given={"typeCode": "lighting.street"},
    ),
    _step(
        "assignFallbackOwner",
        "accepted",
        DISPATCHER,
        "ACCEPTED",
        "fallback_owner_assigned",
        given={"unit": "duty"},
    ),
    _step(
        "assignOfficer",
        "dispatched",
        UNIT_LEADER,
        "DISPATCHED",
        "officer_assigned",
        given={"officer": OFFICER.principal, "position": "lamps"},
    ),
    _step(
        "offerHandOver",
        "in_progress",
        OFFICER,
        "IN_PROGRESS",
        "hand_over_offered",
        given={"to": COLLEAGUE.principal},
        before=[_assigned],
    ),
    _step(
        "acceptHandOver",
        "in_progress",
        COLLEAGUE,
        "IN_PROGRESS",
        "responsibility_handed_over",
        before=[_assigned, _offered],
    ),
    _step(
        "declineHandOver",
        "in_progress",
        COLLEAGUE,
        "IN_PROGRESS",
        "hand_over_declined",
        before=[_assigned, _offered],
    ),
    _step(
        "requestReturn",
        "dispatched",
        OFFICER,
        "DISPATCHED",
        "return_requested",
        given={**GROUND, "basis": "List of duties, 4", "suggestedUnit": "roads"},
    ),
    _step(
        "upholdReturn",
        "dispatched",
        DISPATCHER,
        "ACCEPTED",
        "return_upheld",
        before=[_return],
    ),
    _step(
        "rejectReturn",
        "dispatched",
        DISPATCHER,
        "DISPATCHED",
        "return_rejected",
        given={"ground": "It is"},
        before=[_return],
    ),
    _step(
        "requestArbitration",
        "dispatched",
        OFFICER,
        "DISPATCHED",
        "arbitration_requested",
        given=GROUND,
        before=[_return, _refused],
    ),
    _step(
        "arbitrateResponsibility",
        "dispatched",
        REGISTRAR,
        "DISPATCHED",
        "responsibility_arbitrated",
        "dispatched",
        given={"leadUnit": "roads", "ground": "By the list of duties"},
        before=[_return, _refused, _arbitration],
    ),
    _step(
        "referCaseOut",
        "accepted",
        REGISTRAR,
        "REFERRED",
        "referred_out",
        given={"target": "railway", "basis": "Article 30"},
    ),
    _step(
        "recordExternalStatus",
        "accepted",
        INTAKE,
        "REFERRED",
        "external_status_received",
        given={"status": "IN_PROGRESS", "text": "Next week"},
        before=[_referral],
    ),
    _step(
        "recordDeliveryFailure",
        "registered",
        REGISTRAR,
        "ACCEPTED",
        "delivery_failed",
        "accepted",
        given={"text": "Unknown there"},
        before=[_referral],
    ),
    _step(
        "declareEmergency",
        "registered",
        DISPATCHER,
        "REGISTERED",
        "emergency_declared",
        given={"expires": LATER},
    ),
    _step(
        "endEmergency",
        "registered",
        REGISTRAR,
        "REGISTERED",
        "emergency_ended",
        before=[_emergency],
    ),
    _step(
        "regulariseStep",
        "dispatched",
        REGISTRAR,
        "IN_PROGRESS",
        "step_regularised",
        given={"step": "SIGN_OFF", "finding": "They came at once"},
        before=[_emergency, _at_once],
    ),
    _step("urgeCase", "in_progress", INTAKE, "IN_PROGRESS", "urged", given={"text": "Still dark"}),
]
