"""The view `due_timers`: what will happen to cases because nothing happened until then.

A row is a timer that runs: started by an event of its case and not stopped since, in the order of
recording. Whoever acts on it appends an event that stops it, so a row lasts until it is acted on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.case.state import CaseEvent, CaseOpened
from domain.case.timed import started_by, stopped_by
from domain.case.timers import Stopped, Timer, TimerKind
from domain.recorded import RecordedEvent
from projections.view import Connection, Past

STOP = """
DELETE FROM due_timers AS timer
USING unnest($1::uuid[], $2::text[], $3::text[]) AS stopped (case_id, kind, key)
WHERE timer.case_id = stopped.case_id AND timer.kind = stopped.kind
    AND (stopped.key IS NULL OR timer.key = stopped.key)
"""
START = """
INSERT INTO due_timers (case_id, kind, key, due, version, position)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::bigint[])
ON CONFLICT (case_id, kind, key)
DO UPDATE SET due = excluded.due, version = excluded.version, position = excluded.position
"""
KEEP_STATE = """
INSERT INTO due_timers_state (position) VALUES ($1)
ON CONFLICT (only_row) DO UPDATE SET position = excluded.position
"""
STATE = "SELECT position FROM due_timers_state"

DUE = """
SELECT case_id, kind, key, due, version, position FROM due_timers
WHERE due <= $1 ORDER BY due, case_id, kind, key LIMIT $2
"""
NEXT = "SELECT due FROM due_timers WHERE due > $1 ORDER BY due LIMIT 1"
NEW = "SELECT min(due) AS due, max(position) AS position FROM due_timers WHERE position > $1"
LAST = "SELECT coalesce(max(position), 0) FROM due_timers"
RUNNING = """
SELECT timer.case_id, timer.kind, timer.key, timer.version
FROM due_timers AS timer
JOIN unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS asked (case_id, kind, key, version)
    USING (case_id, kind, key, version)
"""
WAITING = "SELECT count(*) AS timers, min(due) AS oldest FROM due_timers WHERE due <= $1"


TimerPlace = tuple[UUID, str, str, int]
"""Case, kind, key, and the version of the event that started it: one timer, of all there ever are.
"""


@dataclass(frozen=True)
class RunningTimer:
    """A timer of a case. version, position: of the event that started it."""

    case_id: UUID
    timer: Timer
    version: int
    position: int

    @property
    def place(self) -> TimerPlace:
        """What tells it from all others."""
        return self.case_id, self.timer.kind, self.timer.key, self.version


@dataclass(frozen=True)
class Waiting:
    """What is due and was not acted on yet. oldest: since when; None: there is nothing."""

    timers: int
    oldest: datetime | None


class DueTimersView:
    """Inline: a timer runs from the commit of the event that starts it."""

    name: Final = "due_timers"
    version: Final = 1
    tables: Final = ("due_timers", "due_timers_state")

    async def position(self, connection: Connection) -> int:
        """The last event that started or stopped anything."""
        return await connection.fetchval(STATE) or 0

    async def apply(
        self,
        connection: Connection,
        events: Sequence[RecordedEvent],
        past: Past,  # noqa: ARG002 - of the interface of views
    ) -> None:
        """Fold a batch, in position order; most batches have nothing of it."""
        changes: dict[UUID, _Changes] = {}
        position = None
        for recorded in events:
            event = recorded.event
            if isinstance(event, CaseEvent | CaseOpened):
                starts, stops = started_by(event), stopped_by(event)
                if starts or stops:
                    changes.setdefault(recorded.stream_id, _Changes()).add(recorded, starts, stops)
                    position = recorded.position
        if position is None:
            return
        stopped = [
            (case_id, each.kind.value, each.key)
            for case_id, of in changes.items()
            for each in of.stopped
        ]
        started = [timer for of in changes.values() for timer in of.started.values()]
        if stopped:
            await connection.execute(STOP, *map(list, zip(*stopped, strict=True)))
        if started:
            columns = zip(*map(_columns, started), strict=True)
            await connection.execute(START, *map(list, columns))
        await connection.execute(KEEP_STATE, position)


@dataclass
class _Changes:
    """What a batch does to the timers of one case. stopped: key None: all of the kind."""

    stopped: set[Stopped] = field(default_factory=set)
    started: dict[tuple[TimerKind, str], RunningTimer] = field(default_factory=dict)

    def add(
        self,
        recorded: RecordedEvent,
        starts: Sequence[Timer],
        stops: Sequence[Stopped],
    ) -> None:
        """An event stops first: one that ends a case may start what comes after the end."""
        for stopped in stops:
            self.stopped.add(stopped)
            self.started = {
                (kind, key): timer
                for (kind, key), timer in self.started.items()
                if kind is not stopped.kind or stopped.key not in {None, key}
            }
        for timer in starts:
            self.started[timer.kind, timer.key] = RunningTimer(
                recorded.stream_id, timer, recorded.version, recorded.position
            )


async def due_timers(connection: Connection, now: datetime, limit: int) -> list[RunningTimer]:
    """Timers that are due, the oldest first."""
    rows = await connection.fetch(DUE, now, limit)
    return [
        RunningTimer(
            row["case_id"],
            Timer(TimerKind(row["kind"]), row["key"], row["due"]),
            row["version"],
            row["position"],
        )
        for row in rows
    ]


async def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next timer after `now` is due; None: none runs."""
    due: datetime | None = await connection.fetchval(NEXT, now)
    return due


async def new_since(connection: Connection, position: int) -> tuple[datetime | None, int]:
    """Of the timers started after a position: the earliest due time, and the last position."""
    row = await connection.fetchrow(NEW, position)
    if row is None or row["position"] is None:
        return None, position
    return row["due"], row["position"]


async def last_started(connection: Connection) -> int:
    """The position of the event that started the newest of the timers that run."""
    position: int = await connection.fetchval(LAST)
    return position


async def still_running(
    connection: Connection, timers: Sequence[RunningTimer]
) -> frozenset[TimerPlace]:
    """Those that nothing has stopped or set anew."""
    if not timers:
        return frozenset()
    places = zip(*(each.place for each in timers), strict=True)
    rows = await connection.fetch(RUNNING, *map(list, places))
    return frozenset((row["case_id"], row["kind"], row["key"], row["version"]) for row in rows)


async def waiting(connection: Connection, now: datetime) -> Waiting:
    """How much is due and was not acted on."""
    row = await connection.fetchrow(WAITING, now)
    return Waiting(0, None) if row is None else Waiting(row["timers"], row["oldest"])


def _columns(running: RunningTimer) -> tuple[UUID, str, str, datetime, int, int]:
    timer = running.timer
    place = (running.case_id, timer.kind.value, timer.key, timer.due)
    return (*place, running.version, running.position)
