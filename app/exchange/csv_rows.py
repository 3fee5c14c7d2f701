"""From a row of a table to the command that brings its case in, by a mapping."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app.exchange.csv_mapping import (
    ActivityTable,
    ChannelTable,
    CodeTable,
    Column,
    DueTable,
    LaterTable,
    alternatives,
    columns_of,
    key_of,
    plain,
)
from app.exchange.csv_mapping import Mapping as CsvMapping
from app.exchange.csv_reader import CsvRow
from app.exchange.csv_refusals import (
    MOST_SHOWN,
    CellMissing,
    CellTooLong,
    CellUnknown,
    CellUnstorable,
    CsvColumnMissing,
    CsvColumnTwice,
    PointInvalid,
    RowRagged,
    RowTooLarge,
    StatusContradicts,
    TimeNonexistent,
    TimeOutOfOrder,
    TimeUnreadable,
)
from app.exchange.csv_times import NeverWas, NotATime, instant, reader_of
from app.exchange.histories import LABEL_LIMIT, SURELY_FITS, too_large
from domain.case.imported import Activity, ImportHistory
from domain.case.vocabulary import Attribute, Channel, Point, Record
from domain.refusal import BeginningChanged, HistoryShorter, RecordChanged, Refusal
from domain.wording import CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, UNSTORABLE

HEADER_LINE: Final = 1


class Binding:
    """The columns of a mapping in the header of one table. Raises a FileRefused."""

    def __init__(self, mapping: CsvMapping, header: Sequence[str]) -> None:
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

    def name(self, place: int) -> str:
        """A column as the header has it."""
        return self._names[place].strip()


@dataclass(frozen=True, slots=True)
class RowOfCase:
    """A row that was understood. columns: of the activities, in their order."""

    command: ImportHistory
    line: int
    columns: Sequence[str]
    id_column: str
    columns_of_record: Mapping[str, str]

    @property
    def events(self) -> int:
        """How many activities it has."""
        return len(self.columns)

    def place_of(self, refusal: Refusal) -> tuple[int, str]:
        """The line, and the column that a refusal of the command is about."""
        return self.line, self._column_of(refusal)

    def _column_of(self, refusal: Refusal) -> str:
        match refusal:
            case BeginningChanged(facts={"index": int(index)}):
                return self.columns[index - 1]
            case HistoryShorter():
                return self.columns[-1] if self.columns else self.id_column
            case RecordChanged(facts={"field": str(field)}):
                return self.columns_of_record.get(field, self.id_column)
            case _:
                return self.id_column


class _Times:
    """Reads the times of one column. Raises TimeUnreadable, TimeNonexistent."""

    def __init__(self, mapping: CsvMapping, table: DueTable, binding: Binding) -> None:
        self.place = binding.place(table.column)
        self.column: Final = "" if self.place is None else binding.name(self.place)
        self._zone = ZoneInfo(mapping.times.zone)
        self._read = reader_of(mapping.times.formats)
        self._lenient = table.nonexistent == "forward"
        self._later = _Later(table.later, binding)

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


class _Later:
    def __init__(self, table: LaterTable | None, binding: Binding) -> None:
        self._place = None if table is None else binding.place(table.column)
        self._values = frozenset(table.values if table else ())

    def of(self, row: CsvRow) -> bool:
        return self._place is not None and row.cells[self._place].strip() in self._values


class _Step:
    """One activity of the mapping."""

    def __init__(
        self, mapping: CsvMapping, table: ActivityTable, binding: Binding, *, needed: bool
    ) -> None:
        self.times: Final = _Times(mapping, table, binding)
        self.needed: Final = needed
        self.closes: Final = table.closes
        self._name = table.name
        self._resource = _place(binding, table.resource)
        self._unit = _place(binding, table.unit)
        self._attributes = binding.places(table.attributes)
        self._binding = binding

    def activity(self, row: CsvRow, at: datetime) -> Activity:
        return Activity(
            activity=self._name,
            occurred_at=at,
            resource=_label(row, self._resource, self._binding),
            unit=_label(row, self._unit, self._binding),
            attributes=_attributes(row, self._attributes),
            closes=self.closes,
        )


class RowReader:
    """Turns rows of one table into commands. Raises a FileRefused for a header that lacks a column.

    run: correlates the commands of one import.
    """

    def __init__(self, mapping: CsvMapping, header: Sequence[str], source: str, run: UUID) -> None:
        self._mapping = mapping
        self._source = source
        self._run = run
        self._binding = Binding(mapping, header)
        binding, case = self._binding, mapping.case
        self._id = self._needed(case.id)
        self._titles = [place for _, place in binding.places(case.title)]
        self._attributes = binding.places(case.attributes)
        self._may_change = tuple(case.may_change)
        self._steps = [
            _Step(mapping, table, binding, needed=table.needed or number == 0)
            for number, table in enumerate(mapping.activity)
        ]
        self._due = None if mapping.due is None else _Times(mapping, mapping.due, binding)
        self._type = _Codes(mapping.type, binding)
        self._area = _Codes(mapping.area, binding)
        self._channel = _Channels(mapping.channel, binding)
        self._public = _Public(mapping, binding)
        self._status = _Status(mapping, binding)
        self._point = _Points(mapping, binding)
        self._columns_of_record = self._record_columns()

    def read(self, row: CsvRow) -> RowOfCase:
        """The row as a command. Raises a RowRefused."""
        self._check(row)
        activities, columns = self._activities(row)
        self._status.check(row, closed=any(each.closes for each in activities))
        attributes = _attributes(row, self._attributes)
        if _size(row) > SURELY_FITS and any(
            too_large(each) for each in (attributes, *(each.attributes for each in activities))
        ):
            raise RowTooLarge(row.line)
        command = ImportHistory(
            command_id=uuid4(),
            correlation_id=self._run,
            source=self._source,
            external_id=self._external_id(row),
            attributes=attributes,
            activities=tuple(activities),
            record=self._record(row),
            may_change=self._may_change,
        )
        id_column = self._binding.name(self._id)
        return RowOfCase(command, row.line, columns, id_column, self._columns_of_record)

    def _check(self, row: CsvRow) -> None:
        """The shape, and that everything named can be stored."""
        cells, binding = row.cells, self._binding
        if len(cells) != binding.width:
            raise RowRagged(row.line, fields=len(cells), columns=binding.width)
        if UNSTORABLE.search("".join([cells[place] for place in binding.used])):
            place = next(place for place in binding.used if UNSTORABLE.search(cells[place]))
            encoding = self._mapping.file.encoding
            raise CellUnstorable(row.line, binding.name(place), encoding=encoding)

    def _external_id(self, row: CsvRow) -> str:
        text = row.cells[self._id].strip()
        if not text:
            raise CellMissing(row.line, self._binding.name(self._id))
        return _short(row, self._id, self._binding, text, NAME_LIMIT)

    def _activities(self, row: CsvRow) -> tuple[list[Activity], list[str]]:
        activities: list[Activity] = []
        columns: list[str] = []
        for step in self._steps:
            at = step.times.time(row)
            if at is None:
                if step.needed:
                    raise CellMissing(row.line, step.times.column)
                continue
            if (
                activities
                and at < activities[-1].occurred_at
                and self._mapping.times.order == "refuse"
            ):
                raise TimeOutOfOrder(row.line, step.times.column, earlier=columns[-1])
            activities.append(step.activity(row, at))
            columns.append(step.times.column)
        return activities, columns

    def _record(self, row: CsvRow) -> Record:
        return Record(
            channel=self._channel.of(row),
            type_code=self._type.of(row),
            area=self._area.of(row),
            title=self._title(row),
            point=self._point.of(row),
            due_at=None if self._due is None else self._due.time(row),
            public=self._public.of(row),
        )

    def _title(self, row: CsvRow) -> str | None:
        for place in self._titles:
            text = row.cells[place].strip()
            if text:
                return _short(row, place, self._binding, text, TITLE_LIMIT)
        return None

    def _needed(self, column: Column) -> int:
        place = self._binding.place(column)
        if place is None:
            raise CsvColumnMissing(HEADER_LINE, column=key_of(column)[:MOST_SHOWN])
        return place

    def _record_columns(self) -> dict[str, str]:
        """Field of a record -> its column, where it has one."""
        places = {
            "channel": self._channel.place,
            "type_code": self._type.place,
            "area": self._area.place,
            "title": self._titles[0] if self._titles else None,
            "point": self._point.place,
            "due_at": None if self._due is None else self._due.place,
            "public": self._public.place,
        }
        return {
            field: self._binding.name(place) for field, place in places.items() if place is not None
        }


class _Codes:
    """[type] and [area]."""

    def __init__(self, table: CodeTable | None, binding: Binding) -> None:
        self.place: Final = None if table is None else binding.place(table.column)
        self._values = {} if table is None else table.values
        self._others = "drop" if table is None else table.others
        self._binding = binding

    def of(self, row: CsvRow) -> str | None:
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
        return _short(row, self.place, self._binding, text, CODE_LIMIT)


class _Channels:
    """[channel]."""

    def __init__(self, table: ChannelTable | None, binding: Binding) -> None:
        self.place: Final = None if table is None else binding.place(table.column)
        self._values = {} if table is None else table.values
        self._others = None if table is None else table.others
        self._binding = binding

    def of(self, row: CsvRow) -> Channel:
        if self.place is None:
            return self._others or Channel.IMPORT
        channel = self._values.get(row.cells[self.place].strip(), self._others)
        if channel is None:
            raise CellUnknown(row.line, self._binding.name(self.place))
        return channel


class _Public:
    """[public]."""

    def __init__(self, mapping: CsvMapping, binding: Binding) -> None:
        table = mapping.public
        column = None if table is None else table.column
        self.place: Final = _place(binding, column)
        self._always = table is not None and table.always
        self._values = frozenset(table.values if table else ())

    def of(self, row: CsvRow) -> bool:
        if self.place is None:
            return self._always
        return row.cells[self.place].strip() in self._values


class _Status:
    """[status]."""

    def __init__(self, mapping: CsvMapping, binding: Binding) -> None:
        table = mapping.status
        self._place = None if table is None else binding.place(table.column)
        self._closed = dict.fromkeys(table.open, False) if table else {}
        self._closed |= dict.fromkeys(table.closed, True) if table else {}
        self._binding = binding

    def check(self, row: CsvRow, *, closed: bool) -> None:
        if self._place is None:
            return
        said = row.cells[self._place].strip()
        is_closed = self._closed.get(said)
        column = self._binding.name(self._place)
        if is_closed is None:
            raise CellUnknown(row.line, column)
        if is_closed is not closed:
            raise StatusContradicts(row.line, column, state="closed" if is_closed else "open")


class _Points:
    """[point]."""

    def __init__(self, mapping: CsvMapping, binding: Binding) -> None:
        table = mapping.point
        self.place: Final = None if table is None else binding.place(table.latitude)
        self._longitude = None if table is None else binding.place(table.longitude)
        self._table = table
        self._binding = binding

    def of(self, row: CsvRow) -> Point | None:
        if self._table is None or self.place is None or self._longitude is None:
            return None
        texts = [row.cells[place].strip() for place in (self.place, self._longitude)]
        if not any(texts):
            return None
        try:
            latitude, longitude = map(float, texts)
        except ValueError:
            latitude = longitude = 999.0
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise PointInvalid(row.line, self._binding.name(self.place))
        return Point(latitude, longitude, self._table.precision)


def _place(binding: Binding, column: Column | None) -> int | None:
    return None if column is None else binding.place(column)


def _label(row: CsvRow, place: int | None, binding: Binding) -> str | None:
    text = "" if place is None else row.cells[place].strip()
    if not text or place is None:
        return None
    return _short(row, place, binding, text, LABEL_LIMIT)


def _short(row: CsvRow, place: int, binding: Binding, text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellTooLong(row.line, binding.name(place), limit=limit)
    return text


def _attributes(row: CsvRow, places: Iterable[tuple[str, int]]) -> tuple[Attribute, ...]:
    """Cells that say something, as they are written."""
    cells = row.cells
    return tuple(
        Attribute(key, "string", cells[place]) for key, place in places if cells[place].strip()
    )


def _size(row: CsvRow) -> int:
    """No less than the characters of any one entry, keys and punctuation included."""
    return sum(map(len, row.cells)) + 100 * len(row.cells)
