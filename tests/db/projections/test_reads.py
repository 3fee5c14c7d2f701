"""Every read of cases and timelines gives what folding the events gives, at every moment."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.case.lifecycle import Stage
from domain.case.vocabulary import Audience, Channel
from domain.reach import EVERYWHERE, Range
from domain.recorded import RecordedEvent
from domain.scope import NOTHING, Scope
from projections.as_of import Moment
from projections.case_state import CaseState
from projections.case_view import CasesView
from projections.cases import (
    CaseFilter,
    CaseOrder,
    OrderField,
    cases_by_ids,
    count_cases,
    list_cases,
)
from projections.changed_cases import case_events_after
from projections.outside import audience_of
from projections.paging import Page, page_request
from projections.timeline import timeline_counts, timelines
from projections.view import Connection
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import LATER, hour, journals, recorded, registered
from tests.projections.reference import (
    is_inside,
    matches,
    sees,
    shared_parts,
    shown,
    state_at,
    states_at,
)

EVERYTHING = Scope(every_case=True, own=None, internal=True)
RESIDENT = Scope(every_case=False, own="resident", internal=False)


def staff(*units: str, areas: tuple[str, ...] = (), own: str = "clerk") -> Scope:
    return Scope(
        every_case=False, own=own, internal=True, units=frozenset(units), areas=frozenset(areas)
    )


SCOPES = [
    EVERYTHING,
    RESIDENT,
    NOTHING,
    staff("water"),
    staff("environment", "gas"),
    staff("police"),
    staff(areas=("grid-7", "grid-9")),
    staff("water", areas=("grid-9",), own="resident"),
    replace(
        staff("environment", "police", own="resident"),
        every_open=True,
        restricted=Range(units=frozenset({"police"}), areas=frozenset({"grid-7"})),
        confidential=Range(units=frozenset({"water", "police"})),
    ),
    replace(staff(), restricted=EVERYWHERE, confidential=Range(areas=frozenset({"grid-7"}))),
]

Row = TypeVar("Row")


@asynccontextmanager
async def holding(
    database: Database, events: Sequence[RecordedEvent], cut: int = 0
) -> AsyncIterator[Connection]:
    async with rolled_back(database) as connection:
        await apply(CasesView(), connection, events, [cut])
        yield connection


moments = st.builds(
    lambda position, time: (position, time),
    st.integers(0, 1000),
    st.none() | st.just(hour(9)) | st.sampled_from([hour(half / 2) for half in range(18)]),
)

filters = st.builds(
    CaseFilter,
    stages=st.none() | st.lists(st.sampled_from(Stage), max_size=4),
    type_codes=st.none() | st.just(["noise"]),
    lead_units=st.none() | st.sampled_from([["water"], ["water", "environment"], []]),
    areas=st.none() | st.just(["grid-7"]),
    channels=st.none() | st.lists(st.sampled_from(Channel), min_size=5, max_size=9),
    registered_from=st.none() | st.just(hour(2)),
    registered_to=st.none() | st.just(hour(5)),
    text=st.none() | st.sampled_from(["noise", "漏水", "NIGHT 施工", "ten", "leak"]),
    source=st.none() | st.just("log"),
)


def moment_of(events: Sequence[RecordedEvent], position: int, time: datetime | None) -> Moment:
    position %= len(events) + 1
    recorded_at = events[position - 1].recorded_at if position else None
    return Moment(position, recorded_at, len(events), time)


def in_order(states: Sequence[CaseState], order: CaseOrder) -> list[CaseState]:
    def key(state: CaseState) -> tuple[object, UUID]:
        match order.field:
            case OrderField.REGISTERED_AT:
                return state.registered_at, state.case_id
            case OrderField.UPDATED_AT:
                return state.position, state.case_id
            case OrderField.CASE_NO:
                return state.case_no, state.case_id

    return sorted(states, key=key, reverse=order.descending)


async def all_pages(
    connection: Connection,
    scope: Scope,
    wanted: CaseFilter,
    order: CaseOrder,
    moment: Moment | None,
    *,
    backward: bool,
    size: int = 2,
) -> list[CaseState]:
    """The whole list, so many rows at a time, from either end."""
    found: list[CaseState] = []
    cursor: str | None = None
    while True:
        page = (
            page_request(None, None, size, cursor)
            if backward
            else page_request(size, cursor, None, None)
        )
        got: Page[CaseState] = await list_cases(connection, scope, wanted, order, page, moment)
        assert len(got.rows) <= size
        found = [*got.rows, *found] if backward else [*found, *got.rows]
        if not (got.has_previous if backward else got.has_next):
            return found
        cursor = got.cursors[0] if backward else got.cursors[-1]


@in_database
@given(
    events=journals(),
    at=moments | st.none(),
    wanted=st.just(CaseFilter()) | filters,
    order=st.builds(CaseOrder, st.sampled_from(OrderField), st.booleans()),
    scope=st.sampled_from(SCOPES),
    backward=st.booleans(),
    cut=st.integers(0, 30),
)
async def test_lists(
    database: Database,
    events: list[RecordedEvent],
    at: tuple[int, datetime | None] | None,
    wanted: CaseFilter,
    order: CaseOrder,
    scope: Scope,
    backward: bool,
    cut: int,
) -> None:
    moment = None if at is None else moment_of(events, *at)
    position, time = (len(events), None) if at is None else (at[0] % (len(events) + 1), at[1])
    now = states_at(events, len(events), None)
    may_be_shared = (wanted.lead_units, wanted.areas, wanted.text, wanted.source) == (None,) * 4
    expected = [
        seen
        for state in in_order(list(states_at(events, position, time).values()), order)
        if (may_be_shared or sees(scope, now[state.case_id])) and matches(wanted, state)
        if (seen := shown(scope, now[state.case_id], state)) is not None
    ]
    async with holding(database, events, cut) as connection:
        found = await all_pages(connection, scope, wanted, order, moment, backward=backward)
        assert found == expected
        assert await count_cases(connection, scope, wanted, moment) == len(expected)


@st.composite
def told(draw: st.DrawFn) -> list[RecordedEvent]:
    """Of four cases, one after the other: each event is told at once, soon, or hours later."""
    cases = [UUID(int=number) for number in range(1, 5)]
    turns = cases + draw(st.lists(st.sampled_from(cases), min_size=10, max_size=18))
    now, events = 4.0, list[RecordedEvent]()
    for position, case_id in enumerate(turns, 1):
        version = turns[:position].count(case_id)
        now += draw(st.sampled_from([0, 0.5, 1]))
        delay = draw(st.sampled_from([0, 0.5, 0.5, 2, 4])) if version > 1 else 4
        said = draw(st.sampled_from(LATER)) if version > 1 else registered(f"20240301-{position}")
        event = recorded(
            said,
            version=version,
            position=position,
            occurred_at=hour(now - delay),
            stream_id=case_id,
        )
        events.append(event._replace(recorded_at=hour(now)))
    return events


@settings(in_database, max_examples=40)
@given(
    events=told(),
    unknown=st.sampled_from([0, 0, 3]),
    chosen=st.integers(4, 13),
    order=st.builds(CaseOrder, st.just(OrderField.UPDATED_AT), st.booleans()),
    backward=st.booleans(),
)
async def test_the_newest_updates_by_a_time_are_found_whenever_they_became_known(
    database: Database,
    events: list[RecordedEvent],
    unknown: int,
    chosen: int,
    order: CaseOrder,
    backward: bool,
) -> None:
    time = events[chosen].occurred_at
    moment = moment_of(events, len(events) - unknown, time)
    then = list(states_at(events, moment.position, time).values())
    async with holding(database, events) as connection:
        found = await all_pages(
            connection, EVERYTHING, CaseFilter(), order, moment, backward=backward, size=1
        )
    assert found == in_order(then, order)


@in_database
@given(events=journals(), at=moments, scope=st.sampled_from(SCOPES))
async def test_cases_and_their_timelines(
    database: Database,
    events: list[RecordedEvent],
    at: tuple[int, datetime | None],
    scope: Scope,
) -> None:
    moment = moment_of(events, *at)
    position, time = moment.position, at[1]
    ids = sorted({event.stream_id for event in events})
    now = states_at(events, len(events), None)
    async with holding(database, events) as connection:
        found = await cases_by_ids(connection, scope, ids, moment)
        pages = await timelines(connection, scope, ids, page_request(None, None, 3, None), moment)
        counts = await timeline_counts(connection, scope, ids, moment)
    states = states_at(events, position, time)
    expected = {case_id: shown(scope, now[case_id], state) for case_id, state in states.items()}
    assert found == {case_id: state for case_id, state in expected.items() if state is not None}
    for case_id in ids:
        internal = scope.internal and is_inside(scope, now[case_id])
        told = sees(scope, now[case_id]) or "TIMELINE" in (shared_parts(scope, now[case_id]) or ())
        seen = [
            event.version
            for event in events
            if event.stream_id == case_id
            and told
            and event.position <= position
            and (time is None or event.occurred_at <= time)
            and (internal or audience_of(event.event) is not Audience.INTERNAL)
        ]
        assert [event.version for event in pages[case_id].rows] == seen[-3:]
        assert pages[case_id].has_previous == (len(seen) > 3)
        assert counts[case_id] == len(seen)
        assert all((event.actor is None) is not internal for event in pages[case_id].rows)


@in_database
@given(events=journals(), wanted=filters, limit=st.integers(1, 5))
async def test_changes_are_told_where_a_case_matched_before_or_after(
    database: Database, events: list[RecordedEvent], wanted: CaseFilter, limit: int
) -> None:
    def matched(event: RecordedEvent) -> bool:
        stream = [other for other in events if other.stream_id == event.stream_id]
        states = (
            state_at(stream, event.position - 1, None),
            state_at(stream, event.position, None),
        )
        return any(state is not None and matches(wanted, state) for state in states)

    found = []
    position = 0
    async with holding(database, events) as connection:
        while position < len(events):
            some, position = await case_events_after(
                connection,
                EVERYTHING,
                after_position=position,
                until_position=len(events),
                limit=limit,
                criteria=wanted,
            )
            found += [event.position for event in some]
    assert found == [event.position for event in events if matched(event)]


async def test_a_case_told_out_of_order_is_listed_once_as_it_was(database: Database) -> None:
    told = [(registered(), 0), (LATER[1], 4), (LATER[2], 2)]
    events = [
        recorded(said, version=n, position=n, occurred_at=hour(when))
        for n, (said, when) in enumerate(told, 1)
    ]
    units = {}
    async with holding(database, events) as connection:
        for time in (None, hour(1), hour(3), hour(5)):
            found = await list_cases(
                connection,
                EVERYTHING,
                CaseFilter(),
                CaseOrder(),
                page_request(5, None, None, None),
                moment_of(events, 3, time),
            )
            units[time] = [state.lead_unit for state in found.rows]
    assert units == {
        None: ["water"],
        hour(1): [None],
        hour(3): ["water"],
        hour(5): ["environment"],
    }
