"""Where the timer worker has the time from: the machine's clock, or one that is moved by hand."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Protocol

MOST_SECONDS: Final = 3600.0
"""Of one wait: a machine's clock may be set while we wait."""


class Clock(Protocol):
    """Tells the time, and waits for a time."""

    def now(self) -> datetime:
        """The time."""
        ...

    def simulated(self) -> datetime | None:
        """The time that is recorded, in the journal of a demonstration; None: the database's."""
        ...

    async def wait(self, until: datetime | None, called: asyncio.Event) -> None:
        """Return at that time or a little earlier, or when `called` is set. None: no time."""
        ...


class SystemClock:
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def simulated(self) -> datetime | None:
        return None

    async def wait(self, until: datetime | None, called: asyncio.Event) -> None:
        seconds = MOST_SECONDS
        if until is not None:
            seconds = min(seconds, max(0.0, (until - self.now()).total_seconds()))
        # `wait_for` would lose a cancellation that comes when it is called at the same moment.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await called.wait()


class SimulatedClock:
    """Stands still until it is moved: for tests, and for the year of a demonstration."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def simulated(self) -> datetime | None:
        return self._now

    def move_to(self, now: datetime) -> None:
        """Set it forward; it never goes back."""
        self._now = max(self._now, now)
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait(self, until: datetime | None, called: asyncio.Event) -> None:
        while (until is None or self._now < until) and not called.is_set():
            waits = [asyncio.create_task(event.wait()) for event in (called, self._moved)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()
