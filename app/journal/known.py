"""The end of the journal as this process left it, so that it need not ask for it each time."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

MOST_STREAMS: Final = 10_000
CLOCK_SECONDS: Final = 10.0
"""How long a reading of the database's clock is carried on by our own; then it is read anew."""
CLOCK_EXACT_TO: Final = 0.05
"""A reading that took longer to come, in seconds, says too little."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The database's clock, carried on by a clock of ours that nobody sets.

    asked: when we asked for it, in monotonic seconds. So `now` is never behind the database's
    clock, and before it by no more than the answer took.
    """

    read: datetime
    asked: float

    @classmethod
    def of(cls, read: datetime, asked: float) -> "Clock | None":
        """The clock just read; None where the answer was too long on its way."""
        return cls(read, asked) if time.monotonic() - asked < CLOCK_EXACT_TO else None

    @property
    def holds(self) -> bool:
        """Whether it was read lately."""
        return time.monotonic() - self.asked < CLOCK_SECONDS

    def now(self) -> datetime:
        """The database's time."""
        return self.read + timedelta(seconds=time.monotonic() - self.asked)


@dataclass(slots=True)
class StreamEnd:
    """Version and leaf hash of a stream's last entry."""

    version: int
    hash: bytes


@dataclass(slots=True)
class JournalEnd:
    """Size, frontier, time and streams' ends after the last batch of this process.

    All of it holds as long as nobody else appends. Nobody needs to know whether somebody has: the
    next entry's position would be taken.
    """

    size: int
    frontier: list[bytes]
    recorded_at: datetime
    clock: Clock | None
    streams: OrderedDict[UUID, StreamEnd] = field(default_factory=OrderedDict)

    def note(self, ends: Iterable[tuple[UUID, StreamEnd]]) -> None:
        """Remember where streams end; of the many, those that were last appended to."""
        for stream_id, end in ends:
            self.streams[stream_id] = end
            self.streams.move_to_end(stream_id)
        while len(self.streams) > MOST_STREAMS:
            self.streams.popitem(last=False)
