"""When a clock is late, and when nearly, by what its events say."""

from domain.case.clocks.changing import paused
from domain.case.clocks.clock import Pause
from projections.control_view import Running, late_from, yellow_from
from tests.projections.recorded import hour
from tests.projections.timing import clock


def test_a_clock_that_stands_still_before_it_is_due_is_never_late() -> None:
    assert late_from(clock()) == hour(10)
    assert late_from(paused(clock(), hour(3))) is None
    assert yellow_from(paused(clock(), hour(3)), None) is None
    assert late_from(paused(clock(), hour(11))) == hour(10)


def test_it_is_yellow_from_the_instant_that_its_events_say() -> None:
    running = clock()
    assert yellow_from(running, None) == hour(8)
    assert yellow_from(clock(next_percent=50, next_at=hour(5)), None) == hour(10)
    warned = clock(raised=80, next_percent=100, next_at=hour(10))
    assert yellow_from(warned, Running(running, 3, hour(0), hour(8))) == hour(8)
    assert yellow_from(warned, None) == hour(10)
    moved = clock(raised=80, due=hour(30), next_percent=100, next_at=hour(30))
    assert yellow_from(moved, Running(warned, 4, hour(8), hour(8))) == hour(30)
    waiting = clock(raised=80, next_percent=None, next_at=None, pauses=(Pause(hour(9)),))
    resumed = clock(
        raised=80,
        due=hour(30),
        next_percent=100,
        next_at=hour(30),
        pauses=(Pause(hour(9), hour(29)),),
    )
    assert yellow_from(resumed, Running(waiting, 5, hour(9))) == hour(29)
    anew = clock(raised=80, number=2, next_percent=100, next_at=hour(10))
    assert yellow_from(anew, Running(warned, 4, hour(8), hour(8))) == hour(10)


def test_one_that_was_given_more_time_after_it_had_warned_is_yellow_again() -> None:
    warned = clock(raised=80, next_percent=100, next_at=hour(10))
    more = clock(raised=80, due=hour(30), extensions=1, next_percent=80, next_at=hour(24))
    given = yellow_from(more, Running(warned, 4, hour(8), hour(8)))
    assert given == hour(24)
    again = clock(raised=80, due=hour(30), extensions=1, next_percent=100, next_at=hour(30))
    assert yellow_from(again, Running(more, 5, hour(24), given)) == hour(24)


def test_one_that_goes_on_after_a_rework_is_yellow_at_once_where_it_had_warned() -> None:
    sent_back = clock(
        raised=80,
        due=hour(12),
        next_percent=100,
        next_at=hour(12),
        pauses=(Pause(hour(9), hour(11)),),
    )
    assert yellow_from(sent_back, None) == hour(11)
