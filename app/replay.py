"""Replays histories: one case as a story, or every stream as a measure of the journal."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.aggregates import replay
from app.database import Connection
from app.journal import Journal
from domain.recorded import RecordedEvent
from projections.case_changes import FieldChange, difference
from projections.case_state import CaseState, evolve
from projections.history import fold_by_time

STREAMS_AT_ONCE: Final = 500

STREAMS_SQL: Final = """
    SELECT stream_id, version FROM journal.streams
    WHERE $1::uuid IS NULL OR stream_id > $1 ORDER BY stream_id LIMIT $2
"""
TOTAL_SQL: Final = "SELECT coalesce(sum(version), 0)::bigint FROM journal.streams"

Progress = Callable[[int, int], None]
"""Called with the events replayed and how many there are."""


class ReplayFailed(Exception):
    """A stream does not give the version the journal says it has; the message names it."""


@dataclass(frozen=True)
class Step:
    """One event of a story, with what it changed."""

    recorded: RecordedEvent
    changes: Sequence[FieldChange]


@dataclass(frozen=True)
class Story:
    """A case replayed from its events. state: None where nothing had happened yet."""

    steps: Sequence[Step]
    state: CaseState | None


def story_to_version(events: Sequence[RecordedEvent], version: int | None = None) -> Story:
    """The events of a case in version order, up to one of them."""
    told = [event for event in events if version is None or event.version <= version]
    return _told(told)


def story_at(events: Sequence[RecordedEvent], moment: datetime) -> Story:
    """What had occurred by a moment, in the order in which it occurred, and the state then."""
    states = fold_by_time(events)
    if not states or states[0][0] > moment:
        return Story((), None)
    opening, *rest = events
    occurred = [event for event in rest if event.occurred_at <= moment]
    return _told([opening, *sorted(occurred, key=lambda e: (e.occurred_at, e.version))])


def _told(events: Sequence[RecordedEvent]) -> Story:
    steps = []
    state: CaseState | None = None
    for recorded in events:
        before, state = state, evolve(state, recorded)
        steps.append(Step(recorded, difference(before, state)))
    return Story(steps, state)


@dataclass(frozen=True)
class Replayed:
    """How much was replayed, and how long decoding and applying took in seconds."""

    streams: int
    events: int
    seconds: float

    @property
    def events_per_second(self) -> float:
        """The rate over the whole journal."""
        return self.events / self.seconds if self.seconds else 0.0


async def replay_all(journal: Journal, connection: Connection, progress: Progress) -> Replayed:
    """Replay every stream into its aggregate, a few hundred in memory at a time.

    Raises ReplayFailed where the events of a stream do not lead to its version.
    """
    total = await connection.fetchval(TOTAL_SQL)
    began = time.perf_counter()
    streams = events = 0
    rows = await connection.fetch(STREAMS_SQL, None, STREAMS_AT_ONCE)
    while rows:
        versions = {row["stream_id"]: row["version"] for row in rows}
        found = await journal.events_of_streams(versions)
        for stream_id, version in versions.items():
            aggregate = replay(found.get(stream_id, ()))
            # An append between the two reads only makes the stream longer.
            if aggregate is None or aggregate.version < version:
                raise ReplayFailed(f"stream {stream_id} does not lead to version {version}")
        streams += len(rows)
        events += sum(len(stream) for stream in found.values())
        progress(events, max(events, total))
        rows = await connection.fetch(STREAMS_SQL, rows[-1]["stream_id"], STREAMS_AT_ONCE)
    return Replayed(streams, events, time.perf_counter() - began)
