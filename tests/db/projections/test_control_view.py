"""Spans of clocks and facts of control are a fold, however the events are cut into batches."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from domain.case.clocks.deadlines import CaseEscalated, DeadlineBreached
from domain.case.repeats import Repeated, RepetitionEscalated
from domain.case.returns import (
    ArbitrationRequested,
    ResponsibilityArbitrated,
    ReturnRejected,
    ReturnRequested,
    ReturnUpheld,
)
from domain.case.routing import CaseDispatched
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind
from projections.case_state import CaseState
from projections.control_facts import FactKind
from projections.control_view import ControlView, late_from
from projections.intervals import position_way
from projections.view import Connection, OutOfStep
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import (
    CASE,
    LATER,
    NOT_ROUTED,
    OTHER,
    Said,
    hour,
    record,
    recorded,
    registered,
)
from tests.projections.reference import state_at
from tests.projections.timing import CLOCKS, SUPERVISED, clock
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)


@st.composite
def timed(draw: st.DrawFn) -> list[RecordedEvent]:
    """Two cases, interleaved, whose clocks start, stop and change while they change hands.

    One that was imported may have begun with a clock.
    """
    opening = draw(st.sampled_from([registered(), record()]))
    turns = draw(st.lists(st.sampled_from([CASE, OTHER]), max_size=14))
    versions: dict[UUID, int] = {}
    events = []
    for position, stream_id in enumerate([CASE, OTHER, *turns], 1):
        version = versions[stream_id] = versions.get(stream_id, 0) + 1
        later = draw(st.one_of(st.sampled_from(CLOCKS), st.sampled_from(LATER)))
        events.append(
            recorded(
                opening if version == 1 else later,
                version=version,
                position=position,
                occurred_at=hour(position),
                stream_id=stream_id,
            )
        )
    return events


def expected_spans(state: CaseState) -> set[tuple[object, ...]]:
    return {
        (
            state.case_id,
            each.name,
            each.number,
            late_from(each),
            None if each.kind is ClockKind.VERIFICATION else each.unit or state.lead_unit,
            state.lead_unit,
            state.area,
            state.type_code,
            state.channel.value,
            state.officer,
            state.officer_position,
        )
        for each in state.details.clocks
    }


SPANS = """
SELECT case_id, name, (clock ->> 'number')::int, late_from, unit, lead_unit, area, type_code,
    channel, officer, officer_position
