"""The open streams of this process: how many there may be, and how they all end at shutdown."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from app.web.errors import Code, refuse


class Streams:
    """Subscriptions over SSE and connections over WebSocket, counted together.

    most: how many may be open at once. `stopping` is set when the service is about to stop.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = 0
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self.stopping = asyncio.Event()

    @property
    def open(self) -> int:
        """How many there are."""
        return self._open

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a stream while it lasts. Raises RequestRefused when there may be no more."""
        if self.stopping.is_set():
            raise refuse(Code.SHUTTING_DOWN, "The service is stopping; come again.", 503)
        if self._open >= self._most:
            raise refuse(Code.TOO_MANY_STREAMS, "Too many streams are open; come again later.", 503)
        self._open += 1
        self._all_closed.clear()
        try:
            yield
        finally:
            self._open -= 1
            if self._open == 0:
                self._all_closed.set()

    async def close(self, within: float) -> None:
        """Ask every stream to end and wait, at most so many seconds, until they have."""
        self.stopping.set()
        try:
            async with asyncio.timeout(within):
                await self._all_closed.wait()
        except TimeoutError:
            return
