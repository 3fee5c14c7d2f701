"""What is due next, as what is decided meanwhile starts and stops it.

The view `due_timers` knows what was recorded. Whoever decides many commands ahead of their
recording asks here, so that what one of them starts is done in its place among the others.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from eventsourcing.domain import AggregateEvent

from domain.case.state import CaseEvent
from domain.case.timed import started_by, stopped_by
from domain.case.timers import Stopped, Timer, TimerKind
from projections.due_timers import RunningTimer

_Order = tuple[datetime, UUID, TimerKind, str, int]
"""Due time, case, kind, key, version: the order in which timers are acted on."""


class Agenda:
    """The timers that are due until some moment, the earliest first.

    running: those that are recorded. until: the moment. last: where that were too many, the last
    of `running`: nothing is known of what comes after it.
    """

    def __init__(
        self, running: Iterable[RunningTimer], until: datetime, last: RunningTimer | None = None
    ) -> None:
        self._until = until
        self._last = None if last is None else _order(last)
        self._running: dict[UUID, dict[tuple[TimerKind, str], RunningTimer]] = {}
        for each in running:
            self._of(each.case_id)[each.timer.kind, each.timer.key] = each
        self._queue = [_order(each) for of in self._running.values() for each in of.values()]
        heapify(self._queue)

    @property
    def cases(self) -> set[UUID]:
        """Those that have a timer here."""
        return set(self._running)

    def take(self, by: datetime | None = None) -> RunningTimer | None:
        """The next timer, if it is due `by` then; it is on the agenda no more."""
        while self._queue and self._is_known(self._queue[0]):
            due, case_id, kind, key, version = self._queue[0]
            if by is not None and due > by:
                return None
            heappop(self._queue)
            found = self._of(case_id).get((kind, key))
            # What was stopped or set anew is still in the queue.
            if found is not None and (found.version, found.timer.due) == (version, due):
                del self._of(case_id)[kind, key]
                return found
        return None

    def reaches(self, at: datetime) -> bool:
        """Whether all that is due until a moment is known here."""
        return at <= self._until if self._last is None else at < self._last[0]

    def note(self, events: Sequence[AggregateEvent]) -> None:
        """What these events, which were decided now, start and stop."""
        for event in events:
            if isinstance(event, CaseEvent):
                for stopped in stopped_by(event):
                    self._stop(event.originator_id, stopped)
                for timer in started_by(event):
                    self._start(event.originator_id, timer, event.originator_version)

    def _stop(self, case_id: UUID, stopped: Stopped) -> None:
        running = self._of(case_id)
        for kind, key in list(running):
            if kind is stopped.kind and stopped.key in {None, key}:
                del running[kind, key]

    def _start(self, case_id: UUID, timer: Timer, version: int) -> None:
        started = RunningTimer(case_id, timer, version, position=0)
        self._of(case_id)[timer.kind, timer.key] = started
        heappush(self._queue, _order(started))

    def _of(self, case_id: UUID) -> dict[tuple[TimerKind, str], RunningTimer]:
        return self._running.setdefault(case_id, {})

    def _is_known(self, order: _Order) -> bool:
        return order[0] <= self._until and (self._last is None or order <= self._last)


def _order(running: RunningTimer) -> _Order:
    timer = running.timer
    return timer.due, running.case_id, timer.kind, timer.key, running.version
