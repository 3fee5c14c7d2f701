"""Whose turn it is: what the events of a case so far say about who has to act next.

The events may come in the order of occurrence, so none is taken to follow from the others.
"""

from collections.abc import Collection
from typing import Final

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.correction import DispatchRecalled
from domain.case.decisions import DecisionKind
from domain.case.extension import ExtensionApproved, ExtensionDenied, ExtensionRequested
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.ledger.interval import CLOCKS, DECIDED, Holder, Part
from domain.case.lifecycle import ENDS, Stage
from domain.case.merging import MergeReversed
from domain.case.officers import OfficerAssigned, ResponsibilityHandedOver
from domain.case.outcome import ResolutionVerified
from domain.case.referral import CaseReferredOut, DeliveryFailed
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
from domain.case.voiding import VoidRefused, VoidRequested
from domain.vocabulary import ClockKind

TIMED: Final = frozenset({ClockKind.RESOLUTION, *CLOCKS.values()})
"""The clocks that the ledger looks at."""

HELD: Final = frozenset(
    {
        Stage.ACCEPTED,
        Stage.DISPATCHED,
        Stage.IN_PROGRESS,
        Stage.RESOLVED,
        Stage.AWAITING_FEEDBACK,
    }
)
"""From acceptance to closing, or to a side end: somebody answers for the case."""


class Situation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a case stands, as far as that decides whose turn it is.

    stands_in: the lead unit is the fall-back owner. pending: decisions that were asked for and not
    taken, the first of them first. clocks: those of TIMED that run.
    """

    stage: Stage = Stage.REGISTERED
    cycle: int = 1
    lead_unit: str | None = None
    stands_in: bool = False
    officer: str | None = None
    post: str | None = None
    pending: tuple[DecisionKind, ...] = ()
    clocks: tuple[Clock, ...] = ()

    def clock(self, name: str) -> Clock | None:
        """The running clock of that name."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    @property
    def resolution(self) -> Clock | None:
        """The clock of the case, while it runs."""
        return self.clock(ClockKind.RESOLUTION)


WHOSE: Final = frozenset({DecisionKind.RETURN, DecisionKind.ARBITRATION})
"""The decisions about whose case it is."""

TIME: Final = frozenset({DecisionKind.SUSPENSION, DecisionKind.EXTENSION})
"""What the lead unit asks for, for as long as it is at it (`domain.case.holds`)."""

SETTLES: Final[dict[type[CaseEvent], Collection[DecisionKind]]] = {
    ReturnUpheld: WHOSE,
    ReturnRejected: WHOSE,
    ResponsibilityArbitrated: WHOSE,
    DispatchRecalled: WHOSE,
    CaseReferredOut: WHOSE,
    VoidRefused: {DecisionKind.VOIDING},
    SuspensionDenied: {DecisionKind.SUSPENSION},
    CaseSuspended: {DecisionKind.SUSPENSION},
    ExtensionDenied: {DecisionKind.EXTENSION},
    ExtensionApproved: {DecisionKind.EXTENSION},
    CaseReopened: DECIDED,
}
"""The decisions that an event settles, beside those that its stage does."""

SAYS: Final = frozenset(
    {
        *SETTLES,
        CaseDispatched,
        DeliveryFailed,
        FallbackOwnerAssigned,
        OfficerAssigned,
        ResponsibilityHandedOver,
        ReturnRequested,
        ArbitrationRequested,
        VoidRequested,
        SuspensionRequested,
        ExtensionRequested,
        # It stops the clock of the case, whoever goes on.
        ResolutionVerified,
        MergeReversed,
    }
)
"""The events that say something of whose turn it is, beside the stage that they lead to.

Others may stop a clock that the ledger looks at, those of an imported history: nobody of ours
answers for that.
"""


def concerns(event: AggregateEvent) -> bool:
    """Whether an event may change whose turn it is, or how much time they have for it."""
    if not isinstance(event, CaseEvent) or isinstance(event, DeadlineReached):
        return False
    if event.STAGE is not None or type(event) in SAYS:
        return True
    return any(clock.kind in TIMED for clock in event.sets_clocks())


