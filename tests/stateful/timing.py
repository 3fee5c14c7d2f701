"""What holds of the clocks, orders and ledger of a case, whatever happened."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

from domain.case import Case
from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.lifecycle import ENDS
from domain.case.timers import CLOCK_OF, TimerKind, timer_of
from domain.recorded import RecordedEvent
from tests.domain.test_ledger_lives import expected, joined

NEVER: Final = datetime.max.replace(tzinfo=UTC)

RunningTimer = tuple[str, str, datetime]
"""Kind, key and due time of a row of `due_timers`."""


def check_clocks(case: Case, timers: Collection[RunningTimer]) -> None:
    """Every running clock that has something to say has one timer, for then; no other has one."""
    awaited = {
        (timer_of(clock.kind).value, clock.key): clock.next_at
        for clock in case.clocks.values()
        if clock.next_at is not None
    }
    running = [each for each in timers if TimerKind(each[0]) in CLOCK_OF]
    assert {(kind, key): due for kind, key, due in running} == awaited
    assert len(running) == len(awaited)


def check_breaches(events: Sequence[RecordedEvent]) -> None:
    """A clock passes its limit once."""
    breaches = Counter(
        (each.event.clock.name, each.event.clock.number)
        for each in events
        if isinstance(each.event, DeadlineBreached)
    )
    assert all(number == 1 for number in breaches.values()), breaches


def check_orders(case: Case) -> None:
    """A case does not end over an open order."""
    assert case.stage not in ENDS or not case.orders


def check_ledger(case: Case, events: Sequence[RecordedEvent]) -> None:
    """One answers for it at a time, and now whoever's turn it is."""
    intervals = known_at(ledger_of(events).intervals, None, None)
    whose = expected(case)
    answering = [each.holder.part for each in intervals if each.end is None]
    assert answering == ([] if whose is None else [whose])
    joined((each.begin, each.end or NEVER) for each in intervals)
