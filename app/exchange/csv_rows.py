"""From a row of a table to the command that brings its case in, by a mapping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from app.exchange.csv_binding import Binding
from app.exchange.csv_cells import Channels, Codes, Points, Public, Status, Times
from app.exchange.csv_reader import CsvRow
from app.exchange.csv_refusals import (
    CellMissing,
    CellUnstorable,
    RowRagged,
    RowTooLarge,
    TimeOutOfOrder,
)
from app.exchange.csv_shapes import ActivityTable, Mapping, key_of
from app.exchange.histories import LABEL_LIMIT, SURELY_FITS, too_large
from domain.case.imported import Activity, ImportHistory
from domain.case.vocabulary import Attribute, Record
from domain.refusal import BeginningChanged, HistoryShorter, RecordChanged, Refusal
from domain.wording import NAME_LIMIT, TITLE_LIMIT, UNSTORABLE

Columns = dict[str, str]
"""Field of a record -> the column it comes from, by its name in the header."""


@dataclass(frozen=True, slots=True)
class RowOfCase:
    """A row that was understood. columns: of the activities, in their order."""

    command: ImportHistory
    line: int
    columns: Sequence[str]
    id_column: str
    columns_of_record: Columns

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


class _Step:
    """One activity of the mapping."""

    def __init__(
        self, mapping: Mapping, table: ActivityTable, binding: Binding, *, needed: bool
    ) -> None:
        self.times: Final = Times(mapping, table, binding)
        self.needed: Final = needed
        self.closes: Final = table.closes
        self._name = table.name
        self._resource = None if table.resource is None else binding.place(table.resource)
        self._unit = None if table.unit is None else binding.place(table.unit)
        self._attributes = binding.places(table.attributes)
        self._binding = binding

    def activity(self, row: CsvRow, at: datetime) -> Activity:
        return Activity(
            activity=self._name,
            occurred_at=at,
            resource=self._label(row, self._resource),
            unit=self._label(row, self._unit),
            attributes=_attributes(row, self._attributes),
            closes=self.closes,
        )

    def _label(self, row: CsvRow, place: int | None) -> str | None:
        return None if place is None else self._binding.short(row, place, LABEL_LIMIT) or None


class RowReader:
    """Turns rows of one table into commands. Raises a FileRefused for a header that lacks a column.

    run: correlates the commands of one import.
    """

    def __init__(self, mapping: Mapping, header: Sequence[str], source: str, run: UUID) -> None:
        self._mapping = mapping
        self._source = source
        self._run = run
        self._binding = Binding(mapping, header)
        binding, case = self._binding, mapping.case
        self._id = binding.needed(case.id)
        self._titles = [place for _, place in binding.places(case.title)]
        self._attributes = binding.places(case.attributes)
        self._may_change = tuple(case.may_change)
        self._title_may_change = any(key_of(column) in case.may_change for column in case.title)
        self._steps = [
            _Step(mapping, table, binding, needed=table.needed or number == 0)
            for number, table in enumerate(mapping.activity)
        ]
        self._due = None if mapping.due is None else Times(mapping, mapping.due, binding)
        self._type = Codes(mapping.type, binding)
        self._area = Codes(mapping.area, binding)
        self._channel = Channels(mapping.channel, binding)
        self._public = Public(mapping, binding)
        self._status = Status(mapping, binding)
        self._point = Points(mapping, binding)
        self._columns_of_record = self._columns()

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
            title_may_change=self._title_may_change,
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
        text = self._binding.short(row, self._id, NAME_LIMIT)
        if not text:
            raise CellMissing(row.line, self._binding.name(self._id))
        return text

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
            text = self._binding.short(row, place, TITLE_LIMIT)
            if text:
                return text
        return None

    def _columns(self) -> Columns:
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


def _attributes(row: CsvRow, places: Iterable[tuple[str, int]]) -> tuple[Attribute, ...]:
    """Cells that say something, as they are written."""
    cells = row.cells
    return tuple(
        Attribute(key, "string", cells[place]) for key, place in places if cells[place].strip()
    )


def _size(row: CsvRow) -> int:
    """No less than the characters of any one entry, keys and punctuation included."""
    return sum(map(len, row.cells)) + 100 * len(row.cells)
