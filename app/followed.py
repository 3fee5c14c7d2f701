"""An aggregate that every process keeps in memory and brings up to date as the journal grows.

For the few small streams that nearly every command and read asks about: the directory and every
configuration. Whoever appends to such a stream calls `catch_up` afterwards, so that this process
knows at once; what other processes append is seen within LOOK_EVERY_SECONDS.
"""

import asyncio
from typing import Final, Generic, TypeVar
from uuid import UUID

import asyncpg
import structlog
from eventsourcing.domain import Aggregate

from app.journal import Journal

A = TypeVar("A", bound=Aggregate)

LOOK_EVERY_SECONDS: Final = 0.05
"""A pause between two looks: a busy journal grows hundreds of times in a second."""

RETRY_SECONDS: Final = 0.5

_LOST: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""The database is away: we look again."""

_log: Final = structlog.stdlib.get_logger(__name__)


class FollowedAggregate(Generic[A]):
    """One aggregate of the class `kind`, from its stream."""

    def __init__(self, journal: Journal, stream_id: UUID, kind: type[A]) -> None:
        self.stream_id = stream_id
        self._journal = journal
        self._kind = kind
        self._aggregate: A | None = None
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._error: str | None = None

    def current(self) -> A | None:
        """The aggregate as far as this process knows it; None: its stream has not begun."""
        return self._aggregate

    def problems(self) -> list[str]:
        """Why this process is not ready: it cannot take in what others record."""
        if self._error is None:
            return []
        stopped = f"the stream {self.stream_id} is not followed any more: {self._error}"
        return [f"{stopped}; mend the cause and restart"]

    async def start(self) -> None:
        """Read the stream, and from now on follow it."""
        head = (await self._journal.head()).size
        await self.catch_up()
        self._task = asyncio.create_task(self._follow(head), name=f"following {self.stream_id}")

    async def close(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        async with self._lock:
            known = 0 if self._aggregate is None else self._aggregate.version
            aggregate: Aggregate | None = self._aggregate
            for recorded in await self._journal.read_stream(self.stream_id, known):
                aggregate = recorded.event.mutate(aggregate)
            if aggregate is not None and not isinstance(aggregate, self._kind):
                raise TypeError(f"{self.stream_id} is a {type(aggregate).__name__}")
            self._aggregate = aggregate

    async def _follow(self, head: int) -> None:
        try:
            await self._take_in_what_comes(head)
        except Exception as error:  # noqa: BLE001 - an entry that cannot be read, say
            self._error = type(error).__name__
            _log.error("following stopped", stream=str(self.stream_id), error=self._error)

    async def _take_in_what_comes(self, head: int) -> None:
        async for _ in self._journal.follow(head):
            while not await self._looked():
                pass
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _looked(self) -> bool:
        try:
            await self.catch_up()
        except _LOST as error:
            _log.warning("cannot follow", stream=str(self.stream_id), error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
            return False
        return True
