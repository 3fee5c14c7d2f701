"""What supervisors read is what a fold of the events says, as of any moment and from any post."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import Light
from domain.case.regions import Hold
from domain.case.routing import CaseDispatched
from domain.reach import Range
from domain.recorded import RecordedEvent
from domain.scope import Scope
from domain.vocabulary import ClockKind
from projections.as_of import Moment
from projections.case_state import CaseState
from projections.case_view import CasesView
from projections.control_view import ControlView, late_from
from projections.open_cases import (
    AGE_BANDS,
    SOON,
    AgeingBy,
    Load,
    OrderLoad,
    UnitLoad,
    WorkloadBy,
    ageing,
    cases_of_age,
    cases_of_load,
    cases_of_orders,
    cases_waiting,
    open_orders,
    waiting,
    workload,
)
from projections.overdue import count_late, late_by_unit, late_cases, late_clocks
from projections.paging import PageRequest
from projections.supervised import OPEN_STAGES, Asked, CaseSet, cases_in
from projections.supervision import OPEN_STATES, OrderState
from projections.view import Connection
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import CASE, LATER, NOT_ROUTED, OTHER, hour, recorded, registered
from tests.projections.reference import is_inside, states_at
from tests.projections.timing import CLOCKS, SUPERVISED
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)
WATER: Final = Range(units=frozenset({"water"}))
UNIT: Final = Scope(
    every_case=False,
    own="resident",
    internal=True,
    units=WATER.units,
    restricted=WATER,
    confidential=WATER,
)
OPEN: Final = Scope(every_case=False, own="resident", internal=True, every_open=True)
RED: Final = (Light.RED,)
ALL: Final = PageRequest(100)
DISPATCHED: Final = (CaseDispatched, {**NOT_ROUTED, "lead_unit": "water", "co_units": ()})


@st.composite
def lives(draw: st.DrawFn) -> list[RecordedEvent]:
    """Two cases, interleaved, with backdated events, whose clocks start, stop and change."""
    turns = draw(st.lists(st.sampled_from([CASE, OTHER]), min_size=8, max_size=16))
    versions: dict[UUID, int] = {}
    events = []
    for position, stream_id in enumerate([CASE, OTHER, *turns], 1):
        version = versions[stream_id] = versions.get(stream_id, 0) + 1
        anything = draw(st.integers(0, 4)) == 4
        said = draw(st.sampled_from(LATER if anything else [*CLOCKS, DISPATCHED, *SUPERVISED]))
        events.append(
            recorded(
                registered(f"20240301-{position}") if version == 1 else said,
                version=version,
                position=position,
                occurred_at=hour(1 if version == 1 else draw(st.integers(1, 12))),
                stream_id=stream_id,
            )
        )
    return events


def whose(clock: Clock, state: CaseState) -> str | None:
    """The checker's time is no unit's."""
    return None if clock.kind is ClockKind.VERIFICATION else clock.unit or state.lead_unit


class Reference:
    """The cases as a fold says they were, of those that the caller sees from inside."""

    def __init__(self, events: Sequence[RecordedEvent], asked: Asked) -> None:
        self.asked = asked
        moment = asked.moment
        position = moment.position if moment else len(events)
        then = states_at(events, position, moment.occurred_at if moment else None)
        now = states_at(events, len(events), None)
        self.states = {
            case_id: state
            for case_id, state in then.items()
            if is_inside(asked.scope, now[case_id])
        }

    @property
    def open(self) -> list[CaseState]:
        return [state for state in self.states.values() if state.stage in OPEN_STAGES]

    def is_late(self, clock: Clock) -> bool:
        late = late_from(clock)
        return late is not None and late < self.asked.at

    @property
    def late(self) -> list[tuple[datetime, UUID, str, str | None]]:
        """The red clocks, the longest first."""
        return sorted(
            (clock.due, state.case_id, clock.name, whose(clock, state))
            for state in self.states.values()
            for clock in state.details.clocks
            if self.is_late(clock)
        )

    def loads(self, state: CaseState) -> set[Load]:
        at, clocks = self.asked.at, state.details.clocks
        running = [clock for clock in clocks if not clock.is_paused]
        marks = {
            Load.OPEN: True,
            Load.DUE_SOON: any(at <= clock.due < at + SOON for clock in running),
            Load.OVERDUE: any(map(self.is_late, clocks)),
            Load.SUSPENDED: state.hold is Hold.SUSPENDED,
        }
        return {load for load, holds in marks.items() if holds}

    def band(self, state: CaseState) -> int:
        days = (self.asked.at - state.registered_at).total_seconds() / 86_400
        return sum(days >= band for band in AGE_BANDS)


async def ids_of(connection: Connection, asked: Asked, cases: CaseSet) -> set[UUID]:
    page = await cases_in(connection, asked, cases, ALL)
    assert len(page.rows) == len({state.case_id for state in page.rows})
    return {state.case_id for state in page.rows}


async def check_late(connection: Connection, asked: Asked, expected: Reference) -> None:
    page = await late_clocks(connection, asked, ALL, None, RED)
    found = [(row.due_from, row.case_id, row.clock.name, row.unit) for row in page.rows]
    assert found == expected.late
    assert await count_late(connection, asked, None, RED) == len(found)
    by_unit = await late_by_unit(connection, asked, None, RED)
    assert {each.unit: each.red for each in by_unit} == Counter(row[3] for row in found)
    for each in by_unit:
        cases = {row[1] for row in found if row[3] == each.unit}
        assert await ids_of(connection, asked, late_cases(asked, each.unit, None, RED)) == cases
        assert each.cases == len(cases)


async def check_loads(connection: Connection, asked: Asked, expected: Reference) -> None:
    rows = await workload(connection, asked, WorkloadBy.POSITION)
    assert {(row.unit, row.position) for row in rows} == {
        (state.lead_unit, state.officer_position) for state in expected.open
    }
    for row in rows:
        for load in Load:
            cases = {
                state.case_id
                for state in expected.open
                if (state.lead_unit, state.officer_position) == (row.unit, row.position)
                and load in expected.loads(state)
            }
            assert count_of(row, load) == len(cases)
            behind = cases_of_load(asked, WorkloadBy.POSITION, row, load)
            assert await ids_of(connection, asked, behind) == cases


def count_of(row: UnitLoad, load: Load) -> int:
    counts: dict[Load, int] = {load: getattr(row, load.lower()) for load in Load}
    return counts[load]


async def check_ages(connection: Connection, asked: Asked, expected: Reference) -> None:
    bands = await ageing(connection, asked, AgeingBy.UNIT)
    counted = Counter((state.lead_unit, expected.band(state)) for state in expected.open)
    assert {(each.key, each.band): each.cases for each in bands} == counted
    for each in bands:
        behind = cases_of_age(asked, AgeingBy.UNIT, each.key, each.band)
        assert len(await ids_of(connection, asked, behind)) == each.cases


async def check_waiting(connection: Connection, asked: Asked, expected: Reference) -> None:
    found = await waiting(connection, asked)
    pending = {
        (decision.kind, state.lead_unit, state.case_id): decision.since
        for state in expected.open
        for decision in sorted(state.details.pending_decisions, key=lambda each: each.since)[::-1]
    }
    assert {(each.decision, each.unit): each.cases for each in found} == Counter(
        key[:2] for key in pending
    )
    for each in found:
        of = {
            key[2]: since for key, since in pending.items() if key[:2] == (each.decision, each.unit)
        }
        assert each.oldest == min(of.values())
        assert await ids_of(connection, asked, cases_waiting(asked, each)) == set(of)


async def check_orders(connection: Connection, asked: Asked, expected: Reference) -> None:
    """Open orders of each unit and level, and those of which the reply is awaited or was due."""
    open_ = [
        (order.unit, order.level, state.case_id, order.state is OrderState.OPEN, order.due)
        for state in expected.open
        for order in state.details.orders
        if order.state in OPEN_STATES
    ]
    found = await open_orders(connection, asked)
    assert {(each.unit, each.level) for each in found} == {order[:2] for order in open_}
    for each in found:
        mine = [order for order in open_ if order[:2] == (each.unit, each.level)]
        waited = [order for order in mine if order[3]]
        late = [order for order in waited if order[4] < asked.at]
        assert (each.open, each.unanswered, each.overdue) == (len(mine), len(waited), len(late))
        for load, orders in zip(OrderLoad, (mine, waited, late), strict=True):
            cases = await ids_of(connection, asked, cases_of_orders(asked, each, load))
            assert cases == {order[2] for order in orders}
            assert getattr(each, f"{load.lower()}_cases") == len(cases)


@settings(in_database, max_examples=40)
@given(
    events=lives(),
    scope=st.sampled_from([EVERYTHING, UNIT, OPEN]),
    position=st.none() | st.integers(4, 18),
    hours=st.none() | st.integers(4, 12),
    late=st.sampled_from([11, 25, 24 * 5]),
)
async def test_figures_are_what_a_fold_says(
    database: Database,
    events: list[RecordedEvent],
    scope: Scope,
    position: int | None,
    hours: int | None,
    late: int,
) -> None:
    head = len(events)
    moment = None
    if position is not None or hours is not None:
        known = min(position or head, head)
        recorded_at = events[known - 1].recorded_at
        moment = Moment(known, recorded_at, head, None if hours is None else hour(hours))
    asked = Asked(scope, hour(late), moment)
    expected = Reference(events, asked)
    async with rolled_back(database) as connection:
        await apply(CasesView(), connection, events)
        await apply(ControlView(), connection, events)
        await check_late(connection, asked, expected)
        await check_loads(connection, asked, expected)
        await check_ages(connection, asked, expected)
        await check_waiting(connection, asked, expected)
        await check_orders(connection, asked, expected)
