"""Figures by unit over 1,000,000 events: database time, and the plan they come by."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any, Final

import pytest
from rich.console import Console

from app.database import Database
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.starting import ClocksStarted
from domain.case.intake import CaseAccepted
from domain.case.routing import CaseDispatched
from domain.catalogue.content import Label
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.vocabulary import Fact, Measure
from domain.recorded import RecordedEvent
from domain.scope import Scope
from domain.vocabulary import ClockKind
from projections.counted import Dimension, Wanted, values_of, way_of
from projections.metric_view import MetricsView
from projections.metrics import TALLIES, tallies
from projections.view import Connection
from tests.benchmarks.many_cases import BEGAN, many_cases
from tests.benchmarks.report import report
from tests.db.projections.applying import apply
from tests.servers import Server

EVENTS: Final = 1_000_000
CASES: Final = 101_000
AT_ONCE: Final = 2_000
ROUNDS: Final = 15
TARGET_MS: Final = 50.0
EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
LEADER: Final = Scope(
    every_case=False, own="leader", internal=True, units=frozenset({"unit-7", "unit-8"})
)
YEAR: Final = (BEGAN + timedelta(days=200), BEGAN + timedelta(days=565))
MONTH: Final = (BEGAN + timedelta(days=300), BEGAN + timedelta(days=330))
EVER: Final = (BEGAN, BEGAN + timedelta(days=900))
NOW: Final = BEGAN + timedelta(days=900)

DAYS: Final = {
    ClockKind.RESOLUTION: 12,
    ClockKind.SIGN_OFF: 1,
    ClockKind.FIRST_CONTACT: 2,
    ClockKind.STAGE: 8,
}
LABEL: Final = Label(zh="按期结案率", en="Closed on time")
ON_TIME: Final = MetricDefinition(
    "on-time-closing",
    LABEL,
    MetricKind.RATE,
    counted=Fact.CLOSING_DUE,
    numerator=Fact.CLOSED_IN_TIME,
)
MULTIPLE: Final = MetricDefinition(
    "overdue-multiple",
    LABEL,
    MetricKind.MEDIAN_P90,
    counted=Fact.PASSED,
    measure=Measure.MULTIPLE,
)
HOURS: Final = MetricDefinition(
    "hours", LABEL, MetricKind.MEDIAN_P90, counted=Fact.CLOSED, measure=Measure.HOURS
)


def clock(kind: ClockKind, at: datetime, unit: str | None) -> Clock:
    return Clock(
        kind=kind,
        number=1,
        unit=unit,
        started_at=at,
        limit=Limit(DAYS[kind], LimitUnit.CALENDAR_DAYS),
        due=at + timedelta(days=DAYS[kind]),
        calendar="24x7",
        policy=1,
    )


def started(recorded: RecordedEvent, *clocks: Clock) -> RecordedEvent:
    place: dict[str, Any] = {
        "originator_id": recorded.stream_id,
        "originator_version": recorded.version,
        "timestamp": recorded.occurred_at,
        "clocks": clocks,
    }
    event = ClocksStarted(**place)
    return recorded._replace(event=event, topic=event.TOPIC)


def timed_cases() -> Iterator[RecordedEvent]:
    """Ten events a case, four clocks each."""
    position = 0
    for recorded in many_cases(CASES):
        position += 1
        yield recorded._replace(position=position)
        clocks: list[Clock] = []
        if isinstance(recorded.event, CaseAccepted):
            clocks = [clock(ClockKind.RESOLUTION, recorded.occurred_at, None)]
        if isinstance(recorded.event, CaseDispatched):
            unit = recorded.event.lead_unit
            kinds = (ClockKind.SIGN_OFF, ClockKind.FIRST_CONTACT, ClockKind.STAGE)
            clocks = [clock(kind, recorded.occurred_at, unit) for kind in kinds]
        if clocks:
            position += 1
            yield started(recorded, *clocks)._replace(position=position)


CASES_OF_FACTS: Final = """
INSERT INTO cases (case_id, version, position, updated_at, stage, case_no, channel, registered_at,
    lead_unit, area, type_code, co_units, cycle, on_behalf, latest_at, in_order)
