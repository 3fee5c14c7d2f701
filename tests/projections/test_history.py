"""The rows of a case's history give, at every moment, what folding its events anew gives."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.state import CaseOpened
from domain.recorded import RecordedEvent
from projections.case_rows import StateRow, row_of
from projections.case_state import CaseState, NotACase, evolve, is_quiet
from projections.history import NEVER, CaseHistory, HistoryRow, since
from projections.intervals import position_way, time_way
from tests.projections.recorded import (
    LATER,
    histories,
    hour,
    imported,
    recorded,
    registered,
)

HOURS = st.sampled_from([hour(half / 2) for half in range(-2, 16)])


def folded(events: Sequence[RecordedEvent], *, split: int = 0) -> CaseHistory:
    """All events that change something, in one batch or in two, as the view does it."""
    history = CaseHistory()
    for event in changing(events[:split]):
        history.add(event)
    if split:
        history = stored(history, events[:split])
    for event in changing(events[split:]):
        history.add(event)
    return history


def changing(events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    return [event for event in events if not is_quiet(event.event)]


def stored(history: CaseHistory, past: Sequence[RecordedEvent]) -> CaseHistory:
    """What the view reads back before the next batch."""
    chain = [row for row in history.added if row.by_time and row.known_to == NEVER]
    chain.sort(key=lambda row: (row.valid_from, row.valid_to is None, row.valid_to))
    again = CaseHistory(history.state, history.latest, past=past, added=history.added)
    for row in history.added:
        row.stored = True
    for row in chain:
        last = history.last or history.state
        assert last is not None
        again.load(row, last)
    return again


def all_rows(history: CaseHistory) -> list[HistoryRow]:
    """The rows of `case_history`, and the row of `cases` as a state that goes on."""
    assert history.state is not None
    assert history.latest is not None
    newest = HistoryRow(
        state=history.row,
        made_by=history.state.version,
        seq=0,
        known_from=history.state.position,
        valid_from=history.latest,
        by_version=True,
        by_time=history.in_order,
        next_position=NEVER,
    )
    return [*history.added, newest]


def by_version(rows: Sequence[HistoryRow], position: int) -> list[StateRow]:
    return [
        row.state
        for row in rows
        if row.by_version and row.known_from <= position < (row.next_position or 0)
    ]


def by_time(rows: Sequence[HistoryRow], position: int, time: datetime) -> list[StateRow]:
    return [
        row.state
        for row in rows
        if row.by_time
        and row.known_from <= position < row.known_to
        and row.valid_from <= time
        and (row.ends_after(time) or position < (row.valid_to_since or 0))
    ]


def reference(
    events: Sequence[RecordedEvent], position: int, time: datetime | None
) -> list[StateRow]:
    """The state by folding the events that change something, slowly."""
    known = [event for event in changing(events) if event.position <= position]
    if time is not None:
        known = [event for event in known if since(event) <= time]
        known.sort(key=lambda e: (not isinstance(e.event, CaseOpened), e.occurred_at, e.version))
    state: CaseState | None = None
    for event in known:
        state = evolve(state, event)
    return [row_of(state)] if state else []


@given(histories(), st.integers(0, 32), HOURS, st.integers(0, 15))
def test_every_moment_is_what_a_refold_gives(
    events: list[RecordedEvent], position: int, time: datetime, split: int
) -> None:
    rows = all_rows(folded(events, split=min(split, len(events))))
    assert by_version(rows, position) == reference(events, position, None)
    assert by_time(rows, position, time) == reference(events, position, time)


@given(histories(), st.integers(0, 15))
def test_the_rows_do_not_depend_on_batches(events: list[RecordedEvent], split: int) -> None:
    at_once, in_two = folded(events), folded(events, split=min(split, len(events)))
    assert [row.columns() for row in at_once.added] == [row.columns() for row in in_two.added]


@given(histories(), st.integers(1, 32), HOURS)
def test_the_index_finds_every_row_that_matches(
    events: list[RecordedEvent], position: int, time: datetime
) -> None:
    history = folded(events)
    assert history.state is not None
    head = history.state.position
    position = min(position, head)
    for row in history.added:
        if row.by_version and row.known_from <= position < (row.next_position or 0):
            assert row.fork in position_way(position, head)
        if row.by_time and row.known_from <= position < row.known_to and row.valid_from <= time:
            if row.ends_after(time):
                assert row.time_fork in time_way(time)
            elif position < (row.valid_to_since or 0):
                assert row.fork in position_way(position, head)


def test_changes_in_order_leave_one_row_each() -> None:
    said = [registered(), *LATER]
    events = [
        recorded(what, version=n, position=n, occurred_at=hour(n)) for n, what in enumerate(said, 1)
    ]
    history = folded(events)
    assert len(history.added) == len(changing(events)) - 1 < len(events) - 1
    assert all(row.by_version and row.by_time for row in history.added)
    assert history.in_order


def test_an_imported_history_counts_as_open_from_whatever_occurred_first() -> None:
    opening = recorded(imported(), version=1, position=1, occurred_at=hour(3))
    rows = all_rows(folded([opening]))
    assert (
        by_time(rows, 1, hour(-9)) == by_time(rows, 1, hour(3)) == [row_of(evolve(None, opening))]
    )


def test_a_backdated_event_is_what_was_known_only_later() -> None:
    events = [
        recorded(registered(), version=1, position=1, occurred_at=hour(0)),
        recorded(LATER[1], version=2, position=2, occurred_at=hour(4)),
        recorded(LATER[2], version=3, position=3, occurred_at=hour(2)),
    ]
    rows = all_rows(folded(events))
    units = {
        (position, when): [state["lead_unit"] for state in by_time(rows, position, hour(when))]
        for position in (2, 3)
        for when in (1, 3, 5)
    }
    assert units == {
        (2, 1): [None],
        (2, 3): [None],
        (2, 5): ["environment"],
        (3, 1): [None],
        (3, 3): ["water"],
        (3, 5): ["environment"],
    }
    assert [state["lead_unit"] for state in by_version(rows, 3)] == ["water"]


def test_a_stream_of_something_else_is_no_case() -> None:
    with pytest.raises(NotACase):
        evolve(None, recorded(LATER[0], version=1, position=1, occurred_at=hour(0)))


def test_times_are_stored_in_utc() -> None:
    eight = datetime(2024, 3, 1, 9, tzinfo=UTC) + timedelta(hours=8)
    state = evolve(None, recorded(registered(), version=1, position=1, occurred_at=eight))
    assert state.registered_at.tzinfo is UTC
    assert isinstance(state.case_id, UUID)
