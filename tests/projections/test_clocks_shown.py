"""What a case is decided by and what is shown of it are one fold of its clocks."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.recorded import RecordedEvent
from projections.case_clocks import ClockRows
from projections.case_details import NONE
from projections.case_state import CaseState, evolve
from tests.domain.ledgers import RULES, lived, steps


def folded(events: list[RecordedEvent], case: Case | None = None) -> Case | None:
    for recorded in events:
        case = recorded.event.mutate(case)
    return case


@settings(max_examples=40, deadline=None)
@given(steps, st.integers(0, 60))
def test_decided_by_and_shown_are_one_also_in_pieces(
    taken: list[tuple[int, float, bool]], cut: int
) -> None:
    life = lived(taken, RULES)
    events = life.events

    first = folded(events[:cut])
    assert folded(events[cut:], deepcopy(first)) == folded(events) == life.case
    state: CaseState | None = None
    rows = ClockRows()
    for recorded in events:
        before = NONE if state is None else state.details
        state = evolve(state, recorded)
        rows.add(before.clocks, state.details.clocks, recorded)
    assert state is not None
    assert {clock.name: clock for clock in state.details.clocks} == life.case.clocks
    running = {row["name"]: row["clock"] for row in rows.rows.values() if not row["stopped_at"]}
    assert running == life.case.clocks
    assert {row["name"] for row in rows.rows.values()} == life.case.clocks_known.keys()
