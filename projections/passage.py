"""What the passage of a case makes of its state: whose it is, and what that still waits for."""

from collections.abc import Callable
from datetime import UTC
from typing import Any, Final, TypeVar

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.correction import CaseDetailCorrected, CaseReclassified, DispatchRecalled
from domain.case.emergency import (
    AcceptanceSkipped,
    EmergencyDeclared,
    EmergencyEnded,
    SignOffSkipped,
    StepRegularised,
    StepSkipped,
)
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.intake import CaseAccepted, CaseRejected, RejectionProposed
from domain.case.officers import (
    HandOverDeclined,
    HandOverOffered,
    OfficerAssigned,
    ResponsibilityHandedOver,
)
from domain.case.referral import CaseReferredOut, DeliveryFailed, ExternalStatusReceived
from domain.case.regions import ReturnState
from domain.case.reopening import CaseReopened
from domain.case.returns import (
    ArbitrationRequested,
    ResponsibilityArbitrated,
    ReturnRejected,
    ReturnRequested,
    ReturnUpheld,
)
from domain.case.routing import CaseDispatched
from domain.case.verification import FieldVerificationRequested, FieldVerified
from domain.case.vocabulary import ExternalStatus, Step

Changed = dict[str, Any]
"""Field -> value, of a state or of its details."""


class Referral(msgspec.Struct, frozen=True):
    """Which body outside has the case. status: what it said last; None: nothing yet."""

    target: str
    status: ExternalStatus | None = None


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """The part of the details that is of the passage.

    rejection_proposed: and not decided. verification_area: whose grid worker is to look.
    field_verified: somebody looked. returns: how often the lead unit asked to give it back in this
    cycle. arbitrated: the lead is fixed. fallback_unit: answers for it while it is not dispatched.
    hand_over_to: who is asked to take it over. open_steps: passed over in an emergency and not
    regularised.
    """

    rejection_proposed: bool = False
    verification_area: str | None = None
    field_verified: bool = False
    returns: int = 0
    arbitrated: bool = False
    fallback_unit: str | None = None
    hand_over_to: str | None = None
    open_steps: tuple[Step, ...] = ()
    referral: Referral | None = None


D = TypeVar("D", bound=Details)
DetailEffect = Callable[[Any, Any], Any]
"""(details, event) -> details, of one type."""


def _now(**fields: object) -> Callable[[Any], Changed]:
    return lambda _: dict(fields)


RELEASED: Final[Changed] = {
    "lead_unit": None,
    "co_units": (),
    "officer": None,
    "officer_position": None,
    "return_state": ReturnState.NONE,
}
"""Of a case that is to be dispatched anew (`domain.case.state.Case.release`)."""


def dispatched(event: CaseDispatched) -> Changed:
    """Another lead unit has other officers."""
    led = {"lead_unit": event.lead_unit, "co_units": tuple(event.co_units)}
    return RELEASED | led


STATE_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Any], Changed]]] = {
    FieldVerificationRequested: lambda event: {"area": event.area},
    CaseDetailCorrected: lambda event: {event.field.value: event.value},
    CaseReclassified: lambda event: {"type_code": event.new},
    CaseDispatched: dispatched,
    DispatchRecalled: _now(**RELEASED),
    FallbackOwnerAssigned: lambda event: {"lead_unit": event.unit},
    OfficerAssigned: lambda event: {
        "officer": event.officer,
        "officer_position": event.position,
    },
    ResponsibilityHandedOver: lambda event: {
        "officer": event.to_officer,
        "officer_position": event.position,
    },
    ReturnRequested: _now(return_state=ReturnState.REQUESTED),
    ReturnUpheld: _now(**RELEASED),
    ReturnRejected: _now(return_state=ReturnState.NONE),
    ArbitrationRequested: _now(return_state=ReturnState.IN_ARBITRATION),
    ResponsibilityArbitrated: _now(return_state=ReturnState.NONE),
    CaseReferredOut: _now(return_state=ReturnState.NONE, emergency_until=None),
    DeliveryFailed: _now(**RELEASED),
    EmergencyDeclared: lambda event: {"emergency_until": event.expires.astimezone(UTC)},
    EmergencyEnded: _now(emergency_until=None),
    AcceptanceSkipped: lambda event: {"accepted_at": event.timestamp.astimezone(UTC)},
}
"""Of events that set more than the stage."""


def _set(**fields: object) -> DetailEffect:
    return lambda details, _: msgspec.structs.replace(details, **fields)


def _settled(details: D, _: CaseAccepted | CaseRejected) -> D:
    if not details.rejection_proposed:
        return details
    return msgspec.structs.replace(details, rejection_proposed=False)


def _verifying(details: D, event: FieldVerificationRequested) -> D:
    return msgspec.structs.replace(details, verification_area=event.area)


def _returning(details: D, _: ReturnRequested) -> D:
    return msgspec.structs.replace(details, returns=details.returns + 1)


def _arbitrated(details: D, event: ResponsibilityArbitrated) -> D:
    return msgspec.structs.replace(details, arbitrated=event.final)


def _fallen_back(details: D, event: FallbackOwnerAssigned) -> D:
    return msgspec.structs.replace(details, fallback_unit=event.unit)


def _offered(details: D, event: HandOverOffered) -> D:
    return msgspec.structs.replace(details, hand_over_to=event.to)


def _skipped(details: D, event: StepSkipped) -> D:
    return msgspec.structs.replace(details, open_steps=(*details.open_steps, event.STEP))


def _regularised(details: D, event: StepRegularised) -> D:
    left = tuple(step for step in details.open_steps if step is not event.step)
    return msgspec.structs.replace(details, open_steps=left)


def _referred(details: D, event: CaseReferredOut) -> D:
    return msgspec.structs.replace(details, referral=Referral(event.target))


def _status(details: D, event: ExternalStatusReceived) -> D:
    # A status that is backdated to before the referral says nothing of one.
    if details.referral is None:
        return details
    return msgspec.structs.replace(
        details, referral=Referral(details.referral.target, event.status)
    )


_released: Final = _set(fallback_unit=None, hand_over_to=None)

DETAIL_EFFECTS: Final[dict[type[AggregateEvent], DetailEffect]] = {
    RejectionProposed: _set(rejection_proposed=True),
    CaseAccepted: _settled,
    CaseRejected: _settled,
    FieldVerificationRequested: _verifying,
    FieldVerified: _set(field_verified=True),
    CaseDispatched: _released,
    DispatchRecalled: _released,
    FallbackOwnerAssigned: _fallen_back,
    OfficerAssigned: _set(hand_over_to=None),
    HandOverOffered: _offered,
    ResponsibilityHandedOver: _set(hand_over_to=None),
    HandOverDeclined: _set(hand_over_to=None),
    ReturnRequested: _returning,
    ReturnUpheld: _released,
    ResponsibilityArbitrated: _arbitrated,
    CaseReopened: _set(fallback_unit=None, hand_over_to=None, returns=0, arbitrated=False),
    CaseReferredOut: _referred,
    ExternalStatusReceived: _status,
    DeliveryFailed: _set(fallback_unit=None, hand_over_to=None, referral=None),
    AcceptanceSkipped: _skipped,
    SignOffSkipped: _skipped,
    StepRegularised: _regularised,
}
"""What an event makes of the details."""
