"""The view `cases`: current state, past states, texts, audit trail and logs, in one fold.

They are one view because they need one fold: the trail says before -> after, the history keeps
what was before, and both would otherwise read and fold the same cases again. A batch costs one
SELECT (none where it only opens cases, or its events are quiet) and one statement that writes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.imported import ActivityRecorded, HistoryImported
from domain.recorded import RecordedEvent
from projections.case_changes import FieldChange, changes_by, difference
from projections.case_clocks import CLOCK_COLUMNS, LATE_COLUMNS, ON_CONFLICT, ClockRows
from projections.case_details import NONE, details_of
from projections.case_rows import STATE_COLUMNS, state_of
from projections.case_state import is_of_case, is_quiet
from projections.history import NEVER, CaseHistory, HistoryRow
from projections.statement import together
from projections.texts import normalised, text_key, tokens
from projections.trail import LOG_COLUMNS, TRAIL_COLUMNS, log_rows, trail_row
from projections.view import Connection, Past

_STATE = ", ".join(STATE_COLUMNS)

POSITION = "SELECT max(position) FROM timeline_events"

CURRENT = f"""
SELECT {_STATE}, latest_at, in_order, title, description
FROM cases LEFT JOIN case_texts USING (case_id, text_key)
WHERE case_id = ANY($1::uuid[])
"""  # noqa: S608 - constants

# The planner keeps one plan for this, but would plan the one above anew each time.
CURRENT_ONE = CURRENT.replace("= ANY($1::uuid[])", "= $1")

CHAIN = f"""
SELECT {_STATE}, title, description, made_by, seq, by_version, next_position, known_from,
    valid_from, nullif(valid_to, 'infinity') AS valid_to, valid_to_since
FROM case_history LEFT JOIN case_texts USING (case_id, text_key)
WHERE case_id = ANY($1::uuid[]) AND by_time AND known_to = {NEVER}
ORDER BY valid_from, case_history.valid_to
"""  # noqa: S608 - constants

_CASES: Final = {**STATE_COLUMNS, "latest_at": "timestamptz", "in_order": "boolean"}
_NEWEST: Final = {
    "case_id": "uuid",
    "version": "integer",
    "position": "bigint",
    "updated_at": "timestamptz",
    "regular": "boolean",
}
_HISTORY: Final = {
    **STATE_COLUMNS,
    "made_by": "integer",
    "seq": "integer",
    "by_version": "boolean",
    "by_time": "boolean",
    "next_position": "bigint",
    "known_from": "bigint",
    "known_to": "bigint",
    "valid_from": "timestamptz",
    "valid_to": "timestamptz",
    "valid_to_since": "bigint",
    "fork": "bigint",
    "time_fork": "bigint",
}
_AMENDED: Final = ("known_to", "valid_to", "valid_to_since", "fork", "time_fork")
_TEXTS: Final = {
    "case_id": "uuid",
    "text_key": "bigint",
    "title": "text",
    "description": "text",
    "normal": "text",
    "tokens": "text[]",
}


def _rows(number: int, columns: Mapping[str, str]) -> str:
    """A parameter that holds rows as JSON: measured at half the cost of one array per column."""
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(${number}::json) AS r ({types})"


def _insert(table: str, number: int, columns: Mapping[str, str]) -> str:
    names = ", ".join(columns)
    source = _rows(number, columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {source}"  # noqa: S608


_WRITE_NEWEST = (
    _insert("case_newest", 1, _NEWEST)
    + " ON CONFLICT (case_id) DO UPDATE SET "
    + "version = excluded.version, position = excluded.position, updated_at = excluded.updated_at"
)
_WRITE_TRAIL = _insert("timeline_events", 2, TRAIL_COLUMNS)
_WRITE_CASES = (
    _insert("cases", 3, _CASES)
    + " ON CONFLICT (case_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _CASES if name != "case_id")
)
_AMEND = (
    "UPDATE case_history h SET "  # noqa: S608 - constants
    + ", ".join(f"{name} = r.{name}" for name in _AMENDED)
    + f" FROM {_rows(5, _HISTORY)}"
    + " WHERE (h.case_id, h.made_by, h.seq) = (r.case_id, r.made_by, r.seq)"
)

_WRITE_LATE = (
    f"UPDATE case_clocks c SET breached_at = r.breached_at, "  # noqa: S608 - constants
    f"breached_position = r.breached_position FROM {_rows(9, LATE_COLUMNS)} "
    "WHERE (c.case_id, c.name, c.number) = (r.case_id, r.name, r.number) "
    "AND c.breached_at IS NULL"
)

WRITE = together(_WRITE_NEWEST, _WRITE_TRAIL)
"""What every event needs, and a quiet one nothing else."""

WRITE_ALL = together(
    _WRITE_NEWEST,
    _WRITE_CASES,
    _insert("case_history", 4, _HISTORY),
    _AMEND,
    _insert("case_texts", 6, _TEXTS) + " ON CONFLICT DO NOTHING",
    _insert("log_activities", 7, LOG_COLUMNS),
    _insert("case_clocks", 8, CLOCK_COLUMNS) + ON_CONFLICT,
    _WRITE_LATE,
    _WRITE_TRAIL,
)

MOST_ROWS: Final = 5000
"""Rows of one table in one statement: what bounds its size."""

_encode = msgspec.json.Encoder().encode


class CasesView:
    """Inline: its rows commit with the events."""

    name: Final = "cases"
    version: Final = 2
    tables: Final = (
        "cases",
        "case_newest",
        "case_history",
        "case_texts",
        "timeline_events",
        "log_activities",
        "case_clocks",
    )

    async def position(self, connection: Connection) -> int:
        """The last position it has taken in: every event has a row in the audit trail."""
        return await connection.fetchval(POSITION) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], past: Past
    ) -> None:
        """Fold a batch, in position order, inside the caller's transaction."""
        batch = _Batch(await _histories(connection, events, past))
        for recorded in events:
            batch.add(recorded)
        await batch.write(connection)


