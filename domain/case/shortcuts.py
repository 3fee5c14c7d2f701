"""What a declared emergency allows to be done before its step, and what that leaves open."""

from datetime import datetime
from typing import Final

from domain.case.lifecycle import Stage
from domain.case.routing_refusals import (
    NoEmergency,
    NothingToRegularise,
    SkipperRegularises,
    StepsOpen,
)
from domain.case.state import Case
from domain.case.vocabulary import Step
from domain.command import Circumstances

SHORTCUTS: Final[dict[tuple[str, Stage], Step]] = {
    # Whoever is to help is sent at once; that the case is ours is confirmed afterwards.
    ("dispatchCase", Stage.REGISTERED): Step.ACCEPTANCE,
    ("dispatchCase", Stage.VERIFYING): Step.ACCEPTANCE,
    # The unit acts; its signature follows.
    ("recordProgress", Stage.DISPATCHED): Step.SIGN_OFF,
    ("submitResolution", Stage.DISPATCHED): Step.SIGN_OFF,
}
"""(command, stage outside its row in the lifecycle table) -> the step that it passes over."""


def in_emergency(case: Case, at: datetime) -> bool:
    """Whether a declared emergency holds at that time; it ends at the moment it expires."""
    return case.emergency_until is not None and at < case.emergency_until


def may_skip(case: Case, command: str, at: datetime) -> bool:
    """Whether an emergency lets a command pass over the step that is missing."""
    return (command, case.stage) in SHORTCUTS and in_emergency(case, at)


def check_emergency(case: Case, by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse where none is declared; one that has expired unnoticed still is."""
    if case.emergency_until is None:
        raise NoEmergency


def check_regularised(case: Case, by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while a step that was passed over is open: nothing closes before."""
    if case.open_steps:
        raise StepsOpen(steps=[each.step for each in case.open_steps])


def check_regularises(case: Case, by: Circumstances) -> None:
    """Refuse where no step is open, or whoever asks passed all of them over."""
    if not case.open_steps:
        raise NothingToRegularise
    if all(each.skipped_by == by.actor.principal for each in case.open_steps):
        raise SkipperRegularises
