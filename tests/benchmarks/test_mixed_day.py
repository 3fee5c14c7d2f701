"""An ordinary day over HTTP: 70 % reads, 30 % commands of every kind, 32 clients at once.

Against `wardbook serve` with its embedded PostgreSQL, on demonstration districts of about 10,000,
100,000 and 1,000,000 events, and on one of 100,000 cases: what a request costs, and how that
grows. One command for all sizes, which shows how far it is, and prints tables for each size and
one of how it grows:

    .venv/bin/pytest -m benchmark -s tests/benchmarks/test_mixed_day.py

`-k "400] or 4000] or 40000]"` takes some of the sizes. A million events are loaded in five to
eight minutes when the machine is quiet (`many_lives.py`), and a day takes one.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import httpx
import pytest

from app.database.embedded import EmbeddedServer
from tests.benchmarks.cpu import cpu_of
from tests.benchmarks.districts import settle
from tests.benchmarks.lives import shares
from tests.benchmarks.mixed_day import Day
from tests.benchmarks.reads import READS
from tests.benchmarks.report import report
from tests.benchmarks.staff import Staff
from tests.db.test_serving import Place
from tests.servers import free_port, remove

CLIENTS: Final = 32
WARMING, REQUESTS = 320, 4_800
SIZES: Final = (400, 4_000, 40_000, 100_000)
PATIENCE: Final = 120
AT_HAND: Final = 100
"""Cases at least that are being handled when the day begins."""

MOST_REFUSED: Final = 0.02
"""Of the commands: two clients may mean the same case, and time goes on."""


@dataclass(frozen=True)
class Cost:
    """Of one size. cpu: microseconds of the service and of PostgreSQL for each request."""

    cases: int
    events: int
    rate: float
    cpu: tuple[float, ...]
    taken: Mapping[str, list[float]]
    given: Counter[str]
    refused: Counter[tuple[str, str]]

    @property
    def reads(self) -> list[float]:
        """Seconds of each read."""
        return [taken for read in READS for taken in self.taken[read.name]]

    @property
    def commands(self) -> list[float]:
        """Seconds of each command."""
        return [taken for name in self.given for taken in self.taken[name]]

    def beside(self, first: "Cost") -> Mapping[str, str]:
        """What is compared with the smallest size."""
        grown = sum(self.cpu) / sum(first.cpu)
        return {
            f"{self.events:,} events": f"{self.rate:,.0f} requests a second",
            f"{self.events:,} events, CPU": f"{shown_cpu(self.cpu)} us a request, {grown:.2f} x",
            f"{self.events:,} events, reads": shown(self.reads),
            f"{self.events:,} events, commands": shown(self.commands),
        }

    def report(self) -> None:
        """As tables."""
        total = self.given.total()
        report(
            f"A mixed day, {CLIENTS} clients, {self.cases:,} cases, {self.events:,} events",
            {
                "requests a second": f"{self.rate:,.0f}",
                "CPU of service + PostgreSQL, us a request": shown_cpu(self.cpu),
                "reads": shown(self.reads),
                "commands": shown(self.commands),
                "kinds of commands": f"{len(self.given)}",
                "refused": f"{self.refused.total()} of {total:,} commands {dict(self.refused)}",
                **{f"- {read.name}": shown(self.taken[read.name]) for read in READS},
            },
        )
        report(
            "Commands: their share, wanted and given, and how long they took",
            {
                name: f"{share:5.1%} {self.given[name] / total:5.1%}  {shown(self.taken[name])}"
                for name, share in shares().items()
            },
        )


def shown(seconds: list[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    high = quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]
    return f"p50 {1e3 * median(seconds):,.1f} ms, p99 {1e3 * high:,.1f} ms"


def shown_cpu(microseconds: tuple[float, ...]) -> str:
    """Of each process."""
    return " + ".join(f"{each:,.0f}" for each in microseconds)


@pytest.fixture(scope="module")
def costs() -> Iterator[list[Cost]]:
    """Of the sizes measured so far; how they grow is told at the end."""
    found: list[Cost] = []
    yield found
    if len(found) > 1:
        report(
            "How a mixed day grows",
            {name: figure for cost in found for name, figure in cost.beside(found[0]).items()},
        )


async def measure(place: Place, cases: int, staff: Staff) -> Cost:
    """A day in a district that is loaded."""
    with place.service() as service:
        postgres = EmbeddedServer(place.data_dir).look().pid()
        assert postgres is not None
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(
            base_url=service.client.base_url, limits=limits, timeout=PATIENCE
        ) as client:
            day = Day(client, staff.token, staff.holders)
            await day.find_cases(AT_HAND)
            await day.spend(WARMING, CLIENTS)
            day.forget()
            began = time.perf_counter()
            with cpu_of(service.process.pid, postgres) as cpu:
                await day.spend(REQUESTS, CLIENTS)
            rate = REQUESTS / (time.perf_counter() - began)
    per_request = tuple(1e6 * seconds / REQUESTS for seconds in cpu.used)
    return Cost(cases, day.position, rate, per_request, day.taken, day.given, day.refused)


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cases", SIZES)
async def test_an_ordinary_day(tmp_path: Path, cases: int, costs: list[Cost]) -> None:
    place = Place(tmp_path / "data", free_port())
    try:
        staff = await settle(place, cases)
        cost = await measure(place, cases, staff)
        cost.report()
        costs.append(cost)
        assert set(cost.given) == set(shares())
        assert cost.refused.total() <= MOST_REFUSED * cost.given.total(), cost.refused
    finally:
        embedded = EmbeddedServer(place.data_dir)
        if embedded.look().running():
            embedded.look().stop()
        remove(embedded.cluster)
