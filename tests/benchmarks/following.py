"""A process that brings the views that follow up to date, beside one that loads.

    python -m tests.benchmarks.following DATA_DIR

It ends when its standard input does.
"""

import asyncio
import sys
from pathlib import Path
from typing import Final

from app.logging import configure_logging
from app.runtime import Runtime, runtime
from app.settings import LogLevel, Settings

LOOK_EVERY: Final = 0.5
"""Seconds between two looks."""


async def follow(data_dir: Path) -> None:
    """Until nobody wants it any longer."""
    async with runtime(Settings(data_dir=data_dir)) as running:
        running.followers.start()
        over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        while not over.done():
            assert not running.followers.problems(), running.followers.problems()
            await asyncio.wait([over], timeout=LOOK_EVERY)


async def reached(running: Runtime) -> int:
    """The position of the view that is the furthest behind."""
    async with running.reads.acquire() as connection:
        return min((await running.followers.positions(connection)).values())


if __name__ == "__main__":
    configure_logging(LogLevel.WARNING)
    asyncio.run(follow(Path(sys.argv[1])))
