"""Appends through the whole stack beside plain inserts, on a server that flushes to disk.

The same moment of the same machine for both: rounds alternate, and the ratio is of their medians.
CPU time is that of this process, in which callers and journal are, and that of PostgreSQL: it says
what an append costs where wall time says what else the machine had to do.
"""

import asyncio
import gc
import os
import re
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.commands import CommandHandler
from app.database import Connection, Database, Pool
from app.database.cluster import PORT, SUPERUSER
from app.database.migrate import migrate
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from domain.case import handling, intake, routing
from domain.case.vocabulary import Channel
from domain.identity import ActorKind, Caller, Role
from projections.registry import INLINE_VIEWS
from tests.benchmarks.cpu import Cpu, cpu_of
from tests.benchmarks.report import report
from tests.servers import Server, make_cluster, remove

CASES: Final = 1000
CALLERS: Final = 32
ROUNDS: Final = 5
COMMANDS_A_ROUND: Final = 3200
ALONE_A_ROUND: Final = 300
ROW: Final = os.urandom(600)
STAFF: Final = Caller("staff", ActorKind.PERSON, frozenset(Role))

INSERT: Final = "INSERT INTO plain (content) VALUES ($1)"


@dataclass
class Stack:
    """A journal with its views, a plain table beside it, and cases in progress."""

    server: Server
    database_name: str
    commands: CommandHandler
    plain: Pool
    case_ids: list[UUID]
    connections: list[Connection]

    async def record(self, number: int) -> None:
        """One event on one of the cases."""
        command = handling.RecordProgress(
            command_id=uuid4(),
            case_id=self.case_ids[number % CASES],
            text="The lamp was replaced; the cable to the next one is checked tomorrow morning.",
        )
        await self.commands.execute(command, STAFF)

    async def round_trips(self) -> int:
        """How often a lone command waits for an answer of the server."""
        asked: list[object] = []
        for connection in self.connections:
            connection.add_query_logger(asked.append)
        await self.record(0)
        for connection in self.connections:
            connection.remove_query_logger(asked.append)
        return len(asked)

    async def insert(self, _number: int) -> None:
        """One row of the size of an entry."""
        await self.plain.execute(INSERT, ROW)


@dataclass(frozen=True)
class Overheard(Database):
    """A database that remembers its dedicated connections, the journal's writer among them."""

    connections: list[Connection] = field(default_factory=list)

    async def connect(self, **server_settings: str) -> Connection:
        """As the real one."""
        connection = await super().connect(**server_settings)
        self.connections.append(connection)
        return connection


@asynccontextmanager
async def running_stack(folder: Path) -> AsyncIterator[Stack]:
    cluster = make_cluster(folder, durable=True)
    cluster.create()
    cluster.start()
    try:
        server = Server(cluster)
        name = "benchmark"
        await migrate(server.admin_dsn, server.service_dsn(name))
        database = Overheard(server.service_dsn(name))
        journal = await Journal.open(database, FileKeyProvider("bench", b"k" * 32), INLINE_VIEWS)
        plain = asyncpg.create_pool(
            database.dsn,
            min_size=CALLERS,
            max_size=CALLERS,
            server_settings={"search_path": "views"},
        )
        async with plain:
            await plain.execute("CREATE TABLE plain (id bigserial PRIMARY KEY, content bytea)")
            commands = CommandHandler(journal)
            await ensure_open(journal, commands, Settings())
            case_ids = [uuid4() for _ in range(CASES)]
            await asyncio.gather(*(bring_in_progress(commands, case_id) for case_id in case_ids))
            yield Stack(server, name, commands, plain, case_ids, database.connections)
        await journal.close()
    finally:
        remove(cluster)


async def bring_in_progress(commands: CommandHandler, case_id: UUID) -> None:
    registration = intake.RegisterCase(
        command_id=uuid4(),
        case_id=case_id,
        case_no=case_id.hex,
        channel=Channel.HOTLINE,
        title="Streetlight out",
        description="The lamp at the east gate has been dark since Monday.",
        area="grid-7",
        type_code="light",
    )
    await commands.execute(registration, STAFF)
    for command in (
        intake.AcceptCase(command_id=uuid4(), case_id=case_id),
        routing.DispatchCase(command_id=uuid4(), case_id=case_id, lead_unit="works"),
        routing.SignForCase(command_id=uuid4(), case_id=case_id),
    ):
        await commands.execute(command, STAFF)


