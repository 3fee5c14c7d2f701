"""A process of its own that acts on what is due, and is killed with `kill -9` on the way.

Takes on standard input: the address of the database, and how many commands it lives for.
"""

import asyncio
import os
import signal
import sys
from itertools import count
from uuid import UUID

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.directory import CurrentDirectory
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.timers import TimerWorker
from domain.case.timed import timed_command
from domain.case.timers import Timer
from domain.command import Command
from projections.registry import INLINE_VIEWS


async def _work(dsn: str, lives_for: int) -> None:
    numbers = count()

    def until_killed(case_id: UUID, version: int, timer: Timer) -> Command:
        if next(numbers) == lives_for:
            # What it was told to do so far is under way, some of it recorded.
            loop.call_later(0.02, os.kill, os.getpid(), signal.SIGKILL)
        return timed_command(case_id, version, timer)

    loop = asyncio.get_running_loop()
    database = Database(dsn)
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    commands, directory = CommandHandler(journal), CurrentDirectory(journal)
    await directory.start(commands)
    await CurrentConfiguration(journal, directory.current).start(commands)
    worker = TimerWorker(database, journal, commands, command_for=until_killed)
    await worker.act(await database.connect())
    await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(_work(sys.stdin.readline().strip(), int(sys.stdin.readline())))
