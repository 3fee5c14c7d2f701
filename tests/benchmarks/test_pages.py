"""Twenty cases with five rows of each timeline over HTTP, beside the raw SQL of the same rows."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final
from uuid import uuid4

import httpx
import pytest

from app.commands import CommandHandler
from app.database import Database, Pool
from app.database.migrate import migrate
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from domain.case.handling import RecordProgress
from projections.registry import INLINE_VIEWS
from tests.benchmarks.cpu import Cpu, cpu_of
from tests.benchmarks.report import report
from tests.benchmarks.test_append import STAFF, bring_in_progress
from tests.servers import Server, free_port, make_cluster, remove

CASES: Final = 2000
CALLERS: Final = 4
ROUNDS: Final = 5
PAGES_A_ROUND: Final = 200
PATIENCE: Final = 60

QUERY: Final = """
query Page($after: String) {
  cases(first: 20, after: $after) {
    nodes {
      id caseNo stage title description channel registeredAt updatedAt version
      timeline(last: 5) { nodes { position version type occurredAt recordedAt reason } }
    }
  }
}
"""

CASES_OF_A_PAGE: Final = """
SELECT r.case_id, r.case_no, r.stage, t.title, t.description, r.channel, r.registered_at,
    n.updated_at, n.version
FROM (
    SELECT * FROM cases WHERE source IS NULL ORDER BY registered_at DESC, case_id DESC LIMIT 20
) r JOIN case_newest n USING (case_id) LEFT JOIN case_texts t USING (case_id, text_key)
ORDER BY r.registered_at DESC, r.case_id DESC
"""

TIMELINES: Final = """
SELECT e.* FROM unnest($1::uuid[]) AS c (case_id) CROSS JOIN LATERAL (
    SELECT stream_id, position, version, topic, occurred_at, recorded_at, reason
    FROM timeline_events WHERE stream_id = c.case_id ORDER BY version DESC LIMIT 5
) e
"""


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    cluster = make_cluster(folder)
    cluster.create()
    cluster.start()
    try:
        yield Server(cluster)
    finally:
        remove(cluster)


async def fill(database: Database, settings: Settings) -> None:
    """Cases in progress, of six events each."""
    journal = await Journal.open(database, FileKeyProvider.open(settings.key_path), INLINE_VIEWS)
    commands = CommandHandler(journal)
    await ensure_open(journal, commands, settings)

    async def live() -> None:
        case_id = uuid4()
        await bring_in_progress(commands, case_id)
        for text in ("The lamp was ordered.", "The lamp was replaced."):
            said = RecordProgress(command_id=uuid4(), case_id=case_id, text=text)
            await commands.execute(said, STAFF)

    await asyncio.gather(*(live() for _ in range(CASES)))
    await journal.close()


@contextmanager
def serving(
    database: Database, folder: Path
) -> Iterator[tuple[subprocess.Popen[str], httpx.URL, str]]:
    """A service on that database: its process, its address, and a token."""
    environment = {
        "PATH": os.environ["PATH"],
        "WARDBOOK_DATABASE_URL": database.dsn,
        "WARDBOOK_DATA_DIR": str(folder),
        "WARDBOOK_PORT": str(free_port()),
        "WARDBOOK_LOG_LEVEL": "warning",
    }
    log = folder / "service.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "serve", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        token = subprocess.run(
            [sys.executable, "-m", "app.cli.main", "token", "--role", "REGISTRAR"],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        yield process, httpx.URL(json.loads(line)["address"]), token.stdout.strip()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@dataclass
class Measured:
    """One way to get pages, in all rounds. cpu: of whoever answers, and of PostgreSQL."""

    rates: list[float] = field(default_factory=list)
    costs: list[Cpu] = field(default_factory=list)

    async def round(self, page: Callable[[], Awaitable[None]], *processes: int) -> None:
        """Some callers, each asking for one page after the other."""

        async def one() -> None:
            for _ in range(PAGES_A_ROUND // CALLERS):
                await page()

        with cpu_of(*processes) as cost:
            began = time.perf_counter()
            await asyncio.gather(*(one() for _ in range(CALLERS)))
            self.rates.append(PAGES_A_ROUND / (time.perf_counter() - began))
        self.costs.append(cost)

    @property
    def shown(self) -> str:
        """The middle of the rates, and the CPU of the round that cost least."""
        least = min(self.costs, key=lambda cost: sum(cost.used))
        return f"{median(self.rates):,.0f} a second, {least.per(PAGES_A_ROUND)} us of CPU"


async def raw(pool: Pool) -> None:
    async with pool.acquire() as connection:
        cases = await connection.fetch(CASES_OF_A_PAGE)
        events = await connection.fetch(TIMELINES, [case["case_id"] for case in cases])
    assert (len(cases), len(events)) == (20, 5 * 20)


@pytest.mark.benchmark
async def test_pages_over_http_beside_raw_sql(tmp_path: Path) -> None:
    http, sql = Measured(), Measured()
    with running_server(tmp_path) as postgres:
        server = postgres.cluster.pid()
        assert server is not None
        database = Database(postgres.service_dsn("pages"))
        await migrate(postgres.admin_dsn, database.dsn)
        await fill(database, Settings(data_dir=tmp_path))
        with serving(database, tmp_path) as (process, address, token):
            headers = {"Authorization": f"Bearer {token}"}
            limits = httpx.Limits(max_connections=CALLERS)
            async with (
                httpx.AsyncClient(
                    base_url=address, headers=headers, limits=limits, timeout=PATIENCE
                ) as client,
                database.pool(CALLERS) as pool,
            ):

                async def over_http() -> None:
                    answer = await client.post("/graphql", json={"query": QUERY})
                    assert answer.text.count('"caseNo"') == 20, answer.text[:500]

                async def by_sql() -> None:
                    await raw(pool)

                await over_http()
                for _ in range(ROUNDS):
                    await sql.round(by_sql, os.getpid(), server)
                    await http.round(over_http, process.pid, server)
    ratio = median(http.rates) / median(sql.rates)
    report(
        f"Twenty cases of {CASES:,} with five rows of each timeline, {CALLERS} callers",
        {
            "over HTTP (service + PostgreSQL)": http.shown,
            "raw SQL (asyncpg + PostgreSQL)": sql.shown,
            "ratio of pages a second": f"{ratio:.2f}",
        },
    )
