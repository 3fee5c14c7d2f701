"""kill -9 of PostgreSQL, all of its processes at once, while a service appends."""

import asyncio
import random
from contextlib import suppress

import psutil
import pytest
from rich.console import Console

from app.database import Database
from app.database.cluster import Cluster
from tests.faults.conftest import open_journal
from tests.faults.ledger import Ledger, check
from tests.faults.processes import appending
from tests.servers import Server


def crash(cluster: Cluster) -> None:
    """End the server with all it runs; the postmaster first, so that it sees nothing coming."""
    pid = cluster.pid()
    assert pid is not None, "the server does not run"
    postmaster = psutil.Process(pid)
    for process in (postmaster, *postmaster.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.mark.parametrize(
    "kills", [2, pytest.param(25, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])]
)
async def test_what_was_acknowledged_outlives_the_database(mortal: Server, kills: int) -> None:
    database = Database(mortal.service_dsn("wardbook"))
    async with open_journal(database):
        pass
    ledger, chance, console = Ledger(), random.Random(kills), Console()
    async with appending(database, ledger) as process:
        for kill in range(1, kills + 1):
            await process.read(acknowledged=chance.randint(20, 200))
            crash(mortal.cluster)
            await asyncio.to_thread(mortal.cluster.start)
            if kill % 5 == 0:
                console.print(f"{kill} kills, {len(ledger.acknowledged)} commands acknowledged")
        await process.read(acknowledged=20)
        await process.stop()
    async with open_journal(database) as journal:
        await ledger.settle(journal)
        entries = await check(ledger, journal, database)
    console.print(
        f"{kills} kills -9 of PostgreSQL: {entries} entries, 0 lost, 0 doubled; "
        f"meanwhile {dict(ledger.unsure)}"
    )
