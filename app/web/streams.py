"""The open streams of this process: how many there may be, and how they all end at shutdown."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from app.web.errors import Code, refuse


class Streams:
    """Subscriptions over SSE, connections over WebSocket and evidence on its way, counted together.

    most: how many may be open at once. most_each: how many of them may be of one caller, so that
    nobody alone takes all. `stopping` is set when the service is about to stop.
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._of: Counter[str] = Counter()
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self.stopping = asyncio.Event()

    @property
    def open(self) -> int:
        """How many there are."""
        return self._of.total()

    @contextmanager
    def one_more(self, holder: str) -> Iterator["Stream"]:
        """Count a stream while it lasts. Raises RequestRefused when there may be no more."""
        if self.stopping.is_set():
            raise refuse(Code.SHUTTING_DOWN, "The service is stopping; come again.", 503)
        if self.open >= self._most:
            raise refuse(Code.TOO_MANY_STREAMS, "Too many streams are open; come again later.", 503)
        self.take(holder)
        self._all_closed.clear()
        stream = Stream(self, holder)
        try:
            yield stream
        finally:
            self.give_back(stream.holder)
            if not self._of:
                self._all_closed.set()

    def take(self, holder: str) -> None:
        """One more of this caller's. Raises RequestRefused when they may have no more."""
        if self._of[holder] >= self._most_each:
            message = f"At most {self._most_each} streams of one caller are open at once."
            raise refuse(Code.TOO_MANY_STREAMS, message, 429, limit=self._most_each)
        self._of[holder] += 1

    def give_back(self, holder: str) -> None:
        """One fewer."""
        self._of[holder] -= 1
        if not self._of[holder]:
            del self._of[holder]

    async def close(self, within: float) -> None:
        """Ask every stream to end and wait, at most so many seconds, until they have."""
        self.stopping.set()
        try:
            async with asyncio.timeout(within):
                await self._all_closed.wait()
        except TimeoutError:
            return


class Stream:
    """One that is open. holder: whose it is."""

    def __init__(self, streams: Streams, holder: str) -> None:
        self._streams = streams
        self.holder = holder

    def pass_to(self, holder: str) -> None:
        """It is known by now whose it is. Raises RequestRefused when they may have no more."""
        if holder != self.holder:
            self._streams.take(holder)
            self._streams.give_back(self.holder)
            self.holder = holder
