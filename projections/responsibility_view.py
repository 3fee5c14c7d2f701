"""The view `responsibility`: who answered for which case from when to when, as it was known when.

The fold is that of the domain (`domain.case.ledger`), in the order of occurrence. A row is an
interval, and what becomes known of it later is filled in, with the event that said so: its end,
its budget, that it became somebody else's. Only what a backdated event makes untrue ends its being
known, and is replaced. So a past moment is told from the row itself (`ledger.fold.known_at`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.ledger.fold import Ledger, advance, ledger_of
from domain.case.ledger.interval import Holder, Interval
from domain.case.ledger.situation import Situation, concerns
from domain.recorded import RecordedEvent
from projections.statement import together
from projections.view import Connection, Past

NEVER: Final = 2**63 - 1
"""The position until which is known what is known now."""

COLUMNS: Final = {
    "cycle": "integer",
    "part": "text",
    "unit": "text",
    "post": "text",
    "person": "text",
    "decision": "text",
    "begin_at": "timestamptz",
    "version": "integer",
    "position": "bigint",
    "since": "timestamptz",
    "since_version": "integer",
    "since_position": "bigint",
    "end_at": "timestamptz",
    "end_version": "integer",
    "end_position": "bigint",
    "until_at": "timestamptz",
    "until_version": "integer",
    "until_position": "bigint",
    "taken_unit": "text",
    "taken_post": "text",
    "clock": "jsonb",
    "budget": "jsonb",
}
"""Of an interval."""

_PLACE: Final = {"case_id": "uuid", "known_from": "bigint", "known_to": "bigint"}
_FILLED: Final = tuple(COLUMNS)[tuple(COLUMNS).index("end_at") :]
_ROW: Final = {**_PLACE, **COLUMNS}
_NAMES: Final = ", ".join(_ROW)
_TYPES: Final = ", ".join(f"{name} {kind}" for name, kind in _ROW.items())

# What is known now of some cases, in the order of the fold: a backdated event has a later version.
KNOWN = f"""
SELECT case_id, latest_at, situation, (
    SELECT json_agg(r ORDER BY r.begin_at, r.version, r.since, r.since_version)
    FROM responsibility r
    WHERE r.case_id = c.case_id AND r.known_to = {NEVER}
) AS intervals
FROM responsibility_cases c WHERE case_id = ANY($1::uuid[])
"""  # noqa: S608 - constants

_KEEP = """
INSERT INTO responsibility_cases (case_id, latest_at, situation)
SELECT case_id, latest_at, situation
FROM json_to_recordset($1::json) AS r (case_id uuid, latest_at timestamptz, situation jsonb)
ON CONFLICT (case_id) DO UPDATE SET latest_at = excluded.latest_at, situation = excluded.situation
"""
_ADD = f"""
INSERT INTO responsibility ({_NAMES})
SELECT {_NAMES} FROM json_to_recordset($2::json) AS r ({_TYPES})
"""  # noqa: S608 - constants
_FILL = f"""
UPDATE responsibility t
SET known_to = r.known_to, {", ".join(f"{name} = r.{name}" for name in _FILLED)}
FROM json_to_recordset($3::json) AS r ({_TYPES})
WHERE (t.case_id, t.version, t.since_version, t.known_from)
    = (r.case_id, r.version, r.since_version, r.known_from)
"""  # noqa: S608 - constants
_REACH = """
INSERT INTO responsibility_state (position) VALUES ($4)
ON CONFLICT (only_row) DO UPDATE SET position = excluded.position
"""
WRITE = together(_KEEP, _ADD, _FILL, _REACH)

STATE = "SELECT position FROM responsibility_state"

_encode: Final = msgspec.json.Encoder().encode
_situation: Final = msgspec.json.Decoder(Situation).decode
_rows: Final = msgspec.json.Decoder(list[dict[str, Any]]).decode


@dataclass
class _Row:
    """An interval, and from when until when it is known. stored: it was there before this batch."""

    interval: Interval
    known_from: int
    known_to: int = NEVER
    stored: bool = False
    changed: bool = False

    def columns(self, case_id: UUID) -> dict[str, Any]:
        """The row, ready for JSON."""
        place = {"case_id": case_id, "known_from": self.known_from, "known_to": self.known_to}
        return place | columns_of(self.interval)


@dataclass
class _Case:
    """The ledger of one case while a batch is folded into it.

    events: those of the batch that concern it so far.
    """

    ledger: Ledger = field(default_factory=Ledger)
    latest: datetime | None = None
    rows: list[_Row] = field(default_factory=list)
    gone: list[_Row] = field(default_factory=list)
    events: list[RecordedEvent] = field(default_factory=list)

    def take_in(self, recorded: RecordedEvent, past: Sequence[RecordedEvent] | None) -> None:
        """Fold an event. past: the events before the batch, where it is backdated."""
        self.events.append(recorded)
        if past is None:
            ledger = advance(self.ledger, recorded)
            self.latest = recorded.occurred_at
        else:
            ledger = ledger_of([*past, *self.events])
        if ledger.intervals != self.ledger.intervals:
            self._compare(ledger.intervals, recorded.position)
        self.ledger = ledger

    def _compare(self, intervals: Iterable[Interval], position: int) -> None:
        before = {row.interval.key: row for row in self.rows}
        self.rows = []
        for interval in intervals:
            row = before.pop(interval.key, None)
            if row is not None and is_filled_in(row.interval, interval, position):
                row.changed |= row.interval != interval
                row.interval = interval
            else:
                self._end(row, position)
                row = _Row(interval, position)
            self.rows.append(row)
        for row in before.values():
            self._end(row, position)

    def _end(self, row: _Row | None, position: int) -> None:
        if row is not None:
            row.known_to, row.changed = position, True
            self.gone.append(row)

    def added(self) -> list[_Row]:
        """The rows to insert."""
        return [row for row in (*self.gone, *self.rows) if not row.stored]

    def filled(self) -> list[_Row]:
        """The rows of the table that say more than before, or are known no longer."""
        return [row for row in (*self.gone, *self.rows) if row.stored and row.changed]


class ResponsibilityView:
    """Inline: who answers for a case is known with the event that says so."""

    name: Final = "responsibility"
    version: Final = 2
    tables: Final = ("responsibility", "responsibility_cases", "responsibility_state")

    async def position(self, connection: Connection) -> int:
        """The last event that concerned it."""
        return await connection.fetchval(STATE) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], past: Past
    ) -> None:
        """Fold a batch, in position order, inside the caller's transaction."""
        concerning = [recorded for recorded in events if concerns(recorded.event)]
        if not concerning:
            return
        cases = await _cases(connection, {recorded.stream_id for recorded in concerning})
        backdated = _backdated(concerning, cases)
        before = await past(backdated) if backdated else {}
        for recorded in concerning:
            case = cases[recorded.stream_id]
            late = case.latest is not None and recorded.occurred_at < case.latest
            case.take_in(recorded, before.get(recorded.stream_id, ()) if late else None)
        await connection.execute(
            WRITE,
            _json(
                {
                    "case_id": case_id,
                    "latest_at": case.latest,
                    "situation": case.ledger.situation,
                }
                for case_id, case in cases.items()
            ),
            _json(row.columns(case_id) for case_id, case in cases.items() for row in case.added()),
            _json(row.columns(case_id) for case_id, case in cases.items() for row in case.filled()),
            concerning[-1].position,
        )


