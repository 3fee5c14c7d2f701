"""Boards and figures of supervisors on a million events and 100,000 open clocks; plans shown."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from statistics import median
from typing import Any, Final

import asyncpg
import pytest
from rich.console import Console

from app.database import Database
from domain.case.clocks.measure import Light
from domain.reach import Range
from domain.scope import Scope
from domain.vocabulary import ClockKind
from projections import fact_figures, overdue
from projections.as_of import Moment
from projections.control_facts import FactKind
from projections.fact_figures import FactBy, Facts, delay_cells, fact_cells
from projections.open_cases import AgeingBy, WorkloadBy, ageing, workload
from projections.overdue import LATE, count_late, late_by_unit, late_clocks
from projections.paging import PageRequest
from projections.statement import Statement
from projections.supervised import Asked
from projections.view import Connection
from tests.benchmarks.many_cases import BEGAN
from tests.benchmarks.many_clocks import DAYS, END, fill
from tests.benchmarks.report import report
from tests.servers import Server

CASES: Final = 130_000
EVENTS: Final = 1_000_000
ROUNDS: Final = 7
TARGET: Final = 50.0
"""Milliseconds for a page of the board, and for a figure by unit."""

PAGE: Final = PageRequest(20)
EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
OFFICER: Final = Scope(
    every_case=False,
    own="officer-7",
    internal=True,
    units=frozenset({"unit-7"}),
    restricted=Range(units=frozenset({"unit-7"})),
)
DIRECTOR: Final = replace(EVERYTHING, every_case=False, every_open=True)
MIDDLE: Final = BEGAN + (END - BEGAN) / 2
NOW: Final = Asked(EVERYTHING, END)
THEN: Final = replace(NOW, at=MIDDLE, moment=Moment(EVENTS // 2, MIDDLE, EVENTS))
AS_IT_WAS: Final = replace(NOW, at=MIDDLE, moment=Moment(EVENTS, END, EVENTS, MIDDLE))
MONTH: Final = Facts(
    [FactKind.DISPATCHED, FactKind.RETURN_REQUESTED, FactKind.RETURN_REJECTED],
    [FactBy.UNIT],
    END - (END - BEGAN) / (DAYS / 30),
)
MONTH_THEN: Final = replace(MONTH, since=MIDDLE - (END - BEGAN) / (DAYS / 30), until=MIDDLE)
DELAYS: Final = replace(MONTH, kinds=[FactKind.DECIDED], by=[FactBy.DECISION, FactBy.BY_UNIT])

Read = Callable[[Connection], Awaitable[Any]]

PAGES: Final[dict[str, Read]] = {
    "now": lambda c: late_clocks(c, NOW, PAGE),
    "now, one kind": lambda c: late_clocks(c, NOW, PAGE, [ClockKind.STAGE]),
    "now, nearly due only": lambda c: late_clocks(c, NOW, PAGE, None, [Light.YELLOW]),
    "now, of a unit": lambda c: late_clocks(c, replace(NOW, units=["unit-7"]), PAGE),
    "now, in an area": lambda c: late_clocks(c, replace(NOW, areas=["grid-8"]), PAGE),
    "now, seen by a director": lambda c: late_clocks(c, replace(NOW, scope=DIRECTOR), PAGE),
    "now, seen by an officer": lambda c: late_clocks(c, replace(NOW, scope=OFFICER), PAGE),
    "now, the last page": lambda c: late_clocks(c, NOW, PageRequest(20, backward=True)),
    "as known then": lambda c: late_clocks(c, THEN, PAGE),
    "as it was at a time": lambda c: late_clocks(c, AS_IT_WAS, PAGE),
}
FIGURES: Final[dict[str, Read]] = {
    "returns of a month by unit": lambda c: fact_cells(c, NOW, MONTH),
    "returns of a month by unit, as known then": lambda c: fact_cells(c, THEN, MONTH_THEN),
    "approval delays of a month by unit": lambda c: delay_cells(c, NOW, DELAYS),
}
REPORTED: Final[dict[str, Read]] = {
    "board of a unit as known then": lambda c: late_clocks(
        c, replace(THEN, units=["unit-7"]), PAGE
    ),
    "board of a unit as it was": lambda c: late_clocks(
        c, replace(AS_IT_WAS, units=["unit-7"]), PAGE
    ),
    "approval delays of two years by unit": lambda c: delay_cells(
        c, NOW, replace(DELAYS, since=None)
    ),
    "clocks on the board": lambda c: count_late(c, NOW),
    "board by unit": lambda c: late_by_unit(c, NOW),
    "board by unit, as known then": lambda c: late_by_unit(c, THEN),
    "board by unit, as it was": lambda c: late_by_unit(c, AS_IT_WAS),
    "ages of open cases by unit": lambda c: ageing(c, NOW, AgeingBy.UNIT),
    "workload by unit": lambda c: workload(c, NOW, WorkloadBy.UNIT),
    "ages of open cases by unit, as it was": lambda c: ageing(c, AS_IT_WAS, AgeingBy.UNIT),
    "workload by unit, as known then": lambda c: workload(c, THEN, WorkloadBy.UNIT),
    "workload by unit, as it was": lambda c: workload(c, AS_IT_WAS, WorkloadBy.UNIT),
}


@pytest.fixture(scope="module")
async def filled(server: Server) -> AsyncIterator[Connection]:
    name = await server.copy()
    database = Database(server.service_dsn(name))
    writer = await database.connect(synchronous_commit="off")
    began = time.perf_counter()
    await fill(writer, CASES, EVENTS)
    open_clocks = await writer.fetchval("SELECT count(*) FROM clock_spans WHERE until IS NULL")
    spans = await writer.fetchval("SELECT count(*) FROM clock_spans")
    report(
        "District",
        {
            "filled in": f"{time.perf_counter() - began:.0f} s",
            "open clocks": f"{open_clocks:,}",
            "spans of clocks": f"{spans:,}",
        },
    )
    await writer.close()
    async with database.pool(1) as pool, pool.acquire() as connection:
        yield connection
    await server.drop(name)


async def milliseconds(connection: Connection, read: Read) -> float:
    """Median over rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await read(connection)
        times.append(time.perf_counter() - began)
    return 1000 * median(times)


