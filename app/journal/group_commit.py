"""Group commit: appends that arrive while a batch is in flight form the next one."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from app.database import BY_KEY, Connection, Database
from app.journal.deferred import Deferred, ReadsBack, Write
from app.journal.envelope import Append, Appended
from app.journal.errors import JournalClosed, OutcomeUnknown, QueueFull
from app.journal.known import JournalEnd
from app.journal.reader import Reader
from app.journal.writer import BEGIN, COMMIT, ROLLBACK, Batch, Result
from app.journal.writing import going_along, write_with
from projections.view import Past, View

MOST_APPENDS: Final = 256
MOST_EVENTS: Final = 4096
MOST_WAITING: Final = 4096

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


class GroupCommit:
    """One task with one pinned connection writes the batches of this process, in order.

    batches and entries: how many it has committed so far.
    """

    def __init__(self, database: Database, reader: Reader, views: Sequence[View]) -> None:
        self._database = database
        self._reader = reader
        self._views = views
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue()
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
        self._queue.put_nowait(None)
        if self._task is not None:
            await self._task
        await self._disconnect()

    async def append(self, append: Append) -> Appended:
        """Record, durably, all or nothing. Raises what `app.journal.errors` names."""
        if self._closed:
            raise JournalClosed
        if self._queue.qsize() >= MOST_WAITING:
            raise QueueFull
        waiting = _Waiting(append, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        return await waiting.result

    async def _run(self) -> None:
        closing = False
        held: _Waiting | None = None
        while not closing or held is not None:
            first = held if held is not None else await self._queue.get()
            held = None
            if first is None:
                return
            batch, events = [first], len(first.append.events)
            while len(batch) < MOST_APPENDS and not self._queue.empty():
                waiting = self._queue.get_nowait()
                if waiting is None:
                    closing = True
                    break
                events += len(waiting.append.events)
                if events > MOST_EVENTS:
                    held = waiting
                    break
                batch.append(waiting)
            await self._settle(batch)

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Commit a batch and answer its callers; whatever happens, each gets an answer."""
        try:
            results = await self._commit([waiting.append for waiting in batch])
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
                result = (await self._commit([waiting.append]))[0]
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

    async def _commit(self, appends: Sequence[Append]) -> list[Result]:
        connection = await self._connect()
        results = await self._commit_behind(self._end, connection, appends)
        if results is None:
            results = await self._commit_checked(connection, appends)
        return results

    async def _commit_behind(
        self, end: JournalEnd | None, connection: Connection, appends: Sequence[Append]
    ) -> list[Result] | None:
        """Append behind the end that we left, in as few round trips as may be.

        None: that was not to be. Somebody else appended, a command was recorded before, or we do
        not know enough; the check under the head's lock will tell.
        """
        batch = Batch(appends)
        if end is None or self._undisturbed < UNDISTURBED or not batch.go_on(end):
            return None
        if not all(isinstance(result, Appended) for result in batch.results):
            return None
        try:
            await self._write_at_once(connection, batch)
        except ReadsBack:
            return None
        except asyncpg.PostgresError as error:
            if isinstance(error, UNCERTAIN):
                raise
            self._end = None
            self._undisturbed = 0
            if connection.is_in_transaction():
                await connection.execute(ROLLBACK)
            return None
        self._committed(batch)
        return batch.results

    async def _write_at_once(self, connection: Connection, batch: Batch) -> None:
        """What the views read before holds if the entries' positions turn out to be free."""
        writes: list[Write] = []
        past = self._past(connection, batch)
        for view in self._views:
            deferred = Deferred(connection)
            await view.apply(deferred.connection, batch.recorded, past)
            writes += deferred.writes
        along, others = going_along(writes)
        values = batch.values() + tuple(value for _, given in along for value in given)
        statement = write_with(tuple((query, len(given)) for query, given in along))
        if not others:
            await connection.fetchrow(statement, *values)
            return
        await connection.execute(BEGIN)
        await connection.fetchrow(statement, *values)
        for query, given in others:
            await connection.execute(query, *given)
        await connection.execute(COMMIT)

    async def _commit_checked(
        self, connection: Connection, appends: Sequence[Append]
    ) -> list[Result]:
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
        past = self._past(connection, batch)
        for view in self._views:
            await view.apply(connection, batch.recorded, past)
        await connection.execute(COMMIT)
        self._committed(batch)
        return batch.results

    def _committed(self, batch: Batch) -> None:
        self._end = batch.end(self._end)
        self.batches += 1
        self.entries += len(batch.recorded)

    def _past(self, connection: Connection, batch: Batch) -> Past:
        before = batch.recorded[0].position if batch.recorded else 0
        return lambda stream_ids: self._reader.streams(connection, stream_ids, before=before)

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
