"""The view `case_totals`: counts that follow the journal, with their checkpoint.

Each case is counted in one cell. A batch moves the cases it touches from cell to cell; events of
the same case cancel out before anything is written.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.journal import JournalOpened
from domain.recorded import RecordedEvent
from projections.case_state import effect, is_of_case, opened
from projections.view import Connection, OutOfStep, Past

STATE = "SELECT position, time_zone FROM case_totals_state FOR UPDATE"

POSITION = "SELECT position FROM case_totals_state"

CELLS = """
SELECT case_id, stage, type_code, lead_unit, channel, area, month, source, closed, publication,
    confidential
FROM case_totals_cases WHERE case_id = ANY($1::uuid[])
"""

_COLUMNS: Final = {
    "stage": "text",
    "type_code": "text",
    "lead_unit": "text",
    "channel": "text",
    "area": "text",
    "month": "date",
    "source": "text",
    "closed": "boolean",
    "publication": "text",
    "confidential": "boolean",
}
_NAMES: Final = ", ".join(_COLUMNS)
_CELL: Final = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_EXCLUDED: Final = ", ".join(f"excluded.{name}" for name in _COLUMNS)

WRITE = f"""
WITH placed AS (
    INSERT INTO case_totals_cases (case_id, {_NAMES})
    SELECT case_id, {_NAMES}
    FROM json_to_recordset($1::json) AS r (case_id uuid, {_CELL})
    ON CONFLICT (case_id) DO UPDATE SET ({_NAMES}) = ({_EXCLUDED})
),
kept AS (
    INSERT INTO case_totals_state (position, time_zone) VALUES ($3, $4)
    ON CONFLICT (only_row) DO UPDATE SET (position, time_zone) =
        (excluded.position, excluded.time_zone)
)
INSERT INTO case_totals AS t ({_NAMES}, cases)
SELECT {_NAMES}, cases
FROM json_to_recordset($2::json) AS r ({_CELL}, cases bigint)
ON CONFLICT ({_NAMES})
    DO UPDATE SET cases = t.cases + excluded.cases
"""  # noqa: S608 - constants

# What is left of a cell when all its cases have moved on.
TIDY = "DELETE FROM case_totals WHERE cases = 0"

UNKNOWN_ZONE: Final = "UTC"
"""Before the genesis entry names the jurisdiction's own."""

_encode = msgspec.json.Encoder().encode


class Cell(NamedTuple):
    """Where a case is counted; month: the first day of that in which it was registered."""

    stage: str
    type_code: str | None
    lead_unit: str | None
    channel: str
    area: str | None
    month: date
    source: str | None
    closed: bool
    publication: str
    confidential: bool


@dataclass
class _Counting:
    """A batch under way."""

    time_zone: str
    cells: dict[UUID, Cell]

    def add(self, recorded: RecordedEvent) -> None:
        event = recorded.event
        if isinstance(event, JournalOpened):
            self.time_zone = event.time_zone
        if not is_of_case(event):
            return
        cell = self.cells.get(recorded.stream_id)
        if cell is None:
            self.cells[recorded.stream_id] = self._first(recorded)
            return
        changed = effect(event)
        if not changed:
            return
        moved = {name: value for name, value in changed.items() if name in Cell._fields}
        if "closed_at" in changed:
            moved["closed"] = changed["closed_at"] is not None
        if "publication_state" in changed:
            moved["publication"] = changed["publication_state"]
        self.cells[recorded.stream_id] = cell._replace(**moved)

    def _first(self, recorded: RecordedEvent) -> Cell:
        state = opened(recorded)
        month = _month(state.registered_at, self.time_zone)
        return Cell(
            stage=state.stage,
            type_code=state.type_code,
            lead_unit=state.lead_unit,
            channel=state.channel.value,
            area=state.area,
            month=month,
            source=state.source,
            closed=state.closed_at is not None,
            publication=state.publication_state,
            confidential=state.confidential,
        )


class TotalsView:
    """Follows the journal: a total may be behind by what has not been counted yet."""

    name: Final = "case_totals"
    version: Final = 2
    tables: Final = ("case_totals", "case_totals_cases", "case_totals_state")

    async def position(self, connection: Connection) -> int:
        """Up to which position events are counted."""
        return await connection.fetchval(POSITION) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        """Count a batch, inside the caller's transaction, and keep the position.

        What was counted already is passed over; a hole raises OutOfStep.
        """
        row = await connection.fetchrow(STATE)
        position, time_zone = (row["position"], row["time_zone"]) if row else (0, UNKNOWN_ZONE)
        fresh = [recorded for recorded in events if recorded.position > position]
        if not fresh:
            return
        if fresh[0].position != position + 1:
            raise OutOfStep(self.name, position, fresh[0].position)
        before = await self._cells(connection, fresh)
        counting = _Counting(time_zone, dict(before))
        for recorded in fresh:
            counting.add(recorded)
        placed = {
            case_id: cell for case_id, cell in counting.cells.items() if before.get(case_id) != cell
        }
        moves = Counter(placed.values())
        moves.subtract(before[case_id] for case_id in placed if case_id in before)
        await connection.execute(
            WRITE,
            _rows({"case_id": case_id, **cell._asdict()} for case_id, cell in placed.items()),
            _rows({**cell._asdict(), "cases": by} for cell, by in moves.items() if by),
            fresh[-1].position,
            counting.time_zone,
        )
        if any(by < 0 for by in moves.values()):
            await connection.execute(TIDY)

    async def _cells(
        self, connection: Connection, events: Sequence[RecordedEvent]
    ) -> dict[UUID, Cell]:
        known = {event.stream_id for event in events if is_of_case(event.event)}
        rows = await connection.fetch(CELLS, list(known)) if known else []
        return {row["case_id"]: Cell(*row[1:]) for row in rows}


def _month(time: datetime, time_zone: str) -> date:
    return time.astimezone(ZoneInfo(time_zone)).date().replace(day=1)


def _rows(rows: Iterable[dict[str, Any]]) -> str:
    return _encode(list(rows)).decode()
