"""Which events start which clocks, and by which limits: one table, and one event for a command.

Whatever a command made happen, what it starts to time is recorded together in ClocksStarted, with
due times and the versions of policy and calendar that they come from (DOMAIN.md section 7).

How it comes to that event is in `domain.case.clocks.following`. Some clocks do not start but go on:
that of the unit after a rework, and those of a case that comes out of a merge. They keep their
numbers, for they are the same clocks.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.cohandling import CoHandlingRequested
from domain.case.correction import DispatchRecalled
from domain.case.emergency import AcceptanceSkipped
from domain.case.extension import ExtensionRequested
from domain.case.feedback import FeedbackRequested
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.lifecycle import Stage
from domain.case.merging import MergeReversed
from domain.case.orders import OrderEscalated, OrderIssued
from domain.case.outcome import ResolutionSubmitted
from domain.case.publication import PublicationProposed
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
from domain.case.state import Case, CaseEvent
from domain.case.suspension import SuspensionRequested
from domain.case.voiding import VoidRequested
from domain.vocabulary import ClockKind


class ClocksStarted(CaseEvent):
    """What is timed from now on, with all that was pinned; or is timed again."""

    TOPIC: ClassVar[str] = "case.clocks_started"

    clocks: tuple[Clock, ...]

    def apply(self, case: Case) -> None:
        """Clocks are folded apart (`CaseEvent.mutate`)."""

    def sets_clocks(self) -> tuple[Clock, ...]:
        return self.clocks


class Whose(StrEnum):
    """Whose a clock is."""

    NOBODY = "NOBODY"
    LEAD = "LEAD"
    ASKED = "ASKED"


@dataclass(frozen=True)
class Start:
    """One clock that an event starts, unless it runs already. key: tells it from others of a kind.

    whose: ASKED: the unit that the event names; by it, or by the number of the order, several of a
    kind are told apart too.
    once: not where the reporter was contacted in this cycle already. at: only at this stage.
    """

    kind: ClockKind
    key: str = ""
    whose: Whose = Whose.NOBODY
    once: bool = False
    at: Stage | None = None


_RETURN: Final = Start(ClockKind.APPROVAL, "RETURN")
_DISPATCH: Final = Start(ClockKind.DISPATCH)
_ACCEPTED: Final = (_DISPATCH, Start(ClockKind.RESOLUTION))
_ORDER: Final = Start(ClockKind.SUPERVISION_REPLY, whose=Whose.ASKED)
_SIGNATURE: Final = Start(ClockKind.SIGN_OFF, whose=Whose.LEAD, at=Stage.DISPATCHED)

STARTS: Final[dict[type[AggregateEvent], tuple[Start, ...]]] = {
    CaseRegistered: (Start(ClockKind.ACCEPTANCE),),
    CaseAccepted: _ACCEPTED,
    AcceptanceSkipped: _ACCEPTED,
    CaseReopened: _ACCEPTED,
    # What another body had for a while is timed by us anew.
    DeliveryFailed: _ACCEPTED,
    ReturnUpheld: (_DISPATCH,),
    DispatchRecalled: (_DISPATCH,),
    CaseDispatched: (
        _SIGNATURE,
        Start(ClockKind.FIRST_CONTACT, whose=Whose.LEAD, once=True),
        Start(ClockKind.STAGE, whose=Whose.LEAD),
    ),
    # Nobody signs while it is argued about; where the case stays with the unit, it has to.
    ReturnRejected: (_SIGNATURE,),
    ResponsibilityArbitrated: (_SIGNATURE,),
    CoHandlingRequested: (Start(ClockKind.CO_REPLY, whose=Whose.ASKED),),
    ResolutionSubmitted: (Start(ClockKind.VERIFICATION),),
    FeedbackRequested: (Start(ClockKind.FEEDBACK),),
    ReturnRequested: (_RETURN,),
    ArbitrationRequested: (_RETURN,),
    VoidRequested: (Start(ClockKind.APPROVAL, "VOIDING"),),
    SuspensionRequested: (Start(ClockKind.APPROVAL, "SUSPENSION"),),
    ExtensionRequested: (Start(ClockKind.APPROVAL, "EXTENSION"),),
    PublicationProposed: (Start(ClockKind.PUBLICATION),),
    OrderIssued: (_ORDER,),
    OrderEscalated: (_ORDER,),
    # Its reporter is waited for anew.
    MergeReversed: (Start(ClockKind.FEEDBACK, at=Stage.AWAITING_FEEDBACK),),
}
"""The column "Starts" of the table in DOMAIN.md section 7."""
