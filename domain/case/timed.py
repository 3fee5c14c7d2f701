"""What is done when a timer is due: a command of the service itself, the same however often asked.

One line for each kind of timer; a test finds a kind without one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypedDict
from uuid import UUID, uuid5

from domain.case.cohandling import DeemCoHandlingAgreed
from domain.case.emergency import EndEmergency
from domain.case.feedback import LapseFeedback
from domain.case.sharing import ExpireShare
from domain.case.timers import Timer, TimerKind
from domain.command import Command

COMMAND_IDS: Final = UUID("5d0c9e66-3e0f-5d0c-9a43-8a5b6f1a7c10")
"""The name space of the ids of these commands."""


class Said(TypedDict):
    """What every such command says."""

    command_id: UUID
    case_id: UUID
    occurred_at: datetime


TIMED: Final[dict[TimerKind, Callable[[Said, str], Command]]] = {
    TimerKind.FEEDBACK: lambda said, _: LapseFeedback(**said),
    TimerKind.EMERGENCY: lambda said, _: EndEmergency(**said),
    TimerKind.CO_REPLY: lambda said, unit: DeemCoHandlingAgreed(**said, unit=unit),
    TimerKind.SHARE: lambda said, unit: ExpireShare(**said, unit=unit),
}


class NothingToDo(Exception):
    """A kind of timer has no command here: a newer version of the service knows it."""


def timed_command(case_id: UUID, version: int, timer: Timer) -> Command:
    """The command for a timer that the event `version` of the case started. Raises NothingToDo.

    Its id follows from the timer, so that it is carried out once, whoever asks for it.
    """
    make = TIMED.get(timer.kind)
    if make is None:
        raise NothingToDo(timer.kind)
    due = timer.due.astimezone(UTC).isoformat()
    name = f"{case_id}/{version}/{timer.kind}/{timer.key}/{due}"
    said: Said = {
        "command_id": uuid5(COMMAND_IDS, name),
        "case_id": case_id,
        "occurred_at": timer.due,
    }
    return make(said, timer.key)
