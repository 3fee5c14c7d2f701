"""What is due next, as decisions start and stop it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.domain import AggregateEvent

from app.timers.agenda import Agenda
from domain.case.emergency import EmergencyDeclared
from domain.case.timers import Timer, TimerKind
from projections.due_timers import RunningTimer
from tests.domain import endings
from tests.domain.histories import dispatched_to
from tests.domain.scenario import Fact, happened

ONE, TWO = UUID(int=1), UUID(int=2)
BEGAN = datetime(2025, 3, 3, 8, tzinfo=UTC)
END = BEGAN + timedelta(days=1)


def after(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def timer(
    case_id: UUID, hours: float, kind: TimerKind = TimerKind.CO_REPLY, key: str = "police"
) -> RunningTimer:
    return RunningTimer(case_id, Timer(kind, key, after(hours)), version=3, position=3)


def event(fact: Fact, case_id: UUID, version: int) -> AggregateEvent:
    place: dict[str, Any] = {"originator_id": case_id, "originator_version": version}
    return fact.event(timestamp=BEGAN, **place, **dict(fact.said))


def requested(case_id: UUID, hours: float) -> AggregateEvent:
    return event(endings.co_requested(due=after(hours)), case_id, 4)


def replied(case_id: UUID) -> AggregateEvent:
    return event(endings.co_replied(), case_id, 5)


def hours_of(agenda: Agenda) -> list[float]:
    """When each that is left is due."""
    taken = iter(agenda.take, None)
    return [(each.timer.due - BEGAN) / timedelta(hours=1) for each in taken]


def test_the_earliest_comes_first_and_once() -> None:
    agenda = Agenda([timer(ONE, 5), timer(TWO, 2)], END)
    assert agenda.cases == {ONE, TWO}
    assert hours_of(agenda) == [2, 5]
    assert agenda.take() is None


def test_nothing_is_taken_before_it_is_due() -> None:
    agenda = Agenda([timer(ONE, 5)], END)
    assert agenda.take(after(4.9)) is None
    taken = agenda.take(after(5))
    assert taken is not None
    assert taken.case_id == ONE


def test_what_a_decision_starts_comes_in_its_place() -> None:
    agenda = Agenda([timer(ONE, 2), timer(ONE, 6, TimerKind.SHARE)], END)
    agenda.take()
    agenda.note([requested(TWO, 4), requested(ONE, 3)])
    started = agenda.take()
    assert started is not None
    assert (started.place, started.timer.due) == ((ONE, "CO_REPLY", "police", 4), after(3))
    assert hours_of(agenda) == [4, 6]


def test_what_a_decision_stops_or_sets_anew_does_not_come() -> None:
    agenda = Agenda([timer(ONE, 2), timer(ONE, 2, key="roads"), timer(TWO, 3)], END)
    agenda.note([replied(ONE), requested(TWO, 5)])
    assert hours_of(agenda) == [2, 5]
    agenda = Agenda([timer(ONE, 2), timer(ONE, 2, key="roads"), timer(TWO, 3)], END)
    agenda.note([event(dispatched_to("roads"), ONE, 4)])
    assert hours_of(agenda) == [3]


def test_what_is_set_anew_by_the_same_event_of_another_time_counts_once() -> None:
    agenda = Agenda([], END)
    for hours in (9, 4):
        declared = happened(EmergencyDeclared, expires=after(hours))
        agenda.note([event(declared, ONE, 2)])
    assert hours_of(agenda) == [4]


def test_what_lies_beyond_is_not_its_business() -> None:
    agenda = Agenda([timer(ONE, 2)], after(3))
    agenda.note([requested(TWO, 4)])
    assert hours_of(agenda) == [2]
    assert agenda.reaches(after(3))
    assert not agenda.reaches(after(3.1))


def test_where_not_all_was_read_what_comes_after_the_last_waits() -> None:
    last = timer(TWO, 2)
    agenda = Agenda([timer(ONE, 2), last], END, last)
    agenda.note([requested(UUID(int=3), 2), requested(ONE, 1.5)])
    assert hours_of(agenda) == [1.5, 2]
    assert agenda.reaches(after(1.9))
    assert not agenda.reaches(after(2)), "others may be due at that moment too"
