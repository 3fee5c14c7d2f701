"""A journal of a demonstration with two processes on it, and what must hold after every step."""

import asyncio
from collections.abc import Awaitable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final, TypeVar
from uuid import UUID

from asyncpg import Record

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.genesis import Demonstration, ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.journal.reader import Reader
from app.journal.verify import verify
from app.settings import Settings
from app.timers import TimerWorker
from app.timers.clock import SimulatedClock
from app.views.rebuild import rebuilding
from domain.case import Case
from domain.case.actions import Action, actions
from domain.case.lifecycle import ENDS, Stage
from domain.case.timed import timed_command
from domain.case.timers import OUTLASTING, Timer, TimerKind
from domain.case.vocabulary import LinkKind
from domain.command import Command, Executed
from domain.identity import Caller
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_state import CaseState, evolve
from projections.cases import cases_by_ids
from projections.registry import FOLLOWING_VIEWS, INLINE_VIEWS, VIEWS
from tests.db.projections.control import taken_in
from tests.domain.scenario import NOW
from tests.stateful.answering import check_ledger
from tests.stateful.arranged import arrange
from tests.stateful.counted import check_figures
from tests.stateful.lists import LISTS, check_list
from tests.stateful.standing import check_orders, check_pending, check_regions
from tests.stateful.timing import (
    CLOCK_ROWS,
    TIMERS,
    check_breaches,
    check_clock_rows,
    check_timers,
)

EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
REBUILT: Final = ("cases", "responsibility", "control", "metrics")
"""Views that tell of time: they look at more than the event that they take in."""
OTHER_SIDE: Final = {
    LinkKind.SPLIT_INTO: LinkKind.SPLIT_FROM,
    LinkKind.SPLIT_FROM: LinkKind.SPLIT_INTO,
}

TRAIL: Final = """
SELECT stream_id, array_agg(version ORDER BY version) AS versions
FROM timeline_events WHERE stream_id = ANY($1::uuid[]) GROUP BY stream_id
"""

T = TypeVar("T")


@dataclass(frozen=True)
class Shown:
    """What the views say of some cases: states, versions in the trail, timers and clocks."""

    states: Mapping[UUID, CaseState]
    versions: Mapping[UUID, Sequence[int]]
    timers: Mapping[UUID, Sequence[Record]]
    clocks: Mapping[UUID, Sequence[Record]]


@dataclass(frozen=True)
class Known:
    """A case as its stream says, for decisions and for people, when it was looked at last."""

    case: Case
    state: CaseState


