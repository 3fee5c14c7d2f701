"""What ends a timer, and what is done when it is due: a command of the service itself.

One line for each kind of timer; a test finds a kind without one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypedDict
from uuid import UUID, uuid5

from domain.case.clocks.clock import StoppedClock, name_of
from domain.case.clocks.deadlines import RaiseDeadline
from domain.case.clocks.running import ASKED_BY_LEAD, STOPPED_AT
from domain.case.cohandling import DeemCoHandlingAgreed
from domain.case.emergency import EndEmergency
from domain.case.feedback import LapseFeedback
from domain.case.lifecycle import ENDS, Stage
from domain.case.sharing import ExpireShare
from domain.case.state import CaseEvent, CaseOpened
from domain.case.suspension import ResumeCase
from domain.case.timers import CLOCK_OF, OUTLASTING, Stopped, Timer, TimerKind, timer_of
from domain.command import Command
from domain.vocabulary import ClockKind

COMMAND_IDS: Final = UUID("5d0c9e66-3e0f-5d0c-9a43-8a5b6f1a7c10")
"""The name space of the ids of these commands."""


AT_AN_END: Final = tuple(Stopped(kind) for kind in TimerKind if kind not in OUTLASTING)

AT_STAGE: Final[dict[Stage, tuple[Stopped, ...]]] = {
    # Nobody leads the case, or another unit: whom the one before asked is asked no more.
    Stage.ACCEPTED: (Stopped(TimerKind.CO_REPLY),),
    Stage.DISPATCHED: (Stopped(TimerKind.CO_REPLY),),
}


def _asked_at_most_until(stage: Stage) -> tuple[StoppedClock, ...]:
    return () if stage is Stage.IN_PROGRESS else ASKED_BY_LEAD


STOPPED_BY_STAGE: Final[dict[Stage, tuple[Stopped, ...]]] = {
    stage: (
        *AT_STAGE.get(stage, ()),
        *(Stopped(timer_of(kind)) for kind in sorted(STOPPED_AT.get(stage, ()))),
        *(Stopped(timer_of(each.kind), each.key) for each in _asked_at_most_until(stage)),
    )
    for stage in Stage
    if stage not in ENDS
} | dict.fromkeys(ENDS, AT_AN_END)
"""What an event stops by leading to a stage, beside what it says itself."""


def started_by(event: CaseEvent | CaseOpened) -> tuple[Timer, ...]:
    """The timers that an event starts: those it says, and those of the clocks that it sets."""
    clocks = event.sets_clocks()
    said = event.starts() if isinstance(event, CaseEvent) else ()
    if not clocks:
        return said
    acting = tuple(
        Timer(timer_of(clock.kind), clock.key, clock.next_at)
        for clock in clocks
        if clock.next_at is not None
    )
    return (*said, *acting)


def stopped_by(event: CaseEvent | CaseOpened) -> tuple[Stopped, ...]:
    """What an event stops; where a case begins, nothing ran."""
    if isinstance(event, CaseOpened):
        return ()
    own = event.stops()
    clocks = event.stops_clocks()
    if clocks:
        own = (*own, *(Stopped(timer_of(clock.kind), clock.key) for clock in clocks))
    anew = event.sets_clocks()
    if anew:
        own = (*own, *(Stopped(timer_of(clock.kind), clock.key) for clock in anew))
    if event.STAGE is None:
        return own
    return (*STOPPED_BY_STAGE.get(event.STAGE, ()), *own)


class Said(TypedDict):
    """What every such command says."""

    command_id: UUID
    case_id: UUID
    occurred_at: datetime


def _raises(kind: ClockKind) -> Callable[[Said, str], Command]:
    return lambda said, key: RaiseDeadline(**said, clock=name_of(kind, key))


TIMED: Final[dict[TimerKind, Callable[[Said, str], Command]]] = {
    TimerKind.FEEDBACK: lambda said, _: LapseFeedback(**said),
    TimerKind.EMERGENCY: lambda said, _: EndEmergency(**said),
    TimerKind.CO_REPLY: lambda said, unit: DeemCoHandlingAgreed(**said, unit=unit),
    TimerKind.SUSPENSION: lambda said, _: ResumeCase(**said),
    TimerKind.SHARE: lambda said, unit: ExpireShare(**said, unit=unit),
    **{timer: _raises(clock) for timer, clock in CLOCK_OF.items()},
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
