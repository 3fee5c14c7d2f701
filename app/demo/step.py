"""One step of the demonstration: a person gives a command at a moment of its year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final
from uuid import UUID

from domain.case.evidence import AddEvidence
from domain.case.intake import RegisterCase
from domain.case.splitting import SplitCase
from domain.command import Command

MOST_AT_ONCE: Final = 256


@dataclass(frozen=True)
class Step:
    """A command, who gives it, and when that is recorded.

    rearranges: what comes after it is decided only once it is recorded and known.
    spare: only where there is something to do, which the service knows (`app.commands.Spare`).
    paper: the bytes of the evidence that it adds; empty where it adds none.
    """

    at: datetime
    person: str
    command: Command
    rearranges: bool = False
    spare: bool = False
    paper: bytes = b""

    @property
    def begins(self) -> UUID | None:
        """The case that it begins."""
        match self.command:
            case RegisterCase(case_id=case_id) | SplitCase(new_case_id=case_id):
                return case_id
            case _:
                return None


@dataclass(frozen=True)
class Timed:
    """What the service is to do at a moment, because nobody did it before. command: its name."""

    at: datetime
    command: str


def drawn_id(rng: Random) -> UUID:
    """The next id that follows from the seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def groups(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The steps, in order, in groups that are recorded at once.

    No evidence is of a case that its group begins: there is no key yet to seal it with.
    """
    group = _Group()
    for step in steps:
        if group.steps and not group.takes(step):
            yield group.steps
            group = _Group()
        group.add(step)
        if step.rearranges or len(group.steps) == MOST_AT_ONCE:
            yield group.steps
            group = _Group()
    if group.steps:
        yield group.steps


class _Group:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._begun: set[UUID] = set()

    def takes(self, step: Step) -> bool:
        return not (isinstance(step.command, AddEvidence) and step.command.case_id in self._begun)

    def add(self, step: Step) -> None:
        self.steps.append(step)
        if step.begins is not None:
            self._begun.add(step.begins)
