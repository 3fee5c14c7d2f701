"""Following the journal: LISTEN/NOTIFY says that it grew, positions say what is new."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import asyncpg

from app.database import Connection, Database
from app.journal.writing import CHANNEL

HEAD_SIZE = "SELECT size FROM journal.head"

# A notice can be lost with its connection; a look at the head now and then finds what it said.
LOOK_EVERY_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.5

log = logging.getLogger(__name__)


class Follower:
    """Knows the head position of the journal, whichever process moved it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head = 0
        self._grew = asyncio.Event()
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; returns once the head is known."""
        connection = await self._listen()
        self._task = asyncio.create_task(self._run(connection), name="journal follower")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def follow(self, after: int) -> AsyncIterator[int]:
        """The head position each time it has grown beyond `after` and beyond the one before."""
        while True:
            grew = self._grew
            if self._head > after:
                after = self._head
                yield after
            else:
                await grew.wait()

    def _saw(self, head: int) -> None:
        if head > self._head:
            self._head = head
            self._grew.set()
            self._grew = asyncio.Event()

    def _noticed(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._saw(int(str(payload)))

    async def _listen(self) -> Connection:
        connection = await self._database.connect()
        lost = self._lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, self._noticed)
        self._saw(await connection.fetchval(HEAD_SIZE))
        return connection

    async def _run(self, connection: Connection) -> None:
        try:
            while True:
                try:
                    await self._pause()
                    self._saw(await connection.fetchval(HEAD_SIZE))
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                    log.warning("journal follower lost its connection: %s", type(error).__name__)
                    connection.terminate()
                    connection = await self._listen_again()
        finally:
            connection.terminate()

    async def _pause(self) -> None:
        """Wait until it is time for a look at the head, or the connection is gone."""
        # `wait_for` would lose a cancellation that comes when the connection is lost.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._lost.wait()

    async def _listen_again(self) -> Connection:
        while True:
            try:
                return await self._listen()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await asyncio.sleep(RETRY_SECONDS)
