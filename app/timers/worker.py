"""Does what is due: in one process at a time, each timer once, with the time at which it was due.

A process is elected by an advisory lock, which the database takes back when its connection ends.
It waits for the next due time, and looks again whenever the journal has grown. Each timer becomes
a command of the service itself that occurred when the timer was due; its id follows from the timer.
So after days of outage, a kill in the middle or two workers at once each still acts once: whoever
comes second gets the first outcome.

What cannot be done is tried again with growing pauses, and holds up nothing else. Nothing is
cleared here: a timer runs until an event of its case stops it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from app.commands import Asked, CommandHandler
from app.database import UNREACHABLE, Connection, Database
from app.journal import Journal
from app.journal.errors import OutcomeUnknown
from app.timers.clock import Clock, SimulatedClock, SystemClock
from app.timers.turns import Turns
from domain.case.timed import timed_command
from domain.case.timers import Timer
from domain.command import Command
from domain.identity import THE_SERVICE
from domain.refusal import Refusal
from projections.due_timers import (
    RunningTimer,
    TimerPlace,
    due_timers,
    last_started,
    new_since,
    next_due,
    still_running,
)

ELECT_SQL: Final = "SELECT pg_try_advisory_lock(hashtextextended('wardbook.timers', 0))"

BATCH: Final = 256
"""Timers read and acted on at once."""

LOOK_EVERY_SECONDS: Final = 0.05
"""A pause between two looks: a busy journal grows hundreds of times in a second."""

ELECTION_SECONDS: Final = 5.0
"""How long until a process that was not elected asks again."""

PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 1800, 3600))
"""Before each further try of a timer; the last one from then on."""

_LOST: Final = (*UNREACHABLE, asyncpg.InterfaceError, OutcomeUnknown)
"""The database is away: that is no fault of a timer."""

NOT_STOPPED: Final = "NOT_STOPPED"
"""A command was carried out, and its timer runs all the same."""

_log: Final = structlog.stdlib.get_logger(__name__)


class WorkerState(StrEnum):
    """What the worker of this process is doing. WAITING: another process is elected."""

    WAITING = "WAITING"
    WORKING = "WORKING"
    FAILING = "FAILING"


@dataclass(frozen=True)
class WorkerStatus:
    """How it stands. acted, failures: counted since it started. failing: timers in a pause.

    error: what keeps it from working at all.
    """

    state: WorkerState = WorkerState.WAITING
    acted: int = 0
    failures: int = 0
    failing: int = 0
    error: str | None = None


@dataclass(frozen=True)
class _Retry:
    """A timer that could not be acted on. at: when it is tried again."""

    tries: int
    at: datetime


class TimerWorker:
    """The worker of this process. Start it once the journal is open and commands are decided."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        commands: CommandHandler,
        clock: Clock | None = None,
        *,
        pauses: Sequence[timedelta] = PAUSES,
        election_seconds: float = ELECTION_SECONDS,
        command_for: Callable[[UUID, int, Timer], Command] = timed_command,
    ) -> None:
        self._database = database
        self._journal = journal
        self._commands = commands
        self._clock = clock or SystemClock()
        self._pauses = pauses
        self._election_seconds = election_seconds
        self._command_for = command_for
        self._retries: dict[TimerPlace, _Retry] = {}
        self._status = WorkerStatus()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to stand for election."""
        self._task = asyncio.create_task(self._run(), name="timer worker")

    async def close(self) -> None:
        """Stop; a command under way is recorded or not, and the next worker finds out which."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def status(self) -> WorkerStatus:
        """How it stands."""
        return replace(self._status, failing=len(self._retries))

    def problems(self) -> Sequence[str]:
        """Why this process is not ready."""
        if self._status.state is not WorkerState.FAILING:
            return []
        return [f"the timer worker fails and tries again: {self._status.error}"]

    async def act(self, connection: Connection) -> int:
        """Act on everything that is due now, the oldest first; how many timers acted.

        What becomes due at once by that is acted on too.
        """
        acted = 0
        while done := await self._go_through(connection):
            acted += done
        return acted

    async def act_until(self, clock: SimulatedClock, until: datetime) -> int:
        """Let time pass until then, each timer acting when it is due; how many acted."""
        connection = await self._database.connect()
        try:
            return await self.act_among(connection, clock, (), until)
        finally:
            await connection.close()

    async def act_among(
        self,
        connection: Connection,
        clock: SimulatedClock,
        asked: Sequence[Asked],
        until: datetime,
    ) -> int:
        """Let time pass until then, while people give commands, in order; how many timers acted.

        What is due is acted on before what people do at the same moment. Many are decided ahead
        and recorded together, each at its own time; where that fails, one after another.
        """
        waiting, acted = deque(asked), 0
        while True:
            turns = await self._turns(connection, clock, waiting, until)
            try:
                await self._commands.load(turns.streams)
                await self._commands.execute_in_turn(turns, turns.note)
            except _LOST:
                raise
            except Exception as error:  # noqa: BLE001 - whose fault it is, comes out one by one
                _log.info("timers are acted on one by one", error=type(error).__name__)
                turns.give_back()
                acted += await self._one_by_one(connection, clock, waiting, turns.first_until)
                continue
            clock.move_to(turns.now)
            acted += await self._count(connection, turns)
            if turns.is_over:
                clock.move_to(turns.until)
                if self._retries:
                    acted += await self.act(connection)
                if clock.now() >= until:
                    return acted

    async def _turns(
        self, connection: Connection, clock: SimulatedClock, waiting: deque[Asked], until: datetime
    ) -> Turns:
        """What is to be done next. What failed is left to `act`, when it may be tried again."""
        until = min([until, *(retry.at for retry in self._retries.values())])
        most = BATCH + len(self._retries)
        found = await due_timers(connection, until, most)
        last = found[-1] if len(found) == most else None
        ready = [each for each in found if each.place not in self._retries]
        return Turns(
            ready,
            waiting,
            now=clock.now(),
            until=until,
            last=last,
            command_for=self._command_for,
        )

    async def _count(self, connection: Connection, turns: Turns) -> int:
        """How many acted; those that run all the same have failed."""
        failed = turns.failed | dict.fromkeys(turns.taken, NOT_STOPPED)
        running = await still_running(connection, list(failed))
        for each, error in failed.items():
            if each.place in running:
                then = max(each.timer.due, turns.began)
                self._retries[each.place] = self._failed(each, error, then)
        acted = sum(each.place not in running for each in turns.taken)
        self._note(self._status.state, acted=acted)
        return acted

    async def _one_by_one(
        self,
        connection: Connection,
        clock: SimulatedClock,
        waiting: deque[Asked],
        until: datetime,
    ) -> int:
        acted = await self.act(connection)
        while (due := await next_due(connection, clock.now())) is not None and due <= until:
            await self._give(waiting, due)
            clock.move_to(due)
            acted += await self.act(connection)
        await self._give(waiting, until, at_the_moment=True)
        clock.move_to(until)
        return acted

    async def _give(
        self, waiting: deque[Asked], until: datetime, *, at_the_moment: bool = False
    ) -> None:
        """What people give before a moment, or at it too."""
        given = []
        while waiting and (waiting[0][2] < until or (at_the_moment and waiting[0][2] == until)):
            given.append(waiting.popleft())
        await self._commands.execute_in_order(given)

    async def _run(self) -> None:
        while True:
            try:
                async with self._elected() as connection:
                    if connection is not None:
                        await self._work(connection)
                self._note(WorkerState.WAITING)
            except _LOST as error:
                _log.warning("timer worker lost the database", error=type(error).__name__)
                self._note(WorkerState.WAITING)
            except Exception as error:  # noqa: BLE001 - whatever it is, time goes on
                _log.error("timer worker failed", error=type(error).__name__)
                self._note(WorkerState.FAILING, type(error).__name__)
            await asyncio.sleep(self._election_seconds)

    @asynccontextmanager
    async def _elected(self) -> AsyncIterator[Connection | None]:
        connection = await self._database.connect()
        try:
            elected = await connection.fetchval(ELECT_SQL)
            yield connection if elected else None
        finally:
            connection.terminate()

    async def _work(self, connection: Connection) -> None:
        grew = asyncio.Event()
        listening = asyncio.create_task(self._listen(grew), name="timer worker listening")
        try:
            while True:
                grew.clear()
                seen = await last_started(connection)
                await self.act(connection)
                self._note(WorkerState.WORKING)
                await self._wait_for_work(connection, grew, seen)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, grew: asyncio.Event) -> None:
        async for _ in self._journal.follow(0):
            grew.set()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _wait_for_work(self, connection: Connection, grew: asyncio.Event, seen: int) -> None:
        """Until a timer is due or is tried again; timers that start meanwhile count too."""
        wake = await self._next_wake(connection)
        while wake is None or wake > self._clock.now():
            await self._clock.wait(wake, grew)
            if grew.is_set():
                grew.clear()
                due, seen = await new_since(connection, seen)
                wake = min(filter(None, (wake, due)), default=None)

    async def _next_wake(self, connection: Connection) -> datetime | None:
        retries = [retry.at for retry in self._retries.values()]
        due = await next_due(connection, self._clock.now())
        return min([*retries, *([] if due is None else [due])], default=None)

    async def _go_through(self, connection: Connection) -> int:
        """Everything due; how many timers acted.

        Of each case one at a time, the earliest: what that starts may be due before the next.
        """
        now, acted = self._clock.now(), 0
        while True:
            waiting = {place for place, retry in self._retries.items() if retry.at > now}
            found = await due_timers(connection, now, BATCH + len(waiting))
            cases: dict[UUID, RunningTimer] = {}
            for each in found:
                if each.place not in waiting:
                    cases.setdefault(each.case_id, each)
            if not cases:
                # A timer that is not due any more was stopped by somebody.
                self._retries = {each.place: self._retries[each.place] for each in found}
                self._note(self._status.state, acted=acted)
                return acted
            acted += await self._act_on(connection, list(cases.values()), now)

    async def _act_on(
        self, connection: Connection, ready: Sequence[RunningTimer], now: datetime
    ) -> int:
        """Act on timers of different cases, at once. How many acted; the others have failed."""
        errors = await self._try_all(ready)
        running = await still_running(connection, ready)
        for each in ready:
            if each.place in running:
                error = errors[each.place] or NOT_STOPPED
                self._retries[each.place] = self._failed(each, error, now)
        return sum(each.place not in running and errors[each.place] is None for each in ready)

    async def _try_all(self, ready: Sequence[RunningTimer]) -> dict[TimerPlace, str | None]:
        """Why each failed; None: it did not. Raises where the database is away."""
        outcomes = await asyncio.gather(*map(self._try, ready), return_exceptions=True)
        errors: dict[TimerPlace, str | None] = {}
        for running, outcome in zip(ready, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                raise outcome
            errors[running.place] = outcome
        return errors

    async def _try(self, running: RunningTimer) -> str | None:
        try:
            command = self._command_for(running.case_id, running.version, running.timer)
            await self._commands.execute(command, THE_SERVICE, simulated_at=self._clock.simulated())
        except Refusal as refused:
            return refused.code
        except _LOST:
            raise
        except Exception as error:  # noqa: BLE001 - one timer's fault is not another's
            return type(error).__name__
        return None

    def _failed(self, running: RunningTimer, error: str, now: datetime) -> _Retry:
        before = self._retries.get(running.place)
        tries = 1 if before is None else before.tries + 1
        pause = self._pauses[min(tries, len(self._pauses)) - 1]
        self._note(self._status.state, failures=1)
        _log.warning(
            "timer failed",
            case=str(running.case_id),
            kind=running.timer.kind.value,
            due=running.timer.due.isoformat(),
            tries=tries,
            error=error,
        )
        return _Retry(tries, now + pause)

    def _note(
        self, state: WorkerState, error: str | None = None, *, acted: int = 0, failures: int = 0
    ) -> None:
        status = self._status
        self._status = WorkerStatus(
            state, status.acted + acted, status.failures + failures, error=error
        )
