"""Appenders as child processes, read line by line, stopped or killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from app.database import Database
from tests.faults.appender import Configuration
from tests.faults.ledger import Ledger, decode_line

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds until a process that says nothing counts as hung."""

LONGEST_LINE: Final = 1 << 20


class Running:
    """One appender, and the ledger that keeps what it says."""

    def __init__(self, process: asyncio.subprocess.Process, ledger: Ledger) -> None:
        self._process = process
        self._ledger = ledger

    async def read(self, acknowledged: int) -> None:
        """Read until so many more commands were acknowledged."""
        async with asyncio.timeout(PATIENCE):
            while acknowledged > 0:
                line = await self._line()
                assert line, f"the appender ended: {await self._complaint()}"
                acknowledged -= line.startswith(b'{"type":"Acknowledged"')

    async def kill(self) -> None:
        """End it as a crash would, and read what it still said."""
        self._process.kill()
        await self._read_to_end()

    async def stop(self) -> None:
        """Let it finish what it began."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._read_to_end()
        assert self._process.returncode == 0, await self._complaint()

    async def _read_to_end(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self._line():
                pass
            await self._process.wait()

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if line.endswith(b"\n"):
            self._ledger.note(decode_line(line))
        return line

    async def _complaint(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


@asynccontextmanager
async def appending(
    database: Database,
    ledger: Ledger,
    *,
    workers: int = 16,
    principal: str = "appender",
    shared: UUID | None = None,
) -> AsyncIterator[Running]:
    """An appender at work; killed at the end where it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.faults.appender"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    configuration = Configuration(principal, database.dsn, workers, shared)
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(configuration) + b"\n")
    running = Running(process, ledger)
    try:
        yield running
    finally:
        if process.returncode is None:
            await running.kill()
