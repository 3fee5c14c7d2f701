"""Which decisions a case waits for: which events ask for one, and which settle it.

They are a part of the details of a case, and so right as of any moment; a list of those that wait
for one caller is `projections.worklists`.
"""

from collections.abc import Callable, Collection
from datetime import UTC
from typing import Any, Final

from eventsourcing.domain import AggregateEvent

from domain.case.appeals import AppealDecided, AppealFiled
from domain.case.cohandling import (
    CoHandlingDeemedAgreed,
    CoHandlingReplied,
    CoHandlingRequested,
)
from domain.case.correction import DispatchRecalled
from domain.case.decisions import DecisionKind, PendingDecision
from domain.case.emergency import AcceptanceSkipped, SignOffSkipped, StepRegularised
from domain.case.extension import ExtensionApproved, ExtensionDenied, ExtensionRequested
from domain.case.intake import RejectionProposed
from domain.case.lifecycle import ENDS, Stage
from domain.case.officers import HandOverDeclined, HandOverOffered, ResponsibilityHandedOver
from domain.case.orders import (
    OrderEnded,
    OrderEscalated,
    OrderIssued,
    OrderReleased,
    OrderReplied,
)
from domain.case.outcome import ResolutionSubmitted, ResolutionVerified, ReworkOrdered
from domain.case.publication import (
    PublicationApproved,
    PublicationProposed,
    PublicationRefused,
    PublicationWithdrawn,
)
from domain.case.referral import DeliveryFailed
from domain.case.reopening import CaseReopened
from domain.case.returns import (
    ArbitrationRequested,
    ResponsibilityArbitrated,
    ReturnRejected,
    ReturnRequested,
    ReturnUpheld,
)
from domain.case.routing import CaseDispatched
from domain.case.state import CaseEvent
from domain.case.suspension import CaseSuspended, SuspensionDenied, SuspensionRequested
from domain.case.verification import FieldVerificationRequested, FieldVerified
from domain.case.voiding import VoidRefused, VoidRequested

Pending = tuple[PendingDecision, ...]
Opens = Callable[[Any], PendingDecision]
Settles = Callable[[Any, PendingDecision], bool]
"""Whether an event settles a decision that was pending."""


def _asked(
    kind: DecisionKind,
    requester: str | None = None,
    key: str | None = None,
    person: str | None = None,
    unit: str | None = None,
) -> Opens:
    """What an event asks for. All but the kind: names of the event's fields."""

    def opened(event: AggregateEvent) -> PendingDecision:
        return PendingDecision(
            kind,
            event.timestamp.astimezone(UTC),
            key="" if key is None else str(getattr(event, key)),
            requested_by=None if requester is None else getattr(event, requester),
            person=None if person is None else getattr(event, person),
            unit=None if unit is None else getattr(event, unit),
        )

    return opened


OPENS: Final[dict[type[AggregateEvent], Opens]] = {
    RejectionProposed: _asked(DecisionKind.REJECTION, "proposer"),
    FieldVerificationRequested: _asked(DecisionKind.FIELD_VERIFICATION),
    # What was found at the place, a registrar weighs.
    FieldVerified: _asked(DecisionKind.ACCEPTANCE),
    HandOverOffered: _asked(DecisionKind.HAND_OVER, person="to"),
    ReturnRequested: _asked(DecisionKind.RETURN, "requester"),
    ArbitrationRequested: _asked(DecisionKind.ARBITRATION, "requester"),
    AcceptanceSkipped: _asked(DecisionKind.SKIPPED_STEP, "skipped_by", key="STEP"),
    SignOffSkipped: _asked(DecisionKind.SKIPPED_STEP, "skipped_by", key="STEP"),
    CoHandlingRequested: _asked(DecisionKind.CO_REPLY, key="unit", unit="unit"),
    SuspensionRequested: _asked(DecisionKind.SUSPENSION, "requester"),
    ExtensionRequested: _asked(DecisionKind.EXTENSION, "requester"),
    OrderIssued: _asked(DecisionKind.ORDER_REPLY, key="number", unit="unit"),
    OrderEscalated: _asked(DecisionKind.ORDER_REPLY, key="number", unit="unit"),
    OrderReplied: _asked(DecisionKind.ORDER_RELEASE, "replied_by", key="number"),
    ResolutionSubmitted: _asked(DecisionKind.VERIFICATION, "resolver"),
    AppealFiled: _asked(DecisionKind.APPEAL),
    VoidRequested: _asked(DecisionKind.VOIDING, "requested_by"),
    PublicationProposed: _asked(DecisionKind.PUBLICATION, "proposer"),
}
"""An event that asks for a decision; of one that is asked for twice the later request counts."""


def _settles(*kinds: DecisionKind) -> Settles:
    return lambda _, decision: decision.kind in kinds


def _settles_one(kind: DecisionKind, key: str) -> Settles:
    return lambda event, decision: (
        decision.kind is kind and decision.key == str(getattr(event, key))
    )


def _settles_order(event: OrderReleased | OrderEnded, decision: PendingDecision) -> bool:
    """Whatever an order still waits for: it may be released before its unit replied."""
    return decision.kind in ABOUT_ORDERS and decision.key == str(event.number)


