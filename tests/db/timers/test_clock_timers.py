"""What clocks say is said once, with its own time, whatever happened to whoever notices."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.timers import TimerWorker
from projections.registry import INLINE_VIEWS
from tests.db.timers.neglected_cases import limited, said_of, unaccepted

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0
CASES = 6
PERCENTS = (50, 80, 100, *range(150, 7200, 100))
"""Of the hour in which a case is accepted: the ladder, which repeats."""


async def neglected_for(
    commands: CommandHandler, hours: int
) -> tuple[datetime, list[tuple[str, datetime]]]:
    """Limits in force, and what the clock of a case says that came in so long ago."""
    since = datetime.now(UTC) - timedelta(hours=hours)
    await limited(commands, since, None)
    said = [
        (f"ACCEPTANCE {percent}", since + timedelta(hours=percent / 100))
        for percent in PERCENTS
        if percent <= 100 * hours
    ]
    return since, said


async def test_two_at_once_say_everything_once(
    database: Database,
    journal: Journal,
    configuration: CurrentConfiguration,
    commands: CommandHandler,
) -> None:
    since, said = await neglected_for(commands, 6)
    cases = await unaccepted(commands, since, CASES)
    other = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    handler = CommandHandler(other)
    handler.decide_under(configuration.arrangements)
    workers = [TimerWorker(database, journal, commands), TimerWorker(database, other, handler)]
    connections = [await database.connect() for _ in workers]
    await asyncio.gather(*map(TimerWorker.act, workers, connections))
    await asyncio.gather(other.close(), *(each.close() for each in connections))
    assert [await said_of(journal, case_id) for case_id in cases] == [said] * CASES


async def test_a_kill_in_the_middle_loses_and_doubles_nothing(
    database: Database,
    journal: Journal,
    configuration: CurrentConfiguration,  # noqa: ARG001 - what is decided is decided by it
    commands: CommandHandler,
) -> None:
    since, said = await neglected_for(commands, 6)
    cases = await unaccepted(commands, since, CASES)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.db.timers.worker_process"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        await process.communicate(f"{database.dsn}\n{CASES * len(said) // 2}\n".encode())
    assert process.returncode == -9
    connection = await database.connect()
    await TimerWorker(database, journal, commands).act(connection)
    await connection.close()
    assert [await said_of(journal, case_id) for case_id in cases] == [said] * CASES
