"""Used and due times of clocks, through pauses and other calendars, against a walk by minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit, Timetable
from domain.case.clocks.changing import amended, at_rest, moved_to, paused, raised, resumed
from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import (
    LEAST,
    ON_THE_WALL,
    Light,
    budget,
    consumed,
    light,
    percent,
    reached,
)
from domain.case.clocks.recomputing import due_under
from domain.case.clocks.running import running_after
from domain.escalation_policy.content import NO_LADDER, Ladder, Rung
from domain.vocabulary import ClockKind
from tests.domain.minute_walk import MINUTE, MinuteWalk
from tests.domain.test_timetable import stories, timetable
from tests.domain.timing import clock

Pauses = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class ClockWalk:
    """The reference: a minute counts or does not."""

    walk: MinuteWalk
    unit: LimitUnit

    def used(self, first: datetime, last: datetime, pauses: Pauses) -> int:
        minutes = int((last - first) / MINUTE)
        return sum(self.counts(first + number * MINUTE, pauses) for number in range(minutes))

    def counts(self, minute: datetime, pauses: Pauses) -> bool:
        if any(begin <= minute < end for begin, end in pauses):
            return False
        return self.unit in ON_THE_WALL or self.walk.works(minute)

    def due(self, start: datetime, limit: Limit, pauses: Pauses) -> datetime:
        due = self.walk.due(start, limit)
        for begin, end in pauses:
            if begin >= due:
                continue
            left = self.used(begin, end, [])
            while left:
                left -= self.counts(due, [])
                due += MINUTE
        return due


limits = st.builds(
    Limit,
    st.integers(1, 600),
    st.sampled_from([LimitUnit.WALL_MINUTES, LimitUnit.WORKING_MINUTES]),
    st.sampled_from(LimitBegins),
    st.sampled_from(LimitEnds),
) | st.builds(
    Limit,
    st.integers(1, 2),
    st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS]),
    st.sampled_from(LimitBegins),
    st.sampled_from(LimitEnds),
)
Gaps = list[tuple[int, int]]
gaps: st.SearchStrategy[Gaps] = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 2_000)), max_size=2
)
"""Minutes until it stands still, and for which it does."""


def begun(start: datetime, limit: Limit, table: Timetable) -> Clock:
    return clock(
        ClockKind.RESOLUTION,
        started_at=start,
        limit=limit,
        due=table.due(start, limit),
        calendar=table.pin,
    )


def rested(clock: Clock, gaps: Gaps, table: Timetable) -> tuple[Clock, Pauses]:
    """The clock after it stood still so often, each time before it was due."""
    at, pauses = clock.started_at, list[tuple[datetime, datetime]]()
    for running, resting in gaps:
        begin = at + running * MINUTE
        if begin >= clock.due:
            break
        at = begin + resting * MINUTE
        clock = resumed(paused(clock, begin), at, table, NO_LADDER)
        pauses.append((begin, at))
    return clock, pauses


@settings(max_examples=20, deadline=None)
@given(stories(), limits, gaps, st.integers(0, 3 * 1440))
def test_used_and_due_are_what_a_walk_counts(
    story: tuple[MinuteWalk, Timetable, datetime], limit: Limit, gaps: Gaps, later: int
) -> None:
    walk, table, start = story
    clock, pauses = rested(begun(start, limit, table), gaps, table)
    reference = ClockWalk(walk, limit.unit)

    assert clock.due == reference.due(start, limit, pauses)
    at = start + later * MINUTE
    used = reference.used(start, at, pauses)
    assert consumed(clock, at, table) == used * MINUTE
    allowed = max(1, reference.used(start, clock.due, pauses))
    assert budget(clock, table) == allowed * MINUTE
    assert percent(clock, at, table) * allowed == 100 * used
    if at > clock.due:
        assert light(clock, at, table) is Light.RED
    else:
        nearly = 100 * used >= 80 * allowed
        assert light(clock, at, table) is (Light.YELLOW if nearly else Light.GREEN)


@settings(max_examples=15, deadline=None)
@given(stories(), limits, gaps, st.sampled_from([50, 80, 150, 200]))
def test_a_share_is_reached_when_so_much_is_used(
    story: tuple[MinuteWalk, Timetable, datetime], limit: Limit, gaps: Gaps, share: int
) -> None:
    _, table, start = story
    clock, _ = rested(begun(start, limit, table), gaps, table)
    at = reached(clock, share, table)
    used = budget(clock, table) * share / 100
    assert consumed(clock, at, table) == used
    before = at - timedelta(microseconds=1)
    assert consumed(clock, before, table) < used
    assert reached(clock, 100, table) == clock.due


@settings(max_examples=12, deadline=None)
@given(stories(), stories(), limits, limits, gaps)
def test_by_another_calendar_and_limit_it_is_due_as_a_walk_says(
    story: tuple[MinuteWalk, Timetable, datetime],
    other: tuple[MinuteWalk, Timetable, datetime],
    was: Limit,
    limit: Limit,
    gaps: Gaps,
) -> None:
    _, table, start = story
    walk, anew, _ = other
    clock, pauses = rested(begun(start, was, table), gaps, table)
    counted = msgspec.structs.replace(clock, limit=limit)
    due = ClockWalk(walk, limit.unit).due(start, limit, pauses)
    assert due_under(counted, limit, anew) == due


HOUR = timedelta(hours=1)
LADDER = Ladder((Rung(80), Rung(150, repeat_every=50)))


class TestActing:
    """A clock of a hundred hours of the wall; what it says next, and when."""

    TABLE = timetable()

    def wall(self, **said: Any) -> Clock:
        usual: dict[str, Any] = {"due": self.after(100), "next_percent": None, "next_at": None}
        return clock(limit=Limit(100 * 60, LimitUnit.WALL_MINUTES), **{**usual, **said})

    def after(self, hours: float) -> datetime:
        return clock().started_at + hours * HOUR

    @pytest.mark.parametrize(
        ("said", "hours", "expected"),
        [
            ({}, 10, (80, 80)),
            # It says nothing of a time that had passed when its limit was moved.
            ({}, 85, (100, 100)),
            ({}, 80, (100, 100)),
            ({"raised": 80}, 10, (100, 100)),
            # It is passed: the next is what lies beyond, after now.
            ({}, 120, (150, 150)),
            ({}, 160, (200, 200)),
            ({"raised": 100, "breached_at": clock().started_at}, 10, (150, 150)),
        ],
    )
    def test_amended_it_says_what_is_still_to_come(
        self, said: dict[str, Any], hours: float, expected: tuple[int, float]
    ) -> None:
        anew = amended(self.wall(**said), self.after(hours), self.TABLE, LADDER)
        assert (anew.next_percent, anew.next_at) == (expected[0], self.after(expected[1]))

    def test_amended_after_the_last_rung_it_says_nothing_more(self) -> None:
        anew = amended(self.wall(), self.after(120), self.TABLE, NO_LADDER)
        assert (anew.next_percent, anew.next_at) == (None, None)

    def test_amended_while_it_stands_still_it_says_nothing(self) -> None:
        resting = paused(self.wall(), self.after(10))
        anew = amended(resting, self.after(20), self.TABLE, LADDER)
        assert (anew.next_percent, anew.next_at) == (None, None)

    def test_moved_it_would_be_due_by_itself_as_much_later(self) -> None:
        bound = self.wall(own_due=self.after(130))
        assert moved_to(bound, self.after(110), self.TABLE, LADDER).own_due == self.after(140)
        assert moved_to(bound, self.after(90), self.TABLE, LADDER).own_due == self.after(130)
        resting = resumed(paused(bound, self.after(1)), self.after(3), self.TABLE, LADDER)
        assert (resting.due, resting.own_due) == (self.after(102), self.after(132))

    def test_what_counts_from_a_later_moment_has_used_nothing_before(self) -> None:
        tight = self.wall(counts_from=self.after(50), due=self.after(60))
        resting = msgspec.structs.replace(
            resumed(paused(self.wall(), self.after(40)), self.after(45), self.TABLE, LADDER),
            counts_from=self.after(50),
            due=self.after(60),
        )
        for each in (tight, resting):
            assert consumed(each, self.after(40), self.TABLE) == timedelta()
            assert consumed(each, self.after(55), self.TABLE) == 5 * HOUR
            assert budget(each, self.TABLE) == 10 * HOUR
            assert reached(each, 80, self.TABLE) == self.after(58)

    def test_what_it_said_stays_said_where_that_becomes_known_later(self) -> None:
        late = raised(self.wall(raised=80), 100, self.after(100), self.TABLE, LADDER)
        resting = paused(self.wall(), self.after(120))
        (after,) = running_after({"RESOLUTION": late}, None, (), (resting,)).values()
        assert (after.raised, after.breached_at) == (100, self.after(100))
        assert after.is_paused
        further = msgspec.structs.replace(resting, number=2)
        assert running_after({"RESOLUTION": late}, None, (), (further,))["RESOLUTION"] is further
        later = msgspec.structs.replace(late, due=self.after(130))
        assert running_after({"RESOLUTION": late}, None, (), (later,))["RESOLUTION"] is later

    @pytest.mark.parametrize(
        ("since", "at", "expected"),
        [(10, 40, Light.GREEN), (10, 500, Light.GREEN), (90, 500, Light.YELLOW)],
    )
    def test_while_it_stands_still_no_more_of_its_limit_is_used(
        self, since: int, at: int, expected: Light
    ) -> None:
        resting = paused(self.wall(), self.after(since))
        assert percent(resting, self.after(at), self.TABLE) == since
        assert budget(resting, self.TABLE) == 100 * HOUR
        assert light(resting, self.after(at), self.TABLE) is expected

    def test_what_was_passed_stays_red_while_it_stands_still(self) -> None:
        resting = paused(self.wall(), self.after(120))
        assert percent(resting, self.after(500), self.TABLE) == 120
        assert light(resting, self.after(500), self.TABLE) is Light.RED

    def test_while_it_rested_it_was_as_it_had_stopped(self) -> None:
        once = resumed(paused(self.wall(), self.after(10)), self.after(15), self.TABLE, LADDER)
        twice = resumed(paused(once, self.after(40)), self.after(50), self.TABLE, LADDER)
        assert at_rest(twice, self.after(5), self.TABLE) is None
        first = at_rest(twice, self.after(12), self.TABLE)
        assert first is not None
        assert (first[0].due, first[0].pauses, first[1]) == (self.after(100), (), self.after(10))
        second = at_rest(twice, self.after(45), self.TABLE)
        assert second is not None
        assert (second[0].due, second[1]) == (self.after(105), self.after(40))

    def test_a_pause_that_began_when_it_was_due_moves_no_other_due_time(self) -> None:
        resting = resumed(paused(self.wall(), self.after(99)), self.after(101), self.TABLE, LADDER)
        shorter = Limit(60, LimitUnit.WALL_MINUTES)
        assert due_under(resting, shorter, self.TABLE) == self.after(1)

    def test_one_that_is_due_when_it_starts_has_used_all_in_a_minute(self) -> None:
        at_once = self.wall(due=self.after(0))
        assert budget(at_once, self.TABLE) == LEAST
        assert light(at_once, self.after(0), self.TABLE) is Light.GREEN

    def test_one_says_each_percentage_once_in_their_order(self) -> None:
        acting, said = self.wall(), []
        acting = amended(acting, self.after(0), self.TABLE, LADDER)
        for _ in range(5):
            assert acting.next_percent is not None
            assert acting.next_at is not None
            said.append((acting.next_percent, acting.next_at))
            acting = raised(acting, acting.next_percent, acting.next_at, self.TABLE, LADDER)
        assert said == [(number, self.after(number)) for number in (80, 100, 150, 200, 250)]
        assert acting.breached_at == self.after(100)