async def _cases(connection: Connection, case_ids: Collection[UUID]) -> dict[UUID, _Case]:
    """What is known of the cases before the batch."""
    cases = {case_id: _Case() for case_id in case_ids}
    for row in await connection.fetch(KNOWN, list(case_ids)):
        found = [_stored(each) for each in _rows(row["intervals"] or "[]")]
        intervals = tuple(each.interval for each in found)
        ledger = Ledger(_situation(row["situation"]), intervals)
        cases[row["case_id"]] = _Case(ledger, row["latest_at"], found)
    return cases


def _backdated(events: Sequence[RecordedEvent], cases: Mapping[UUID, _Case]) -> frozenset[UUID]:
    """The cases of which something occurred before what was known to have occurred last."""
    found = set()
    latest = {case_id: case.latest for case_id, case in cases.items()}
    for recorded in events:
        last = latest[recorded.stream_id]
        if last is not None and recorded.occurred_at < last:
            found.add(recorded.stream_id)
        else:
            latest[recorded.stream_id] = recorded.occurred_at
    return frozenset(found)


def is_filled_in(before: Interval, after: Interval, position: int) -> bool:
    """Whether an interval is as it was, but for what the event at a position says more of it."""
    if before == after:
        # So are all but the last one or two of a case.
        return True
    said: set[str] = set()
    if before.end_position is None and after.end_position == position:
        said |= _AT_ITS_END
    if before.until_position is None and after.until_position == position:
        said |= _WHEN_GIVEN_BACK
    if before.budget is None and after.budget and after.budget.position == position:
        said.add("budget")
    return all(
        name in said or getattr(before, name) == getattr(after, name)
        for name in Interval.__struct_fields__
    )


_AT_ITS_END: Final = frozenset(
    {"end", "end_version", "end_position", "taken_unit", "taken_post", "clock"}
)
_WHEN_GIVEN_BACK: Final = frozenset({"until", "until_version", "until_position"})


def columns_of(interval: Interval) -> dict[str, Any]:
    """The columns of an interval, ready for JSON."""
    holder = interval.holder
    return {
        "cycle": interval.cycle,
        "part": holder.part,
        "unit": holder.unit,
        "post": holder.post,
        "person": holder.person,
        "decision": holder.decision,
        "begin_at": interval.begin,
        "version": interval.version,
        "position": interval.position,
        "since": interval.since,
        "since_version": interval.since_version,
        "since_position": interval.since_position,
        "end_at": interval.end,
        "end_version": interval.end_version,
        "end_position": interval.end_position,
        "until_at": interval.until,
        "until_version": interval.until_version,
        "until_position": interval.until_position,
        "taken_unit": interval.taken_unit,
        "taken_post": interval.taken_post,
        "clock": interval.clock,
        "budget": interval.budget,
    }


def interval_of(row: Mapping[str, Any]) -> Interval:
    """The interval in a row; its JSON parts decoded, times in UTC or as ISO 8601."""
    return msgspec.convert(
        {
            **{name: row[name] for name in _AS_THEY_ARE},
            "begin": row["begin_at"],
            "end": row["end_at"],
            "until": row["until_at"],
            "holder": {name: row[name] for name in Holder.__struct_fields__},
        },
        Interval,
    )


_AS_THEY_ARE: Final = frozenset(COLUMNS).intersection(Interval.__struct_fields__)


def _stored(row: Mapping[str, Any]) -> _Row:
    return _Row(interval_of(row), row["known_from"], stored=True)


def decoded(row: asyncpg.Record) -> dict[str, Any]:
    """A row of the table with its JSON parts decoded."""
    parts = {name: row[name] and _decode(row[name]) for name in ("clock", "budget")}
    return {**row, **parts}


_decode: Final = msgspec.json.Decoder().decode


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return _encode(list(rows)).decode()
