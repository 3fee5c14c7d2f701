"""What a caller could do with a case now, and what stands in the way: for offering, not deciding.

A command checks again when it comes; between the offer and the command the case may move on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.case.lifecycle import LIFECYCLE
from domain.case.rules import GUARDS, check_stage
from domain.case.state import Case
from domain.command import NOTHING_ARRANGED, Arrangements, circumstances_of
from domain.identity import Caller
from domain.permissions import BY_SERVICE, permitted
from domain.reach import Place
from domain.refusal import NotFound, NotPermitted, Refusal, WrongStage


@dataclass(frozen=True)
class Action:
    """One command and the refusals that stand in its way; possible where there are none."""

    command: str
    blockers: tuple[Refusal, ...]


def actions(
    case: Case, caller: Caller, now: datetime, arrangements: Arrangements = NOTHING_ARRANGED
) -> list[Action]:
    """Every command on an existing case that a person gives, in the order of the lifecycle table.

    One that is possible is accepted with some input, which may still be refused with another.
    """
    asked = _Asked(case, caller, now, arrangements, case.reporter_for(caller), case.place)
    return [
        Action(command, tuple(_blockers(command, asked)))
        for command in LIFECYCLE
        if command not in BY_SERVICE
    ]


@dataclass(frozen=True)
class _Asked:
    """What is the same for every command. reporter, place: as for `permitted`."""

    case: Case
    caller: Caller
    now: datetime
    arrangements: Arrangements
    reporter: str | None
    place: Place


def _blockers(command: str, asked: _Asked) -> Iterator[Refusal]:
    stopped = list(_without_guards(command, asked))
    if stopped:
        yield from stopped
        return
    guards = GUARDS.get(command, ())
    if not guards:
        return
    # The guards look at a case at the right stage, and tell of it whoever may act on it.
    by = circumstances_of(
        command,
        asked.caller,
        asked.now,
        asked.now,
        asked.arrangements,
        reporter=asked.reporter,
        place=asked.place,
    )
    for guard in guards:
        try:
            guard(asked.case, by)
        except Refusal as refused:
            yield refused


def _without_guards(command: str, asked: _Asked) -> Iterator[Refusal]:
    try:
        permitted(asked.caller, command, asked.reporter, asked.place)
    except (NotPermitted, NotFound) as refused:
        yield refused
    try:
        check_stage(asked.case, command, asked.now)
    except WrongStage as refused:
        yield refused
