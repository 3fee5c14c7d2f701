"""The case: its aggregate root, with only the state that decisions need."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent, TAggregate

from domain.case.clocks.clock import Clock, Clocks, StoppedClock
from domain.case.clocks.running import running_after
from domain.case.lifecycle import ENDS, Stage
from domain.case.order_book import OpenOrder, supervision_of
from domain.case.regions import (
    FeedbackState,
    HandOver,
    Holding,
    OpenStep,
    PublicationState,
    Returns,
    Supervision,
)
from domain.case.timers import Stopped, Timer
from domain.case.vocabulary import (
    Attribute,
    Audience,
    Channel,
    LinkKind,
    Point,
    Record,
    Urgency,
)
from domain.event import Recorded
from domain.identity import Caller
from domain.reach import Place
from domain.vocabulary import ClockKind, Confidentiality

if TYPE_CHECKING:
    from domain.case.asked import Question
    from domain.case.endings import VoidRequest
    from domain.case.exclusions import LeftOut
    from domain.case.exhibits import Exhibit
    from domain.case.imported import ActivityRecorded
    from domain.case.shares import Share


class Case(Aggregate):
    """A resident's request, dispute or emergency, from registration to archive."""

    def __init__(self) -> None:
        """The state before the first event, which sets what differs."""
        self.stage = Stage.REGISTERED
        self.case_no = ""
        self.cycle = 1
        self.reporter: str | None = None
        self.on_behalf = False
        self.reporter_id: UUID | None = None
        self.tracking_number = 1
        self.publication_state = PublicationState.PRIVATE
        self.publication_proposer: str | None = None
        self.registered_at: datetime = self.created_on
        self.channel = Channel.IMPORT
        self.type_code: str | None = None
        self.catalogue_version: int | None = None
        self.area: str | None = None
        self.urgency = Urgency.NORMAL
        self.point: Point | None = None
        self.rejection_proposed_by: str | None = None
        self.field_verified = False
        self.accepted_at: datetime | None = None
        self.lead_unit: str | None = None
        self.co_units: tuple[str, ...] = ()
        self.fallback_unit: str | None = None
        self.dispatched_at: datetime | None = None
        self.returns = Returns()
        self.officer: str | None = None
        self.hand_over: HandOver | None = None
        self.emergency_until: datetime | None = None
        self.open_steps: tuple[OpenStep, ...] = ()
        self.urged_at: Mapping[str, datetime] = {}
        self.resolver: str | None = None
        self.resolved_at: datetime | None = None
        self.reworks = 0
        # What is timed of it (domain.case.clocks). known: the newest of each name, stopped or not.
        self.clocks: Clocks = {}
        self.clocks_known: Clocks = {}
        self._begin_handling()
        self.evidence: tuple[Exhibit, ...] = ()
        # How it hangs together with others (domain.case.structure).
        self.merged_into: UUID | None = None
        self.stage_before_merge = Stage.REGISTERED
        self.survivor_stage: Stage | None = None
        self.absorbed: tuple[UUID, ...] = ()
        # Their clocks: those it had itself, and when those that it absorbed were to be resolved.
        self.clocks_at_merge: Clocks = {}
        self.absorbed_dues: Mapping[UUID, datetime] = {}
        self.links: Mapping[UUID, LinkKind] = {}
        self.split_from: UUID | None = None
        self.title: str | None = None
        self.description: str | None = None
        self.attributes: tuple[Attribute, ...] = ()
        self.record: Record | None = None
        self.activities: list[ActivityRecorded] = []

    def _begin_handling(self) -> None:
        """The rest of the state before the first event."""
        # What is asked of others (domain.case.asked).
        self.co_asked: tuple[str, ...] = ()
        self.contacted = False
        self.questions: tuple[Question, ...] = ()
        self.questions_asked = 0
        # How it ended, and what may still become of that (domain.case.endings).
        self.feedback = FeedbackState.NONE
        self.visits = 0
        self.says_resolved: bool | None = None
        self.decider: str | None = None
        self.decided_at: datetime = self.created_on
        self.appeals_filed = 0
        self.open_appeal: int | None = None
        self.appealed = False
        self.void_request: VoidRequest | None = None
        # What the lead unit asked for of its time, and whether it rests (domain.case.holds).
        self.holding = Holding()
        # What is demanded of units that are late (domain.case.order_book).
        self.orders: tuple[OpenOrder, ...] = ()
        self.orders_issued = 0
        # The metrics that it is left out of (domain.case.exclusions).
        self.left_out: tuple[LeftOut, ...] = ()
        # Who sees it beside those within whose reach it is.
        self.confidentiality = Confidentiality.NORMAL
        self.shares: tuple[Share, ...] = ()

    def reporter_for(self, caller: Caller) -> str | None:
        """Whose case it is, as far as `caller` is concerned: also of whoever tracks it."""
        return caller.principal if caller.tracks == self.id else self.reporter

    def time(self, clocks: Clocks) -> None:
        """These clocks run from now on."""
        if clocks is not self.clocks:
            self.clocks = clocks
            self.clocks_known = {**self.clocks_known, **clocks}

    def counted(self, clock: str) -> int:
        """How many clocks of that name there have been."""
        known = self.clocks_known.get(clock)
        return 0 if known is None else known.number

    def release(self) -> None:
        """Nobody leads it any more: it is to be dispatched anew."""
        self.lead_unit = None
        self.co_units = ()
        self.co_asked = ()
        self.fallback_unit = None
        self.dispatched_at = None
        self.officer = None
        self.hand_over = None

    @property
    def confidential(self) -> bool:
        """Whether fewer people than usual may see it."""
        return self.confidentiality is not Confidentiality.NORMAL

    @property
    def supervision(self) -> Supervision:
        """The highest level among its open supervision orders."""
        return supervision_of(order.level for order in self.orders)

    @property
    def place(self) -> Place:
        """Who leads and who helps, and where it is: what decides who may do anything with it."""
        shared_with = tuple(share.unit for share in self.shares)
        return Place(self.lead_unit, self.co_units, self.area, self.confidentiality, shared_with)

    def close_requests(self) -> None:
        """Nobody waits any longer for what was asked or requested."""
        self.co_asked = ()
        self.questions = ()
        self.void_request = None


