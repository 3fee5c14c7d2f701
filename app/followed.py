"""Aggregates that every process keeps in memory and brings up to date as the journal grows.

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

A_co = TypeVar("A_co", bound=Aggregate, covariant=True)

LOOK_EVERY_SECONDS: Final = 0.05
"""A pause between two looks: a busy journal grows hundreds of times in a second."""

RETRY_SECONDS: Final = 0.5

_LOST: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""The database is away: we look again."""

_log: Final = structlog.stdlib.get_logger(__name__)


class FollowedAggregate(Generic[A_co]):
    """One aggregate of the class `kind`, from its stream. `Following` keeps it up to date."""

    def __init__(self, journal: Journal, stream_id: UUID, kind: type[A_co]) -> None:
        self.stream_id = stream_id
        self._journal = journal
        self._kind = kind
        self._aggregate: A_co | None = None
        self._lock = asyncio.Lock()

    def current(self) -> A_co | None:
        """The aggregate as far as this process knows it; None: its stream has not begun."""
        return self._aggregate

    @property
    def version(self) -> int:
        """Of the stream, as far as this process knows it; 0: it has not begun."""
        return 0 if self._aggregate is None else self._aggregate.version

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        async with self._lock:
            aggregate: Aggregate | None = self._aggregate
            for recorded in await self._journal.read_stream(self.stream_id, self.version):
                aggregate = recorded.event.mutate(aggregate)
            if aggregate is not None and not isinstance(aggregate, self._kind):
                raise TypeError(f"{self.stream_id} is a {type(aggregate).__name__}")
            self._aggregate = aggregate


class Following:
    """Several of them, brought up to date together: a look is one question about all."""

    def __init__(self, journal: Journal, *followed: FollowedAggregate[Aggregate]) -> None:
        self._journal = journal
        self._followed = {each.stream_id: each for each in followed}
        self._errors: dict[UUID, str] = {}
        self._task: asyncio.Task[None] | None = None

    def problems(self) -> list[str]:
        """Why this process is not ready: it cannot take in what others record."""
        return [
            f"the stream {stream_id} is not followed any more: {error}; mend the cause and restart"
            for stream_id, error in self._errors.items()
        ]

    async def start(self) -> None:
        """Read the streams, and from now on follow them."""
        head = (await self._journal.head()).size
        await self.catch_up()
        self._task = asyncio.create_task(self._follow(head), name="following")

    async def close(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        for each in await self._behind():
            await each.catch_up()

    async def _behind(self) -> list[FollowedAggregate[Aggregate]]:
        """Those whose streams have grown."""
        versions = await self._journal.versions_of(self._followed.keys() - self._errors.keys())
        found = ((self._followed[stream_id], newest) for stream_id, newest in versions.items())
        return [followed for followed, newest in found if newest > followed.version]

    async def _follow(self, head: int) -> None:
        try:
            await self._take_in_what_comes(head)
        except Exception as error:  # noqa: BLE001 - it is told as a problem of all of them
            for stream_id in self._followed:
                self._give_up(stream_id, error)

    async def _take_in_what_comes(self, head: int) -> None:
        async for _ in self._journal.follow(head):
            while not await self._looked():
                pass
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _looked(self) -> bool:
        try:
            for each in await self._behind():
                await self._take_in(each)
        except _LOST as error:
            _log.warning("cannot follow", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
            return False
        return True

    async def _take_in(self, followed: FollowedAggregate[Aggregate]) -> None:
        """What cannot be read keeps nobody from following the others."""
        try:
            await followed.catch_up()
        except _LOST:
            raise
        except Exception as error:  # noqa: BLE001 - an entry that cannot be read, say
            self._give_up(followed.stream_id, error)

    def _give_up(self, stream_id: UUID, error: Exception) -> None:
        self._errors[stream_id] = type(error).__name__
        _log.error("following stopped", stream=str(stream_id), error=type(error).__name__)
