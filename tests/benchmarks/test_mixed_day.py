"""An ordinary day over HTTP: 70 % reads, 30 % commands of a case's whole life, 32 at once.

Against `wardbook serve` with its embedded PostgreSQL, on demonstration districts of about 10,000,
100,000 and 1,000,000 events: what a request costs, and how that grows. Loading the largest takes
a quarter of an hour on a quiet machine; `-k 700]` takes the smallest alone.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, Final

import httpx
import pytest

from app.database.embedded import EmbeddedServer
from domain.identity import Role
from tests.benchmarks.cpu import cpu_of
from tests.benchmarks.mixed_day import LIFE, READS, ROW, STAFF, drawn_read
from tests.benchmarks.report import report
from tests.db.test_serving import Place
from tests.servers import free_port, remove

CLIENTS: Final = 32
WARMING, REQUESTS = 320, 3_200
COMMANDS: Final = 0.3
SIZES: Final = (700, 7_000, 70_000)
PATIENCE: Final = 120
LOOKED_AT: Final = 100
STAGES: Final = ("ACCEPTED", "DISPATCHED", "IN_PROGRESS", "AWAITING_FEEDBACK", "CLOSED", "ARCHIVED")
SOME: Final = """
query ($stage: CaseStage!) { cases(first: 100, filter: { stage: [$stage] }) { nodes { id } } }
"""
COMMAND: Final = "command"


@dataclass
class Day:
    """What is measured. taken: seconds of each request, by what was asked. position: the newest."""

    client: httpx.AsyncClient
    tokens: Mapping[Role, str]
    case_ids: list[str] = field(default_factory=list)
    taken: dict[str, list[float]] = field(default_factory=dict)
    position: int = 0

    async def ask(
        self, name: str, role: Role, query: str, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The data of an answer without errors."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        document = query + ROW if "...Row" in query else query
        began = time.perf_counter()
        answer = await self.client.post(
            "/graphql", json={"query": document, "variables": variables}, headers=headers
        )
        self.taken.setdefault(name, []).append(time.perf_counter() - began)
        said: dict[str, Any] = answer.json()
        assert "errors" not in said, said["errors"]
        data: dict[str, Any] = said["data"]
        return data

    async def find_cases(self) -> None:
        """Cases of every stage that are looked at during the day."""
        for stage in STAGES:
            found = await self.ask("", Role.REGISTRAR, SOME, {"stage": stage})
            self.case_ids += [node["id"] for node in found["cases"]["nodes"]]
        assert len(self.case_ids) > LOOKED_AT

    async def spend(self, requests: int) -> None:
        """All clients at once, so many requests together."""
        each = requests // CLIENTS
        await asyncio.gather(*(self._client(number, each) for number in range(CLIENTS)))

    async def _client(self, number: int, requests: int) -> None:
        rng, case_id, step = Random(number), "", 0
        for count in range(requests):
            if rng.random() >= COMMANDS:
                read, variables = drawn_read(rng, self.case_ids)
                await self.ask(read.name, read.role, read.query, variables)
                continue
            given = LIFE[step]
            said = dict(given.said(number * 10_000 + count))
            if step:
                said["caseId"] = case_id
            done = await self.ask(COMMAND, given.role, given.mutation, {"input": said})
            outcome = done[given.name]
            assert "case" in outcome, (given.name, outcome)
            self.position = max(self.position, int(outcome["position"]))
            case_id, step = outcome["case"]["id"], (step + 1) % len(LIFE)


@dataclass(frozen=True)
class Cost:
    """Of one size. cpu: microseconds of the service and of PostgreSQL for each request."""

    events: int
    rate: float
    cpu: str
    taken: Mapping[str, list[float]]

    def report(self, cases: int) -> None:
        """As a table."""
        reads = [taken for read in READS for taken in self.taken[read.name]]
        report(
            f"A mixed day, {CLIENTS} clients, {cases:,} cases, {self.events:,} events",
            {
                "requests a second": f"{self.rate:,.0f}",
                "CPU of service + PostgreSQL, us a request": self.cpu,
                "reads": shown(reads),
                "commands": shown(self.taken[COMMAND]),
                **{f"- {read.name}": shown(self.taken[read.name]) for read in READS},
            },
        )


def shown(seconds: list[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    return f"p50 {1e3 * median(seconds):,.1f} ms, p99 {1e3 * quantiles(seconds, n=100)[98]:,.1f} ms"


def load(place: Place, cases: int) -> None:
    """A district, into an empty folder."""
    loading = place.command("demo", "--cases", str(cases), "--json")
    _, errors = loading.communicate()
    assert loading.returncode == 0, errors


async def tokens(place: Place) -> dict[Role, str]:
    """One of somebody who holds each role in the district."""
    found = {}
    for role in STAFF:
        asking = place.command("token", "--role", role.value)
        token, errors = await asyncio.to_thread(asking.communicate)
        assert asking.returncode == 0, errors
        found[role] = token.strip()
    return found


async def measure(place: Place) -> Cost:
    """A day in a district that is loaded."""
    with place.service() as service:
        postgres = EmbeddedServer(place.data_dir).look().pid()
        assert postgres is not None
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(
            base_url=service.client.base_url, limits=limits, timeout=PATIENCE
        ) as client:
            day = Day(client, await tokens(place))
            await day.find_cases()
            await day.spend(WARMING)
            day.taken.clear()
            began = time.perf_counter()
            with cpu_of(service.process.pid, postgres) as cpu:
                await day.spend(REQUESTS)
            rate = REQUESTS / (time.perf_counter() - began)
    return Cost(day.position, rate, cpu.per(REQUESTS), day.taken)


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cases", SIZES)
async def test_an_ordinary_day(tmp_path: Path, cases: int) -> None:
    place = Place(tmp_path / "data", free_port())
    try:
        load(place, cases)
        (await measure(place)).report(cases)
    finally:
        embedded = EmbeddedServer(place.data_dir)
        if embedded.look().running():
            embedded.look().stop()
        remove(embedded.cluster)