async def per_second(work: Callable[[int], Awaitable[None]], callers: int, total: int) -> float:
    """Calls a second when `callers` callers make `total` calls, each one after the other."""

    async def one(caller: int) -> None:
        for number in range(caller, total, callers):
            await work(number)

    gc.collect()
    began = time.perf_counter()
    await asyncio.gather(*(one(caller) for caller in range(callers)))
    return total / (time.perf_counter() - began)


async def latencies(work: Callable[[int], Awaitable[None]]) -> list[float]:
    """Seconds that each of a lone caller's calls took."""
    taken = []
    for number in range(ALONE_A_ROUND):
        began = time.perf_counter()
        await work(number)
        taken.append(time.perf_counter() - began)
    return taken


def by_pgbench(stack: Stack, folder: Path) -> float:
    """Transactions a second of PostgreSQL's own load generator, inserting the same row."""
    cluster = stack.server.cluster
    script = folder / "insert.sql"
    script.write_text(f"INSERT INTO views.plain (content) VALUES ('\\x{ROW.hex()}');\n")  # noqa: S608
    arguments = ["--no-vacuum", f"--client={CALLERS}", "--jobs=1", "--time=3", f"--file={script}"]
    finished = subprocess.run(
        [cluster.binaries / "pgbench", "--protocol=prepared", *arguments, stack.database_name],
        env={
            "PGHOST": str(cluster.socket_folder),
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": cluster.password,
        },
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = re.search(r"tps = ([\d.]+)", finished.stdout)
    assert found is not None, finished.stdout
    return float(found[1])


@dataclass
class Measured:
    """One kind of work in all rounds. rates: calls a second; alone: seconds of each call."""

    rates: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    costs: list[Cpu] = field(default_factory=list)
    costs_alone: list[Cpu] = field(default_factory=list)

    async def round(self, work: Callable[[int], Awaitable[None]], server: int) -> None:
        """Many callers, then a lone one."""
        with cpu_of(os.getpid(), server) as cost:
            self.rates.append(await per_second(work, CALLERS, COMMANDS_A_ROUND))
        with cpu_of(os.getpid(), server) as cost_alone:
            self.alone += await latencies(work)
        self.costs.append(cost)
        self.costs_alone.append(cost_alone)


@pytest.mark.benchmark
async def test_appends_beside_plain_inserts(tmp_path: Path) -> None:
    ours, plain = Measured(), Measured()
    async with running_stack(tmp_path) as stack:
        server = stack.server.cluster.pid()
        assert server is not None
        for _ in range(ROUNDS):
            await plain.round(stack.insert, server)
            await ours.round(stack.record, server)
        round_trips = await stack.round_trips()
        pgbench = await asyncio.to_thread(by_pgbench, stack, tmp_path)
    rate = median(ours.rates)
    report(
        f"One-event commands through the whole stack, {CALLERS} callers",
        {
            "commands a second": f"{rate:,.0f}",
            "plain inserts a second": f"{median(plain.rates):,.0f}",
            "ratio": f"{rate / median(plain.rates):.2f} (rounds: {spread(ours, plain)})",
            "pgbench, the same insert": f"{pgbench:,.0f}, ratio {rate / pgbench:.2f}",
            "CPU of a command": cheapest(ours.costs, COMMANDS_A_ROUND),
            "CPU of an insert": cheapest(plain.costs, COMMANDS_A_ROUND),
        },
    )
    report(
        "One caller, milliseconds",
        {
            "command p50, p99": f"{percentiles(ours.alone)}, {round_trips} round trips",
            "insert p50, p99": f"{percentiles(plain.alone)}, 1 round trip and the pool's reset",
            "ratio of p50": f"{median(ours.alone) / median(plain.alone):.2f}",
            "CPU of a command": cheapest(ours.costs_alone, ALONE_A_ROUND),
            "CPU of an insert": cheapest(plain.costs_alone, ALONE_A_ROUND),
        },
    )


def cheapest(costs: list[Cpu], times: int) -> str:
    """Of the round that cost least, for others disturb the caches too."""
    return f"{min(costs, key=lambda cost: sum(cost.used)).per(times)} us, Python + PostgreSQL"


def spread(ours: Measured, plain: Measured) -> str:
    return ", ".join(f"{a / b:.2f}" for a, b in zip(ours.rates, plain.rates, strict=True))


def percentiles(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.2f}, {quantiles(seconds, n=100)[98] * 1000:.2f}"