ABOUT_ORDERS: Final = frozenset({DecisionKind.ORDER_REPLY, DecisionKind.ORDER_RELEASE})

SETTLES: Final[dict[type[AggregateEvent], Settles]] = {
    FieldVerified: _settles(DecisionKind.FIELD_VERIFICATION),
    ResponsibilityHandedOver: _settles(DecisionKind.HAND_OVER),
    HandOverDeclined: _settles(DecisionKind.HAND_OVER),
    ReturnUpheld: _settles(DecisionKind.RETURN),
    ReturnRejected: _settles(DecisionKind.RETURN),
    ArbitrationRequested: _settles(DecisionKind.RETURN),
    ResponsibilityArbitrated: _settles(DecisionKind.ARBITRATION),
    StepRegularised: _settles_one(DecisionKind.SKIPPED_STEP, "step"),
    CoHandlingReplied: _settles_one(DecisionKind.CO_REPLY, "unit"),
    CoHandlingDeemedAgreed: _settles_one(DecisionKind.CO_REPLY, "unit"),
    SuspensionDenied: _settles(DecisionKind.SUSPENSION),
    CaseSuspended: _settles(DecisionKind.SUSPENSION),
    ExtensionDenied: _settles(DecisionKind.EXTENSION),
    ExtensionApproved: _settles(DecisionKind.EXTENSION),
    OrderReplied: _settles_one(DecisionKind.ORDER_REPLY, "number"),
    OrderEscalated: _settles_one(DecisionKind.ORDER_RELEASE, "number"),
    OrderReleased: _settles_order,
    OrderEnded: _settles_order,
    ResolutionVerified: _settles(DecisionKind.VERIFICATION),
    ReworkOrdered: _settles(DecisionKind.VERIFICATION),
    AppealDecided: _settles(DecisionKind.APPEAL),
    # What the appeal was against is open again, whoever saw to that.
    CaseReopened: _settles(DecisionKind.APPEAL),
    VoidRefused: _settles(DecisionKind.VOIDING),
    PublicationApproved: _settles(DecisionKind.PUBLICATION),
    PublicationRefused: _settles(DecisionKind.PUBLICATION),
    PublicationWithdrawn: _settles(DecisionKind.PUBLICATION),
}

AFTER_THE_END: Final = frozenset({DecisionKind.APPEAL, DecisionKind.PUBLICATION})
"""What may still be decided about a case that is over."""

WAITS_ON: Final[dict[Stage, Collection[DecisionKind]]] = {
    # All but what the merge closed, for it may be reversed.
    Stage.MERGED: frozenset(DecisionKind) - {DecisionKind.CO_REPLY, DecisionKind.VOIDING},
    # What did not arrive there is ours again, with the steps that were passed over.
    Stage.REFERRED: {DecisionKind.SKIPPED_STEP, *AFTER_THE_END},
}
"""What is still to be decided when a case comes back from there. Until then nobody is asked: no
command that settles it is possible at that stage."""

ABOUT_INTAKE: Final = frozenset(
    {DecisionKind.ACCEPTANCE, DecisionKind.FIELD_VERIFICATION, DecisionKind.REJECTION}
)
"""Settled by whatever leads out of intake."""

RELEASES: Final = (CaseDispatched, CaseReopened, DeliveryFailed, DispatchRecalled, ReturnUpheld)
"""Whoever led the case until then has no part in it any more (`Case.release`)."""

OF_WHO_LED: Final = frozenset(
    {
        DecisionKind.HAND_OVER,
        DecisionKind.CO_REPLY,
        DecisionKind.RETURN,
        DecisionKind.ARBITRATION,
        DecisionKind.VERIFICATION,
    }
)
"""What the unit that led asked of others, and what it had done."""

OF_THE_LEAD: Final = frozenset({DecisionKind.SUSPENSION, DecisionKind.EXTENSION})
"""What the lead unit asks for is for as long as it is at it."""


def pending_after(pending: Pending, event: AggregateEvent) -> Pending:
    """What a case waits for after one more event; the same tuple where that is unchanged."""
    left = _unsettled(pending, event) if pending else pending
    opens = OPENS.get(type(event))
    if opens is None:
        return left
    opened = opens(event)
    others = [each for each in left if (each.kind, each.key) != (opened.kind, opened.key)]
    return (*others, opened)


def _unsettled(pending: Pending, event: AggregateEvent) -> Pending:
    stage = event.STAGE if isinstance(event, CaseEvent) else None
    settles = SETTLES.get(type(event))
    released = isinstance(event, RELEASES)
    left = tuple(
        decision
        for decision in pending
        if not (settles is not None and settles(event, decision))
        and not (released and decision.kind in OF_WHO_LED)
        and not (stage is not None and _is_over(decision.kind, stage))
    )
    return pending if len(left) == len(pending) else left


def _is_over(kind: DecisionKind, stage: Stage) -> bool:
    """Whether a case that has come to a stage waits no longer for a decision of a kind."""
    if kind in OF_THE_LEAD and stage is not Stage.IN_PROGRESS:
        return True
    if stage in ENDS:
        return kind not in WAITS_ON.get(stage, AFTER_THE_END)
    return kind in ABOUT_INTAKE and stage not in {Stage.REGISTERED, Stage.VERIFYING}
