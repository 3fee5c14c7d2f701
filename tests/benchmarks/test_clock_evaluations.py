"""How a million clocks stand at an instant: used, allowed, light. On one core."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import pytest

from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit, Timetable
from domain.case.clocks.changing import paused, resumed
from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import Light, standing
from domain.escalation_policy.content import NO_LADDER
from domain.vocabulary import ClockKind
from tests.benchmarks.report import report
from tests.domain.test_timetable import timetable

CLOCKS: Final = 20_000
EVALUATIONS: Final = 1_000_000
TARGET_SECONDS: Final = 30.0
"""Of CPU time: "in seconds", also on a machine that does other work."""

LIMITS: Final = (
    Limit(120, LimitUnit.WALL_MINUTES),
    Limit(240, LimitUnit.WORKING_MINUTES),
    Limit(1, LimitUnit.WORKING_DAYS),
    Limit(5, LimitUnit.WORKING_DAYS, LimitBegins.NEXT_DAY, LimitEnds.END_OF_DAY),
    Limit(7, LimitUnit.CALENDAR_DAYS, LimitBegins.NEXT_DAY),
)
BEGAN: Final = datetime(2026, 1, 5, tzinfo=UTC)


def clocks(table: Timetable) -> Iterator[Clock]:
    """Of a quarter of a year; one in ten stood still once."""
    rng = Random(1)
    for _ in range(CLOCKS):
        start = BEGAN + timedelta(minutes=rng.randrange(90 * 1440))
        limit = rng.choice(LIMITS)
        clock = Clock(
            kind=ClockKind.RESOLUTION,
            number=1,
            started_at=start,
            limit=limit,
            due=table.due(start, limit),
            calendar=table.pin,
            policy=1,
        )
        if rng.random() < 0.1:
            begin = start + timedelta(minutes=30)
            clock = resumed(paused(clock, begin), begin + timedelta(days=2), table, NO_LADDER)
        yield clock


@pytest.mark.benchmark
def test_a_million_evaluations_take_seconds() -> None:
    table = timetable()
    running = list(clocks(table))
    instants = [BEGAN + timedelta(days=day, minutes=37) for day in range(40, 90)]
    lights = dict.fromkeys(Light, 0)
    begin = time.process_time()
    for at in instants:
        for clock in running:
            lights[standing(clock, at, table).light] += 1
    seconds = time.process_time() - begin
    evaluated = sum(lights.values())
    report(
        f"{evaluated:,} evaluations of clocks",
        {
            "seconds of CPU": f"{seconds:.1f}",
            "each": f"{seconds / evaluated * 1e6:.1f} us",
            "lights": ", ".join(f"{light.value} {number:,}" for light, number in lights.items()),
        },
    )
    assert evaluated == EVALUATIONS
    assert seconds < TARGET_SECONDS
