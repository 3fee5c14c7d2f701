"""Group commit: appends that arrive while a batch is in flight form the next one."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from app.database import BY_KEY, Connection, Database
from app.journal.deferred import Deferred, Write
from app.journal.envelope import Append, Appended
from app.journal.errors import JournalClosed, OutcomeUnknown, QueueFull
from app.journal.known import JournalEnd
from app.journal.reader import Reader
from app.journal.writer import BEGIN, COMMIT, ROLLBACK, Batch, Result
from app.journal.writing import going_along, write_with
from domain.recorded import RecordedEvent
from projections.view import Past, View

MOST_APPENDS: Final = 256
MOST_EVENTS: Final = 4096
MOST_WAITING: Final = 4096
MUCH: Final = 128
"""So many appends, or eight times as many events, make a batch that is prepared ahead."""

OUTCOME = """
SELECT input_hash, stream_id, first_version, last_version, position
FROM journal.commands WHERE principal = $1 AND command_id = $2
"""

# The database went away, is shutting down or starting up: whether the batch was recorded is open.
UNCERTAIN = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    # Raised on a connection to which the server said that it ends, and which has not ended yet.
    asyncpg.InternalClientError,
    OSError,
)
RETRY_PAUSES: Final = (0.0, 0.1, 0.3, 1.0, 3.0, 5.0)
"""Seconds between attempts to reach the database again; then the caller is told."""

WRITER_SESSION: Final = {
    **BY_KEY,
    # A head row locked by a process that vanished must come free soon.
    "idle_in_transaction_session_timeout": "10s",
}

UNDISTURBED: Final = 8
"""After how many batches between which nobody else appended we go on without asking."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    append: Append
    result: asyncio.Future[Appended]


@dataclass(slots=True)
class _Prepared:
    """A batch placed behind an end of the journal, and all that is to be written with it.

    behind: where the journal has to end then. end: where it will end.
    """

    batch: Batch
    behind: JournalEnd
    end: JournalEnd
    statement: str
    values: tuple[object, ...]
    others: Sequence[Write]


