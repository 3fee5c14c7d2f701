"""What is done next: what was tried least so far, what leads onwards or to the end, or anything.

Chance alone withdraws a case before anybody suspends it. What was tried least is asked first, so
that a run gets to what only follows from much else; what ends a case is wanted seldom. To wait is a
choice too: for what a timer does, and for what is only possible after a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from hypothesis import strategies as st

from domain.case import Case, CaseCommand
from domain.case.actions import Action
from domain.case.confidentiality import SetConfidentiality
from domain.case.endings import RetentionNotOver
from domain.case.feedback import RecordFeedback
from domain.case.lifecycle import ENDS, LIFECYCLE, Stage
from domain.case.ordering import IssueOrder
from domain.case.returns import ArbitrateResponsibility
from domain.case.routing import DispatchCase
from domain.case.suspension import RequestSuspension
from domain.command import Command
from domain.vocabulary import Confidentiality, OrderLevel
from tests.domain.holding import PAPERS, SOIL
from tests.domain.inputs import inputs
from tests.domain.scenario import NOW, ask
from tests.domain.strategies import on_a_case

GOING_ON: Final = frozenset(Stage) - {Stage.REJECTED, Stage.WITHDRAWN, Stage.VOIDED}
OVER: Final = ENDS - {Stage.CLOSED, Stage.ARCHIVED}
"""Where little happens to a case afterwards, and much could have before."""

TO_ITS_END: Final = frozenset(
    {
        "acceptCase",
        "dispatchCase",
        "signForCase",
        "resumeCase",
        "replyCoHandling",
        "submitResolution",
        "replyToOrder",
        "releaseOrder",
        "regulariseStep",
        "verifyResolution",
        "recordFeedback",
        "archiveCase",
    }
)
"""What a case is closed and put away by, with what stands in the way of that. It has to be wanted:
between them, chance opens an order, asks for something, or has the work done again."""


class Wish(Enum):
    """What somebody is after."""

    SELDOM = auto()
    ONWARDS = auto()
    CLOSING = auto()
    ENDING = auto()
    ANYTHING = auto()


@dataclass(frozen=True)
class Move:
    """One step in numbers: which case, with which other, which of what is offered to whom.

    late: how many hours ago it happened; 0: now. process: which of the two is asked.
    """

    which: int
    other: int
    chosen: int
    wish: Wish
    late: int
    process: int


numbers: Final = st.integers(0, 999)
processes: Final = st.integers(0, 1)

WISHES: Final = (
    *[Wish.SELDOM] * 12,
    *[Wish.ONWARDS] * 6,
    *[Wish.CLOSING] * 12,
    *[Wish.ANYTHING] * 6,
    Wish.ENDING,
)
LATE: Final = (0,) * 9 + (1, 5, 30)
"""A few things are entered afterwards."""

MOST_MOVES: Final = 2**24 - 1
"""Of more, hypothesis would mostly draw the first few."""


def _move(drawn: int) -> Move:
    """All of it from one number: hypothesis bounds how much is drawn for one example."""
    random = Random(drawn)
    return Move(
        which=random.randrange(1000),
        other=random.randrange(1000),
        chosen=random.randrange(1000),
        wish=random.choice(WISHES),
        late=random.choice(LATE),
        process=random.randrange(2),
    )


moves: Final = st.integers(0, MOST_MOVES).map(_move)


@st.composite
def anything(draw: st.DrawFn) -> CaseCommand:
    """`on_a_case`, under a name that is short where hypothesis tells of it."""
    command: CaseCommand = draw(on_a_case)
    return command


def chosen(offered: Iterable[str], move: Move, tried: Mapping[str, int]) -> str:
    """One of the commands that are offered. tried: how often each was so far."""
    choice = [*offered]
    if move.wish is Wish.SELDOM:
        choice = _least([name for name in choice if not _ends(name)] or choice, tried)
    elif move.wish is Wish.ENDING:
        choice = _least([name for name in choice if _ends(name)] or choice, tried)
    elif move.wish is Wish.ONWARDS:
        choice = [name for name in choice if LIFECYCLE[name].targets & GOING_ON] or choice
    elif move.wish is Wish.CLOSING:
        choice = [name for name in choice if name in TO_ITS_END] or choice
    return choice[move.chosen % len(choice)]


def _least(choice: Sequence[str], tried: Mapping[str, int]) -> list[str]:
    least = min(tried.get(name, 0) for name in choice)
    return [name for name in choice if tried.get(name, 0) == least]


def _ends(name: str) -> bool:
    targets = LIFECYCLE[name].targets
    return bool(targets) and targets <= OVER


def possible_at(action: Action) -> datetime | None:
    """When an action is possible that only time stands in the way of."""
    match action.blockers:
        case (RetentionNotOver(facts=facts),):
            return datetime.fromisoformat(str(facts["until"]))
        case _:
            return None


def examples(case: Case, name: str) -> list[Command]:
    """What may be said with a command on a case, as if it were NOW."""
    return [*inputs(case, name), *MORE.get(name, ())]


MORE: Final[Mapping[str, Sequence[Command]]] = {
    "dispatchCase": [ask(DispatchCase, lead_unit=unit) for unit in ("roads", "police")],
    "arbitrateResponsibility": [
        ask(ArbitrateResponsibility, lead_unit=unit, ground="By the list")
        for unit in ("roads", "police")
    ],
    "setConfidentiality": [ask(SetConfidentiality, level=level) for level in Confidentiality],
    "issueOrder": [
        ask(IssueOrder, level=level, unit="environment", demand="Say when.") for level in OrderLevel
    ],
    "recordFeedback": [ask(RecordFeedback, contacted=True, resolved=False, satisfaction=1)],
    # For a reason that stops no clock, and for a shorter time.
    "requestSuspension": [
        ask(
            RequestSuspension,
            suspension_reason=reason.code,
            expected_resume=NOW + timedelta(hours=30),
            ground="They look for it",
        )
        for reason in (PAPERS, SOIL)
    ],
}
"""Beside the examples: what leads a case elsewhere."""


def fitted(command: Command, case: Case, other_id: UUID, now: datetime, late: int = 0) -> Command:
    """An example, told as if it were NOW, as it would be given at another moment on these cases.

    late: how many hours before that it happened; 0: as the example says.
    """
    fresh: dict[str, Any] = {
        "command_id": uuid4(),
        "case_id": case.id,
        "other_case": other_id,
        "new_case_id": uuid4(),
        "new_case_no": uuid4().hex,
        "reporter_id": uuid4(),
    }
    names = [each.name for each in fields(command)]
    said = {name: fresh[name] for name in names if name in fresh}
    for name in names:
        value = getattr(command, name)
        if isinstance(value, datetime):
            said[name] = _moved(value, now - NOW)
    if late:
        said["occurred_at"] = max(case.registered_at, now - timedelta(hours=late))
    return replace(command, **said)


def _moved(time: datetime, since: timedelta) -> datetime:
    """The last years that there are stay where they are."""
    try:
        return time + since
    except OverflowError:
        return time


def in_turn(given: Sequence[Command], first: int) -> Iterator[Command]:
    """All of them, from one of them on: whoever is refused says it in another way."""
    for number in range(len(given)):
        yield given[(first + number) % len(given)]
