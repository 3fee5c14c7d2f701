"""Commands in the order of their time: what people give, and what the service does between.

Each is asked for once the one before it is decided, and what that started is on the agenda. So a
whole stretch of time is decided ahead, and recorded in a few transactions.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from eventsourcing.domain import AggregateEvent

from app.commands import Asked
from app.decisions import streams_of
from app.timers.agenda import Agenda
from domain.case.timers import Timer
from domain.command import Command
from domain.identity import THE_SERVICE
from projections.due_timers import RunningTimer

MOST: Final = 1024
"""Commands decided ahead: what bounds the memory, where timers start timers."""


class Turns:
    """The commands until a moment, as far as they are known.

    due: timers that are recorded; last: where those are not all, the last that was read. waiting:
    what people give, in order; what is asked for here is taken off it.
    began, now: the time before the first command, and of the last that was asked for. taken: the
    timers of those.
    failed: timers for which there is no command, and why.
    """

    def __init__(
        self,
        due: Sequence[RunningTimer],
        waiting: deque[Asked],
        *,
        now: datetime,
        until: datetime,
        last: RunningTimer | None,
        command_for: Callable[[UUID, int, Timer], Command],
    ) -> None:
        self._agenda = Agenda(due, until, last)
        self._waiting = waiting
        self._command_for = command_for
        self._given: list[Asked] = []
        self.first_until = due[-1].timer.due if due else until
        self.began = self.now = now
        self.until = until
        self.taken: list[RunningTimer] = []
        self.failed: dict[RunningTimer, str] = {}
        self.is_over = False

    @property
    def streams(self) -> set[UUID]:
        """Those on which the commands are decided, as far as that is known before."""
        asked = (each for each in self._waiting if self._agenda.reaches(each[2]))
        return self._agenda.cases.union(*(streams_of(command) for command, _, _ in asked))

    def __iter__(self) -> Iterator[Asked]:
        while len(self.taken) + len(self._given) < MOST:
            next_given = self._waiting[0][2] if self._waiting else None
            running = self._agenda.take(next_given)
            if running is not None:
                command = self._command(running)
                if command is not None:
                    self.taken.append(running)
                    self.now = max(self.now, running.timer.due)
                    yield command, THE_SERVICE, self.now
            elif next_given is not None and self._agenda.reaches(next_given):
                self._given.append(self._waiting.popleft())
                self.now = max(self.now, next_given)
                yield self._given[-1]
            else:
                self.is_over = self._agenda.reaches(self.until)
                return

    def note(self, events: Sequence[AggregateEvent]) -> None:
        """What the command that was asked for last came to."""
        self._agenda.note(events)

    def give_back(self) -> None:
        """Nothing of it was recorded: what people gave waits again."""
        self._waiting.extendleft(reversed(self._given))

    def _command(self, running: RunningTimer) -> Command | None:
        try:
            return self._command_for(running.case_id, running.version, running.timer)
        except Exception as error:  # noqa: BLE001 - one timer's fault is not another's
            self.failed[running] = type(error).__name__
            return None
