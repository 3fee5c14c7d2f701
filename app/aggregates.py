"""Aggregates in memory: replayed from their streams, and kept while they are in use."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from eventsourcing.domain import Aggregate, AggregateEvent

from app.journal import Journal

MOST_KEPT: Final = 20_000


def replay(
    events: Iterable[AggregateEvent], aggregate: Aggregate | None = None
) -> Aggregate | None:
    """The aggregate after these events of its stream, on top of what it was before them."""
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate


class Aggregates:
    """A bounded cache over the journal. None stands for a stream that had not begun yet.

    What is cached may be out of date, for other processes append too: the journal finds that out
    by the version it is given, and `refresh` reads what is missing.
    """

    def __init__(self, journal: Journal, most_kept: int = MOST_KEPT) -> None:
        self._journal = journal
        self._most_kept = most_kept
        self._kept: OrderedDict[UUID, Aggregate | None] = OrderedDict()
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def lock(self, stream_ids: Collection[UUID]) -> AbstractAsyncContextManager[None]:
        """Commands on one stream wait for each other here rather than conflict in the journal."""
        if len(stream_ids) == 1:
            (stream_id,) = stream_ids
            return self._lock(stream_id)
        return self._lock_all(stream_ids)

    def _lock(self, stream_id: UUID) -> asyncio.Lock:
        lock = self._locks.get(stream_id)
        if lock is None:
            self._locks[stream_id] = lock = asyncio.Lock()
        return lock

    @asynccontextmanager
    async def _lock_all(self, stream_ids: Collection[UUID]) -> AsyncIterator[None]:
        # In one order everywhere, so that no two commands wait for each other.
        async with AsyncExitStack() as held:
            for stream_id in sorted(stream_ids):
                await held.enter_async_context(self._lock(stream_id))
            yield

    async def take(self, stream_id: UUID) -> Aggregate | None:
        """The aggregate, out of the cache: whoever changes it gives it back once recorded."""
        if stream_id in self._kept:
            return self._kept.pop(stream_id)
        return await self._read(stream_id)

    async def take_all(self, stream_ids: Collection[UUID]) -> dict[UUID, Aggregate | None]:
        """Several aggregates out of the cache, as `take`."""
        return {stream_id: await self.take(stream_id) for stream_id in stream_ids}

    async def refresh(self, stream_id: UUID, aggregate: Aggregate | None) -> Aggregate | None:
        """The aggregate with whatever was recorded since it was read."""
        after = aggregate.version if aggregate is not None else 0
        return await self._read(stream_id, after, aggregate)

    async def refresh_all(
        self, held: Mapping[UUID, Aggregate | None]
    ) -> dict[UUID, Aggregate | None]:
        """Several aggregates with whatever was recorded since they were read."""
        return {
            stream_id: await self.refresh(stream_id, aggregate)
            for stream_id, aggregate in held.items()
        }

    async def _read(
        self, stream_id: UUID, after: int = 0, aggregate: Aggregate | None = None
    ) -> Aggregate | None:
        streams = await self._journal.events_of_streams([stream_id], after)
        return replay(streams.get(stream_id, ()), aggregate)

    def keep(self, stream_id: UUID, aggregate: Aggregate | None) -> None:
        """Give an aggregate (back) to the cache."""
        self._kept[stream_id] = aggregate
        if len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)

    def keep_all(self, held: Mapping[UUID, Aggregate | None]) -> None:
        """Give several back, but none with events that were not recorded."""
        for stream_id, aggregate in held.items():
            if aggregate is None or not aggregate.pending_events:
                self.keep(stream_id, aggregate)

    def forget(self, stream_ids: Collection[UUID]) -> None:
        """Drop what may not be as the journal has it: it is read again when it is needed."""
        for stream_id in stream_ids:
            self._kept.pop(stream_id, None)

    async def load(self, stream_ids: Collection[UUID]) -> None:
        """Read many streams at once, the not yet begun among them, ahead of commands on them.

        Those that are kept are read again where another process has appended to them.
        """
        await self._forget_outdated(stream_ids)
        missing = [stream_id for stream_id in stream_ids if stream_id not in self._kept]
        if not missing:
            return
        streams = await self._journal.events_of_streams(missing)
        for stream_id in missing:
            self.keep(stream_id, replay(streams.get(stream_id, ())))

    async def _forget_outdated(self, stream_ids: Iterable[UUID]) -> None:
        kept = {each: self._kept[each] for each in stream_ids if each in self._kept}
        versions = await self._journal.versions_of(kept) if kept else {}
        for stream_id, aggregate in kept.items():
            known = 0 if aggregate is None else aggregate.version
            if versions.get(stream_id, 0) != known:
                self._kept.pop(stream_id, None)
