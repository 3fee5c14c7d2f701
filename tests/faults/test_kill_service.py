"""kill -9 of the service in the middle of appends."""

import random

import pytest
from rich.console import Console

from app.database import Database
from app.journal import Journal
from tests.faults.ledger import Ledger, check
from tests.faults.processes import appending

WORKERS = 16


@pytest.mark.parametrize(
    "kills", [3, pytest.param(120, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])]
)
async def test_what_was_acknowledged_outlives_the_service(
    database: Database, journal: Journal, kills: int
) -> None:
    ledger, chance, console = Ledger(), random.Random(kills), Console()
    unanswered = recorded = 0
    for kill in range(1, kills + 1):
        async with appending(database, ledger, workers=WORKERS) as process:
            await process.read(acknowledged=chance.randint(1, 80))
            await process.kill()
        unanswered += len(ledger.open)
        recorded += await ledger.settle(journal)
        if kill % 20 == 0:
            console.print(f"{kill} kills, {len(ledger.acknowledged)} commands acknowledged")
    entries = await check(ledger, journal, database)
    assert unanswered > 0, "every kill came between two appends"
    console.print(
        f"{kills} kills -9 of the service: {entries} entries, {unanswered} commands unanswered "
        f"({recorded} of them recorded), 0 lost, 0 doubled"
    )
