"""What is due is done: once, with its own time, whatever happened to whoever does it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.commands import CommandHandler
from app.database import Connection, Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.timers import TimerWorker, WorkerState
from app.timers.clock import SimulatedClock
from domain.case.feedback import RecordFeedback
from domain.case.intake import AcceptCase
from domain.case.timed import timed_command
from domain.case.timers import Timer, TimerKind
from domain.command import Command
from domain.identity import THE_SERVICE, ActorKind
from projections.due_timers import DueTimersView, due_timers, next_due, waiting
from projections.registry import INLINE_VIEWS
from tests.db.projections.test_followers import until
from tests.db.projections.test_rebuild import rebuilt
from tests.db.timers.neglected_cases import BEGAN, opened
from tests.db.timers.waiting_cases import RESOLVER, TO_LAPSE, lapses, verified

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0
THREE_DAYS = timedelta(days=3)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def worker(database: Database, journal: Journal, commands: CommandHandler) -> TimerWorker:
    return TimerWorker(database, journal, commands)


async def test_what_is_due_is_done_with_the_time_at_which_it_was_due(
    journal: Journal, commands: CommandHandler, worker: TimerWorker, connection: Connection
) -> None:
    at = now() - THREE_DAYS
    case_id = await verified(commands, at)
    assert await worker.act(connection) == 1
    lapsed, closed = (await journal.read_stream(case_id))[-2:]
    assert (lapsed.topic, closed.topic) == ("case.feedback_lapsed", "case.closed")
    assert lapsed.occurred_at == closed.occurred_at == at + TO_LAPSE
    assert lapsed.recorded_at > at + THREE_DAYS
    assert (lapsed.actor.principal, lapsed.actor.kind) == (
        THE_SERVICE.principal,
        ActorKind.SERVICE,
    )
    assert await worker.act(connection) == 0
    assert (await waiting(connection, now())).timers == 0
    assert worker.status().acted == 1


async def test_what_is_not_due_is_left_alone(
    commands: CommandHandler, worker: TimerWorker, connection: Connection
) -> None:
    at = now()
    await verified(commands, at)
    assert await worker.act(connection) == 0
    assert await next_due(connection, at) == at + TO_LAPSE


async def test_what_was_answered_in_time_does_not_lapse(
    journal: Journal, commands: CommandHandler, worker: TimerWorker, connection: Connection
) -> None:
    case_id = await verified(commands, now() - THREE_DAYS)
    answer = RecordFeedback(command_id=uuid4(), case_id=case_id, contacted=True, resolved=True)
    await commands.execute(answer, RESOLVER)
    assert await worker.act(connection) == 0
    assert await lapses(journal, case_id) == []


async def test_two_at_once_do_everything_once(
    database: Database, journal: Journal, commands: CommandHandler, worker: TimerWorker
) -> None:
    cases = await asyncio.gather(*(verified(commands, now() - THREE_DAYS) for _ in range(20)))
    other = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    second = TimerWorker(database, other, CommandHandler(other))
    connections = [await database.connect() for _ in range(2)]
    await asyncio.gather(worker.act(connections[0]), second.act(connections[1]))
    await asyncio.gather(other.close(), *(each.close() for each in connections))
    assert [len(await lapses(journal, case_id)) for case_id in cases] == [1] * len(cases)
    assert worker.status().failures == second.status().failures == 0


async def test_a_kill_in_the_middle_loses_and_doubles_nothing(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    worker: TimerWorker,
    connection: Connection,
) -> None:
    cases = await asyncio.gather(*(verified(commands, now() - THREE_DAYS) for _ in range(30)))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.db.timers.worker_process"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        await process.communicate(f"{database.dsn}\n{len(cases) // 2}\n".encode())
    assert process.returncode == -9
    await worker.act(connection)
    assert [len(await lapses(journal, case_id)) for case_id in cases] == [1] * len(cases)
    assert (await waiting(connection, now())).timers == 0


async def test_one_works_at_a_time_and_another_takes_over(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    first, second = (
        TimerWorker(database, journal, commands, election_seconds=0.01) for _ in range(2)
    )
    first.start()
    await until(lambda: first.status().state is WorkerState.WORKING)
    second.start()
    case_id = await verified(commands, now() - THREE_DAYS)
    await until(lambda: first.status().acted == 1)
    assert second.status().state is WorkerState.WAITING
    await first.close()
    await until(lambda: second.status().state is WorkerState.WORKING)
    await verified(commands, now() - THREE_DAYS)
    await until(lambda: second.status().acted == 1)
    await second.close()
    assert len(await lapses(journal, case_id)) == 1
    assert (first.problems(), second.problems()) == ([], [])


async def test_a_worker_wakes_when_a_timer_is_due(
    journal: Journal, commands: CommandHandler, worker: TimerWorker
) -> None:
    worker.start()
    case_id = await verified(commands, now() - TO_LAPSE + timedelta(seconds=0.3))
    await until(lambda: worker.status().acted == 1)
    await worker.close()
    (lapsed,) = await lapses(journal, case_id)
    assert timedelta(0) <= lapsed.recorded_at - lapsed.occurred_at < timedelta(minutes=1)


async def test_the_view_built_anew_has_the_same_timers(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    worker: TimerWorker,
    connection: Connection,
) -> None:
    for at in (now() - THREE_DAYS, now(), now()):
        await verified(commands, at)
    assert await worker.act(connection) == 1
    done = await rebuilt(database, journal, DueTimersView())
    assert done.same
    assert [table.live_rows for table in done.tables] == [2, 1]


class Faulty:
    """Does not know what to do with some cases, for a while."""

    def __init__(self) -> None:
        self.cases: dict[UUID, Callable[[Timer], Command]] = {}

    def __call__(self, case_id: UUID, version: int, timer: Timer) -> Command:
        if case_id in self.cases:
            return self.cases[case_id](timer)
        return timed_command(case_id, version, timer)


def broken(timer: Timer) -> Command:
    raise RuntimeError(timer.kind)


@pytest.mark.parametrize("fault", ["broken", "refused"])
async def test_one_that_fails_holds_up_no_other_and_is_tried_again(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    connection: Connection,
    fault: str,
) -> None:
    bad, good = [await verified(commands, now() - THREE_DAYS) for _ in range(2)]
    faulty, clock = Faulty(), SimulatedClock(now())
    accept = AcceptCase(command_id=uuid4(), case_id=bad)
    faulty.cases[bad] = broken if fault == "broken" else lambda _: accept
    clock_of_system = ClockOfSystem(clock)
    pauses = (timedelta(seconds=10), timedelta(seconds=30))
    worker = TimerWorker(
        database, journal, commands, clock_of_system, pauses=pauses, command_for=faulty
    )
    assert await worker.act(connection) == 1
    assert len(await lapses(journal, good)) == 1
    assert (worker.status().failures, worker.status().failing) == (1, 1)
    assert (await waiting(connection, clock.now())).timers == 1
    for seconds, failures in ((9, 1), (10, 2), (39, 2), (40, 3), (70, 4)):
        clock.move_to(clock_of_system.began + timedelta(seconds=seconds))
        assert await worker.act(connection) == 0
        assert worker.status().failures == failures
    faulty.cases.clear()
    clock.move_to(clock_of_system.began + timedelta(seconds=100))
    assert await worker.act(connection) == 1
    assert (worker.status().failing, len(await lapses(journal, bad))) == (0, 1)


class ClockOfSystem:
    """A clock that is moved, in a journal that takes no simulated times."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.began = clock.now()
        self._clock = clock
        self.now = clock.now
        self.wait = clock.wait

    def simulated(self) -> None:
        return None


