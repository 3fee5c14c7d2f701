"""What a caller could do with a case now, and what stands in the way: for offering, not deciding.

A command checks again when it comes; between the offer and the command the case may move on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.case.lifecycle import LIFECYCLE, Stage
from domain.identity import Caller
from domain.permissions import permitted
from domain.reach import Place
from domain.refusal import NotFound, NotPermitted, Refusal, WrongStage


@dataclass(frozen=True)
class Action:
    """One command and the refusals that stand in its way; possible where there are none."""

    command: str
    blockers: tuple[Refusal, ...]


def actions(
    stage: Stage, reporter: str | None, caller: Caller, place: Place | None = None
) -> list[Action]:
    """Every command on an existing case, in the order of the lifecycle table.

    reporter: whose own case it is; None: nobody's. place: where it lies.
    """
    return [
        Action(command, tuple(_blockers(command, stage, reporter, caller, place)))
        for command in LIFECYCLE
    ]


def _blockers(
    command: str, stage: Stage, reporter: str | None, caller: Caller, place: Place | None
) -> Iterator[Refusal]:
    try:
        permitted(caller, command, reporter, place)
    except (NotPermitted, NotFound) as refused:
        yield refused
    sources = LIFECYCLE[command].sources
    if stage not in sources:
        yield WrongStage(
            command=command, stage=stage.value, allowed=sorted(source.value for source in sources)
        )
