"""The state of a case as people see it: a pure fold over its recorded events."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.vocabulary import Channel, Point, Relation, ResolutionOutcome, Urgency
from domain.recorded import RecordedEvent


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything GraphQL shows of a case, now or at a past moment.

    version, position: of the newest event in this state; of a state in the order of occurrence
        the highest among the events folded, so that two such states may share a version.
    updated_at: recorded time of the event at `position`.
    registered_at, accepted_at, closed_at: times of occurrence; accepted_at is the first
        acceptance, closed_at is empty again after reopening, like lead_unit and co_units.
    urgency, reporter: None for imported histories; source, external_id: only for them.
    reporter: the principal who registered the case.
    """

    case_id: UUID
    version: int
    position: int
    updated_at: datetime
    stage: Stage
    case_no: str
    channel: Channel
    registered_at: datetime
    type_code: str | None = None
    title: str | None = None
    description: str | None = None
    area: str | None = None
    point: Point | None = None
    urgency: Urgency | None = None
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    cycle: int = 1
    outcome: ResolutionOutcome | None = None
    on_behalf: bool = False
    relation: Relation | None = None
    reporter: str | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    source: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. field: its GraphQL name; values: as in JSON."""

    field: str
    before: object
    after: object


def evolve(state: CaseState | None, recorded: RecordedEvent) -> CaseState:
    """The state after one more event. Pure; the first event must open the stream of a case."""
    raise NotImplementedError


def difference(before: CaseState | None, after: CaseState | None) -> list[FieldChange]:
    """The fields in which two states of one case differ, in the order of CaseState."""
    raise NotImplementedError
