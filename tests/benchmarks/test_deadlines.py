"""Deadlines: what finding those that are due costs, and how many are acted on in a second."""

import json
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from statistics import median
from typing import Any, Final

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Connection, Database
from app.journal import Journal
from app.timers import BATCH, TimerWorker
from app.timers.clock import SimulatedClock
from projections.due_timers import DUE, NEXT, due_timers, waiting
from tests.benchmarks.cpu import cpu_of
from tests.benchmarks.report import report
from tests.db.timers.neglected_cases import BEGAN, limited, neglected, opened

OPEN: Final = (1_000, 100_000)
"""Clocks that run and are not due: few, and many."""

DUE_NOW: Final = 200
ROUNDS: Final = 30
FILL: Final = """
INSERT INTO due_timers (case_id, kind, key, due, version, position)
SELECT gen_random_uuid(), 'RESOLUTION_CLOCK', '', now() + n * interval '1 minute', 1, abs(n)
FROM generate_series($1::int, $2::int) AS n
"""
EXPLAIN: Final = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "

CASES: Final = 400
DAYS: Final = 2
ONE_BY_ONE: Final = 60
"""Cases, for the comparison."""


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    journal = await opened(database)
    yield journal
    await journal.close()


async def pages_of(connection: Connection, query: str, *values: object) -> tuple[str, int]:
    """How the database finds it, and how many pages it looks at."""
    plan: list[Any] = json.loads(await connection.fetchval(EXPLAIN + query, *values))
    node = plan[0]["Plan"]
    inner = node["Plans"][0]
    return inner["Node Type"], node["Shared Hit Blocks"] + node["Shared Read Blocks"]


@pytest.mark.benchmark
async def test_finding_what_is_due_costs_what_is_due(connection: Connection) -> None:
    took: dict[int, float] = {}
    pages: dict[int, int] = {}
    found = following = ""
    for number in OPEN:
        await connection.execute("TRUNCATE due_timers")
        await connection.execute(FILL, -DUE_NOW, number)
        await connection.execute("ANALYZE due_timers")
        now = await connection.fetchval("SELECT now()")
        rounds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert len(await due_timers(connection, now, BATCH)) == DUE_NOW + 1
            rounds.append(time.perf_counter() - began)
        took[number] = median(rounds)
        found, pages[number] = await pages_of(connection, DUE, now, BATCH)
        following, _ = await pages_of(connection, NEXT, now)
    assert found.startswith("Index"), found
    assert following.startswith("Index"), following
    few, many = OPEN
    report(
        f"Finding {DUE_NOW} clocks that are due",
        {
            f"among {number:,}": f"{1000 * took[number]:.2f} ms, {pages[number]} pages"
            for number in OPEN
        }
        | {"ratio": f"{took[many] / took[few]:.2f}"},
    )
    assert pages[many] <= 1.5 * pages[few]


@pytest.mark.benchmark
async def test_simulated_deadlines_in_a_second(
    database: Database,
    journal: Journal,
    configuration: CurrentConfiguration,  # noqa: ARG001 - what is decided is decided by it
    commands: CommandHandler,
    connection: Connection,
) -> None:
    await limited(commands)
    clock = SimulatedClock(BEGAN)
    worker = TimerWorker(database, journal, commands, clock)
    every = timedelta(days=DAYS) / CASES

    await neglected(commands, BEGAN, ONE_BY_ONE, timedelta(days=DAYS) / ONE_BY_ONE)
    clock.move_to(BEGAN + timedelta(days=DAYS))
    began = time.perf_counter()
    late = await worker.act(connection)
    late_took = time.perf_counter() - began

    since = clock.now()
    await neglected(commands, since, CASES, every)
    batches, entries = journal.appended
    began = time.perf_counter()
    with cpu_of(os.getpid()) as cpu:
        acted = await worker.act_until(clock, since + timedelta(days=DAYS))
    took = time.perf_counter() - began
    after, recorded = journal.appended
    report(
        f"{CASES:,} cases that nobody handles, for {DAYS} days",
        {
            "deadlines acted on": f"{acted:,}",
            "in a second": f"{acted / took:,.0f}",
            "entries in a second": f"{(recorded - entries) / took:,.0f}",
            "us of CPU of this process, each": cpu.per(acted),
            "transactions": f"{after - batches:,}",
            "after an outage, in a second": f"{late / late_took:,.0f}",
        },
    )
    assert (await waiting(connection, clock.now())).timers == 0
    assert acted > 10 * CASES
