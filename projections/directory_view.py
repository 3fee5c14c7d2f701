"""The view `directory`: every entry on two axes of time.

The fold is that of the domain, one timeline for each entry (domain/directory/timeline.py): an
event changes the timeline of one entry, and the rows say which of its pieces were known when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec

from domain.directory.state import DirectoryEvent, Ended, Granted, Placed
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import (
    Appointment,
    Area,
    Content,
    Delegation,
    Position,
    Qualification,
    Thing,
    Unit,
)
from domain.recorded import RecordedEvent
from projections.view import Connection, Past

NEVER: Final = 2**63 - 1
"""The position until which is known what is known now."""

STATE = "SELECT position FROM directory_state"

KEEP_STATE = """
INSERT INTO directory_state (position) VALUES ($1)
ON CONFLICT (only_row) DO UPDATE SET position = excluded.position
"""

RANGES: Final = {
    "valid_from": "timestamptz",
    "valid_to": "timestamptz",
    "known_from": "bigint",
    "known_to": "bigint",
}

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Table:
    """Where one sort of entry lies. columns: those of its content, with their types."""

    name: str
    content: type[Content]
    columns: Mapping[str, str]

    def __post_init__(self) -> None:
        """A part of an entry without a column would be lost."""
        missing = {field.name for field in fields(self.content)} ^ set(self.columns)
        if missing:
            raise TypeError(f"{self.name}: {missing}")

    @property
    def known(self) -> str:
        """What is known of some entries."""
        return f"""
SELECT code, {", ".join(self.columns)}, valid_from, nullif(valid_to, 'infinity') AS valid_to,
    known_from
FROM {self.name} WHERE code = $1 AND known_to = {NEVER}
"""  # noqa: S608 - constants

    @property
    def write(self) -> str:
        """Rows that are new, and rows whose being known has ended."""
        every = {"code": "text", **self.columns, **RANGES}
        names = ", ".join(every)
        types = ", ".join(f"{name} {kind}" for name, kind in every.items())
        return f"""
