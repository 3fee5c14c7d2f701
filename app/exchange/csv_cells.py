"""What the cells of single columns say: one class for each table of a mapping."""

from datetime import datetime
from math import nan
from typing import Final
from zoneinfo import ZoneInfo

from app.exchange.csv_binding import Binding
from app.exchange.csv_reader import CsvRow
from app.exchange.csv_refusals import (
    CellUnknown,
    PointInvalid,
    StatusContradicts,
    TimeNonexistent,
    TimeUnreadable,
)
from app.exchange.csv_shapes import ChannelTable, CodeTable, DueTable, LaterTable, Mapping
from app.exchange.csv_times import NeverWas, NotATime, instant, reader_of
from domain.case.vocabulary import Channel, Point
from domain.wording import CODE_LIMIT

MOST_LATITUDE: Final = 90
MOST_LONGITUDE: Final = 180


class Times:
    """Reads the times of one column. Raises TimeUnreadable, TimeNonexistent."""

    def __init__(self, mapping: Mapping, table: DueTable, binding: Binding) -> None:
        self.place = binding.place(table.column)
        self.column: Final = "" if self.place is None else binding.name(self.place)
        self._zone = ZoneInfo(mapping.times.zone)
        self._read = reader_of(mapping.times.formats)
        self._lenient = table.nonexistent == "forward"
        self._later = Later(table.later, binding)

    def time(self, row: CsvRow) -> datetime | None:
        """The instant; None where the cell is empty."""
        text = "" if self.place is None else row.cells[self.place].strip()
        if not text:
            return None
        try:
            local = self._read(text)
            return instant(local, self._zone, later=self._later.of(row), lenient=self._lenient)
        except NotATime:
            raise TimeUnreadable(row.line, self.column) from None
        except NeverWas:
            raise TimeNonexistent(row.line, self.column, zone=str(self._zone)) from None


class Later:
    """later = {column, values}."""

    def __init__(self, table: LaterTable | None, binding: Binding) -> None:
        self._place = None if table is None else binding.place(table.column)
        self._values = frozenset(table.values if table else ())

    def of(self, row: CsvRow) -> bool:
        """Whether an hour that comes twice is the second one in this row."""
        return self._place is not None and row.cells[self._place].strip() in self._values


class Codes:
    """[type] and [area]."""

    def __init__(self, table: CodeTable | None, binding: Binding) -> None:
        self.place: Final = None if table is None else binding.place(table.column)
        self._values = {} if table is None else table.values
        self._others = "drop" if table is None else table.others
        self._binding = binding

    def of(self, row: CsvRow) -> str | None:
        """The code; None for an empty cell. Raises CellUnknown, CellTooLong."""
        text = "" if self.place is None else row.cells[self.place].strip()
        if not text or self.place is None:
            return None
        code = self._values.get(text)
        if code is not None:
            return code
        if self._others == "refuse":
            raise CellUnknown(row.line, self._binding.name(self.place))
        if self._others == "drop":
            return None
        return self._binding.short(row, self.place, CODE_LIMIT)


class Channels:
    """[channel]."""

    def __init__(self, table: ChannelTable | None, binding: Binding) -> None:
        self.place: Final = None if table is None else binding.place(table.column)
        self._values = {} if table is None else table.values
        self._others = None if table is None else table.others
        self._binding = binding

    def of(self, row: CsvRow) -> Channel:
        """The channel. Raises CellUnknown."""
        if self.place is None:
            return self._others or Channel.IMPORT
        channel = self._values.get(row.cells[self.place].strip(), self._others)
        if channel is None:
            raise CellUnknown(row.line, self._binding.name(self.place))
        return channel


class Public:
    """[public]."""

    def __init__(self, mapping: Mapping, binding: Binding) -> None:
        table = mapping.public
        column = None if table is None else table.column
        self.place: Final = None if column is None else binding.place(column)
        self._always = table is not None and table.always
        self._values = frozenset(table.values if table else ())

    def of(self, row: CsvRow) -> bool:
        """Whether the public could read the case."""
        if self.place is None:
            return self._always
        return row.cells[self.place].strip() in self._values


class Status:
    """[status]."""

    def __init__(self, mapping: Mapping, binding: Binding) -> None:
        table = mapping.status
        self._place = None if table is None else binding.place(table.column)
        self._closed = dict.fromkeys(table.open, False) if table else {}
        self._closed |= dict.fromkeys(table.closed, True) if table else {}
        self._binding = binding

    def check(self, row: CsvRow, *, closed: bool) -> None:
        """Compare with whether it has a time of closing. Raises StatusContradicts, CellUnknown."""
        if self._place is None:
            return
        said = row.cells[self._place].strip()
        is_closed = self._closed.get(said)
        column = self._binding.name(self._place)
        if is_closed is None:
            raise CellUnknown(row.line, column)
        if is_closed is not closed:
            raise StatusContradicts(row.line, column, said="closed" if is_closed else "open")


class Points:
    """[point]."""

    def __init__(self, mapping: Mapping, binding: Binding) -> None:
        table = mapping.point
        self.place: Final = None if table is None else binding.place(table.latitude)
        self._longitude = None if table is None else binding.place(table.longitude)
        self._table = table
        self._binding = binding

    def of(self, row: CsvRow) -> Point | None:
        """The point; None where both cells are empty. Raises PointInvalid."""
        if self._table is None or self.place is None or self._longitude is None:
            return None
        texts = [row.cells[place].strip() for place in (self.place, self._longitude)]
        if not any(texts):
            return None
        try:
            latitude, longitude = map(float, texts)
        except ValueError:
            latitude = longitude = nan
        if not (abs(latitude) <= MOST_LATITUDE and abs(longitude) <= MOST_LONGITUDE):
            raise PointInvalid(row.line, self._binding.name(self.place))
        return Point(latitude, longitude, self._table.precision)
