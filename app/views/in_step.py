"""Batches of the journal for views that follow it: read and opened once for all that go together.

Opening entries costs as much as a view's own work on them. So one batch is kept for every view that
stands where it begins; the next is read when no view takes that one in any longer. A view that is
ahead by less than a batch waits for those behind, and from then on they go together. A view that is
further behind, since it begins anew for example, goes alone, in turns with the others.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from app.journal import Journal
from domain.recorded import RecordedEvent

BATCH: Final = 1000
"""Entries of a batch. Of larger ones fewer rows are written twice, but others of this process wait
longer; twice as many were measured no cheaper."""
READ_AT_ONCE: Final = 250
"""Opened without a pause in which others may go on."""


class InStep:
    """The journal, as the following views of one process read it, `size` entries at a time."""

    def __init__(self, journal: Journal, size: int = BATCH) -> None:
        self._journal = journal
        self._size = size
        self._batch: Sequence[RecordedEvent] = ()
        self._after = -1
        self._taking_in = 0
        self._waiting: list[int] = []
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def batch(self, after: int, head: int) -> AsyncIterator[Sequence[RecordedEvent]]:
        """The events after a position, up to `head` (> after) at most, for as long as it is open.

        A view that waits for something else meanwhile (its next try) closes it, or all wait.
        """
        async with self._changed:
            self._waiting.append(after)
            try:
                await self._changed.wait_for(lambda: self._has_turn(after))
                if self._after != after:
                    self._batch = await self._read(after, head)
                    self._after = after
                self._taking_in += 1
            finally:
                self._waiting.remove(after)
                self._changed.notify_all()
        try:
            yield self._batch
        finally:
            async with self._changed:
                self._taking_in -= 1
                self._changed.notify_all()

    def _has_turn(self, after: int) -> bool:
        if self._after == after:
            return True
        behind = any(after - self._size <= other < after for other in self._waiting)
        return self._taking_in == 0 and not behind

    async def _read(self, after: int, head: int) -> Sequence[RecordedEvent]:
        found: list[RecordedEvent] = []
        # Batches end at fixed places, so that whoever began elsewhere is in step from there on.
        until = min(head, after - after % self._size + self._size)
        async for events in self._journal.read(after, until, READ_AT_ONCE):
            found += events
        return found