WITH ended AS (
    UPDATE {self.name} t SET known_to = r.known_to
    FROM json_to_recordset($2::json) AS r ({types})
    WHERE (t.code, t.valid_from, t.known_from) = (r.code, r.valid_from, r.known_from)
)
INSERT INTO {self.name} ({names}) SELECT {names} FROM json_to_recordset($1::json) AS r ({types})
"""  # noqa: S608 - constants


TABLES: Final[Mapping[Thing, Table]] = {
    Thing.UNIT: Table(
        "directory_units",
        Unit,
        {
            "kind": "text",
            "name_zh": "text",
            "name_en": "text",
            "parent": "text",
            "areas": "text[]",
            "competences": "text[]",
        },
    ),
    Thing.AREA: Table(
        "directory_areas",
        Area,
        {"kind": "text", "name_zh": "text", "name_en": "text", "parent": "text"},
    ),
    Thing.POSITION: Table(
        "directory_positions",
        Position,
        {
            "unit": "text",
            "title_zh": "text",
            "title_en": "text",
            "roles": "text[]",
            "areas": "text[]",
            "single_holder": "boolean",
        },
    ),
    Thing.APPOINTMENT: Table(
        "directory_appointments",
        Appointment,
        {"position": "text", "person": "text", "name": "text"},
    ),
    Thing.DELEGATION: Table(
        "directory_delegations",
        Delegation,
        {
            "appointment": "text",
            "position": "text",
            "delegator": "text",
            "delegate": "text",
            "roles": "text[]",
        },
    ),
    Thing.QUALIFICATION: Table(
        "directory_qualifications", Qualification, {"qualification": "text", "person": "text"}
    ),
}

KNOWN: Final = {thing: table.known for thing, table in TABLES.items()}
WRITE: Final = {thing: table.write for thing, table in TABLES.items()}


@dataclass
class _Row:
    """A piece of an entry, and from when until when it is known. stored: before this batch."""

    content: Content
    valid_from: datetime
    valid_to: datetime
    known_from: int
    known_to: int = NEVER
    stored: bool = False

    def columns(self, code: str) -> dict[str, Any]:
        """The row, ready for JSON."""
        return {
            "code": code,
            **vars(self.content),
            "valid_from": self.valid_from,
            "valid_to": "infinity" if self.valid_to == ENDLESS else self.valid_to,
            "known_from": self.known_from,
            "known_to": self.known_to,
        }


class _Entry:
    """One entry in a batch: what is known of it, and what has ceased to be."""

    def __init__(self, known: Sequence[_Row]) -> None:
        self._known = list(known)
        self._gone: list[_Row] = []

    def take_in(self, event: DirectoryEvent, position: int) -> None:
        """Fold an event; a piece that is not as it was before ends its being known."""
        timeline = self._timeline(event)
        pieces = {(piece.start, piece.end): piece.content for piece in timeline.pieces()}
        kept = []
        for row in self._known:
            span = row.valid_from, row.valid_to
            if pieces.get(span) == row.content:
                del pieces[span]
                kept.append(row)
            else:
                row.known_to = position
                self._gone.append(row)
        kept += (_Row(content, *span, position) for span, content in pieces.items())
        self._known = sorted(kept, key=lambda row: row.valid_from)

    def rows(self, *, stored: bool) -> list[_Row]:
        """The rows to insert; or those stored before whose being known has ended."""
        if stored:
            return [row for row in self._gone if row.stored]
        return [row for row in (*self._gone, *self._known) if not row.stored]

    def _timeline(self, event: DirectoryEvent) -> Timeline[Content]:
        match event:
            case Placed() if not self._known:
                end = event.end if isinstance(event, Granted) else ENDLESS
                return Timeline(event.content(), event.valid_from, end)
            case Placed():
                timeline = self._before()
                timeline.put(event.content(), event.valid_from)
            case Ended():
                timeline = self._before()
                timeline.end_at(event.valid_to)
            case _:
                raise TypeError(f"{type(event).__name__} says nothing of a timeline")
        return timeline

    def _before(self) -> Timeline[Content]:
        first, *later = self._known
        timeline = Timeline(first.content, first.valid_from, self._known[-1].valid_to)
        for row in later:
            timeline.put(row.content, row.valid_from)
        return timeline


class DirectoryView:
    """Inline: whoever changed the directory reads it as changed."""

    name: Final = "directory"
    version: Final = 1
    tables: Final = (*(table.name for table in TABLES.values()), "directory_state")

    async def position(self, connection: Connection) -> int:
        """The last event of the directory that was taken in."""
        return await connection.fetchval(STATE) or 0

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        """Fold a batch, in position order; nearly always there is nothing in it."""
        entries: dict[tuple[Thing, str], _Entry] = {}
        position = None
        for recorded in events:
            event = recorded.event
            if isinstance(event, DirectoryEvent):
                key = event.THING, event.code
                if key not in entries:
                    entries[key] = await _entry(connection, *key)
                entries[key].take_in(event, recorded.position)
                position = recorded.position
        if position is None:
            return
        for thing in dict.fromkeys(thing for thing, _ in entries):
            of_it = {code: entry for (each, code), entry in entries.items() if each is thing}
            new, ended = (_json(of_it, stored=stored) for stored in (False, True))
            await connection.execute(WRITE[thing], new, ended)
        await connection.execute(KEEP_STATE, position)


async def _entry(connection: Connection, thing: Thing, code: str) -> _Entry:
    rows = await connection.fetch(KNOWN[thing], code)
    return _Entry(sorted((_row(thing, row) for row in rows), key=lambda row: row.valid_from))


def _row(thing: Thing, row: asyncpg.Record) -> _Row:
    return _Row(
        content=content_of(thing, row),
        valid_from=row["valid_from"],
        valid_to=ENDLESS if row["valid_to"] is None else row["valid_to"],
        known_from=row["known_from"],
        stored=True,
    )


def content_of(thing: Thing, row: asyncpg.Record) -> Content:
    """The entry in a row."""
    table = TABLES[thing]
    content: Content = msgspec.convert({name: row[name] for name in table.columns}, table.content)
    return content


def _json(entries: Mapping[str, _Entry], *, stored: bool) -> str:
    rows = [row.columns(code) for code, each in entries.items() for row in each.rows(stored=stored)]
    return _encode(rows).decode()
