"""Whose time was used, and who is late: sums that come out to the microsecond."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.state import WorkCalendars
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock, Pause
from domain.case.clocks.measure import budget, consumed
from domain.case.ledger.account import NOTHING, Entry, in_proportion
from domain.case.ledger.fold import ledger_of
from domain.case.ledger.interval import Part
from domain.case.suspension import CaseSuspended
from domain.catalogue.content import Label
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind
from tests.domain.endings import asked, verified
from tests.domain.histories import accepted, dispatched_to, registered, resolution, signed_for
from tests.domain.ledgers import HOUR, RULES, at, entries_of, lived, steps, timetable, told
from tests.domain.passages import assigned, return_requested, return_upheld
from tests.domain.scenario import Fact, happened
from tests.domain.timing import clock, started

ROADS, WATER = dispatched_to("roads"), dispatched_to("water")
CALENDAR: Final = RULES.calendar
assert isinstance(CALENDAR, WorkCalendars)


def limited(kind: ClockKind, begin: float, hours: float, **said: object) -> Clock:
    """A clock of so many hours around the clock."""
    limit = Limit(int(hours * 60), LimitUnit.WALL_MINUTES)
    return clock(kind, started_at=at(begin), limit=limit, due=at(begin + hours), **said)


def counted(entries: list[Entry]) -> list[tuple[str, float, float | None, float]]:
    """(part, consumed, budget, lateness) of each, in hours."""
    return [
        (
            each.piece.interval.holder.part.value,
            each.consumed / HOUR,
            None if each.budget is None else each.budget / HOUR,
            each.lateness / HOUR,
        )
        for each in entries
    ]


def test_without_a_clock_time_counts_around_the_clock_and_nobody_is_late() -> None:
    events = told(registered(), accepted, ROADS, times=[0, 1, 50])
    assert counted(entries_of(events, at(200))) == [
        ("DISPATCHER", 49, None, 0),
        ("LEAD", 150, None, 0),
    ]


def dispatched_late(*more: Clock) -> list[RecordedEvent]:
    """Accepted, with ten hours; dispatched after five of them."""
    facts: tuple[Fact, ...] = (
        registered(),
        accepted,
        started(limited(ClockKind.RESOLUTION, 0, 10), limited(ClockKind.DISPATCH, 0, 2)),
        ROADS,
        started(*(more or (limited(ClockKind.STAGE, 5, 4),))),
        signed_for,
    )
    return told(*facts, times=[0, 0, 0, 5, 5, 6])


def test_lateness_is_split_by_what_each_used_beyond_their_budget() -> None:
    entries = entries_of(dispatched_late(), at(13))
    assert [each[:3] for each in counted(entries)] == [("DISPATCHER", 5, 2), ("LEAD", 8, 4)]
    dispatcher, lead = (each.lateness for each in entries)
    assert dispatcher + lead == 3 * HOUR
    # Three hours and four beyond their budgets, which does not divide by seven.
    assert dispatcher == timedelta(microseconds=3 * 3 * 3_600_000_000 // 7)


def test_nobody_is_late_while_the_case_is_not() -> None:
    entries = entries_of(dispatched_late(), at(10))
    assert [each.lateness for each in entries] == [NOTHING, NOTHING]
    assert sum((each.counted for each in entries), NOTHING) == 10 * HOUR


def test_what_nobody_used_beyond_a_budget_is_the_lead_at_breach() -> None:
    """Nobody is charged with more than they went beyond: of 20 hours the dispatcher has three."""
    entries = entries_of(dispatched_late(limited(ClockKind.SIGN_OFF, 5, 1)), at(30))
    assert counted(entries) == [("DISPATCHER", 5, 2, 3), ("LEAD", 25, None, 17)]


def test_before_anybody_led_it_is_whoever_answered_then() -> None:
    events = told(
        registered(), accepted, started(limited(ClockKind.RESOLUTION, 0, 10)), times=[0, 0, 0]
    )
    assert counted(entries_of(events, at(12))) == [("DISPATCHER", 12, None, 2)]


def test_several_intervals_draw_from_one_limit() -> None:
    events = told(
        registered(),
        accepted,
        started(limited(ClockKind.RESOLUTION, 0, 10)),
        ROADS,
        started(limited(ClockKind.STAGE, 0, 6)),
        assigned("ann"),
        times=[0, 0, 0, 0, 0, 4],
    )
    assert counted(entries_of(events, at(11))) == [
        ("LEAD", 4, 6, 0),
        ("LEAD", 7, 2, 1),
    ]


def test_what_was_given_back_draws_from_what_the_dispatcher_had() -> None:
    events = told(
        registered(),
        accepted,
        started(limited(ClockKind.RESOLUTION, 0, 10), limited(ClockKind.DISPATCH, 0, 2)),
        ROADS,
        started(limited(ClockKind.STAGE, 1, 6)),
        return_requested(),
        started(limited(ClockKind.APPROVAL, 4, 1, key="RETURN")),
        return_upheld("roads"),
        started(limited(ClockKind.DISPATCH, 6, 2, number=2)),
        WATER,
        times=[0, 0, 0, 1, 1, 4, 4, 6, 6, 7],
    )
    assert counted(entries_of(events, at(14))) == [
        ("DISPATCHER", 1, 2, 0),
        # Three hours of the unit, of which one was left to the dispatcher.
        ("DISPATCHER", 3, 1, 2),
        ("DECIDER", 2, 1, 1),
        ("DISPATCHER", 1, 2, 0),
        ("LEAD", 7, None, 1),
    ]


def test_without_a_dispatch_before_it_there_is_no_budget_to_draw_from() -> None:
    events = told(registered(), accepted, ROADS, return_requested(), return_upheld("roads"))
    assert {each.budget for each in entries_of(events, at(9))} == {None}


def suspended(*clocks: Clock) -> Fact:
    return happened(
        CaseSuspended,
        number=1,
        suspension_reason="weather",
        label=Label("天气", "Weather"),
        expected_resume=at(99),
        clocks=clocks,
        decider="dispatcher",
    )


def test_suspended_time_is_somebodys_but_not_used() -> None:
    resting = limited(ClockKind.RESOLUTION, 0, 10, pauses=(Pause(at(3)),))
    events = told(
        registered(),
        accepted,
        started(limited(ClockKind.RESOLUTION, 0, 10)),
        ROADS,
        suspended(resting),
        times=[0, 0, 0, 1, 3],
    )
    [_, lead] = entries_of(events, at(20))
    assert (lead.piece.begin, lead.piece.end) == (at(1), at(20))
    assert (lead.consumed, lead.lateness) == (2 * HOUR, NOTHING)


def test_the_evaluators_time_is_measured_but_does_not_count() -> None:
    events = told(
        registered(),
        accepted,
        started(limited(ClockKind.RESOLUTION, 0, 4)),
        ROADS,
        signed_for,
        resolution(),
        verified,
        asked(),
        started(limited(ClockKind.FEEDBACK, 5, 1)),
        times=[0, 0, 0, 0, 1, 3, 5, 5, 5],
    )
    entries = entries_of(events, at(9))
    assert counted(entries) == [
        ("LEAD", 3, None, 1),
        ("CHECKER", 2, None, 0),
        ("EVALUATOR", 4, 1, 0),
    ]
    assert entries[-1].counted == NOTHING


def test_a_clock_that_starts_later_counts_from_then_on() -> None:
    events = told(
        registered(),
        accepted,
        ROADS,
        started(limited(ClockKind.RESOLUTION, 5, 4)),
        times=[0, 0, 1, 5],
    )
    [_, lead] = entries_of(events, at(10))
    assert (lead.consumed, lead.counted, lead.lateness) == (9 * HOUR, 5 * HOUR, HOUR)


@settings(max_examples=60)
@given(steps, st.integers(0, 90))
def test_the_sums_come_out_whatever_happens(
    given_steps: list[tuple[int, float, bool]], later: int
) -> None:
    """What was used adds up to the clock, and lateness to what was used beyond the limit."""
    events = lived(given_steps, RULES).events
    check_sums(events, max(each.occurred_at for each in events) + later * HOUR, CALENDAR)


def check_sums(
    events: Sequence[RecordedEvent], until: datetime, calendar: WorkCalendars | None
) -> None:
    """What was used adds up to each clock of the case, and so does lateness. calendar: of all."""
    ledger = ledger_of(events)
    entries = entries_of(events, until, calendar=calendar)
    ends = {
        (each.clock.number, each.clock.cycle): (each.clock, each.end)
        for each in ledger.intervals
        if each.clock is not None
    }
    running = ledger.situation.resolution
    if running is not None:
        ends[running.number, running.cycle] = running, None
    for number, (measured, end) in ends.items():
        table = timetable(measured.calendar, calendar)
        used = consumed(measured, end or until, table)
        of_clock = [each for each in entries if numbered(each, running) == number]
        assert sum((each.counted for each in of_clock), NOTHING) == used
        late = max(NOTHING, used - budget(measured, table))
        assert sum((each.lateness for each in of_clock), NOTHING) == late
        note(f"late: {late > NOTHING}")
    for each in entries:
        assert NOTHING <= each.counted <= each.consumed
        if each.piece.interval.holder.part is Part.EVALUATOR:
            assert each.lateness == NOTHING
    # Beside whoever led at the breach nobody has more than they used beyond their budget.
    for number in ends:
        of_clock = [each for each in entries if numbered(each, running) == number]
        assert sum(each.lateness > each.excess for each in of_clock) <= 1


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), max_size=9))
def test_a_whole_is_split_without_loss(whole: int, weights: list[int]) -> None:
    parts, total = in_proportion(whole, weights), sum(weights)
    assert sum(parts) == (whole if total else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * total - whole * weight) < total or not total
        assert part == 0 or weight


def numbered(entry: Entry, running: Clock | None) -> tuple[int, int] | None:
    """Number and cycle of the clock of the case that an entry is of."""
    interval = entry.piece.interval
    clock = running if interval.end is None else interval.clock
    return None if clock is None else (clock.number, clock.cycle)
