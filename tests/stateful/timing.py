"""What holds of the clocks and timers of a case, whatever happened."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from asyncpg import Record

from domain.case import Case
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.timers import CLOCK_OF, TimerKind, timer_of
from domain.recorded import RecordedEvent

TIMERS: Final = "SELECT case_id, kind, key, due FROM due_timers WHERE case_id = ANY($1::uuid[])"
CLOCK_ROWS: Final = """
SELECT case_id, name, number, clock, started_position, stopped_at, stopped_position, breached_at,
    breached_position
FROM case_clocks WHERE case_id = ANY($1::uuid[])
"""

_clock: Final = msgspec.json.Decoder(Clock).decode


@dataclass
class Told:
    """What is known of a clock: as it ran last, and when it began, stopped and was passed."""

    clock: Clock
    started_position: int
    stopped_at: datetime | None = None
    stopped_position: int | None = None
    breached_at: datetime | None = None
    breached_position: int | None = None

    def passed(self, clock: Clock, position: int) -> None:
        """Its limit was passed, as an event says; the first that does counts."""
        if self.breached_at is None:
            self.breached_at, self.breached_position = clock.breached_at, position


def check_timers(case: Case, timers: Collection[Record]) -> None:
    """Every running clock that has something to say has one timer, for then; no other has one."""
    awaited = {
        (timer_of(clock.kind).value, clock.key): clock.next_at
        for clock in case.clocks.values()
        if clock.next_at is not None
    }
    running = [each for each in timers if TimerKind(each["kind"]) in CLOCK_OF]
    shown = {(each["kind"], each["key"]): each["due"] for each in running}
    assert shown == awaited, (case.stage, set(shown.items()) ^ set(awaited.items()))
    assert len(running) == len(shown)


def check_clock_rows(events: Sequence[RecordedEvent], rows: Collection[Record]) -> None:
    """The clocks that are shown, stopped ones too, are what a walk along the events comes to."""
    shown = {
        (row["name"], row["number"]): Told(
            _clock(row["clock"]),
            row["started_position"],
            row["stopped_at"],
            row["stopped_position"],
            row["breached_at"],
            row["breached_position"],
        )
        for row in rows
    }
    expected = told(events)
    assert shown == expected, [
        (place, shown.get(place), expected.get(place))
        for place in shown.keys() | expected.keys()
        if shown.get(place) != expected.get(place)
    ]


def told(events: Sequence[RecordedEvent]) -> dict[tuple[str, int], Told]:
    """Each clock that there was, by name and number."""
    found: dict[tuple[str, int], Told] = {}
    case: Case | None = None
    for each in events:
        case = each.event.mutate(case)
        assert case is not None
        running = {(clock.name, clock.number): clock for clock in case.clocks.values()}
        for place, clock in running.items():
            known = found.setdefault(place, Told(clock, each.position))
            known.clock, known.stopped_at, known.stopped_position = clock, None, None
            if clock.is_breached:
                known.passed(clock, each.position)
        for place, known in found.items():
            if place not in running and known.stopped_at is None:
                known.stopped_at, known.stopped_position = each.occurred_at, each.position
        if isinstance(each.event, DeadlineBreached):
            clock = each.event.clock
            found[clock.name, clock.number].passed(clock, each.position)
    return found


def check_breaches(events: Sequence[RecordedEvent]) -> None:
    """A clock passes its limit once."""
    breaches = Counter(
        (each.event.clock.name, each.event.clock.number)
        for each in events
        if isinstance(each.event, DeadlineBreached)
    )
    assert all(number == 1 for number in breaches.values()), breaches
