"""The allowance of strangers, and where it is counted."""

from hypothesis import given
from hypothesis import strategies as st

from app.rate_limit import Allowance


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 500))
def test_a_minute_s_allowance_may_be_taken_at_once_and_no_more(per_minute: int) -> None:
    allowance = Allowance(per_minute, Clock())
    assert [allowance.take("a") for _ in range(per_minute)] == [None] * per_minute
    wait = allowance.take("a")
    assert wait is not None
    assert abs(wait - 60 / per_minute) < 0.001


@given(st.integers(1, 100), st.integers(1, 20))
def test_it_refills_evenly(per_minute: int, taken: int) -> None:
    clock = Clock()
    allowance = Allowance(per_minute, clock)
    while allowance.take("a") is None:
        pass
    clock.now += taken * 60 / per_minute
    again = min(taken, per_minute)
    assert [allowance.take("a") for _ in range(again)] == [None] * again
    assert allowance.take("a") is not None


def test_waiting_as_long_as_was_said_is_enough() -> None:
    clock = Clock()
    allowance = Allowance(7, clock)
    while (wait := allowance.take("a")) is None:
        pass
    clock.now += wait
    assert allowance.take("a") is None


def test_a_refused_try_takes_nothing() -> None:
    clock = Clock()
    allowance = Allowance(1, clock)
    allowance.take("a")
    for _ in range(100):
        assert allowance.take("a") is not None
    clock.now += 60
    assert allowance.take("a") is None


def test_each_key_has_its_own() -> None:
    allowance = Allowance(1, Clock())
    assert allowance.take("a") is None
    assert allowance.take("b") is None
    assert allowance.take("a") is not None


def test_memory_is_bounded_and_the_one_that_took_longest_ago_is_forgotten() -> None:
    allowance = Allowance(1, Clock(), most_keys=2)
    for key in "abc":
        allowance.take(key)
    assert allowance.take("c") is not None
    assert allowance.take("a") is None
