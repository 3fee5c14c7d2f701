"""The view `metrics`: the rows that figures count, as they are and as they were.

It follows the journal; its checkpoint commits with its rows. A row that changes ends at the
position of the event that changes it, and begins again there: figures as of a past position count
what was known then. What the rows are, `domain.metrics.history` says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import msgspec.structs

from domain.case.state import CaseEvent, CaseOpened
from domain.metrics.history import after, opened
from domain.metrics.rows import Exclusion, History, Key, Row
from domain.metrics.vocabulary import Fact, Population
from domain.recorded import RecordedEvent
from projections.statement import together
from projections.view import Connection, OutOfStep, Past

STATE = "SELECT position FROM metric_state FOR UPDATE"
POSITION = "SELECT position FROM metric_state"
CASES = "SELECT case_id, held FROM metric_cases WHERE case_id = ANY($1::uuid[])"
ROWS = """
SELECT case_id, from_position, population, instance, began_at, facts, unit, due_at, ended_at,
    decided_by
FROM metric_facts WHERE case_id = ANY($1::uuid[])
"""
EXCLUSIONS = """
SELECT case_id, metric, unit, from_position FROM metric_exclusions
WHERE case_id = ANY($1::uuid[]) AND until_position IS NULL
"""

_KEY: Final = {"case_id": "uuid", "population": "text", "instance": "text"}
_COLUMNS: Final = {
    **_KEY,
    "unit": "text",
    "facts": "text[]",
    "excluded": "text[]",
    "area": "text",
    "type_code": "text",
    "channel": "text",
    "source": "text",
    "confidential": "boolean",
    "began_at": "timestamptz",
    "due_at": "timestamptz",
    "ended_at": "timestamptz",
    "decided_by": "text",
    "from_position": "bigint",
}
_PAST: Final = {**_COLUMNS, "until_position": "bigint"}
_EXCLUSION: Final = {
    "case_id": "uuid",
    "metric": "text",
    "unit": "text",
    "cause": "text",
    "approved_by": "text",
    "approved_at": "timestamptz",
    "from_position": "bigint",
    "until_position": "bigint",
}


def _rows(number: int, columns: Mapping[str, str]) -> str:
    types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(${number}::json) AS r ({types})"


def _insert(table: str, number: int, columns: Mapping[str, str]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {_rows(number, columns)}"  # noqa: S608


_CHANGING: Final = ", ".join(_COLUMNS)
_EXCLUDED: Final = ", ".join(f"excluded.{name}" for name in _COLUMNS)

WRITE = together(
    "DELETE FROM metric_facts f "  # noqa: S608 - constants
    f"USING {_rows(1, _KEY)} WHERE (f.case_id, f.population, f.instance) = "
    "(r.case_id, r.population, r.instance)",
    _insert("metric_facts", 2, _COLUMNS)
    + " ON CONFLICT (case_id, population, instance) "
    + f"DO UPDATE SET ({_CHANGING}) = ({_EXCLUDED})",
    _insert("metric_facts_past", 3, _PAST),
    _insert("metric_cases", 4, {"case_id": "uuid", "held": "jsonb"})
    + " ON CONFLICT (case_id) DO UPDATE SET held = excluded.held",
    _insert("metric_exclusions", 5, _EXCLUSION)
    + " ON CONFLICT (case_id, metric, unit, from_position) "
    + "DO UPDATE SET until_position = excluded.until_position",
    "INSERT INTO metric_state (position) VALUES ($6) "
    "ON CONFLICT (only_row) DO UPDATE SET position = excluded.position",
)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(History).decode


@dataclass
class _Held:
    """A case in a batch. since: from which position on its rows, and its exclusions, are so.

    The keys of an exclusion are its metric and unit. touched: rows to be written, or deleted.
    """

    history: History | None
    since: dict[Key, int] = field(default_factory=dict)
    touched: set[Key] = field(default_factory=set)
    excluded_since: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class _Batch:
    """What a batch comes to write."""

    cases: dict[UUID, _Held]
    changed: set[UUID] = field(default_factory=set)
    past: list[dict[str, Any]] = field(default_factory=list)
    exclusions: dict[tuple[UUID, str, str, int], dict[str, Any]] = field(default_factory=dict)

    def add(self, recorded: RecordedEvent) -> None:
        """Take in one event."""
        event, case_id = recorded.event, recorded.stream_id
        if isinstance(event, CaseOpened):
            held = self.cases[case_id] = _Held(None)
            history = opened(event)
        elif isinstance(event, CaseEvent):
            held = self.cases[case_id]
            assert held.history is not None, "a case begins with the event that opens it"  # noqa: S101
            history = after(held.history, event, recorded.actor)
            if history is held.history:
                return
        else:
            return
        self._change(case_id, held, history, recorded.position)

    def _change(self, case_id: UUID, held: _Held, history: History, position: int) -> None:
        before, held.history = held.history, history
        self.changed.add(case_id)
        for key, old in _changed(before, history):
            if old is not None and before is not None:
                row = _shown(case_id, before, old, held.since.pop(key))
                self.past.append({**row, "until_position": position})
            held.touched.add(key)
            if key in history.rows:
                held.since[key] = position
        old_exclusions = () if before is None else before.exclusions
        if old_exclusions is not history.exclusions:
            self._exclude(case_id, held, (old_exclusions, history.exclusions), position)

    def _exclude(
        self,
        case_id: UUID,
        held: _Held,
        exclusions: tuple[Sequence[Exclusion], Sequence[Exclusion]],
        position: int,
    ) -> None:
        before, now = exclusions
        for each in before:
            if each not in now:
                since = held.excluded_since.pop((each.metric, each.unit))
                self._note(case_id, each, since, position)
        for each in now:
            if each not in before:
                held.excluded_since[each.metric, each.unit] = position
                self._note(case_id, each, position, None)

    def _note(self, case_id: UUID, each: Exclusion, since: int, until: int | None) -> None:
        self.exclusions[case_id, each.metric, each.unit, since] = {
            "case_id": case_id,
            "metric": each.metric,
            "unit": each.unit,
            "cause": each.cause,
            "approved_by": each.by,
            "approved_at": each.at,
            "from_position": since,
            "until_position": until,
        }

    def live(self) -> Iterator[dict[str, Any]]:
        """The rows that are there after the batch and were not, or were otherwise, before."""
        for case_id, held, history in self._written():
            for key in held.touched:
                row = history.rows.get(key)
                if row is not None:
                    yield _shown(case_id, history, row, held.since[key])

    def gone(self) -> Iterator[dict[str, Any]]:
        """The keys of rows that are there no longer."""
        for case_id, held, history in self._written():
            for key in held.touched - history.rows.keys():
                population, _, instance = key.partition("/")
                yield {"case_id": case_id, "population": population, "instance": instance}

    def held(self) -> Iterator[dict[str, Any]]:
        """What is kept of the cases that changed, beside their rows."""
        for case_id, _, history in self._written():
            yield {"case_id": case_id, "held": msgspec.structs.replace(history, rows={})}

    def _written(self) -> Iterator[tuple[UUID, _Held, History]]:
        for case_id in self.changed:
            held = self.cases[case_id]
            if held.history is not None:
                yield case_id, held, held.history


class MetricsView:
    """Follows the journal: a figure may be behind by what has not been counted yet."""

    name: Final = "metrics"
    version: Final = 2
    tables: Final = (
        "metric_facts",
        "metric_facts_past",
        "metric_exclusions",
        "metric_cases",
        "metric_state",
    )

    async def position(self, connection: Connection) -> int:
        """Up to which position events are counted."""
        return await connection.fetchval(POSITION) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        """Count a batch, inside the caller's transaction, and keep the position.

        What was counted already is passed over; a hole raises OutOfStep.
        """
        position = await connection.fetchval(STATE) or 0
        fresh = [recorded for recorded in events if recorded.position > position]
        if not fresh:
            return
        if fresh[0].position != position + 1:
            raise OutOfStep(self.name, position, fresh[0].position)
        batch = _Batch(await _held(connection, fresh))
        for recorded in fresh:
            batch.add(recorded)
        await connection.execute(
            WRITE,
            _encoded(batch.gone()),
            _encoded(batch.live()),
            _encoded(batch.past),
            _encoded(batch.held()),
            _encoded(batch.exclusions.values()),
            fresh[-1].position,
        )


async def _held(connection: Connection, events: Sequence[RecordedEvent]) -> dict[UUID, _Held]:
    """What is known of the cases of a batch."""
    wanted = list({event.stream_id for event in events if isinstance(event.event, CaseEvent)})
    if not wanted:
        return {}
    found = {
        row["case_id"]: _Held(_decode(row["held"])) for row in await connection.fetch(CASES, wanted)
    }
    rows: dict[UUID, dict[Key, Row]] = {case_id: {} for case_id in found}
    for record in await connection.fetch(ROWS, wanted):
        row = _row(*record[2:])
        rows[record["case_id"]][row.key] = row
        found[record["case_id"]].since[row.key] = record["from_position"]
    for record in await connection.fetch(EXCLUSIONS, wanted):
        exclusion = record["metric"], record["unit"]
        found[record["case_id"]].excluded_since[exclusion] = record["from_position"]
    for case_id, held in found.items():
        if held.history is not None:
            held.history = msgspec.structs.replace(held.history, rows=rows[case_id])
    return found


def _row(  # noqa: PLR0917 - the columns of ROWS, in their order
    population: str,
    instance: str,
    began: datetime,
    facts: list[str],
    unit: str | None,
    due: datetime | None,
    ended: datetime | None,
    by: str | None,
) -> Row:
    return Row(
        Population(population), instance, began, tuple(map(Fact, facts)), unit, due, ended, by
    )


def _changed(before: History | None, now: History) -> Iterator[tuple[Key, Row | None]]:
    """The rows that are shown otherwise from now on: their keys, and as they were, if they were."""
    old, new = {} if before is None else before.rows, now.rows
    same_place = before is not None and _place(before) == _place(now)
    for key, row in new.items():
        known = old.get(key)
        # Most rows are the very same ones.
        if not same_place or (known is not row and known != row):
            yield key, known
    for key, row in old.items():
        if key not in new:
            yield key, row


def _place(history: History) -> tuple[object, ...]:
    return (
        history.area,
        history.type_code,
        history.channel,
        history.source,
        history.confidential,
        history.exclusions,
    )


def _shown(case_id: UUID, history: History, row: Row, since: int) -> dict[str, Any]:
    """A row of the table."""
    return {
        "case_id": case_id,
        "population": row.population,
        "instance": row.instance,
        "unit": row.unit,
        "facts": row.facts,
        "excluded": history.excluded(row),
        "area": history.area,
        "type_code": history.type_code,
        "channel": history.channel,
        "source": history.source,
        "confidential": history.confidential,
        "began_at": row.began,
        "due_at": row.due,
        "ended_at": row.ended,
        "decided_by": row.by,
        "from_position": since,
    }


def _encoded(rows: Iterable[dict[str, Any]]) -> str:
    return _encode(list(rows)).decode()