class TestSimulated:
    """Time that is moved, in the journal of a demonstration."""

    @pytest.fixture
    async def journal(self, database: Database) -> AsyncIterator[Journal]:
        journal = await opened(database)
        yield journal
        await journal.close()

    @pytest.fixture
    def clock(self) -> SimulatedClock:
        return SimulatedClock(BEGAN)

    @pytest.fixture
    def worker(
        self,
        database: Database,
        journal: Journal,
        commands: CommandHandler,
        clock: SimulatedClock,
    ) -> TimerWorker:
        return TimerWorker(database, journal, commands, clock)

    async def test_after_days_of_outage_each_has_its_own_time(
        self,
        journal: Journal,
        commands: CommandHandler,
        worker: TimerWorker,
        clock: SimulatedClock,
        connection: Connection,
    ) -> None:
        moments = [BEGAN + timedelta(hours=12 * number + 1) for number in range(5)]
        cases = [await verified(commands, at, simulated=True) for at in moments]
        clock.move_to(BEGAN + timedelta(days=3, hours=2))
        assert await worker.act(connection) == len(cases)
        for case_id, at in zip(cases, moments, strict=True):
            (lapsed,) = await lapses(journal, case_id)
            assert (lapsed.occurred_at, lapsed.recorded_at) == (at + TO_LAPSE, clock.now())

    async def test_as_time_passes_each_is_recorded_when_it_is_due(
        self,
        journal: Journal,
        commands: CommandHandler,
        worker: TimerWorker,
        clock: SimulatedClock,
    ) -> None:
        moments = [BEGAN + timedelta(hours=number + 1) for number in range(3)]
        cases = [await verified(commands, at, simulated=True) for at in moments]
        until_then = BEGAN + timedelta(days=1, hours=2)
        assert await worker.act_until(clock, until_then) == 2
        assert clock.now() == until_then
        found = [await lapses(journal, case_id) for case_id in cases]
        assert [(e.occurred_at, e.recorded_at) for of in found for e in of] == [
            (at + TO_LAPSE, at + TO_LAPSE) for at in moments[:2]
        ]

    async def test_a_worker_that_runs_acts_when_the_clock_is_moved(
        self,
        journal: Journal,
        commands: CommandHandler,
        worker: TimerWorker,
        clock: SimulatedClock,
    ) -> None:
        worker.start()
        case_id = await verified(commands, BEGAN + timedelta(hours=1), simulated=True)
        await until(lambda: worker.status().state is WorkerState.WORKING)
        assert await lapses(journal, case_id) == []
        clock.move_to(BEGAN + timedelta(days=2))
        await until(lambda: worker.status().acted == 1)
        await worker.close()


async def test_looking_for_what_is_due_costs_what_is_due(
    connection: Connection,
) -> None:
    await connection.execute(
        """INSERT INTO due_timers (case_id, kind, key, due, version, position)
        SELECT gen_random_uuid(), 'FEEDBACK', '', now() + n * interval '1 minute', 1, n
        FROM generate_series(-3, 50000) AS n"""
    )
    await connection.execute("ANALYZE due_timers")
    found = await due_timers(connection, now(), 256)
    assert [each.timer.kind for each in found] == [TimerKind.FEEDBACK] * 4
    plan = await connection.fetchval(
        """EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
        SELECT * FROM due_timers WHERE due <= now() ORDER BY due, case_id, kind, key LIMIT 256"""
    )
    assert "Index Scan" in plan
    assert '"Seq Scan"' not in plan
