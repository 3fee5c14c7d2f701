"""The rows of the ledger are its fold: at any moment, however the events came into the journal."""

import pytest
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.intake import CaseAccepted
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.lifecycle import Stage
from domain.case.merging import CaseMergedInto, MergeReversed
from domain.case.returns import ReturnRequested, ReturnUpheld
from domain.case.routing import CaseDispatched
from domain.recorded import RecordedEvent
from projections.responsibility_view import NEVER, ResponsibilityView, decoded, interval_of
from projections.view import Connection
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import (
    CASE,
    LATER,
    NOT_ROUTED,
    OTHER,
    Said,
    hour,
    recorded,
    registered,
)
from tests.projections.timing import CLOCKS
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

VIEW = ResponsibilityView()
ALL = "SELECT * FROM responsibility ORDER BY version, since_version, known_from"
SITUATIONS = "SELECT * FROM responsibility_cases"
MERGED: tuple[Said, ...] = (
    (CaseMergedInto, {"survivor": OTHER, "survivor_no": "2", "stage_before": Stage.DISPATCHED}),
    (MergeReversed, {"survivor": OTHER, "stage": Stage.DISPATCHED, "timers": ()}),
)
RETURNED: tuple[Said, ...] = (
    (CaseAccepted, {}),
    *(said for said in LATER if said[0] in {ReturnRequested, ReturnUpheld}),
)


@st.composite
def lives(draw: st.DrawFn) -> list[RecordedEvent]:
    """What happened to a case, in an order of occurrence that is often another than it came in."""
    later = st.one_of(*map(st.sampled_from, (LATER, CLOCKS, RETURNED, MERGED)))
    said = [registered(), *draw(st.lists(later, min_size=4, max_size=14))]
    hours = [0, *(draw(st.integers(0, 9)) for _ in said[1:])]
    if draw(st.booleans()):
        hours.sort()
    return [
        recorded(what, version=number, position=2 * number, occurred_at=hour(hours[number - 1]))
        for number, what in enumerate(said, 1)
    ]


@settings(in_database, max_examples=25)
@given(events=lives(), cuts=st.sets(st.integers(1, 14)), data=st.data())
async def test_the_rows_are_the_fold_at_any_moment(
    database: Database, events: list[RecordedEvent], cuts: set[int], data: st.DataObject
) -> None:
    async with rolled_back(database) as connection:
        await apply(VIEW, connection, events, cuts)
        rows = await connection.fetch(ALL)
        situations = await connection.fetch(SITUATIONS)
        position = data.draw(st.integers(1, 2 * len(events)))
        time = data.draw(st.none() | st.integers(0, 9).map(hour))
        known = [
            interval_of(decoded(row))
            for row in rows
            if row["known_from"] <= position < row["known_to"]
        ]
        at_all = [each for each in events if each.position <= position]
        then = ledger_of(each for each in at_all if time is None or each.occurred_at <= time)
        expected = known_at(then.intervals, None, None)
        assert sorted(known_at(known, position, time), key=lambda each: each.begin) == expected
        note(f"replaced: {any(row['known_to'] != NEVER for row in rows)}")
    async with rolled_back(database) as connection:
        await apply(VIEW, connection, events, range(1, len(events)))
        assert [tuple(row) for row in await connection.fetch(ALL)] == [tuple(row) for row in rows]
        assert await connection.fetch(SITUATIONS) == situations


async def test_an_event_that_is_in_order_replaces_no_row(database: Database) -> None:
    """What becomes known later is filled in: one row for each interval of an ordinary case."""
    said = (registered(), *RETURNED[:1], *RETURNED[1:])
    events = [
        recorded(what, version=number, position=number, occurred_at=hour(number))
        for number, what in enumerate(said, 1)
    ]
    async with rolled_back(database) as connection:
        await apply(VIEW, connection, events, range(1, len(events)))
        rows = await connection.fetch(ALL)
        assert len(rows) == len(ledger_of(events).intervals)
        assert {row["known_to"] for row in rows} == {NEVER}
        assert await position_of(connection) == len(events)


async def test_the_fold_goes_on_in_the_order_of_occurrence(database: Database) -> None:
    """What was entered afterwards has a later version than what followed it."""
    said: tuple[tuple[int, Said], ...] = (
        (0, registered()),
        (1, (CaseAccepted, {})),
        (5, (CaseDispatched, {"lead_unit": "water", "co_units": (), **NOT_ROUTED})),
        (3, (FallbackOwnerAssigned, {"unit": "duty"})),
        (6, MERGED[0]),
        (8, MERGED[1]),
    )
    events = [
        recorded(what, version=number, position=number, occurred_at=hour(at))
        for number, (at, what) in enumerate(said, 1)
    ]
    async with rolled_back(database) as connection:
        await apply(VIEW, connection, events, range(1, len(events)))
        rows = [interval_of(decoded(row)) for row in await connection.fetch(ALL)]
    known = [each for each in rows if each.until is None]
    wrongly_merged = [each for each in known if each.is_afterwards]
    assert [(each.begin, each.end) for each in wrongly_merged] == [(hour(6), hour(8))]


async def position_of(connection: Connection) -> int:
    return await VIEW.position(connection)


async def test_what_does_not_concern_it_reads_and_writes_nothing(database: Database) -> None:
    event = recorded(registered(), version=1, position=1, occurred_at=hour(0), stream_id=CASE)
    async with rolled_back(database) as connection:
        await apply(VIEW, connection, [event])
        assert await position_of(connection) == 0
