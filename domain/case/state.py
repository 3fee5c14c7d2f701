"""The case: its aggregate root, with only the state that decisions need."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.case.lifecycle import Stage
from domain.case.timers import Stopped, Timer
from domain.case.vocabulary import Attribute, Channel, Urgency
from domain.event import Recorded
from domain.reach import Place

if TYPE_CHECKING:
    from domain.case.imported import ActivityRecorded


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
        self.registered_at: datetime = self.created_on
        self.channel = Channel.IMPORT
        self.type_code: str | None = None
        self.catalogue_version: int | None = None
        self.area: str | None = None
        self.urgency = Urgency.NORMAL
        self.lead_unit: str | None = None
        self.co_units: tuple[str, ...] = ()
        self.resolver: str | None = None
        self.resolved_at: datetime | None = None
        self.title: str | None = None
        self.description: str | None = None
        self.attributes: tuple[Attribute, ...] = ()
        self.activities: list[ActivityRecorded] = []

    @property
    def place(self) -> Place:
        """Who leads and who helps, and where it is: what decides who may do anything with it."""
        return Place(self.lead_unit, self.co_units, self.area)


# Set after the class body: the library would otherwise ask for topics on the event classes it
# makes by itself, which are never stored.
Case.TOPIC = "case"  # type: ignore[attr-defined]


class CaseOpened(Recorded, AggregateCreated):
    """Base of the events that begin the stream of a case."""

    STAGE: ClassVar[Stage | None] = None


class CaseEvent(Recorded, AggregateEvent):
    """Base of the events of a case. STAGE: where the event leads; None: the stage stays."""

    STAGE: ClassVar[Stage | None] = None

    def apply(self, case: Case) -> None:
        """Move the case to the stage the event leads to."""
        if self.STAGE is not None:
            case.stage = self.STAGE

    def starts(self) -> tuple[Timer, ...]:
        """The timers that it starts; one that runs already under the same kind and key is set."""
        return ()

    def stops(self) -> tuple[Stopped, ...]:
        """The timers that it stops, beside all of them where STAGE is an end."""
        return ()
