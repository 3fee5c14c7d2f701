"""Totals count every case once, in the cell it is in, however the events are cut into batches."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from domain.case.lifecycle import Stage
from domain.case.regions import PublicationState
from domain.journal import GENESIS_STREAM, JournalOpened
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_state import CaseState
from projections.totals import Dimension, TotalsFilter, totals
from projections.totals_view import TotalsView
from projections.view import OutOfStep
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import (
    LATER,
    OTHER,
    Said,
    hour,
    journals,
    recorded,
    registered,
)
from tests.projections.reference import states_at

EVERYTHING = Scope(every_case=True, own=None, internal=True)
BEIJING: Said = (
    JournalOpened,
    {
        "name": "a street",
        "time_zone": "Asia/Shanghai",
        "administrators": (),
        "demonstration": False,
    },
)


def counted(
    events: Sequence[RecordedEvent], by: Sequence[Dimension], wanted: TotalsFilter
) -> Counter[tuple[str | None, ...]]:
    cells: Counter[tuple[str | None, ...]] = Counter()
    for state in states_at(events, len(events), None).values():
        if not counts(state, wanted):
            continue
        month = state.registered_at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m")
        values = {
            Dimension.STAGE: state.stage,
            Dimension.TYPE: state.type_code,
            Dimension.UNIT: state.lead_unit,
            Dimension.CHANNEL: state.channel,
            Dimension.AREA: state.area,
            Dimension.MONTH: month,
        }
        cells[tuple(values[dimension] for dimension in by)] += 1
    return cells


def counts(state: CaseState, wanted: TotalsFilter) -> bool:
    is_closed = state.closed_at is not None
    return (
        (state.stage in wanted.stages if wanted.stages is not None else True)
        and (wanted.stages is not None or wanted.source is not None or state.source is None)
        and wanted.source in {None, state.source}
        and wanted.closed in {None, is_closed}
        and (wanted.publications is None or state.publication_state in wanted.publications)
    )


FILTERS = st.builds(
    TotalsFilter,
    stages=st.none() | st.lists(st.sampled_from(Stage)),
    source=st.sampled_from([None, "log", "other"]),
    closed=st.sampled_from([None, True, False]),
    publications=st.none() | st.lists(st.sampled_from(PublicationState), min_size=1),
)


@in_database
@given(
    events=journals(),
    by=st.permutations(list(Dimension)).flatmap(lambda all_: st.just(all_[:3])),
    wanted=FILTERS,
    cuts=st.lists(st.integers(1, 24), max_size=3),
)
async def test_totals_are_the_cases_in_each_cell(
    database: Database,
    events: list[RecordedEvent],
    by: list[Dimension],
    wanted: TotalsFilter,
    cuts: list[int],
) -> None:
    view = TotalsView()
    async with rolled_back(database) as connection:
        await apply(view, connection, events, cuts)
        await apply(view, connection, events[-3:])  # told again: counted once
        found = await totals(connection, EVERYTHING, by, wanted)
        rows = await connection.fetch("SELECT cases FROM case_totals")
        assert await view.position(connection) == len(events)
    assert {cell.keys: cell.cases for cell in found.cells} == counted(events, by, wanted)
    assert found.position == len(events)
    assert all(row["cases"] > 0 for row in rows)


def opened_in_beijing() -> list[RecordedEvent]:
    """A case registered late on the last day of February, UTC."""
    return [
        recorded(BEIJING, version=1, position=1, occurred_at=hour(-20), stream_id=GENESIS_STREAM),
        recorded(registered(), version=1, position=2, occurred_at=hour(-16), stream_id=OTHER),
        recorded(LATER[1], version=2, position=3, occurred_at=hour(0), stream_id=OTHER),
    ]


async def test_a_month_is_that_of_the_jurisdiction(database: Database) -> None:
    march = TotalsFilter(month_from=date(2024, 3, 1), month_to=date(2024, 3, 1))
    async with rolled_back(database) as connection:
        await apply(TotalsView(), connection, opened_in_beijing())
        found = await totals(connection, EVERYTHING, [Dimension.MONTH, Dimension.UNIT], march)
    assert [(cell.keys, cell.cases) for cell in found.cells] == [(("2024-03", "environment"), 1)]


async def test_whoever_may_not_see_every_case_sees_no_totals(database: Database) -> None:
    own = Scope(every_case=False, own="resident", internal=False)
    async with rolled_back(database) as connection:
        await apply(TotalsView(), connection, opened_in_beijing())
        found = await totals(connection, own, [Dimension.STAGE])
    assert not found.cells


async def test_a_hole_is_no_batch(database: Database) -> None:
    async with rolled_back(database) as connection:
        with pytest.raises(OutOfStep):
            await apply(TotalsView(), connection, opened_in_beijing()[1:])