# Set after the class body: the library would otherwise ask for topics on the event classes it
# makes by itself, which are never stored.
Case.TOPIC = "case"  # type: ignore[attr-defined]


class CaseOpened(Recorded, AggregateCreated):
    """Base of the events that begin the stream of a case."""

    STAGE: ClassVar[Stage | None] = None

    def sets_clocks(self) -> tuple[Clock, ...]:
        """The clocks that run from the beginning on."""
        return ()


class CaseEvent(Recorded, AggregateEvent):
    """Base of the events of a case. STAGE: where the event leads; None: the stage stays.

    AUDIENCE: INTERNAL for what is none of the reporter's business. STOPS_CLOCKS: the kinds of
    clocks that it stops, beside those that the stage does (`domain.case.clocks.running`).
    """

    STAGE: ClassVar[Stage | None] = None
    AUDIENCE: ClassVar[Audience | None] = None
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = ()

    # The bound of the library's type variable is of Any.
    def mutate(self, aggregate: TAggregate | None) -> TAggregate | None:  # type: ignore[explicit-any]
        """Apply it, and fold what it does to the clocks."""
        case = super().mutate(aggregate)
        assert isinstance(case, Case), "an event of a case"  # noqa: S101
        case.time(self.clocks_after(case.clocks))
        return case

    def apply(self, case: Case) -> None:
        """Move the case to the stage the event leads to; an end closes what is still asked."""
        if self.STAGE is not None:
            case.stage = self.STAGE
            if self.STAGE in ENDS:
                case.close_requests()
            if self.STAGE is not Stage.IN_PROGRESS:
                case.holding = case.holding.left(self.timestamp)

    def readers(self) -> Audience | None:
        """Who may read it; None: whoever sees the case."""
        return self.AUDIENCE

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        """The clocks that it stops, beside those that the stage does."""
        return tuple(StoppedClock(kind) for kind in self.STOPS_CLOCKS)

    def sets_clocks(self) -> tuple[Clock, ...]:
        """The clocks that it starts, or that have other times from now on."""
        return ()

    def clocks_after(self, clocks: Clocks) -> Clocks:
        """The running clocks after it; the same mapping where it changes none."""
        return running_after(clocks, self.STAGE, self.stops_clocks(), self.sets_clocks())

    def starts(self) -> tuple[Timer, ...]:
        """The timers that it starts; one that runs already under the same kind and key is set.

        Those that act for the clocks that it sets are not among them (`domain.case.timed`).
        """
        return ()

    def stops(self) -> tuple[Stopped, ...]:
        """The timers that it stops, beside those of clocks, and all where STAGE is an end."""
        return ()
