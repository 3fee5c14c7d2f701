"""What suspensions and extensions make of the state of a case: every one, and what became of it.

Each effect holds in any order: an event that is backdated may meet a state without the request,
and then changes nothing. Why it was asked for and denied stays in the events.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.extension import ExtensionApproved, ExtensionDenied, ExtensionRequested
from domain.case.lifecycle import Stage
from domain.case.regions import Hold
from domain.case.suspension import (
    CaseResumed,
    CaseSuspended,
    Resumption,
    SuspensionDenied,
    SuspensionRequested,
)


class SuspensionState(StrEnum):
    """What became of a suspension. LAPSED: the case went on elsewhere before it was decided."""

    REQUESTED = "REQUESTED"
    DENIED = "DENIED"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"


class ExtensionState(StrEnum):
    """What became of an extension. LAPSED: the case went on elsewhere before it was decided."""

    REQUESTED = "REQUESTED"
    DENIED = "DENIED"
    LAPSED = "LAPSED"
    APPROVED = "APPROVED"


class Stood(msgspec.Struct, frozen=True):
    """How long a clock stood still, in seconds as it counts time; when it was due after that."""

    clock: str
    seconds: float
    due: datetime


class Suspension(msgspec.Struct, frozen=True, omit_defaults=True):
    """One suspension. reason: its code, with what people call it.

    began, ended: of its interval; it begins when it is approved.
    stops: the names of the clocks that stood still. paused: how long they did.
    """

    number: int
    reason: str
    label_zh: str
    label_en: str
    requested_at: datetime
    requested_by: str | None
    expected_resume: datetime
    state: SuspensionState = SuspensionState.REQUESTED
    decided_at: datetime | None = None
    decided_by: str | None = None
    began: datetime | None = None
    ended: datetime | None = None
    stops: tuple[str, ...] = ()
    paused: tuple[Stood, ...] = ()


class Extension(msgspec.Struct, frozen=True, omit_defaults=True):
    """One extension. days: asked for; granted: given. due: of the case, once it was approved."""

    number: int
    days: int
    late: bool
    requested_at: datetime
    requested_by: str | None
    state: ExtensionState = ExtensionState.REQUESTED
    decided_at: datetime | None = None
    decided_by: str | None = None
    granted: int | None = None
    due: datetime | None = None


Suspensions = tuple[Suspension, ...]
Extensions = tuple[Extension, ...]
E = TypeVar("E", Suspension, Extension)

replace: Final = msgspec.structs.replace


def _asked_to_rest(found: Suspensions, event: SuspensionRequested) -> Suspensions:
    asked = Suspension(
        event.number,
        event.suspension_reason,
        event.label.zh,
        event.label.en,
        _utc(event.timestamp),
        event.requester,
        _utc(event.expected_resume),
    )
    return (*found, asked)


def _refused(event: SuspensionDenied | ExtensionDenied) -> dict[str, object]:
    return {"decided_at": _utc(event.timestamp), "decided_by": event.decider}


def _rest_refused(event: SuspensionDenied) -> dict[str, object]:
    return {**_refused(event), "state": SuspensionState.DENIED}


def _rests(event: CaseSuspended) -> dict[str, object]:
    return {
        "state": SuspensionState.SUSPENDED,
        "expected_resume": _utc(event.expected_resume),
        "decided_at": _utc(event.timestamp),
        "decided_by": event.decider,
        "began": _utc(event.timestamp),
        "stops": tuple(clock.name for clock in event.clocks),
    }


def _goes_on(found: Suspensions, event: CaseResumed) -> Suspensions:
    over = {"state": SuspensionState.RESUMED, "ended": _utc(event.timestamp)}
    paused = tuple(_stood(each) for each in event.paused)
    return tuple(
        replace(each, **over, paused=paused) if each.state is SuspensionState.SUSPENDED else each
        for each in found
    )


def _stood(resumption: Resumption) -> Stood:
    return Stood(resumption.clock, resumption.paused.total_seconds(), _utc(resumption.due))


def _more_time_asked(found: Extensions, event: ExtensionRequested) -> Extensions:
    asked = Extension(event.number, event.days, event.late, _utc(event.timestamp), event.requester)
    return (*found, asked)


def _more_time_refused(event: ExtensionDenied) -> dict[str, object]:
    return {**_refused(event), "state": ExtensionState.DENIED}


def _more_time(event: ExtensionApproved) -> dict[str, object]:
    return {
        "state": ExtensionState.APPROVED,
        "decided_at": _utc(event.timestamp),
        "decided_by": event.decider,
        "granted": event.days,
        "due": None if event.due is None else _utc(event.due),
    }


def _change(
    changed: Callable[[Any], dict[str, object]],
) -> Callable[[tuple[E, ...], Any], tuple[E, ...]]:
    """The effect on the one with that number."""
    return lambda found, event: tuple(
        replace(each, **changed(event)) if each.number == event.number else each for each in found
    )


SUSPENSION_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Suspensions, Any], Suspensions]]] = {
    SuspensionRequested: _asked_to_rest,
    SuspensionDenied: _change(_rest_refused),
    CaseSuspended: _change(_rests),
    CaseResumed: _goes_on,
}
EXTENSION_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Extensions, Any], Extensions]]] = {
    ExtensionRequested: _more_time_asked,
    ExtensionDenied: _change(_more_time_refused),
    ExtensionApproved: _change(_more_time),
}
"""What an event makes of the suspensions, and of the extensions, of a case."""


def hold_of(found: Suspensions) -> Hold:
    """The region: whether one of them lasts."""
    lasts = any(each.state is SuspensionState.SUSPENDED for each in found)
    return Hold.SUSPENDED if lasts else Hold.NONE


def suspensions_at(found: Suspensions, stage: Stage, at: datetime) -> Suspensions:
    """After the case came to a stage (`domain.case.regions.Holding.left`)."""
    if stage is Stage.IN_PROGRESS or not any(each.state in _OPEN for each in found):
        return found
    return tuple(_left(each, at) for each in found)


def extensions_at(found: Extensions, stage: Stage) -> Extensions:
    """After the case came to a stage."""
    asked = (each.state is ExtensionState.REQUESTED for each in found)
    if stage is Stage.IN_PROGRESS or not any(asked):
        return found
    return tuple(
        replace(each, state=ExtensionState.LAPSED)
        if each.state is ExtensionState.REQUESTED
        else each
        for each in found
    )


def suspensions_outside(found: Suspensions) -> Suspensions:
    """Those that were approved, without who asked and decided; clocks are shown inside only."""
    return tuple(
        replace(each, requested_by=None, decided_by=None, stops=(), paused=())
        for each in found
        if each.began
    )


def extensions_outside(found: Extensions) -> Extensions:
    """Those that were approved, without who asked and decided."""
    return tuple(
        replace(each, requested_by=None, decided_by=None)
        for each in found
        if each.state is ExtensionState.APPROVED
    )


_OPEN: Final = frozenset({SuspensionState.REQUESTED, SuspensionState.SUSPENDED})


def _left(each: Suspension, at: datetime) -> Suspension:
    if each.state is SuspensionState.REQUESTED:
        return replace(each, state=SuspensionState.LAPSED)
    if each.state is SuspensionState.SUSPENDED:
        return replace(each, state=SuspensionState.RESUMED, ended=_utc(at))
    return each


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)
