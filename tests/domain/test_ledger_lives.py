"""Whatever happens to a case, the ledger says of each instant what the case itself says."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.ledger.interval import Part
from domain.case.ledger.situation import HELD, Situation, concerns, situation_after
from domain.case.lifecycle import Stage
from domain.case.regions import ReturnState
from domain.case.state import CaseEvent
from domain.command import NOTHING_ARRANGED
from domain.recorded import RecordedEvent
from tests.domain.ledgers import RULES, lived, steps

NEVER: Final = datetime.max.replace(tzinfo=UTC)


def expected(case: Case) -> Part | None:
    """Whose turn it is, as the aggregate says."""
    if case.stage not in HELD:
        return None
    asked = case.void_request or case.holding.suspension_asked or case.holding.extension_asked
    if case.returns.state is not ReturnState.NONE or asked:
        return Part.DECIDER
    if case.stage in {Stage.RESOLVED, Stage.AWAITING_FEEDBACK}:
        return Part.CHECKER if case.stage is Stage.RESOLVED else Part.EVALUATOR
    if case.lead_unit is None:
        return Part.DISPATCHER
    return Part.FALLBACK if case.fallback_unit else Part.LEAD


@settings(max_examples=50)
@given(steps, st.booleans(), st.data())
def test_whatever_happens_one_answers_at_a_time_and_always_one(
    given_steps: list[tuple[int, float, bool]],
    timed: bool,
    data: st.DataObject,
) -> None:
    events = lived(given_steps, RULES if timed else NOTHING_ARRANGED).events
    intervals = ledger_of(events).intervals
    held: list[tuple[datetime, datetime]] = []
    for case, begin, end in standing(events):
        whose = expected(case)
        if whose is not None:
            held.append((begin, end))
        then = known_at(intervals, None, begin)
        so_far = ledger_of(each for each in events if each.occurred_at <= begin)
        assert then == known_at(so_far.intervals, None, None)
        holding = [one.holder for one in then if one.end is None]
        assert [one.part for one in holding] == ([whose] if whose else [])
        leading = [one for one in holding if one.part is Part.LEAD]
        assert all((one.unit, one.person) == (case.lead_unit, case.officer) for one in leading)
    current = known_at(intervals, None, None)
    for interval in current:
        note(interval.holder.part)
    assert joined((each.begin, each.end or NEVER) for each in current) == joined(held)
    position = data.draw(st.integers(0, len(events)))
    known = ledger_of(each for each in events if each.position <= position)
    assert known_at(intervals, position, None) == known_at(known.intervals, None, None)


def standing(events: list[RecordedEvent]) -> Iterator[tuple[Case, datetime, datetime]]:
    """The case as it stood from when to when, as far as that took any time.

    What only concerns the ledger changes its situation, which is looked at on the way.
    """
    case: Case | None = None
    situation, begin = Situation(), events[0].occurred_at
    for each in events:
        # A deadline is recorded behind what came after it, and changes nothing of this.
        if not isinstance(each.event, DeadlineReached):
            if case is not None and begin < each.occurred_at:
                yield case, begin, each.occurred_at
            begin = each.occurred_at
        case = each.event.mutate(case)
        if isinstance(each.event, CaseEvent) and not isinstance(each.event, DeadlineReached):
            after = situation_after(situation, each.event)
            assert concerns(each.event) or after == situation
            situation = after
    assert case is not None
    yield case, begin, NEVER


def joined(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Stretches that follow each other as one; none may begin before the last one has ended."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in stretches:
        assert not found or found[-1][1] <= begin
        if found and found[-1][1] == begin:
            found[-1] = found[-1][0], end
        elif begin < end:
            found.append((begin, end))
    return found
