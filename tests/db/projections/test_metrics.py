"""Figures by the view are those that a recomputation from the journal comes to."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from math import isclose
from typing import Final
from uuid import uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.routing import CaseDispatched
from domain.catalogue.content import Label
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.figures import NOTHING_COUNTED, Tally, tally
from domain.metrics.rows import History, Row
from domain.metrics.vocabulary import Fact, Measure, PeriodRule
from domain.reach import Range
from domain.recorded import RecordedEvent
from domain.scope import Scope
from domain.vocabulary import Channel, Confidentiality
from projections.case_view import CasesView
from projections.counted import (
    Cell,
    Dimension,
    MetricFilter,
    Span,
    Wanted,
    values_of,
    way_of,
)
from projections.metric_cases import Behind, Which, count_behind, rows_behind
from projections.metric_view import MetricsView
from projections.metrics import TALLIES, counted_up_to, tallies
from projections.paging import PageRequest
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.counting import counted_journals, recounted
from tests.projections.recorded import CASE, NOT_ROUTED, Said, hour, recorded, registered

EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
LABEL: Final = Label(zh="指标", en="Metric")

NUMBERS: Final = MetricDefinition("numbers", LABEL, MetricKind.COUNT, Fact.REGISTERED)
DEFINITIONS: Final = [
    MetricDefinition("closing", LABEL, MetricKind.RATE, Fact.CLOSING_DUE, Fact.CLOSED_IN_TIME),
    MetricDefinition("handling", LABEL, MetricKind.RATE, Fact.HANDLING_DUE, Fact.HANDLED_IN_TIME),
    MetricDefinition("returns", LABEL, MetricKind.RATE, Fact.DISPATCHED, Fact.RETURN_ASKED),
    NUMBERS,
    MetricDefinition(
        "orders",
        LABEL,
        MetricKind.RATIO,
        Fact.TAKEN_ON,
        Fact.ORDER_ISSUED,
        period=PeriodRule.HAPPENED,
    ),
    MetricDefinition(
        "overdue", LABEL, MetricKind.MEDIAN_P90, Fact.CLOSING_DUE, measure=Measure.MULTIPLE
    ),
    MetricDefinition("equity", LABEL, MetricKind.SPREAD, Fact.CLOSED, measure=Measure.HOURS),
    MetricDefinition("lead", LABEL, MetricKind.MEDIAN_P90, Fact.WARNED, measure=Measure.LEAD_HOURS),
]

PERIODS: Final = [(hour(-99), hour(99)), (hour(2), hour(5)), (hour(3), hour(4))]

KEYS: Final[dict[Dimension, Callable[[History, Row], str | None]]] = {
    Dimension.UNIT: lambda _, row: row.unit,
    Dimension.AREA: lambda history, _: history.area,
    Dimension.TYPE: lambda history, _: history.type_code,
    Dimension.CHANNEL: lambda history, _: history.channel,
    Dimension.APPROVER: lambda _, row: row.by,
}

Rows = Sequence[tuple[History, Row]]


def fits(wanted: MetricFilter, history: History, row: Row) -> bool:
    def within(among: Collection[str] | None, value: str | None) -> bool:
        return among is None or value in among

    return (
        within(wanted.units, row.unit)
        and within(wanted.areas, history.area)
        and within(wanted.type_codes, history.type_code)
        and within(wanted.channels, history.channel)
        and history.source == wanted.source
    )


def recomputed(
    definition: MetricDefinition, wanted: Wanted, events: Sequence[RecordedEvent]
) -> dict[str | None, Tally]:
    """What the rows come to, in each group where anything was counted."""
    groups: dict[str | None, list[tuple[Row, str | None, Collection[str]]]] = {}
    for history in recounted(events):
        for row in history.rows.values():
            if fits(wanted.criteria, history, row):
                key = None if wanted.by is None else KEYS[wanted.by](history, row)
                each = row, history.area, history.excluded(row)
                groups.setdefault(key, []).append(each)
    counted = {
        key: tally(definition, rows, wanted.start, wanted.end, wanted.at)
        for key, rows in groups.items()
    }
    return {key: each for key, each in counted.items() if each != NOTHING_COUNTED}


def alike(one: Tally, other: Tally) -> bool:
    """The same numbers; what the database computes may differ in the last place."""
    numbers = [(one.median, other.median), (one.p90, other.p90)]
    numbers += zip(one.medians, other.medians, strict=True)
    return (one.n, one.hits, one.excluded) == (other.n, other.hits, other.excluded) and all(
        a == b or isclose(a or 0, b or 0, rel_tol=1e-9) for a, b in numbers
    )


FILTERS: Final = st.builds(
    MetricFilter,
    units=st.sampled_from([None, None, ["environment"], ["water", "police"]]),
    areas=st.sampled_from([None, None, ["grid-7"]]),
    type_codes=st.sampled_from([None, None, ["noise", "lift"]]),
    channels=st.sampled_from([None, None, [Channel.HOTLINE]]),
    source=st.sampled_from([None, None, None, "log"]),
)


@settings(in_database, max_examples=12)
@given(
    events=counted_journals(),
    criteria=FILTERS,
    period=st.sampled_from(PERIODS),
    by=st.sampled_from([None, *Dimension]),
    at=st.sampled_from([hour(4), hour(50)]),
)
async def test_a_figure_is_what_a_recomputation_comes_to(
    database: Database,
    events: list[RecordedEvent],
    criteria: MetricFilter,
    period: tuple[datetime, datetime],
    by: Dimension | None,
    at: datetime,
) -> None:
    wanted = Wanted(*period, at, criteria, by)
    middle = len(events) // 2
    async with rolled_back(database) as connection:
        await apply(MetricsView(), connection, events)
        assert await counted_up_to(connection) == len(events)
        for asked, known in (
            (wanted, events),
            (replace(wanted, position=middle), events[:middle]),
        ):
            for definition in DEFINITIONS:
                found = await tallies(connection, EVERYTHING, definition, asked)
                expected = recomputed(definition, asked, known)
                shown = {cell.key: each for cell, each in found.items() if each != NOTHING_COUNTED}
                assert shown.keys() == expected.keys(), definition.code
                for key, each in shown.items():
                    assert alike(each, expected[key]), (definition.code, key)


async def test_periods_begin_at_midnight_of_the_jurisdiction(database: Database) -> None:
    """Two cases, at 20:00 of one day and 02:00 of the next in Beijing: both on one day in UTC."""
    events = [
        recorded(
            registered(f"case-{number}"),
            version=1,
            position=number,
            occurred_at=at,
            stream_id=uuid5(CASE, str(number)),
        )
        for number, at in ((1, hour(3)), (2, hour(9)))
    ]
    wanted = Wanted(hour(-99), hour(99), hour(99), every=Span.DAY, time_zone="Asia/Shanghai")
    async with rolled_back(database) as connection:
        await apply(MetricsView(), connection, events)
        by_day = await tallies(connection, EVERYTHING, NUMBERS, wanted)
    assert {cell.begin: each.n for cell, each in by_day.items()} == {hour(-17): 1, hour(7): 1}


async def test_behind_a_figure_without_a_numerator_every_row_lacks_it(database: Database) -> None:
    """A median has none, and its rows are shown all the same."""
    wanted = Wanted(hour(-99), hour(99), hour(99))
    async with rolled_back(database) as connection:
        await apply(
            MetricsView(),
            connection,
            [recorded(registered("case-1"), version=1, position=1, occurred_at=hour(1))],
        )
        behind = Behind(NUMBERS, wanted, Cell())
        page = await rows_behind(connection, EVERYTHING, behind, PageRequest(9))
        counts = {
            which: await count_behind(connection, EVERYTHING, replace(behind, which=which))
            for which in Which
        }
    assert [row.hit for row in page.rows] == [False]
    assert counts == {Which.COUNTED: 1, Which.NUMERATOR: 0, Which.MISSED: 1, Which.EXCLUDED: 0}


async def test_a_figure_by_unit_is_read_from_an_index_alone(database: Database) -> None:
    definition, wanted = DEFINITIONS[0], Wanted(hour(-99), hour(99), hour(99), by=Dimension.UNIT)
    statement = TALLIES[way_of(definition, wanted), None]
    values = values_of(EVERYTHING, definition, Fact.CLOSING_DUE, wanted)
    async with rolled_back(database) as connection:
        # There are too few rows here to need one.
        await connection.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
        )
        rows = await connection.fetch(
            f"EXPLAIN {statement.sql}", *(values[name] for name in statement.names)
        )
    plan = "\n".join(row[0] for row in rows)
    assert "Index Only Scan using metric_facts_population_counts_at" in plan
    assert "Seq Scan" not in plan
    assert "SubPlan" not in plan


UNIT: Final = Range(units=frozenset({"environment"}))
SCOPES: Final = {
    "every case": (EVERYTHING, 3),
    "all but confidential ones": (replace(EVERYTHING, every_case=False, every_open=True), 2),
    "of a unit": (Scope(every_case=False, own=None, internal=True, units=UNIT.units), 1),
    "own ones alone": (Scope(every_case=False, own="resident", internal=False), 0),
}


async def test_what_a_caller_may_not_see_is_not_counted(database: Database) -> None:
    """Of the three one is with the unit, one is with nobody, one is confidential."""
    said: list[tuple[int, Said]] = [
        (1, registered("case-1")),
        (1, (CaseDispatched, {**NOT_ROUTED, "lead_unit": "environment", "co_units": ()})),
        (2, registered("case-2")),
        (3, registered("case-3")),
        (3, (ConfidentialityChanged, {"level": Confidentiality.CONFIDENTIAL})),
    ]
    events = [
        recorded(
            what,
            version=position,
            position=position,
            occurred_at=hour(position),
            stream_id=uuid5(CASE, str(case)),
        )
        for position, (case, what) in enumerate(said, 1)
    ]
    now = Wanted(hour(-99), hour(99), hour(99))
    async with rolled_back(database) as connection:
        for view in (CasesView(), MetricsView()):
            await apply(view, connection, events)
        for name, (scope, expected) in SCOPES.items():
            for wanted in (now, replace(now, position=4), replace(now, position=5)):
                found = await tallies(connection, scope, NUMBERS, wanted)
                assert found.get(Cell(), NOTHING_COUNTED).n == expected, name