class GroupCommit:
    """One task with one pinned connection writes the batches of this process, in order.

    batches and entries: how many it has committed so far.
    """

    def __init__(self, database: Database, reader: Reader, views: Sequence[View]) -> None:
        self._database = database
        self._reader = reader
        self._views = views
        self._queue: deque[_Waiting] = deque()
        self._events_queued = 0
        self._news = asyncio.Event()
        self._connection: Connection | None = None
        self._end: JournalEnd | None = None
        self._undisturbed = UNDISTURBED
        self.batches = 0
        self.entries = 0
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take appends."""
        self._task = asyncio.create_task(self._run(), name="journal group commit")

    async def close(self) -> None:
        """Finish what was queued, then let the connection go."""
        self._closed = True
        self._news.set()
        if self._task is not None:
            await self._task
        await self._disconnect()

    async def append(self, append: Append) -> Appended:
        """Record, durably, all or nothing. Raises what `app.journal.errors` names."""
        if self._closed:
            raise JournalClosed
        if len(self._queue) >= MOST_WAITING:
            raise QueueFull
        waiting = _Waiting(append, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._events_queued += len(append.events)
        self._news.set()
        return await waiting.result

    async def _run(self) -> None:
        """Write batch after batch; a large one is prepared while the one before is written."""
        end: JournalEnd | None = None
        writing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        writing.set_result(None)
        while batch := await self._next(writing):
            if end is None:
                await writing
                end = self._end
            prepared = await self._prepare(batch, end, writing)
            await writing
            if prepared is not None and prepared.behind is not self._end:
                prepared = None
            end = None if prepared is None else prepared.end
            writing = asyncio.create_task(self._settle(batch, prepared))
            writing.add_done_callback(lambda _: self._news.set())
            await asyncio.sleep(0)  # it is on its way before the next is looked at
        await writing

    async def _next(self, writing: asyncio.Future[None]) -> list[_Waiting]:
        """What is queued, once nothing is being written, or once it is much; empty at the end."""
        while not self._queue or not (writing.done() or self._is_much()):
            if self._closed and not self._queue:
                return []
            self._news.clear()
            await self._news.wait()
        batch: list[_Waiting] = []
        events = 0
        while self._queue and len(batch) < MOST_APPENDS:
            more = len(self._queue[0].append.events)
            if batch and events + more > MOST_EVENTS:
                break
            batch.append(self._queue.popleft())
            events += more
        self._events_queued -= events
        return batch

    def _is_much(self) -> bool:
        return len(self._queue) >= MUCH or self._events_queued >= 8 * MUCH

    async def _settle(self, batch: Sequence[_Waiting], prepared: _Prepared | None) -> None:
        """Commit a batch and answer its callers; whatever happens, each gets an answer."""
        try:
            results = await self._commit([waiting.append for waiting in batch], prepared)
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller gets an answer
            # One append may be at fault, or the connection. Alone, each gets what it deserves.
            log.warning("journal batch failed, retried singly: %s", type(error).__name__)
            await self._disconnect()
            for waiting in batch:
                await self._settle_alone(waiting)
        else:
            for waiting, result in zip(batch, results, strict=True):
                _answer(waiting, result)

    async def _settle_alone(self, waiting: _Waiting) -> None:
        """Try one append again until it is certain what became of it.

        This is no blind retry: taking the head's lock waits for a transaction whose COMMIT was
        lost, and the check behind it finds the command id if that transaction was recorded.
        """
        for pause in RETRY_PAUSES:
            await asyncio.sleep(pause)
            try:
                result = (await self._commit([waiting.append], None))[0]
            except UNCERTAIN:
                await self._disconnect()
            except Exception as error:  # noqa: BLE001 - the caller is told what it is
                await self._disconnect()
                _fail(waiting, error)
                return
            else:
                _answer(waiting, result)
                return
        _fail(waiting, OutcomeUnknown())

    async def _prepare(
        self, waiting: Sequence[_Waiting], end: JournalEnd | None, writing: asyncio.Future[None]
    ) -> _Prepared | None:
        """Place a batch behind the end that we leave, to be written in few round trips.

        None: that is not to be. A command was recorded before, or we do not know enough; the check
        under the head's lock will tell.
        """
        if end is None or self._undisturbed < UNDISTURBED:
            return None
        try:
            return await self._place(Batch([each.append for each in waiting]), end, writing)
        except Exception:  # noqa: BLE001 - whatever it is, it happens again where it is dealt with
            return None

    async def _place(
        self, batch: Batch, end: JournalEnd, writing: asyncio.Future[None]
    ) -> _Prepared | None:
        if not batch.go_on(end) or not all(isinstance(each, Appended) for each in batch.results):
            return None

        async def free() -> Connection:
            """What a view reads is as the batch before leaves it."""
            await writing
            return await self._connect()

        writes: list[Write] = []
        past = self._past(free, batch)
        for view in self._views:
            deferred = Deferred(free)
            await view.apply(deferred.connection, batch.recorded, past)
            writes += deferred.writes
        along, others = going_along(writes)
        values = batch.values() + tuple(value for _, given in along for value in given)
        statement = write_with(tuple((query, len(given)) for query, given in along))
        return _Prepared(batch, end, batch.end(end), statement, values, others)

    async def _commit(
        self, appends: Sequence[Append], prepared: _Prepared | None
    ) -> Sequence[Result]:
        connection = await self._connect()
        if prepared is None:
            return await self._commit_checked(connection, appends)
        try:
            await self._write(connection, prepared)
        except asyncpg.PostgresError as error:
            if isinstance(error, UNCERTAIN):
                raise
            # Somebody else appended: what the views read before does not hold either.
            self._end = None
            self._undisturbed = 0
            if connection.is_in_transaction():
                await connection.execute(ROLLBACK)
            return await self._commit_checked(connection, appends)
        self._committed(prepared.batch, prepared.end)
        return prepared.batch.results

    async def _write(self, connection: Connection, prepared: _Prepared) -> None:
        """It all holds if the entries' positions turn out to be free."""
        if not prepared.others:
            await connection.fetchrow(prepared.statement, *prepared.values)
            return
        await connection.execute(BEGIN)
        await connection.fetchrow(prepared.statement, *prepared.values)
        for query, given in prepared.others:
            await connection.execute(query, *given)
        await connection.execute(COMMIT)

    async def _commit_checked(
        self, connection: Connection, appends: Sequence[Append]
    ) -> Sequence[Result]:
        """Append under the lock of the head, after a look at everything that matters."""
        batch = Batch(appends)
        await connection.execute(BEGIN)
        await batch.check(connection)
        if self._end is not None:
            undisturbed = self._end.size == batch.began_at
            self._undisturbed = self._undisturbed + 1 if undisturbed else 0
        if not batch.has_entries:
            await connection.execute(ROLLBACK)
            return batch.results
        await connection.fetchrow(write_with(()), *batch.values())
        past = self._past(self._connect, batch)
        for view in self._views:
            await view.apply(connection, batch.recorded, past)
        await connection.execute(COMMIT)
        self._committed(batch, batch.end(self._end))
        return batch.results

    def _committed(self, batch: Batch, end: JournalEnd) -> None:
        self._end = end
        self.batches += 1
        self.entries += len(batch.recorded)

    def _past(self, connect: Callable[[], Awaitable[Connection]], batch: Batch) -> Past:
        before = batch.recorded[0].position if batch.recorded else 0

        async def past(
            stream_ids: Collection[UUID],
        ) -> Mapping[UUID, Sequence[RecordedEvent]]:
            return await self._reader.streams(await connect(), stream_ids, before=before)

        return past

    async def _connect(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect(**WRITER_SESSION)
        return self._connection

    async def _disconnect(self) -> None:
        """Drop the connection: with it goes any open transaction."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
        self._end = None


def _answer(waiting: _Waiting, result: Result) -> None:
    if waiting.result.done():
        return
    if isinstance(result, Appended):
        waiting.result.set_result(result)
    else:
        waiting.result.set_exception(result)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.result.done():
        waiting.result.set_exception(error)
