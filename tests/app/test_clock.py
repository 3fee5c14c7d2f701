"""Waiting for a time, and being called away from it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.timers.clock import SystemClock


async def test_whoever_is_stopped_when_called_stops() -> None:
    called = asyncio.Event()

    async def work() -> None:
        while True:
            await SystemClock().wait(datetime.now(UTC) + timedelta(seconds=5), called)
            called.clear()

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    called.set()
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(60):
            await working


async def test_it_waits_no_longer_than_until_then() -> None:
    await SystemClock().wait(datetime.now(UTC), asyncio.Event())
