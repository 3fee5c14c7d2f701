"""Filtered lists as of a past time beside the same lists now, on 150,000 cases; plans shown."""

import time
from collections.abc import AsyncIterator
from itertools import islice
from statistics import median
from typing import Final

import asyncpg
import pytest
from rich.console import Console

from app.database import Database
from domain.case.lifecycle import Stage
from domain.scope import Scope
from projections.as_of import Moment
from projections.case_lists import LISTS, Order
from projections.case_view import CasesView
from projections.cases import (
    DEFAULT_ORDER,
    CaseFilter,
    CaseOrder,
    OrderField,
    axis_of,
    list_cases,
    list_values,
    way_of,
)
from projections.paging import page_request
from projections.view import Connection
from tests.benchmarks.many_cases import many_cases
from tests.benchmarks.report import report
from tests.db.projections.applying import apply
from tests.servers import Server

CASES: Final = 150_000
AT_ONCE: Final = 2_000
ROUNDS: Final = 30
TARGET: Final = 3.0
EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
PAGE: Final = page_request(20, None, None, None)

FILTERS: Final = {
    "in progress": CaseFilter(stages=[Stage.IN_PROGRESS]),
    "closed": CaseFilter(stages=[Stage.CLOSED]),
    "of a unit": CaseFilter(lead_units=["unit-7"]),
    "of a unit, in progress": CaseFilter(lead_units=["unit-7"], stages=[Stage.IN_PROGRESS]),
    "in an area": CaseFilter(areas=["grid-8"]),
    "accepted or in progress": CaseFilter(stages=[Stage.ACCEPTED, Stage.IN_PROGRESS]),
}
BY_UPDATE: Final = CaseOrder(OrderField.UPDATED_AT)
LONG: Final = {
    "all": (CaseFilter(), DEFAULT_ORDER),
    "all, by update": (CaseFilter(), BY_UPDATE),
    "closed, by update": (FILTERS["closed"], BY_UPDATE),
    "in progress, by update": (FILTERS["in progress"], BY_UPDATE),
}
"""Lists of a large part of all cases: where they begin is found at once, now and then."""

LONG_TARGET: Final = 20.0
"""Milliseconds."""


@pytest.fixture(scope="module")
async def filled(server: Server) -> AsyncIterator[Connection]:
    name = await server.copy()
    database = Database(server.service_dsn(name))
    writer = await database.connect(synchronous_commit="off")
    events = many_cases(CASES)
    began, number = time.perf_counter(), 0
    while batch := list(islice(events, AT_ONCE)):
        await apply(CasesView(), writer, batch)
        number += len(batch)
    seconds = time.perf_counter() - began
    report("View of cases", {f"{number:,} events": f"{number / seconds:,.0f} events/s"})
    for table in CasesView.tables:
        await writer.execute(f"VACUUM ANALYZE {table}")
    await writer.close()
    async with database.pool(1) as pool, pool.acquire() as connection:
        yield connection
    await server.drop(name)


async def moments(connection: Connection) -> dict[str, Moment]:
    """The middle of the two years: as known then, and as it was."""
    head = await connection.fetchval("SELECT max(position) FROM timeline_events")
    middle, newest = [
        await connection.fetchval(
            "SELECT recorded_at FROM timeline_events WHERE position = $1", position
        )
        for position in (head // 2, head)
    ]
    return {
        "as known then": Moment(head // 2, middle, head),
        "as it was": Moment(head, newest, head, middle),
    }


async def milliseconds(
    connection: Connection,
    wanted: CaseFilter,
    then: Moment | None,
    order: CaseOrder = DEFAULT_ORDER,
) -> tuple[float, float]:
    """Median over rounds of the list now and, alternating with it, of the list then."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for now in (True, False):
            began = time.perf_counter()
            page = await list_cases(
                connection, EVERYTHING, wanted, order, PAGE, None if now else then
            )
            times[now].append(time.perf_counter() - began)
            assert page.rows
    return 1000 * median(times[True]), 1000 * median(times[False])


async def plan(connection: Connection, wanted: CaseFilter, moment: Moment) -> str:
    axis, way = axis_of(moment), way_of(EVERYTHING, wanted, moment)
    statement = LISTS[axis, way, Order[DEFAULT_ORDER.field], False]
    values = list_values(EVERYTHING, wanted, moment)
    values |= dict.fromkeys(("from_value", "from_id", "to_value", "to_id")) | {"limit": 21}
    rows: list[asyncpg.Record] = await connection.fetch(
        f"EXPLAIN (ANALYZE, COSTS OFF) {statement.sql}",
        *(values[name] for name in statement.names),
    )
    return "\n".join(row[0] for row in rows)


@pytest.mark.benchmark
@pytest.mark.parametrize("server", ["embedded"], indirect=True)
async def test_a_past_list_costs_at_most_three_times_the_list_now(filled: Connection) -> None:
    measured = {}
    ratios = {}
    long = []
    for then, moment in (await moments(filled)).items():
        for name, (wanted, order) in LONG.items():
            now, past = await milliseconds(filled, wanted, moment, order)
            long.append(past)
            measured[f"{name}, {then}"] = f"{past:.2f} ms / {now:.2f} ms now = {past / now:.1f} x"
        for name, wanted in FILTERS.items():
            now, past = await milliseconds(filled, wanted, moment)
            ratios[name, then] = past / now
            measured[f"{name}, {then}"] = f"{past:.2f} ms / {now:.2f} ms now = {past / now:.1f} x"
    report(f"Lists of 20 on {CASES:,} cases", measured)
    for then, moment in (await moments(filled)).items():
        name = "in progress"
        shown = await plan(filled, FILTERS[name], moment)
        Console().print(f"Plan: {name}, {then}\n{shown}\n", markup=False, soft_wrap=True)
    assert max(ratios.values()) <= TARGET
    assert max(long) <= LONG_TARGET
