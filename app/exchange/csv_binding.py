"""Where the columns of a mapping stand in the header of one table, and what a cell may hold."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.exchange.csv_reader import CsvRow
from app.exchange.csv_refusals import MOST_SHOWN, CellTooLong, CsvColumnMissing, CsvColumnTwice
from app.exchange.csv_shapes import Column, Mapping, alternatives, columns_of, key_of, plain

HEADER_LINE: Final = 1


class Binding:
    """The columns of a mapping in the header of one table. Raises a FileRefused."""

    def __init__(self, mapping: Mapping, header: Sequence[str]) -> None:
        self.width: Final = len(header)
        self._names = list(header)
        self._places: dict[str, list[int]] = {}
        for index, name in enumerate(header):
            self._places.setdefault(plain(name), []).append(index)
        self._optional = {plain(name) for name in mapping.optional}
        self.used: Final = sorted(
            {
                place
                for _, column in columns_of(mapping)
                if (place := self.place(column)) is not None
            }
        )

    def place(self, column: Column) -> int | None:
        """Where a column stands; None where it may be missing and is."""
        names = alternatives(column)
        for name in names:
            found = self._places.get(name, ())
            if len(found) > 1:
                raise CsvColumnTwice(HEADER_LINE, column=name[:MOST_SHOWN])
            if found:
                return found[0]
        if self._optional.intersection(names):
            return None
        raise CsvColumnMissing(HEADER_LINE, column=" / ".join(names)[:MOST_SHOWN])

    def places(self, columns: Iterable[Column]) -> list[tuple[str, int]]:
        """(key of the attribute, place) of those that are there."""
        placed = ((key_of(column), self.place(column)) for column in columns)
        return [(key, place) for key, place in placed if place is not None]

    def needed(self, column: Column) -> int:
        """Where a column stands that may not be missing."""
        place = self.place(column)
        if place is None:
            raise CsvColumnMissing(HEADER_LINE, column=key_of(column)[:MOST_SHOWN])
        return place

    def name(self, place: int) -> str:
        """A column as the header has it."""
        return self._names[place].strip()

    def short(self, row: CsvRow, place: int, limit: int) -> str:
        """The text of a cell without space around it. Raises CellTooLong."""
        text = row.cells[place].strip()
        if len(text) > limit:
            raise CellTooLong(row.line, self.name(place), limit=limit)
        return text
