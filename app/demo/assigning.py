"""Who handles a case of the demonstration: dispatched, given back, argued about, sent elsewhere."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.demo import phrases, wording
from app.demo.chronicle import Chronicle
from app.demo.names import STREETS
from app.demo.pace import within
from app.demo.supervising import answer_orders
from domain.case.emergency import DeclareEmergency
from domain.case.fallback import AssignFallbackOwner
from domain.case.referral import RecordDeliveryFailure, RecordExternalStatus, ReferCaseOut
from domain.case.returns import (
    ArbitrateResponsibility,
    RejectReturn,
    RequestArbitration,
    RequestReturn,
    UpholdReturn,
)
from domain.case.routing import DispatchCase
from domain.case.vocabulary import ExternalStatus, Urgency
from domain.case.windows import DEFAULT
from domain.escalation_policy.content import EscalationPolicyVersion
from domain.vocabulary import ClockKind

DECLARED: Final = 0.4
"""Of what is an emergency by its type."""

EMERGENCY_HOURS: Final = (26, 60)
REFERRED: Final = 0.02
NOT_DELIVERED: Final = 0.2
OWNERLESS: Final = 0.01
GIVEN_BACK: Final = 0.05
RETURN_UPHELD: Final = 0.55
ARGUED: Final = 0.5
"""Of the returns that are rejected, so many are taken to an arbitration."""

STAYS: Final = 0.6
OTHER_BODIES: Final = ("city-hotline", "neighbouring-district", "provincial-energy", "rail-police")


def declares_emergency(case: Chronicle) -> bool:
    """Whether one is declared; then it is sent at once, and what was left out is made good."""
    if case.urgency is not Urgency.EMERGENCY or not case.happens(DECLARED):
        return False
    case.moment()
    hours = case.rng.uniform(*EMERGENCY_HOURS)
    case.emergency_until = case.at + timedelta(hours=hours)
    by = case.post("dispatcher", 3) if case.happens(0.7) else case.post("registrar", 3)
    case.do(by, DeclareEmergency, expires=case.emergency_until)
    case.expect(case.emergency_until, "endEmergency")
    case.moment()
    case.do(case.post("dispatcher", 3), DispatchCase)
    case.accepted_at = case.dispatched_at = case.at
    case.open_steps += 1
    return True


def referred(case: Chronicle) -> bool:
    """Whether it goes to a body outside, and arrives there."""
    if not case.happens(REFERRED):
        return False
    case.wait(2)
    target, basis = case.one_of(OTHER_BODIES), case.one_of(wording.BASES)
    answer_orders(case)
    case.do(case.post("registrar", 3), ReferCaseOut, target=target, basis=basis)
    case.ends()
    case.wait(15)
    if case.happens(NOT_DELIVERED):
        case.do(case.desk, RecordDeliveryFailure, text="对方系统退回，未接收")
        case.goes_on()
        return False
    for status in (ExternalStatus.RECEIVED, ExternalStatus.IN_PROGRESS, ExternalStatus.DONE):
        case.do(case.desk, RecordExternalStatus, status=status, text=phrases.EXTERNAL[status])
        case.wait(60)
        if case.happens(0.2):
            break
    return True


def dispatch(case: Chronicle) -> None:
    """The unit that the rules name is asked; and the units argue, until one has it."""
    if case.happens(OWNERLESS):
        case.wait(60)
        case.do(case.post("dispatcher", 3), AssignFallbackOwner)
        # The service may have named one already, because nobody dispatched it in time.
        case.steps[-1] = replace(case.steps[-1], spare=True)
    within(case, ClockKind.DISPATCH)
    case.foresee()
    case.do(case.post("dispatcher", 3), DispatchCase)
    case.dispatched_at = case.at
    case.assigned = False
    for times in range(1, 1 + DEFAULT.most_returns):
        if not case.happens(GIVEN_BACK) or not _given_back(case, times):
            return


def _given_back(case: Chronicle, times: int) -> bool:
    """Whether it went to another unit, which may give it back in its turn.

    times: how often the case was given back with this. The service has it arbitrated then.
    """
    until, other = case.in_working_minutes(DEFAULT.return_minutes), _other_unit(case)
    asked_at = case.at + (until - case.at) * 0.5
    case.wait(0.7)
    case.at = min(case.at, asked_at)
    ground, basis = case.one_of(phrases.RETURNS), case.one_of(wording.BASES)
    case.do(case.officer(), RequestReturn, ground=ground, basis=basis, suggested_unit=other)
    within(case, ClockKind.APPROVAL)
    if case.happens(RETURN_UPHELD):
        case.do(case.post("dispatcher", 3), UpholdReturn)
        case.wait(0.5)
        case.lead, case.helping = other, ()
        if times >= EscalationPolicyVersion.arbitration_after_returns:
            ground = case.one_of(phrases.ARBITRATED)
            registrar = case.post("registrar", 3)
            case.do(registrar, ArbitrateResponsibility, lead_unit=other, ground=ground)
            case.dispatched_at = case.at
            return True
        reason = "退单理由成立，改派"
        case.do(
            case.post("dispatcher", 3), DispatchCase, lead_unit=other, override=True, reason=reason
        )
        case.dispatched_at = case.at
        return True
    ground = case.one_of(phrases.NOT_RETURNED)
    case.do(case.post("dispatcher", 3), RejectReturn, ground=ground)
    if case.happens(ARGUED):
        _arbitrate(case, other)
    return False


def _arbitrate(case: Chronicle, other: str) -> None:
    """The registrar on duty says for good whose it is."""
    case.wait(2)
    case.do(case.officer(), RequestArbitration, ground=case.one_of(phrases.RETURNS))
    case.wait(5)
    if not case.happens(STAYS):
        case.lead, case.helping = other, tuple(unit for unit in case.helping if unit != other)
    case.do(
        case.post("registrar", 3),
        ArbitrateResponsibility,
        lead_unit=case.lead,
        ground=case.one_of(phrases.ARBITRATED),
    )


def _other_unit(case: Chronicle) -> str:
    street = f"street-{STREETS[case.told.community // 3][0]}"
    return street if street != case.lead else "urban-management"