async def _histories(
    connection: Connection, events: Sequence[RecordedEvent], past: Past
) -> dict[UUID, CaseHistory]:
    """The cases of a batch as they are before it, with as much of their past as it needs.

    Cases with quiet events only are left out: nothing of them has to be known.
    """
    histories: dict[UUID, CaseHistory] = {}
    known: list[UUID] = []
    for recorded in events:
        if recorded.stream_id not in histories and _needs_state(recorded):
            histories[recorded.stream_id] = CaseHistory()
            if recorded.version > 1:
                known.append(recorded.stream_id)
    if not known:
        return histories
    apart: set[UUID] = set()
    for row in await _current(connection, known):
        state = state_of(row)
        histories[state.case_id] = CaseHistory(state, row["latest_at"])
        if not row["in_order"]:
            apart.add(state.case_id)
    await _load_past(connection, events, histories, apart, past)
    return histories


def _needs_state(recorded: RecordedEvent) -> bool:
    """An activity says nothing new of its case, but its row in the log has the case's source."""
    event = recorded.event
    return isinstance(event, ActivityRecorded) or (is_of_case(event) and not is_quiet(event))


async def _current(connection: Connection, case_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    if len(case_ids) == 1:
        return await connection.fetch(CURRENT_ONE, case_ids[0])
    return await connection.fetch(CURRENT, case_ids)


async def _load_past(
    connection: Connection,
    events: Sequence[RecordedEvent],
    histories: Mapping[UUID, CaseHistory],
    apart: Collection[UUID],
    past: Past,
) -> None:
    backdated = _backdated(events, histories)
    chains = backdated.union(apart)
    if chains:
        for row in await connection.fetch(CHAIN, list(chains)):
            histories[row["case_id"]].load(_history_row(row), state_of(row))
    if backdated:
        for stream_id, before in (await past(backdated)).items():
            histories[stream_id].past = before


def _backdated(events: Sequence[RecordedEvent], histories: Mapping[UUID, CaseHistory]) -> set[UUID]:
    """Known cases that an event of the batch changes at a time before their newest change."""
    backdated: set[UUID] = set()
    latest = {case_id: history.latest for case_id, history in histories.items()}
    for recorded in events:
        last = latest.get(recorded.stream_id)
        if last is None or is_quiet(recorded.event):
            continue
        if recorded.occurred_at >= last:
            latest[recorded.stream_id] = recorded.occurred_at
        else:
            backdated.add(recorded.stream_id)
    return backdated


def _history_row(row: asyncpg.Record) -> HistoryRow:
    columns = {name: row[name] for name in STATE_COLUMNS}
    columns["co_units"] = tuple(columns["co_units"])
    columns["shared_with"] = tuple(columns["shared_with"])
    columns["details"] = details_of(columns["details"])
    return HistoryRow(
        state=columns,
        made_by=row["made_by"],
        seq=row["seq"],
        known_from=row["known_from"],
        valid_from=row["valid_from"],
        by_version=row["by_version"],
        by_time=True,
        next_position=row["next_position"],
        valid_to=row["valid_to"],
        valid_to_since=row["valid_to_since"],
        stored=True,
    )


class _Batch:
    """What a batch writes."""

    def __init__(self, histories: Mapping[UUID, CaseHistory]) -> None:
        self._histories = histories
        self._newest: dict[UUID, RecordedEvent] = {}
        self._trail: list[dict[str, Any]] = []
        self._log: list[dict[str, Any]] = []
        self._clocks = ClockRows()

    def add(self, recorded: RecordedEvent) -> None:
        if not is_of_case(recorded.event):
            self._trail.append(trail_row(recorded, ()))
            return
        self._newest[recorded.stream_id] = recorded
        self._trail.append(trail_row(recorded, self._changes(recorded)))
        history = self._histories.get(recorded.stream_id)
        if history is not None and history.state is not None and history.state.source is not None:
            self._log += log_rows(recorded, history.state.source)

    def _changes(self, recorded: RecordedEvent) -> Sequence[FieldChange]:
        if is_quiet(recorded.event):
            return ()
        history = self._histories[recorded.stream_id]
        before = history.state
        changed = history.add(recorded)
        was, now = (NONE if each is None else each.details for each in (before, history.state))
        self._clocks.add(was.clocks, now.clocks, recorded)
        if before is None or changed is None:
            return difference(None, history.state)
        return changes_by(changed, before)

    async def write(self, connection: Connection) -> None:
        histories = [history for history in self._histories.values() if history.is_changed]
        newest = [_newest_row(recorded) for recorded in self._newest.values()]
        cases = [
            {**history.row, "latest_at": history.latest, "in_order": history.in_order}
            for history in histories
        ]
        added = [row.columns() for history in histories for row in history.added]
        amended = [row.columns() for history in histories for row in history.amended]
        texts = [
            _text_row(case_id, *text)
            for case_id, history in self._histories.items()
            for text in history.texts
            if text != (None, None)
        ]
        clocks = [list(each.values()) for each in (self._clocks.rows, self._clocks.late)]
        rest = [cases, added, amended, texts, self._log, *clocks]
        tables = [iter(rows) for rows in (newest, self._trail, *rest)]
        while any(chunk := [list(islice(rows, MOST_ROWS)) for rows in tables]):
            statement, count = (WRITE_ALL, 9) if any(chunk[2:]) else (WRITE, 2)
            await connection.execute(statement, *map(_json, chunk[:count]))


def _newest_row(recorded: RecordedEvent) -> dict[str, Any]:
    return {
        "case_id": recorded.stream_id,
        "version": recorded.version,
        "position": recorded.position,
        "updated_at": recorded.recorded_at,
        "regular": not isinstance(recorded.event, ActivityRecorded | HistoryImported),
    }


def _text_row(case_id: UUID, title: str | None, description: str | None) -> dict[str, Any]:
    normal = normalised(title, description)
    return {
        "case_id": case_id,
        "text_key": text_key(case_id, title, description),
        "title": title,
        "description": description,
        "normal": normal,
        "tokens": tokens(normal),
    }


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return _encode(rows).decode()