SELECT case_id, 1, row_number() OVER (), began_at, 'CLOSED', case_id::text, channel, began_at,
    unit, area, type_code, '{}', 1, false, began_at, true
FROM metric_facts WHERE population = 'CASE'
"""
"""As much of the cases as deciding who may see them needs."""


@pytest.fixture(scope="module")
async def filled(server: Server) -> AsyncIterator[Connection]:
    name = await server.copy()
    database = Database(server.service_dsn(name))
    writer = await database.connect(synchronous_commit="off")
    events = islice(timed_cases(), EVENTS)
    began, number = time.perf_counter(), 0
    while batch := list(islice(events, AT_ONCE)):
        await apply(MetricsView(), writer, batch)
        number += len(batch)
    seconds = time.perf_counter() - began
    rows = await writer.fetchval("SELECT count(*) FROM metric_facts")
    past = await writer.fetchval("SELECT count(*) FROM metric_facts_past")
    report(
        "View of metrics",
        {
            f"{number:,} events": f"{number / seconds:,.0f} events/s",
            "rows now, and before": f"{rows:,}, {past:,}",
        },
    )
    await writer.execute(CASES_OF_FACTS)
    for table in (*MetricsView.tables, "cases"):
        await writer.execute(f"VACUUM ANALYZE {table}")
    await writer.close()
    async with database.pool(1) as pool, pool.acquire() as connection:
        yield connection
    await server.drop(name)


async def milliseconds(
    connection: Connection, definition: MetricDefinition, wanted: Wanted
) -> float:
    """The median time of one answer, as its caller waits for it."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert await tallies(connection, EVERYTHING, definition, wanted)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


async def in_database(
    connection: Connection,
    definition: MetricDefinition,
    wanted: Wanted,
    scope: Scope = EVERYTHING,
) -> float:
    """The median time of the database's own: planning and execution."""
    statement = TALLIES[way_of(definition, wanted), definition.measure]
    assert definition.counted is not None
    values = values_of(scope, definition, definition.counted, wanted)
    times = []
    for _ in range(ROUNDS):
        explained = await connection.fetchval(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.sql}",
            *(values[name] for name in statement.names),
        )
        (found,) = json.loads(explained)
        times.append(float(found["Planning Time"]) + float(found["Execution Time"]))
    return median(times)


async def plan(connection: Connection, definition: MetricDefinition, wanted: Wanted) -> str:
    statement = TALLIES[way_of(definition, wanted), definition.measure]
    assert definition.counted is not None
    values = values_of(EVERYTHING, definition, definition.counted, wanted)
    rows = await connection.fetch(
        f"EXPLAIN (ANALYZE, BUFFERS) {statement.sql}", *(values[name] for name in statement.names)
    )
    return "\n".join(row[0] for row in rows)


@pytest.mark.benchmark
async def test_a_metric_by_unit_answers_in_time(filled: Connection) -> None:
    measured = {}
    head = await filled.fetchval("SELECT position FROM metric_state")
    for name, definition in (("rate", ON_TIME), ("overdue multiple", MULTIPLE), ("hours", HOURS)):
        for span, (start, end) in (("ever", EVER), ("a year", YEAR), ("a month", MONTH)):
            wanted = Wanted(start, end, NOW, by=Dimension.UNIT)
            answer = await milliseconds(filled, definition, wanted)
            database = await in_database(filled, definition, wanted)
            measured[f"{name} by unit, {span}"] = f"{database:.1f} ms, answer {answer:.1f} ms"
    past = Wanted(*MONTH, NOW, by=Dimension.UNIT, position=head // 2)
    database = await in_database(filled, ON_TIME, past)
    measured["rate by unit, a month, as of a position"] = f"{database:.1f} ms"
    for span, period in (("a year", YEAR), ("a month", MONTH)):
        wanted = Wanted(*period, NOW, by=Dimension.UNIT)
        database = await in_database(filled, ON_TIME, wanted, LEADER)
        measured[f"rate by unit, {span}, within the reach of a unit"] = f"{database:.1f} ms"
    report(
        f"Database time of figures over {EVENTS:,} events, {TARGET_MS:.0f} ms wanted",
        measured,
    )
    by_unit = Wanted(*YEAR, NOW, by=Dimension.UNIT)
    Console().print(await plan(filled, ON_TIME, by_unit))
