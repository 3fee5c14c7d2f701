"""Facts and examples of how a case is taken in, sent, given back and handed over."""

from datetime import timedelta
from typing import ClassVar, Final

from domain.case import (
    correction,
    emergency,
    fallback,
    intake,
    officers,
    referral,
    returns,
    urging,
    verification,
)
from domain.case.vocabulary import ExternalStatus, Step
from domain.command import Command
from tests.domain.people import EVERYBODY_ON_DUTY, INTAKE, OFFICER, UNIT_LEADER
from tests.domain.scenario import BEGAN, NOW, STEP, Fact, ask, happened

DISPATCHED_AT: Final = BEGAN + 2 * STEP
"""In the histories of `tests.domain.histories`."""

verification_requested: Final = happened(verification.FieldVerificationRequested, area="grid-7")
field_verified: Final = happened(
    verification.FieldVerified, findings="Loud until two.", confirmed=True
)
rejection_proposed: Final = happened(
    intake.RejectionProposed,
    legal_basis="Article 21",
    remedy="Review",
    proposer=INTAKE.principal,
)
referred: Final = happened(referral.CaseReferredOut, target="railway", basis="Article 30")
delivery_failed: Final = happened(referral.DeliveryFailed, text="Unknown there")


def return_requested(requester: str = OFFICER.principal, suggested: str | None = None) -> Fact:
    return happened(
        returns.ReturnRequested,
        ground="Not our road",
        basis=None,
        suggested_unit=suggested,
        requester=requester,
    )


def return_upheld(lead_unit: str = "environment") -> Fact:
    return happened(returns.ReturnUpheld, lead_unit=lead_unit)


return_rejected: Final = happened(returns.ReturnRejected, ground="It is")


def arbitration_requested(requester: str = OFFICER.principal) -> Fact:
    return happened(returns.ArbitrationRequested, ground="It is not", requester=requester)


def arbitrated(lead_unit: str, previous: str | None) -> Fact:
    return happened(
        returns.ResponsibilityArbitrated,
        lead_unit=lead_unit,
        previous=previous,
        ground="By the list of duties",
        final=True,
    )


def assigned(officer: str = OFFICER.principal, position: str | None = None) -> Fact:
    return happened(officers.OfficerAssigned, officer=officer, position=position)


def offered(to: str, position: str | None = None, officer: str = OFFICER.principal) -> Fact:
    return happened(officers.HandOverOffered, officer=officer, to=to, position=position)


declared: Final = happened(emergency.EmergencyDeclared, expires=NOW + timedelta(days=1))


def acceptance_skipped(by: str = UNIT_LEADER.principal) -> Fact:
    return happened(emergency.AcceptanceSkipped, skipped_by=by)


def sign_off_skipped(by: str = UNIT_LEADER.principal) -> Fact:
    return happened(emergency.SignOffSkipped, skipped_by=by)


class SignOffOpen(emergency.SignOffSkipped):
    """How it stands at any stage that follows. Without a topic of its own it is never stored."""

    STAGE: ClassVar[None] = None


sign_off_open: Final = happened(SignOffOpen, skipped_by=UNIT_LEADER.principal)

PREPARED: Final[dict[str, tuple[Fact, ...]]] = {
    "offerHandOver": (assigned(),),
    "acceptHandOver": (assigned(), offered(EVERYBODY_ON_DUTY.principal)),
    "declineHandOver": (assigned(), offered(EVERYBODY_ON_DUTY.principal)),
    "upholdReturn": (return_requested(),),
    "rejectReturn": (return_requested(),),
    "requestArbitration": (return_requested(), return_rejected),
    "arbitrateResponsibility": (arbitration_requested(),),
    "endEmergency": (declared,),
    "regulariseStep": (sign_off_open,),
}
"""As in `tests.domain.histories`."""

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(verification.RequestFieldVerification),
    ask(verification.RecordFieldVerification, findings="Loud until two.", confirmed=True),
    ask(intake.ProposeRejection, legal_basis="Article 21", remedy="Review"),
    ask(correction.ReclassifyCase, type_code="smell"),
    ask(fallback.AssignFallbackOwner, unit="duty"),
    ask(officers.AssignOfficer, officer=OFFICER.principal),
    ask(officers.OfferHandOver, to="colleague"),
    ask(officers.AcceptHandOver),
    ask(officers.DeclineHandOver),
    # Soon enough after the case was dispatched.
    ask(
        returns.RequestReturn,
        ground="Not our road",
        suggested_unit="roads",
        occurred_at=DISPATCHED_AT + STEP,
    ),
    ask(returns.UpholdReturn),
    ask(returns.RejectReturn, ground="It is"),
    ask(returns.RequestArbitration, ground="It is not"),
    ask(returns.ArbitrateResponsibility, lead_unit="environment", ground="By the list of duties"),
    ask(referral.ReferCaseOut, target="railway", basis="Article 30"),
    ask(referral.RecordExternalStatus, status=ExternalStatus.RECEIVED),
    ask(referral.RecordDeliveryFailure, text="Unknown there"),
    ask(emergency.DeclareEmergency, expires=NOW + timedelta(hours=6)),
    ask(emergency.EndEmergency),
    ask(emergency.RegulariseStep, step=Step.SIGN_OFF, finding="They came at once"),
    ask(urging.UrgeCase, text="Still loud"),
)
