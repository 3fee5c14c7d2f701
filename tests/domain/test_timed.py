"""Timers: what each kind does when it is due, and what ends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from domain.case.timed import TIMED, NothingToDo, timed_command
from domain.case.timers import Timer, TimerKind
from domain.directory.posts import NOT_BY_POST
from domain.identity import THE_SERVICE, Role
from domain.permissions import PERMISSIONS

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


def test_nobody_is_the_service_by_a_post() -> None:
    assert Role.SERVICE in NOT_BY_POST
