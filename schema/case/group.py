"""Cases that were read together: what hangs on each of them is read for all of them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from domain.case.actions import Action
from domain.case.ledger.interval import Interval
from domain.catalogue.fields import Answer
from domain.directory import Directory
from domain.scope import Scope
from projections import timeline
from projections.as_of import Moment
from projections.case_clocks import StartedClock, started_clocks
from projections.case_state import CaseState, linked_cases
from projections.cases import cases_by_ids
from projections.directory_known import directory_known
from projections.escalations import Escalation, escalations_of
from projections.evidence import Evidence, evidence_of
from projections.paging import Page, PageRequest
from projections.responsibility import intervals_of
from projections.routing import Routing, answers, routings, seen_from_inside
from projections.survivors import SurvivorRow, survivors
from projections.timeline_event import TimelineEvent
from projections.watching import watched_among
from schema.context import Context

Found = TypeVar("Found")


@dataclass
class CaseGroup:
    """The cases of one answer, under one scope and as of one moment.

    A lookup is made when the first of the cases asks for it, and shared with the others. It lives
    as long as the answer: nothing is remembered from one request, or one item of a subscription,
    to the next.
    """

    context: Context
    scope: Scope
    case_ids: Collection[UUID]
    moment: Moment | None = None
    _lookups: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict)
    _now: "CaseGroup | None" = None

    @property
    def told_at(self) -> datetime:
        """The time as of which it is told what is late and how clocks stand."""
        moment = self.moment
        known = None if moment is None else moment.occurred_at or moment.recorded_at
        return known or datetime.now(UTC)

    def now(self) -> "CaseGroup":
        """The same cases as they are now."""
        if self.moment is None:
            return self
        if self._now is None:
            self._now = CaseGroup(self.context, self.scope, self.case_ids)
        return self._now

    async def timeline(self, case_id: UUID, page: PageRequest) -> Page[TimelineEvent]:
        """A page of the timeline of one of the cases."""
        return (await self._shared(page, lambda: self._timelines(page)))[case_id]

    async def timeline_count(self, case_id: UUID) -> int:
        """How many events the timeline of one of the cases has."""
        return (await self._shared("count", self._counts))[case_id]

    async def case(self, case_id: UUID) -> CaseState | None:
        """One of the cases."""
        return (await self._shared("case", self._cases)).get(case_id)

    async def routing(self, case_id: UUID) -> Routing | None:
        """How one of the cases was routed last."""
        return (await self._shared("routing", self._routings)).get(case_id)

    async def answers(self, case_id: UUID) -> Mapping[str, Answer] | None:
        """What was answered when one of the cases was registered."""
        return (await self._shared("answers", self._answers)).get(case_id)

    async def intervals(self, case_id: UUID) -> Sequence[Interval]:
        """Who answered for one of the cases; nothing of one that is not seen from inside."""
        return (await self._shared("intervals", self._intervals)).get(case_id, ())

    async def directory(self) -> Directory | None:
        """The directory as it was known at the moment; None: nothing is in it yet."""
        moment = self.moment
        if moment is None or moment.position >= moment.head:
            return self.context.configuration.directory
        return await self._shared("directory", lambda: self._directory(moment.position))

    async def evidence(self, case_id: UUID) -> Sequence[Evidence]:
        """The evidence of one of the cases."""
        return (await self._shared("evidence", self._evidence)).get(case_id, ())

    async def escalations(self, case_id: UUID) -> Sequence[Escalation]:
        """How far up one of the cases went; nothing of one that is not seen from inside."""
        return (await self._shared("escalations", self._escalations)).get(case_id, ())

    async def is_inside(self, case_id: UUID) -> bool:
        """Whether the caller sees one of the cases from inside, not as their own only."""
        return case_id in await self._shared("inside", self._inside)

    async def others(self, case_ids: Collection[UUID]) -> Sequence[tuple[CaseState, "CaseGroup"]]:
        """Those of other cases that the caller may see, as they are now, each with its group."""
        if not case_ids:
            return ()
        known, group = await self._shared("others", self._others)
        return [(known[case_id], group) for case_id in case_ids if case_id in known]

    async def survivor(self, case_id: UUID) -> SurvivorRow | None:
        """Where one of the cases goes on that was merged into another."""
        return (await self._shared("survivors", self._survivors)).get(case_id)

    async def actions(self, case_id: UUID) -> Sequence[Action]:
        """What the caller could do with one of the cases."""
        return (await self._shared("actions", self._actions)).get(case_id, ())

    async def started_clocks(self, case_id: UUID) -> Sequence[StartedClock]:
        """What was ever timed of one of the cases, which the caller sees from inside."""
        return (await self._shared("clocks", self._clocks)).get(case_id, ())

    async def is_watched(self, case_id: UUID) -> bool:
        """Whether the caller watches one of the cases."""
        return case_id in await self._shared("watched", self._watched)

    async def _clocks(self) -> Mapping[UUID, Sequence[StartedClock]]:
        inside = await self._shared("inside", self._inside)
        async with self.context.reads.acquire() as connection:
            return await started_clocks(connection, inside, self.moment)

    async def _watched(self) -> set[UUID]:
        async with self.context.by_key.acquire() as connection:
            return await watched_among(connection, self.context.caller.principal, self.case_ids)

    async def _actions(self) -> Mapping[UUID, Sequence[Action]]:
        return await self.context.actions.actions_on(self.case_ids, self.context.caller)

    async def _others(self) -> tuple[Mapping[UUID, CaseState], "CaseGroup"]:
        mine = await self._shared("case", self._cases)
        survivors_of = await self._shared("survivors", self._survivors)
        ids = {each for state in mine.values() for each in linked_cases(state)}
        ids.update(each.case_id for each in survivors_of.values())
        async with self.context.by_key.acquire() as connection:
            known = await cases_by_ids(connection, self.scope, ids) if ids else {}
        return known, CaseGroup(self.context, self.scope, known.keys())

    async def _survivors(self) -> dict[UUID, SurvivorRow]:
        mine = await self._shared("case", self._cases)
        merged = {state.case_id: state.merged_into for state in mine.values() if state.merged_into}
        if not merged:
            return {}
        async with self.context.by_key.acquire() as connection:
            return await survivors(connection, self.scope, merged)

    async def _intervals(self) -> Mapping[UUID, Sequence[Interval]]:
        async with self.context.reads.acquire() as connection:
            return await intervals_of(connection, self.scope, self.case_ids, self.moment)

    async def _directory(self, position: int) -> Directory:
        async with self.context.reads.acquire() as connection:
            return await directory_known(connection, position)

    async def _escalations(self) -> Mapping[UUID, Sequence[Escalation]]:
        async with self.context.reads.acquire() as connection:
            return await escalations_of(connection, self.scope, self.case_ids, self.moment)

    async def _evidence(self) -> Mapping[UUID, Sequence[Evidence]]:
        async with self.context.by_key.acquire() as connection:
            return await evidence_of(connection, self.scope, self.case_ids, self.moment)

    async def _routings(self) -> dict[UUID, Routing]:
        async with self.context.by_key.acquire() as connection:
            return await routings(connection, self.scope, self.case_ids, self.moment)

    async def _inside(self) -> frozenset[UUID]:
        async with self.context.by_key.acquire() as connection:
            return await seen_from_inside(connection, self.scope, self.case_ids)

    async def _answers(self) -> dict[UUID, Mapping[str, Answer]]:
        async with self.context.by_key.acquire() as connection:
            return await answers(connection, self.scope, self.case_ids, self.moment)

    async def _timelines(self, page: PageRequest) -> dict[UUID, Page[TimelineEvent]]:
        async with self.context.by_key.acquire() as connection:
            found = await timeline.timelines(
                connection, self.scope, self.case_ids, page, self.moment
            )
        return dict(found)

    async def _counts(self) -> dict[UUID, int]:
        async with self.context.by_key.acquire() as connection:
            found = await timeline.timeline_counts(
                connection, self.scope, self.case_ids, self.moment
            )
        return dict(found)

    async def _cases(self) -> dict[UUID, CaseState]:
        async with self.context.by_key.acquire() as connection:
            return await cases_by_ids(connection, self.scope, self.case_ids, self.moment)

    async def _shared(self, key: Hashable, look_up: Callable[[], Awaitable[Found]]) -> Found:
        """One lookup for everybody who asks. Whoever stops waiting does not stop the others."""
        task = self._lookups.get(key)
        if task is None:
            task = self._lookups[key] = asyncio.ensure_future(look_up())
        return cast("Found", await asyncio.shield(task))
