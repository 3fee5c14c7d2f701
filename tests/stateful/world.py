"""A journal of a demonstration with two processes on it, and what must hold after every step."""

import asyncio
from collections.abc import Awaitable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from app.aggregates import replay
from app.clock import SimulatedClock
from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.genesis import Demonstration, ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.journal.reader import Reader
from app.journal.verify import verify
from app.rebuild import rebuilding
from app.settings import Settings
from app.timers import TimerWorker
from domain.case import Case
from domain.case.actions import Action, actions
from domain.case.lifecycle import ENDS, Stage
from domain.case.timers import OUTLASTING
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
from tests.stateful.arranged import arrange
from tests.stateful.timing import (
    RunningTimer,
    check_breaches,
    check_clocks,
    check_ledger,
    check_orders,
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
RUNNING: Final = "SELECT case_id, kind, key, due FROM due_timers WHERE case_id = ANY($1::uuid[])"

T = TypeVar("T")


class World:
    """Synchronous to whoever steps through it: hypothesis is."""

    def __init__(self, runner: asyncio.Runner, dsn: str) -> None:
        self._runner = runner
        self._open = AsyncExitStack()
        self.clock = SimulatedClock(NOW)
        self.database = Database(dsn)
        self.do(self._start())

    def do(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return self._runner.run(waited())

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

    def pass_time(self, span: timedelta) -> int:
        """Let timers act while it passes. How many did."""
        return self.do(self.worker.act_until(self.clock, self.clock.now() + span))

    def cases(self, case_ids: Collection[UUID]) -> dict[UUID, Case]:
        """As their streams say, read anew."""
        streams = self.do(self.journal.events_of_streams(case_ids))
        found = {case_id: replay(streams.get(case_id, ())) for case_id in case_ids}
        return {case_id: case for case_id, case in found.items() if isinstance(case, Case)}

    def offered(self, case: Case, caller: Caller) -> dict[str, Action]:
        """What somebody is offered at this moment."""
        offers = actions(case, caller, self.clock.now(), self.arrangements)
        return {each.command: each for each in offers}

    def check(self, case_ids: Collection[UUID]) -> None:
        """What holds for these cases whatever happened."""
        cases = self.cases(case_ids)
        events = self.do(self.journal.read_streams(case_ids))
        folded = self._folded(events)
        shown, versions, timers = self.do(self._shown(case_ids))
        assert shown == folded, "the view is not what a fold of the events gives"
        for case_id, case in cases.items():
            state = folded[case_id]
            assert (state.stage, state.version) == (case.stage, case.version)
            assert versions[case_id] == list(range(1, case.version + 1))
            self._check_structure(case, state, cases)
            running = timers.get(case_id, [])
            if case.stage in ENDS:
                assert {kind for kind, _, _ in running} <= OUTLASTING
            assert {each.name: each for each in state.details.clocks} == dict(case.clocks)
            check_clocks(case, running)
            check_breaches(events[case_id])
            check_orders(case)
            check_ledger(case, events[case_id])

    def _folded(self, streams: Mapping[UUID, Sequence[RecordedEvent]]) -> dict[UUID, CaseState]:
        folded: dict[UUID, CaseState] = {}
        for case_id, events in streams.items():
            state: CaseState | None = None
            for recorded in events:
                state = evolve(state, recorded)
            assert state is not None
            folded[case_id] = state
        return folded

    async def _shown(
        self, case_ids: Collection[UUID]
    ) -> tuple[dict[UUID, CaseState], dict[UUID, list[int]], dict[UUID, list[RunningTimer]]]:
        async with self.reads.acquire() as connection:
            shown = await cases_by_ids(connection, EVERYTHING, case_ids)
            trail = await connection.fetch(TRAIL, list(case_ids))
            running = await connection.fetch(RUNNING, list(case_ids))
        timers: dict[UUID, list[RunningTimer]] = {}
        for row in running:
            timers.setdefault(row["case_id"], []).append((row["kind"], row["key"], row["due"]))
        return shown, {row["stream_id"]: row["versions"] for row in trail}, timers

    def _check_structure(self, case: Case, state: CaseState, known: dict[UUID, Case]) -> None:
        """What one case says of another, the other says of it."""
        assert (case.stage is Stage.MERGED) is (case.merged_into is not None)
        assert case.merged_into == state.merged_into
        assert {link.other_case: link.kind for link in state.details.links} == dict(case.links)
        assert tuple(each.other_case for each in state.details.absorbed) == case.absorbed
        missing = {*case.links, *case.absorbed} - known.keys()
        others = known | self.cases(missing)
        for other_id, kind in case.links.items():
            assert others[other_id].links[case.id] is OTHER_SIDE.get(kind, kind)
        for other_id in case.absorbed:
            assert others[other_id].merged_into == case.id
        if case.merged_into is not None and case.merged_into in known:
            assert case.id in known[case.merged_into].absorbed

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

    async def _rebuild(self) -> None:
        """Views that are built anew are those that were kept up to date."""
        for name in REBUILT:
            view = VIEWS[name]
            if view in FOLLOWING_VIEWS:
                await taken_in(self.database, self.journal, view)
            async with rebuilding(self.database, self.journal, view) as rebuild:
                rebuilt = await rebuild.run(accept_difference=False)
            assert rebuilt.same, (name, rebuilt.tables)