def situation_after(situation: Situation, event: CaseEvent) -> Situation:
    """How the case stands after one more event that concerns the ledger."""
    asked = event.STAGE is None or event.STAGE is Stage.IN_PROGRESS
    left = situation if asked else _without(situation, TIME)
    after = _led(_asked(left, event), event)
    if event.STAGE is not None:
        after = msgspec.structs.replace(after, stage=event.STAGE)
    if event.STAGE in ENDS:
        # Nobody waits for it any longer (`Case.close_requests`); whose a merged case is stays to
        # be decided, should it come back.
        after = _without(after, {DecisionKind.VOIDING})
    before = {clock.name: clock for clock in situation.clocks}
    clocks = event.clocks_after(before)
    if clocks is before:
        return after
    running = (clocks[name] for name in sorted(clocks))
    timed = tuple(clock for clock in running if clock.kind in TIMED)
    return msgspec.structs.replace(after, clocks=timed)


def _led(situation: Situation, event: CaseEvent) -> Situation:
    """Who leads after an event."""
    after = situation
    match event:
        case CaseDispatched():
            after = msgspec.structs.replace(_released(situation), lead_unit=event.lead_unit)
        case DispatchRecalled() | DeliveryFailed() | ReturnUpheld():
            after = _released(situation)
        case CaseReopened():
            after = msgspec.structs.replace(_released(situation), cycle=event.cycle)
        case FallbackOwnerAssigned():
            after = msgspec.structs.replace(situation, lead_unit=event.unit, stands_in=True)
        case OfficerAssigned():
            after = _handled_by(situation, event.officer, event.position)
        # From the acceptance on, never from the offer.
        case ResponsibilityHandedOver():
            after = _handled_by(situation, event.to_officer, event.position)
        case MergeReversed():
            after = msgspec.structs.replace(situation, stage=event.stage)
        case _:
            pass
    return after


def _handled_by(situation: Situation, officer: str, post: str | None) -> Situation:
    return msgspec.structs.replace(situation, officer=officer, post=post)


def _asked(situation: Situation, event: CaseEvent) -> Situation:
    """What is to be decided after an event."""
    after = situation
    match event:
        case ReturnRequested():
            after = _with(_without(situation, WHOSE), DecisionKind.RETURN)
        case ArbitrationRequested():
            after = _with(_without(situation, WHOSE), DecisionKind.ARBITRATION)
        case VoidRequested():
            after = _with(situation, DecisionKind.VOIDING)
        case SuspensionRequested():
            after = _with(situation, DecisionKind.SUSPENSION)
        case ExtensionRequested():
            after = _with(situation, DecisionKind.EXTENSION)
        case _:
            after = _without(situation, SETTLES.get(type(event), ()))
    return after


def _with(situation: Situation, kind: DecisionKind) -> Situation:
    left = _without(situation, {kind})
    return msgspec.structs.replace(left, pending=(*left.pending, kind))


def _without(situation: Situation, settled: Collection[DecisionKind]) -> Situation:
    pending = tuple(each for each in situation.pending if each not in settled)
    return msgspec.structs.replace(situation, pending=pending)


def _released(situation: Situation) -> Situation:
    return msgspec.structs.replace(
        situation, lead_unit=None, stands_in=False, officer=None, post=None
    )


def holder_of(situation: Situation) -> Holder | None:
    """Whose turn it is; None: nobody answers for the case yet, or any more.

    A decision that is pending is the decider's, whatever else waits.
    """
    if situation.stage not in HELD:
        return None
    if situation.pending:
        return Holder(Part.DECIDER, decision=situation.pending[0])
    if situation.stage in _EXAMINED:
        return Holder(_EXAMINED[situation.stage])
    if situation.lead_unit is None:
        return Holder(Part.DISPATCHER)
    if situation.stands_in:
        return Holder(Part.FALLBACK, situation.lead_unit)
    return Holder(Part.LEAD, situation.lead_unit, situation.post, situation.officer)


_EXAMINED: Final = {Stage.RESOLVED: Part.CHECKER, Stage.AWAITING_FEEDBACK: Part.EVALUATOR}
"""Where the lead unit is done, for the time being."""
