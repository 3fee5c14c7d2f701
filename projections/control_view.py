"""The view `control`: what supervisors count, and which clocks ran when. It follows the journal.

control_facts: a row for each fact (projections/control_facts.py); it never changes. What was known
at a position, and had occurred by a time, is told by two of its columns.

clock_spans: a row for each time, in positions, in which a clock of a case stayed as it was: its
due time, and whose the case was. A change ends the row and begins the next. As of a position, and
as of a time at which it was so, the rows that contain it are found through interval trees
(projections/intervals.py). What became known late is not told there: see projections/overdue.py.

control_cases: what has to be known of a case to tell the next of either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import YELLOW_FROM
from domain.case.state import CaseEvent
from domain.recorded import RecordedEvent
from projections.case_state import effect, is_of_case, is_quiet, opened
from projections.control_facts import Fact, Held, facts_of, orders_after, unit_of
from projections.intervals import fork, time_fork
from projections.pending_decisions import pending_after
from projections.statement import together
from projections.view import Connection, OutOfStep, Past

STATE = "SELECT position FROM control_state FOR UPDATE"
POSITION = "SELECT position FROM control_state"
CASES = "SELECT case_id, held FROM control_cases WHERE case_id = ANY($1::uuid[])"

_FACTS: Final = {
    "position": "bigint",
    "seq": "smallint",
    "case_id": "uuid",
    "kind": "text",
    "occurred_at": "timestamptz",
    "unit": "text",
    "other_unit": "text",
    "decision": "text",
    "since": "timestamptz",
    "clock": "text",
    "percent": "integer",
    "level": "text",
    "number": "integer",
    "by_unit": "text",
    "by_post": "text",
    "area": "text",
    "type_code": "text",
    "channel": "text",
}
SPAN_COLUMNS: Final = {
    "case_id": "uuid",
    "name": "text",
    "since": "bigint",
    "until": "bigint",
    "fork": "bigint",
    "kind": "text",
    "late_from": "timestamptz",
    "yellow_from": "timestamptz",
    "unit": "text",
    "lead_unit": "text",
    "area": "text",
    "type_code": "text",
    "channel": "text",
    "officer": "text",
    "officer_position": "text",
    "clock": "jsonb",
    "valid_from": "timestamptz",
    "valid_to": "timestamptz",
    "time_fork": "bigint",
}
_ENDED: Final = {
    "until": "bigint",
    "fork": "bigint",
    "valid_to": "timestamptz",
    "time_fork": "bigint",
}
_ENDS: Final = {"case_id": "uuid", "name": "text", "since": "bigint", **_ENDED}


def _rows(number: int, columns: Mapping[str, str]) -> str:
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(${number}::json) AS r ({types})"


def _insert(table: str, number: int, columns: Mapping[str, str]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {_rows(number, columns)}"  # noqa: S608


# Before the next row of a clock is written: one of a name runs at a time.
END = (
    "UPDATE clock_spans s SET "  # noqa: S608 - constants
    + ", ".join(f"{name} = r.{name}" for name in _ENDED)
    + f" FROM {_rows(1, _ENDS)} WHERE (s.case_id, s.name, s.since) = (r.case_id, r.name, r.since)"
)
WRITE = together(
    _insert("control_facts", 1, _FACTS),
    _insert("clock_spans", 2, SPAN_COLUMNS),
    _insert("control_cases", 3, {"case_id": "uuid", "held": "jsonb"})
    + " ON CONFLICT (case_id) DO UPDATE SET held = excluded.held",
    "INSERT INTO control_state (position) VALUES ($4) "
    "ON CONFLICT (only_row) DO UPDATE SET position = excluded.position",
)

_PLACE: Final = ("lead_unit", "area", "type_code", "channel", "officer", "officer_position")
"""Of what is held, what a span shows."""
_place: Final = attrgetter(*_PLACE)

_encode = msgspec.json.Encoder().encode


class Running(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clock that runs: from which position and time on it is so, and when it is nearly due."""

    clock: Clock
    since: int
    valid_from: datetime
    yellow_from: datetime | None = None


class Kept(Held, omit_defaults=True):
    """What lies in `control_cases`: with the clocks that run, by name."""

    running: dict[str, Running] = msgspec.field(default_factory=dict)


_kept: Final = msgspec.json.Decoder(Kept).decode


def late_from(clock: Clock) -> datetime | None:
    """From when on it is past due if nothing happens; None: it stands still before it was due."""
    if clock.is_paused and clock.pauses[-1].begin < clock.due:
        return None
    return clock.due


def yellow_from(clock: Clock, before: Running | None) -> datetime | None:
    """From when on YELLOW_FROM of it is used, as far as its own events say; else its due time.

    before: the clock of that name until now, if one ran.
    """
    late = late_from(clock)
    if late is None:
        return None
    # One that was given more time after it had warned warns again.
    if clock.next_percent == YELLOW_FROM and clock.next_at is not None:
        return min(late, clock.next_at)
    if clock.raised < YELLOW_FROM:
        return late
    went_on = before is not None and before.clock.is_same(clock) and not before.clock.is_paused
    if not went_on and clock.pauses and clock.pauses[-1].end is not None:
        return min(late, clock.pauses[-1].end)
    if before is None or not before.clock.is_same(clock):
        return late
    return (before.yellow_from or late) if before.clock.due == clock.due else late