FROM clock_spans
WHERE since <= $1 AND (until IS NULL OR (until > $1 AND fork = ANY($2::bigint[])))
"""


@in_database
@given(events=timed(), cuts=st.lists(st.integers(1, 15), max_size=3))
async def test_spans_are_the_running_clocks_as_of_every_position(
    database: Database, events: list[RecordedEvent], cuts: list[int]
) -> None:
    view, head = ControlView(), len(events)
    async with rolled_back(database) as connection:
        await apply(view, connection, events, cuts)
        await apply(view, connection, events[-3:])  # told again: taken in once
        found = [
            await connection.fetch(SPANS, position, position_way(position, head))
            for position in range(1, head + 1)
        ]
        assert await view.position(connection) == head
    for position, rows in enumerate(found, 1):
        expected: set[tuple[object, ...]] = set()
        for stream_id in (CASE, OTHER):
            stream = [event for event in events if event.stream_id == stream_id]
            state = state_at(stream, position, None)
            expected |= expected_spans(state) if state else set()
        assert {tuple(row) for row in rows} == expected
        assert len(rows) == len(expected)


DISPATCHED: Said = (
    CaseDispatched,
    {**NOT_ROUTED, "lead_unit": "environment", "co_units": ("police",)},
)
AGAIN: Said = (CaseDispatched, {**NOT_ROUTED, "lead_unit": "water", "co_units": ()})
ASKED: Said = (
    ReturnRequested,
    {"ground": "Not ours", "basis": None, "suggested_unit": None, "requester": "ann"},
)
ARBITRATION: Said = (ArbitrationRequested, {"ground": "Not ours", "requester": "ann"})


def again(repeated: Repeated, unit: str | None) -> Said:
    """It goes up the ladder, since that happened again."""
    said = {"repeated": repeated, "times": 2, "most": 2, "policy": 1, "unit": unit}
    return RepetitionEscalated, {**said, "notified": ()}


async def facts(connection: Connection, *said: Said) -> list[tuple[object, ...]]:
    events = [
        recorded(what, version=number, position=number, occurred_at=hour(number))
        for number, what in enumerate((registered(), *said), 1)
    ]
    await apply(ControlView(), connection, events)
    rows = await connection.fetch(
        "SELECT kind, unit, other_unit, decision, occurred_at - since, clock, "
        "percent FROM control_facts "
        "ORDER BY position, seq"
    )
    return [tuple(value for value in row if value is not None) for row in rows]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            (DISPATCHED, ASKED, (ReturnUpheld, {"lead_unit": "environment"}), AGAIN),
            [
                (FactKind.DISPATCHED, "environment"),
                (FactKind.RETURN_REQUESTED, "environment"),
                (FactKind.RETURN_UPHELD, "environment"),
                (FactKind.DECIDED, "environment", "RETURN", timedelta(hours=1)),
                (FactKind.DISPATCHED, "water"),
                (FactKind.DISPATCHED_ANEW, "environment", "water"),
            ],
        ),
        (
            (DISPATCHED, ASKED, (ReturnRejected, {"ground": "It is"})),
            [
                (FactKind.DISPATCHED, "environment"),
                (FactKind.RETURN_REQUESTED, "environment"),
                (FactKind.RETURN_REJECTED, "environment"),
                (FactKind.DECIDED, "environment", "RETURN", timedelta(hours=1)),
            ],
        ),
        (
            (
                DISPATCHED,
                (DeadlineBreached, {"percent": 100, "clock": clock(raised=100)}),
                # The limit was passed once, whoever falls in for it.
                (CaseEscalated, {"percent": 100, "clock": clock(raised=100)}),
                (CaseEscalated, {"percent": 150, "clock": clock(raised=150, unit="water")}),
            ),
            [
                (FactKind.DISPATCHED, "environment"),
                (FactKind.BREACHED, "environment", "RESOLUTION", 100),
                (FactKind.ESCALATED, "water", "RESOLUTION", 150),
            ],
        ),
        (
            (
                DISPATCHED,
                again(Repeated.REWORKS, "environment"),
                (ReturnUpheld, {"lead_unit": "environment"}),
                again(Repeated.RETURNS, "environment"),
                again(Repeated.REOPENINGS, None),
            ),
            [
                (FactKind.DISPATCHED, "environment"),
                (FactKind.REWORKS_ESCALATED, "environment"),
                (FactKind.RETURN_UPHELD, "environment"),
                (FactKind.RETURNS_ESCALATED, "environment"),
                (FactKind.REOPENINGS_ESCALATED, "environment"),
            ],
        ),
        (
            SUPERVISED,
            [
                (FactKind.ORDER_ISSUED, "water"),
                (FactKind.ORDER_ISSUED, "water"),
                (FactKind.ORDER_REPLIED, "water"),
                (FactKind.DECIDED, "ORDER_REPLY", timedelta(hours=2)),
                (FactKind.ORDER_ESCALATED, "environment"),
                (FactKind.DECIDED, "ORDER_RELEASE", timedelta(hours=1)),
                (FactKind.INTERVIEW_HELD, "environment"),
                (FactKind.ORDER_RELEASED, "environment"),
                (FactKind.ORDER_ENDED, "water"),
            ],
        ),
        ([SUPERVISED[2]], []),
    ],
)
async def test_a_fact_is_about_whoever_had_the_case(
    database: Database, said: Sequence[Said], expected: list[tuple[object, ...]]
) -> None:
    async with rolled_back(database) as connection:
        assert await facts(connection, *said) == expected


@pytest.mark.parametrize(
    ("lead", "kind"),
    [("environment", FactKind.ARBITRATED_AGAINST), ("water", FactKind.ARBITRATED_ELSEWHERE)],
)
async def test_arbitration_ends_the_waiting_for_a_return_without_deciding_it(
    database: Database, lead: str, kind: FactKind
) -> None:
    decided = {"lead_unit": lead, "previous": "environment", "ground": "So", "final": True}
    arbitrated: Said = (ResponsibilityArbitrated, decided)
    async with rolled_back(database) as connection:
        found = await facts(connection, DISPATCHED, ASKED, ARBITRATION, arbitrated)
    assert [fact[0] for fact in found] == [
        FactKind.DISPATCHED,
        FactKind.RETURN_REQUESTED,
        FactKind.ARBITRATION_REQUESTED,
        kind,
        FactKind.DECIDED,
    ]
    assert found[-1][2:] == ("ARBITRATION", timedelta(hours=1))


async def test_a_hole_is_no_batch(database: Database) -> None:
    event = recorded(registered(), version=1, position=2, occurred_at=hour(1))
    async with rolled_back(database) as connection:
        with pytest.raises(OutOfStep):
            await apply(ControlView(), connection, [event])
