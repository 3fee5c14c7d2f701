"""Which cases a file has had so far, however large it is."""

import sqlite3
from typing import Self
from uuid import UUID

CREATE = "CREATE TABLE seen (stream_id BLOB PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID"
ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
FIRST = "SELECT line FROM seen WHERE stream_id = ?"


class SeenTraces:
    """Which traces a file had so far: on disk, so that memory stays flat over any log.

    The table lies in a temporary file that SQLite deletes by itself.
    """

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute(CREATE)
        self._table.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()

    def first_line(self, stream_id: UUID, line: int) -> int | None:
        """The line on which this trace was met before; None: it was not, and now is."""
        key = stream_id.bytes
        if self._table.execute(ADD, (key, line)).rowcount:
            return None
        first: int = self._table.execute(FIRST, (key,)).fetchone()[0]
        return first
