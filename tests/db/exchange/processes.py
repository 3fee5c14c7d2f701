"""The command line as processes, beside whatever else uses the journal."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.cli.exit_codes import ExitCode
from app.database import Database

PATIENCE: Final = 120.0
"""Seconds: far more than anything here takes."""
SIZE: Final = "SELECT size FROM journal.head"


@dataclass
class Wardbook:
    """The command line, on a database of its own."""

    database: Database
    folder: Path

    async def start(self, *arguments: str | Path) -> Process:
        """Start a command."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.cli.main",
            *map(str, arguments),
            env={
                "PATH": os.environ["PATH"],
                "WARDBOOK_DATABASE_URL": self.database.dsn,
                "WARDBOOK_DATA_DIR": str(self.folder / "data"),
            },
            stdout=PIPE,
            stderr=PIPE,
        )

    async def run(self, *arguments: str | Path) -> tuple[int | None, str, str]:
        """Exit code, standard output and standard error of a command."""
        process = await self.start(*arguments)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode, out.decode(), err.decode()

    async def answer(self, *arguments: str | Path) -> Any:
        """The JSON document of a command that must succeed."""
        code, out, err = await self.run(*arguments, "--json")
        assert code == ExitCode.OK, err
        return json.loads(out)

    async def row(self, query: str) -> tuple[int, ...]:
        """One row of numbers from the database."""
        connection = await self.database.connect()
        try:
            row = await connection.fetchrow(query)
            assert row is not None
            return tuple(row)
        finally:
            await connection.close()


async def grown(wardbook: Wardbook, process: Process, size: int) -> int:
    """Wait until an import has recorded more, or has ended."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.returncode is None:
        (now,) = await wardbook.row(SIZE)
        if now > size:
            return now
    return size
