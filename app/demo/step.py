"""One step of the demonstration: a person gives a command at a moment of its year."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from domain.command import Command


@dataclass(frozen=True)
class Step:
    """A command, who gives it, and when that is recorded.

    rearranges: what comes after it is decided only once it is recorded and known.
    paper: the bytes of the evidence that it adds; empty where it adds none.
    """

    at: datetime
    person: str
    command: Command
    rearranges: bool = False
    paper: bytes = b""


def drawn_id(rng: Random) -> UUID:
    """The next id that follows from the seed."""
    return UUID(int=rng.getrandbits(128), version=4)
