"""Timers: what each kind does when it is due, and what ends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain.case.handling import NoteAdded
from domain.case.intake import RegisterCase
from domain.case.lifecycle import Stage
from domain.case.returns import ReturnRejected
from domain.case.state import CaseEvent, CaseOpened
from domain.case.timed import (
    AT_AN_END,
    TIMED,
    NothingToDo,
    started_by,
    stopped_by,
    timed_command,
)
from domain.case.timers import OUTLASTING, Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience
from domain.directory.posts import NOT_BY_POST
from domain.identity import THE_SERVICE, Role
from domain.permissions import PERMISSIONS
from domain.vocabulary import ClockKind
from tests.domain import timing
from tests.domain.histories import registered, withdrawn
from tests.domain.scenario import Fact, events_of, happened
from tests.domain.strategies import registrations
from tests.domain.test_folding import Step, live, lives
from tests.domain.timing import clock

CASE = UUID(int=7)
DUE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def timer(kind: TimerKind = TimerKind.CO_REPLY) -> Timer:
    return Timer(kind, "lamps", DUE)


@pytest.mark.parametrize("kind", TimerKind)
def test_each_kind_has_a_command_that_the_service_may_give(kind: TimerKind) -> None:
    command = timed_command(CASE, 3, timer(kind))
    assert command.occurred_at == DUE
    assert vars(command)["case_id"] == CASE
    assert PERMISSIONS[command.NAME] & THE_SERVICE.roles


def test_the_same_timer_is_the_same_command() -> None:
    elsewhere = replace(timer(), due=DUE.astimezone(timezone(timedelta(hours=8))))
    ids = {timed_command(CASE, 3, each).command_id for each in (timer(), timer(), elsewhere)}
    assert len(ids) == 1


def test_another_timer_is_another_command() -> None:
    others = [
        (UUID(int=8), 3, timer()),
        (CASE, 4, timer()),
        (CASE, 3, timer(TimerKind.SHARE)),
        (CASE, 3, replace(timer(), key="roads")),
        (CASE, 3, replace(timer(), due=DUE + timedelta(microseconds=1))),
        (CASE, 3, timer()),
    ]
    assert len({timed_command(*each).command_id for each in others}) == len(others)


def test_a_kind_that_only_a_newer_service_knows_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TIMED, TimerKind.SHARE)
    with pytest.raises(NothingToDo):
        timed_command(CASE, 3, timer(TimerKind.SHARE))


@settings(max_examples=60)
@given(registrations, lives)
def test_what_runs_is_what_the_case_waits_for(first: RegisterCase, then: list[Step]) -> None:
    life = live(first, then)
    if life is None:
        return
    running: dict[tuple[TimerKind, str], Timer] = {}
    for event in life.events:
        if not isinstance(event, CaseEvent):
            continue
        for stopped in stopped_by(event):
            running = {
                place: timer
                for place, timer in running.items()
                if place[0] is not stopped.kind or stopped.key not in {None, place[1]}
            }
        running |= {(timer.kind, timer.key): timer for timer in event.starts()}
    case = life.case
    keys = {kind: {key for of, key in running if of is kind} for kind in TimerKind}
    assert keys[TimerKind.CO_REPLY] == set(case.co_asked)
    assert keys[TimerKind.SHARE] == {share.unit for share in case.shares}
    if keys[TimerKind.FEEDBACK]:
        assert case.stage is Stage.AWAITING_FEEDBACK
    if keys[TimerKind.EMERGENCY]:
        assert running[TimerKind.EMERGENCY, ""].due == case.emergency_until


def test_nobody_is_the_service_by_a_post() -> None:
    assert Role.SERVICE in NOT_BY_POST


def test_an_end_stops_all_but_what_outlasts_it_and_a_note_stops_nothing() -> None:
    events = events_of((registered(), happened(NoteAdded, text="x", audience=Audience.INTERNAL)))
    note = events[-1]
    assert isinstance(note, CaseEvent)
    assert (note.starts(), stopped_by(note)) == ((), ())
    withdrawal = events_of((registered(), withdrawn))[-1]
    assert isinstance(withdrawal, CaseEvent)
    assert set(stopped_by(withdrawal)) == set(AT_AN_END)
    assert {stopped.kind for stopped in AT_AN_END} == set(TimerKind) - set(OUTLASTING)


class TestClocks:
    """The timers that act for clocks follow from what an event does to clocks."""

    def test_a_case_begins_without_any(self) -> None:
        (opened,) = events_of((registered(),))
        assert isinstance(opened, CaseOpened)
        assert started_by(opened) == ()
        assert stopped_by(opened) == ()

    def test_a_clock_that_starts_is_waited_for(self) -> None:
        running, resting = clock(), clock(ClockKind.STAGE, next_percent=None, next_at=None)
        event = said(timing.started(running, resting))
        assert running.next_at is not None
        assert started_by(event) == (Timer(TimerKind.RESOLUTION_CLOCK, "", running.next_at),)
        assert set(stopped_by(event)) == {
            Stopped(TimerKind.RESOLUTION_CLOCK, ""),
            Stopped(TimerKind.STAGE_CLOCK, ""),
        }

    def test_a_clock_that_stops_is_not(self) -> None:
        event = said(happened(ReturnRejected, ground="It is yours"))
        assert started_by(event) == ()
        assert Stopped(TimerKind.APPROVAL_CLOCK, "RETURN") in stopped_by(event)


def said(fact: Fact) -> CaseEvent:
    """The event of a fact about a case that was there."""
    *_, event = events_of((registered(), fact))
    assert isinstance(event, CaseEvent)
    return event