class World:
    """Synchronous to whoever steps through it: hypothesis is."""

    def __init__(self, runner: asyncio.Runner, dsn: str) -> None:
        self._runner = runner
        self._open = AsyncExitStack()
        self.clock = SimulatedClock(NOW)
        self._known: dict[UUID, Known] = {}
        self.database = Database(dsn)
        self.do(self._start())

    def do(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        # Not `run`, which sets a handler of signals and takes it away again, thousands of times.
        return self._runner.get_loop().run_until_complete(waited())

    async def _start(self) -> None:
        provider = FileKeyProvider("test", b"k" * 32)
        self.journals = []
        for _ in range(2):
            journal = await Journal.open(self.database, provider, INLINE_VIEWS)
            self._open.push_async_callback(journal.close)
            self.journals.append(journal)
        self.journal = self.journals[0]
        # One of them forgets what it has not just used, and so reads much of it anew.
        self.handlers = [CommandHandler(self.journals[0]), CommandHandler(self.journals[1], 2)]
        demonstration = Demonstration(NOW - timedelta(days=1), "random commands")
        await ensure_open(self.journal, self.handlers[0], Settings(), demonstration)
        await arrange(self.handlers[0], NOW - timedelta(days=1))
        configuration = CurrentConfiguration(self.journal)
        await configuration.start(self.handlers[0])
        self._open.push_async_callback(configuration.close)
        # Nothing is published after this: to both of them it is what it is now.
        self.arrangements = configuration.arrangements()
        for handler in self.handlers:
            handler.decide_under(lambda: self.arrangements)
        self.worker = TimerWorker(self.database, self.journal, self.handlers[0], self.clock)
        self.reads = await self._open.enter_async_context(self.database.pool(1))

    def close(self) -> None:
        self.do(self._open.aclose())

    def execute(self, command: Command, caller: Caller, process: int) -> Executed:
        """As the service does it at this moment. Raises its refusal."""
        return self.do(
            self.handlers[process].execute(command, caller, simulated_at=self.clock.now())
        )

    def size(self) -> int:
        """How many entries there are."""
        return self.do(self.journal.head()).size

    def pass_time(self, span: timedelta) -> list[str]:
        """Let timers act while it passes. The commands that they gave, in their order."""
        before = self.size()
        self.do(self.worker.act_until(self.clock, self.clock.now() + span))
        events = self.do(self._since(before))
        given = {each.command_id: each.authority.permission for each in events}
        return [*given.values()]

    async def _since(self, position: int) -> list[RecordedEvent]:
        return [each async for batch in self.journal.read(position) for each in batch]

    def timers(self, case_id: UUID) -> dict[str, datetime]:
        """What the service will do to a case because nobody did anything, and when: the earliest
        of a kind."""

        async def running() -> list[Record]:
            async with self.reads.acquire() as connection:
                return await connection.fetch(TIMERS, [case_id])

        found = sorted(self.do(running()), key=itemgetter("due"), reverse=True)
        return {
            timed_command(case_id, 0, Timer(TimerKind(row["kind"]), row["key"], row["due"])).NAME: (
                row["due"]
            )
            for row in found
        }

    def case(self, case_id: UUID) -> Case:
        """As it was checked last: nobody else does anything to it."""
        return self._known[case_id].case

    def offered(self, case: Case, caller: Caller) -> dict[str, Action]:
        """What somebody is offered at this moment."""
        offers = actions(case, caller, self.clock.now(), self.arrangements)
        return {each.command: each for each in offers}

    def streams(self, case_ids: Collection[UUID]) -> list[Sequence[RecordedEvent]]:
        """All that happened to each of them."""
        return [*self.do(self.journal.read_streams(case_ids)).values()]

    def versions(self) -> dict[UUID, int]:
        """How far each case had come when it was checked last."""
        return {case_id: known.case.version for case_id, known in self._known.items()}

    def versions_now(self, case_ids: Collection[UUID]) -> dict[UUID, int]:
        """How far each of them has come, by the journal."""
        return dict(self.do(self.journal.versions_of(case_ids)))

    def check(self, case_ids: Collection[UUID]) -> None:
        """What holds for these cases whatever happened."""
        events = self.do(self.journal.read_streams(case_ids))
        self._known |= {
            case_id: Known(case_of(stream), state_of(stream)) for case_id, stream in events.items()
        }
        folded = {case_id: self._known[case_id].state for case_id in events}
        shown = self.do(self._shown(case_ids))
        assert shown.states == folded, "the view is not what a fold of the events gives"
        for case_id, state in folded.items():
            case, timers = self.case(case_id), shown.timers.get(case_id, ())
            assert (state.stage, state.version) == (case.stage, case.version)
            assert shown.versions[case_id] == list(range(1, case.version + 1))
            self._check_structure(case, state)
            check_regions(case, state)
            check_pending(case, state)
            check_orders(case, state, events[case_id])
            if case.stage in ENDS:
                assert {row["kind"] for row in timers} <= OUTLASTING
            assert {each.name: each for each in state.details.clocks} == dict(case.clocks)
            check_timers(case, timers)
            check_clock_rows(events[case_id], shown.clocks.get(case_id, ()))
            check_breaches(events[case_id])
            check_ledger(case, events[case_id], self.clock.now(), self.arrangements.calendar)

    async def _shown(self, case_ids: Collection[UUID]) -> Shown:
        asked = list(case_ids)
        async with self.reads.acquire() as connection:
            return Shown(
                await cases_by_ids(connection, EVERYTHING, case_ids),
                {row["stream_id"]: row["versions"] for row in await connection.fetch(TRAIL, asked)},
                by_case(await connection.fetch(TIMERS, asked)),
                by_case(await connection.fetch(CLOCK_ROWS, asked)),
            )

    def check_lists(self, caller: Caller) -> None:
        """What waits for somebody is what the cases say; nobody else's cases are there."""
        states = [known.state for known in self._known.values()]

        async def checked() -> None:
            async with self.reads.acquire() as connection:
                for kind in LISTS:
                    await check_list(connection, caller, kind, states)

        self.do(checked())

    def _check_structure(self, case: Case, state: CaseState) -> None:
        """What one case says of another, the other says of it."""
        assert (case.stage is Stage.MERGED) is (case.merged_into is not None)
        assert case.merged_into == state.merged_into
        assert {link.other_case: link.kind for link in state.details.links} == dict(case.links)
        assert tuple(each.other_case for each in state.details.absorbed) == case.absorbed
        for other_id, kind in case.links.items():
            assert self.case(other_id).links[case.id] is OTHER_SIDE.get(kind, kind)
        for other_id in case.absorbed:
            assert self.case(other_id).merged_into == case.id
        if case.merged_into is not None:
            assert case.id in self.case(case.merged_into).absorbed

    def verify(self) -> None:
        """Hash chains, tree and columns of the whole journal, and its views."""

        async def verified() -> list[object]:
            connection = await self.database.connect()
            try:
                return list((await verify(Reader(self.journal.keys), connection)).findings)
            finally:
                await connection.close()

        assert self.do(verified()) == []
        self.do(self._rebuild())
        self.do(self._count())

    async def _rebuild(self) -> None:
        """Views that are built anew are those that were kept up to date."""
        for name in REBUILT:
            view = VIEWS[name]
            if view in FOLLOWING_VIEWS:
                await taken_in(self.database, self.journal, view)
            async with rebuilding(self.database, self.journal, view) as rebuild:
                rebuilt = await rebuild.run(accept_difference=False)
            assert rebuilt.same, (name, rebuilt.tables)

    async def _count(self) -> None:
        """Figures are what a recomputation from the journal comes to."""
        events = await self._since(0)
        async with self.reads.acquire() as connection:
            await check_figures(connection, events, self.clock.now())


def case_of(events: Sequence[RecordedEvent]) -> Case:
    """As its stream says."""
    case: Case | None = None
    for each in events:
        case = each.event.mutate(case)
    assert case is not None
    return case


def state_of(events: Sequence[RecordedEvent]) -> CaseState:
    """As people would be shown it."""
    state: CaseState | None = None
    for each in events:
        state = evolve(state, each)
    assert state is not None
    return state


def by_case(rows: Sequence[Record]) -> dict[UUID, list[Record]]:
    """Rows by the cases they are of."""
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(row)
    return found