async def plan(connection: Connection, statement: Statement, values: dict[str, Any]) -> str:
    rows: list[asyncpg.Record] = await connection.fetch(
        f"EXPLAIN (ANALYZE, COSTS OFF) {statement.sql}",
        *(values[name] for name in statement.names),
    )
    return "\n".join(row[0] for row in rows)


@pytest.mark.benchmark
@pytest.mark.parametrize("server", ["embedded"], indirect=True)
async def test_a_page_of_the_board_and_a_figure_by_unit_in_fifty_milliseconds(
    filled: Connection,
) -> None:
    bounded = {
        f"{sort}: {name}": await milliseconds(filled, read)
        for sort, reads in (("page", PAGES), ("figure", FIGURES))
        for name, read in reads.items()
    }
    others = {name: await milliseconds(filled, read) for name, read in REPORTED.items()}
    shown = {name: f"{took:.1f} ms" for name, took in {**bounded, **others}.items()}
    report(f"Boards over {EVENTS:,} events", shown)
    start = dict.fromkeys(("from_time", "from_id", "from_name", "to_time", "to_id", "to_name")) | {
        "limit": 21
    }
    for asked in (NOW, THEN, AS_IT_WAS):
        values = overdue._values(asked, None, LATE) | start
        text = await plan(filled, overdue.FORWARDS[asked.axis], values)
        Console().print(f"Plan: {asked.axis}\n{text}\n", markup=False, soft_wrap=True)
    text = await plan(filled, fact_figures.CELLS, fact_figures._values(NOW, MONTH))
    Console().print(f"Plan: returns\n{text}\n", markup=False, soft_wrap=True)
    assert max(bounded.values()) <= TARGET