@dataclass
class _Folding:
    """A batch under way. changed: the cases of which something else is held than before."""

    cases: dict[UUID, Kept]
    changed: set[UUID] = field(default_factory=set)
    facts: list[dict[str, Any]] = field(default_factory=list)
    begun: dict[tuple[UUID, str, int], dict[str, Any]] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)

    def add(self, recorded: RecordedEvent) -> None:
        event = recorded.event
        if not is_of_case(event):
            return
        held = self.cases.get(recorded.stream_id)
        if held is None:
            self._open(recorded)
            return
        if not isinstance(event, CaseEvent):
            return
        self._note(recorded, held)
        if is_quiet(event):
            return
        after = _after(held, event)
        after.running = self._spans(recorded, event, held, after)
        if after != held:
            self._keep(recorded, after)

    def _open(self, recorded: RecordedEvent) -> None:
        state = opened(recorded)
        kept = Kept(area=state.area, type_code=state.type_code, channel=state.channel.value)
        for clock in state.details.clocks:
            kept.running[clock.name] = self._begin(recorded, clock, None, kept)
        self._keep(recorded, kept)

    def _keep(self, recorded: RecordedEvent, kept: Kept) -> None:
        self.cases[recorded.stream_id] = kept
        self.changed.add(recorded.stream_id)

    def _note(self, recorded: RecordedEvent, held: Held) -> None:
        for seq, fact in enumerate(facts_of(recorded.event, held)):
            self.facts.append(_fact_row(recorded, seq, fact, held))

    def _spans(
        self, recorded: RecordedEvent, event: CaseEvent, before: Kept, after: Kept
    ) -> dict[str, Running]:
        """The clocks that run after an event; what is otherwise than before has a new row."""
        clocks = {name: running.clock for name, running in before.running.items()}
        then = event.clocks_after(clocks)
        moved = _place(before) != _place(after)
        if then is clocks and not (moved and clocks):
            return before.running
        running = dict(before.running)
        for name in [name for name in running if moved or then.get(name) != clocks[name]]:
            self._end(recorded, name, running.pop(name))
        for name, clock in then.items():
            if name not in running:
                running[name] = self._begin(recorded, clock, before.running.get(name), after)
        return running

    def _begin(
        self, recorded: RecordedEvent, clock: Clock, before: Running | None, held: Held
    ) -> Running:
        at = recorded.occurred_at
        running = Running(clock, recorded.position, at, yellow_from(clock, before))
        self.begun[recorded.stream_id, clock.name, running.since] = {
            "case_id": recorded.stream_id,
            "name": clock.name,
            "since": running.since,
            **dict.fromkeys(_ENDED),
            "kind": clock.kind,
            "late_from": late_from(clock),
            "yellow_from": running.yellow_from,
            "unit": unit_of(clock, held.lead_unit),
            **{name: getattr(held, name) for name in _PLACE},
            "clock": clock,
            "valid_from": at,
        }
        return running

    def _end(self, recorded: RecordedEvent, name: str, running: Running) -> None:
        since, start, end = running.since, running.valid_from, recorded.occurred_at
        ended = {
            "until": recorded.position,
            "fork": fork(since, recorded.position - 1),
            "valid_to": end,
            "time_fork": time_fork(start, end) if start < end else None,
        }
        begun = self.begun.get((recorded.stream_id, name, since))
        if begun is None:
            place = {"case_id": recorded.stream_id, "name": name, "since": since}
            self.ended.append({**place, **ended})
        else:
            begun.update(ended)


def _after(held: Kept, event: AggregateEvent) -> Kept:
    changed = effect(event)
    after = msgspec.structs.replace(
        held,
        pending=pending_after(held.pending, event),
        orders=orders_after(held.orders, event),
        **{name: changed[name] for name in _PLACE if name in changed},
    )
    if after.lead_unit is None and held.lead_unit is not None:
        after.led_by = held.lead_unit
    return after


def _fact_row(recorded: RecordedEvent, seq: int, fact: Fact, held: Held) -> dict[str, Any]:
    return {
        "position": recorded.position,
        "seq": seq,
        "case_id": recorded.stream_id,
        "occurred_at": recorded.occurred_at,
        **msgspec.structs.asdict(fact),
        "by_unit": recorded.actor.unit,
        "by_post": recorded.actor.position,
        "area": held.area,
        "type_code": held.type_code,
        "channel": held.channel,
    }


class ControlView:
    """Follows the journal: a figure may be behind by what has not been taken in yet."""

    name: Final = "control"
    version: Final = 4
    tables: Final = ("control_facts", "clock_spans", "control_cases", "control_state")

    async def position(self, connection: Connection) -> int:
        """The last position that it has taken in."""
        return await connection.fetchval(POSITION) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        """Fold a batch, in position order, inside the caller's transaction, and keep the position.

        What was taken in already is passed over; a hole raises OutOfStep.
        """
        position = await connection.fetchval(STATE) or 0
        fresh = [recorded for recorded in events if recorded.position > position]
        if not fresh:
            return
        if fresh[0].position != position + 1:
            raise OutOfStep(self.name, position, fresh[0].position)
        folding = _Folding(await _cases(connection, fresh))
        for recorded in fresh:
            folding.add(recorded)
        kept = [{"case_id": case_id, "held": folding.cases[case_id]} for case_id in folding.changed]
        if folding.ended:
            await connection.execute(END, _json(folding.ended))
        await connection.execute(
            WRITE,
            _json(folding.facts),
            _json(folding.begun.values()),
            _json(kept),
            fresh[-1].position,
        )


async def _cases(connection: Connection, events: Iterable[RecordedEvent]) -> dict[UUID, Kept]:
    ids = {event.stream_id for event in events if is_of_case(event.event) and event.version > 1}
    rows = await connection.fetch(CASES, list(ids)) if ids else []
    return {row["case_id"]: _kept(row["held"]) for row in rows}


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return _encode(list(rows)).decode()
