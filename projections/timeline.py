"""Reads of the audit trail: what happened to a case, and the journal as auditors search it.

A caller without `scope.internal` gets no internal notes, and of every event neither who acted,
under which authority, nor for which reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case.vocabulary import Audience
from domain.identity import Actor, Authority
from domain.scope import Scope
from projections.as_of import Moment
from projections.case_state import FieldChange
from projections.cases import CaseFilter
from projections.paging import Page, PageRequest
from projections.view import Connection


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One recorded event, as the caller may see it.

    stream_id: the case, unless `of_case` is false. topic: the type of event ("case.dispatched").
    actor, authority, reason: None where the caller may not see them.
    changes: before -> after of the case in version order. payload: JSON text, camelCase keys.
    """

    event_id: UUID
    position: int
    stream_id: UUID
    of_case: bool
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor | None
    authority: Authority | None
    channel: str | None
    reason: str | None
    command_id: UUID
    causation_id: UUID | None
    correlation_id: UUID
    audience: Audience | None
    payload: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class EventFilter:
    """Which events of the journal; every part that is given must hold.

    stream_id: a case or another stream. principal: who acted.
    after_position, until_position: after < position <= until.
    recorded_*, occurred_*: half open (from <= time < to).
    """

    stream_id: UUID | None = None
    topics: Collection[str] | None = None
    principal: str | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    after_position: int | None = None
    until_position: int | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None


async def timelines(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    page: PageRequest,
    moment: Moment | None = None,
) -> Mapping[UUID, Page[TimelineEvent]]:
    """The same page of the timelines of many cases, in version order, in one statement.

    Every id asked for is a key; a case that may not be seen has an empty page.
    moment: only what was known, and had occurred, then.
    """
    raise NotImplementedError


async def timeline_counts(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, int]:
    """How many events each timeline has; every id asked for is a key."""
    raise NotImplementedError


async def events_between(
    connection: Connection, scope: Scope, case_id: UUID, first_version: int, last_version: int
) -> list[TimelineEvent]:
    """The events of a case from one version to another, inclusive (of a command, or missed)."""
    raise NotImplementedError


async def event_by_id(connection: Connection, scope: Scope, event_id: UUID) -> TimelineEvent | None:
    """One event of a case; events of other streams come only from `list_events`."""
    raise NotImplementedError


async def list_events(
    connection: Connection, scope: Scope, criteria: EventFilter, page: PageRequest
) -> Page[TimelineEvent]:
    """One page of the journal in position order. The right to read it is checked by the caller."""
    raise NotImplementedError


async def count_events(connection: Connection, scope: Scope, criteria: EventFilter) -> int:
    """How many events match."""
    raise NotImplementedError


async def case_events_after(
    connection: Connection,
    scope: Scope,
    *,
    after_position: int,
    until_position: int,
    limit: int,
    criteria: CaseFilter | None = None,
    case_id: UUID | None = None,
) -> tuple[list[TimelineEvent], int]:
    """Events of cases that matched before or after them, and the position read up to.

    At most `limit` events with after < position <= until, in position order. The second value is
    where to go on: `until_position`, or where the limit stopped it. criteria: as in `list_cases`
    (None with a case_id: whatever state that case is in).
    """
    raise NotImplementedError
