"""The clocks of cases, those that run and those that have stopped: rows of the view `cases`.

What runs lies in the details of a state too, so that it is right as of any moment; what has stopped
does so nowhere else. A row is a clock: its name and number tell it from all others of its case. How
much of its limit is used follows from its calendar, and is told when it is read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import DeadlineBreached
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.as_of import Moment
from projections.sight import scope_values, visible
from projections.statement import Statement
from projections.view import Connection

CLOCK_COLUMNS: Final = {
    "case_id": "uuid",
    "name": "text",
    "number": "integer",
    "kind": "text",
    "key": "text",
    "cycle": "integer",
    "unit": "text",
    "started_at": "timestamptz",
    "started_position": "bigint",
    "due": "timestamptz",
    "first_due": "timestamptz",
    "breached_at": "timestamptz",
    "breached_position": "bigint",
    "stopped_at": "timestamptz",
    "stopped_position": "bigint",
    "clock": "jsonb",
}
LATE_COLUMNS: Final = {
    "case_id": "uuid",
    "name": "text",
    "number": "integer",
    "breached_at": "timestamptz",
    "breached_position": "bigint",
}
"""That the limit of a clock was passed, noticed when it had stopped."""

ON_CONFLICT: Final = """ ON CONFLICT (case_id, name, number) DO UPDATE SET
    unit = excluded.unit, due = excluded.due, first_due = excluded.first_due,
    breached_at = coalesce(case_clocks.breached_at, excluded.breached_at),
    breached_position = coalesce(case_clocks.breached_position, excluded.breached_position),
    stopped_at = excluded.stopped_at, stopped_position = excluded.stopped_position,
    clock = excluded.clock"""
"""A clock is started once; what it said stays said."""

Row = dict[str, Any]
_Place = tuple[UUID, str, int]


@dataclass
class ClockRows:
    """What a batch does to the clocks of cases. late: of clocks that the batch does not write."""

    rows: dict[_Place, Row] = field(default_factory=dict)
    late: dict[_Place, Row] = field(default_factory=dict)

    def add(
        self, before: Collection[Clock], after: Collection[Clock], recorded: RecordedEvent
    ) -> None:
        """Take in an event: the running clocks before and after it, in the order of versions."""
        if before is not after:
            running = {clock.name: clock for clock in after}
            known = {clock.name: clock for clock in before}
            for name, clock in known.items():
                if not clock.is_same(running.get(name)):
                    self._put(clock, recorded, stopped=True)
            for name, clock in running.items():
                if known.get(name) != clock:
                    self._put(clock, recorded, stopped=False)
        event = recorded.event
        if isinstance(event, DeadlineBreached) and not any(map(event.clock.is_same, after)):
            self._note_late(event.clock, recorded)

    def _put(self, clock: Clock, recorded: RecordedEvent, *, stopped: bool) -> None:
        place = (recorded.stream_id, clock.name, clock.number)
        row = _row(clock, recorded, stopped=stopped)
        earlier = self.rows.get(place)
        if earlier is not None:
            row["started_position"] = earlier["started_position"]
            if earlier["breached_at"] is not None:
                row["breached_at"] = earlier["breached_at"]
                row["breached_position"] = earlier["breached_position"]
        self.rows[place] = row

    def _note_late(self, clock: Clock, recorded: RecordedEvent) -> None:
        place = (recorded.stream_id, clock.name, clock.number)
        noted = {
            "breached_at": clock.breached_at,
            "breached_position": recorded.position,
        }
        if place in self.rows:
            self.rows[place] |= noted
        else:
            case_id, name, number = place
            self.late[place] = {"case_id": case_id, "name": name, "number": number, **noted}


def _row(clock: Clock, recorded: RecordedEvent, *, stopped: bool) -> Row:
    return {
        "case_id": recorded.stream_id,
        "name": clock.name,
        "number": clock.number,
        "kind": clock.kind,
        "key": clock.key,
        "cycle": clock.cycle,
        "unit": clock.unit,
        "started_at": clock.started_at,
        "started_position": recorded.position,
        "due": clock.due,
        "first_due": clock.first_due,
        "breached_at": clock.breached_at,
        "breached_position": recorded.position if clock.is_breached else None,
        "stopped_at": recorded.occurred_at if stopped else None,
        "stopped_position": recorded.position if stopped else None,
        "clock": clock,
    }


# Of a past moment what ran then is told by the state of the case; here what had stopped by then,
# and what had started and may have rested.
STARTED = Statement("""
SELECT case_id, clock,
    CASE WHEN (:position::bigint IS NULL OR breached_position <= :position)
        AND (:time::timestamptz IS NULL OR breached_at <= :time)
        THEN breached_at END AS breached_at,
    CASE WHEN (:position::bigint IS NULL OR stopped_position <= :position)
        AND (:time::timestamptz IS NULL OR stopped_at <= :time)
        THEN stopped_at END AS stopped_at
FROM case_clocks
WHERE case_id = ANY(:case_ids::uuid[])
    AND (:position::bigint IS NULL OR started_position <= :position)
    AND (:time::timestamptz IS NULL OR started_at <= :time)
ORDER BY case_id, started_at, name, number
""")


@dataclass(frozen=True)
class StartedClock:
    """A clock as it ran last. stopped_at: None: it had not by then, or rested and went on since."""

    clock: Clock
    stopped_at: datetime | None


_decode: Final = msgspec.json.Decoder(Clock).decode


async def started_clocks(
    connection: Connection, case_ids: Iterable[UUID], moment: Moment | None = None
) -> Mapping[UUID, list[StartedClock]]:
    """The clocks of cases that had started, in that order; those that run a state tells better.

    Which of the cases the caller may see is for the caller of this to say.
    """
    values = {
        "case_ids": list(case_ids),
        "position": None if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }
    found: dict[UUID, list[StartedClock]] = {}
    for row in await STARTED.rows(connection, values):
        clock = msgspec.structs.replace(_decode(row["clock"]), breached_at=row["breached_at"])
        found.setdefault(row["case_id"], []).append(StartedClock(clock, row["stopped_at"]))
    return found


# By keys, so that a run that records as it goes misses none and meets none twice.
TIMED = Statement(f"""
SELECT case_id FROM cases
WHERE (:after::uuid IS NULL OR case_id > :after)
    AND (:areas::text[] IS NULL OR area = ANY(:areas))
    AND EXISTS (
        SELECT FROM case_clocks c WHERE c.case_id = cases.case_id AND c.stopped_at IS NULL
    )
    AND {visible("cases")}
ORDER BY case_id LIMIT :limit
""")  # noqa: S608 - constants


async def timed_cases(
    connection: Connection,
    scope: Scope,
    areas: Collection[str] | None,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Cases of which something is timed, in the order of their ids. areas: None: wherever."""
    values = {
        **scope_values(scope),
        "areas": None if areas is None else sorted(areas),
        "after": after,
        "limit": limit,
    }
    return [row["case_id"] for row in await TIMED.rows(connection, values)]
