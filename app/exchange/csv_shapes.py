"""The shape of a mapping file: what the columns of a table mean.

Names that are not here are refused, not passed over.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from app.packs.lines import Place
from domain.case.vocabulary import Channel, Precision

Column = str | list[str]
"""A column by its name in the header, whatever its case; of a list the first that is there."""


class _Shape(msgspec.Struct, forbid_unknown_fields=True):
    """What every table is."""


class FileTable(_Shape):
    """[file]. How the table is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'


class TimesTable(_Shape):
    """[times]. How times are written.

    zone: IANA name of the zone in which they are local. formats: strptime's, tried in this order;
    one with %z has its own offset. order: whether an activity may be earlier than one before it.
    """

    zone: str
    formats: list[str]
    order: Literal["refuse", "keep"] = "refuse"


class LaterTable(_Shape):
    """later = {column, values}. Of an hour that comes twice it is the second for these values."""

    column: Column
    values: list[str]


class DueTable(_Shape, kw_only=True):
    """[due]. When the case had to be closed.

    nonexistent: what becomes of an hour that never was: the row is refused, or it is read by the
    clock before the change.
    """

    column: Column
    nonexistent: Literal["refuse", "forward"] = "refuse"
    later: LaterTable | None = None


class ActivityTable(DueTable, kw_only=True):
    """[[activity]], in the order in which they happen. The first is always needed.

    closes: it ends the case. resource, unit: columns with who did it. attributes: columns that
    are said of it.
    """

    name: str
    needed: bool = False
    closes: bool = False
    resource: Column | None = None
    unit: Column | None = None
    attributes: list[Column] = []


class CaseTable(_Shape):
    """[case]. id: the column that tells cases apart. title: the first of these that is not empty.

    attributes: columns that are said of the case. may_change: of all attributes and titles those
    that are kept as they were first met.
    """

    id: Column
    title: list[Column] = []
    attributes: list[Column] = []
    may_change: list[str] = []


class CodeTable(_Shape):
    """[type], [area]. values: by what to replace a value. others: what becomes of the rest."""

    column: Column
    values: dict[str, str] = {}
    others: Literal["keep", "drop", "refuse"] = "keep"


class ChannelTable(_Shape):
    """[channel].

    others: what a value is that is not among these; without it such a value is refused.
    """

    column: Column
    values: dict[str, Channel]
    others: Channel | None = None


class StatusTable(_Shape):
    """[status]. Says whether the case is closed; must agree with the time of the closing."""

    column: Column
    open: list[str]
    closed: list[str]


class PointTable(_Shape):
    """[point]. Degrees of WGS 84."""

    latitude: Column
    longitude: Column
    precision: Precision = Precision.EXACT


class PublicTable(_Shape):
    """[public]. Whether the public could read the case: always, or for these values of a column."""

    always: bool = False
    column: Column | None = None
    values: list[str] = []


class Mapping(_Shape, kw_only=True):
    """A mapping file. source: what the table is called here. optional: columns it may lack."""

    name: str
    title: str = ""
    source: str | None = None
    optional: list[str] = []
    file: FileTable = msgspec.field(default_factory=FileTable)
    times: TimesTable
    case: CaseTable
    activity: list[ActivityTable]
    due: DueTable | None = None
    status: StatusTable | None = None
    type: CodeTable | None = None
    area: CodeTable | None = None
    channel: ChannelTable | None = None
    point: PointTable | None = None
    public: PublicTable | None = None


def alternatives(column: Column) -> list[str]:
    """The names a column may have, as they are compared."""
    return [plain(column)] if isinstance(column, str) else [plain(each) for each in column]


def plain(name: str) -> str:
    """The name of a column as it is compared: neither case nor space around it matters."""
    return name.strip().casefold()


def key_of(column: Column) -> str:
    """The key of the attribute that a column becomes: the first of its names."""
    return column if isinstance(column, str) else column[0]


def columns_of(mapping: Mapping) -> Iterator[tuple[Place, Column]]:
    """Every column that a mapping names, and where it does."""
    case, point = mapping.case, mapping.point
    yield ("case", "id"), case.id
    yield from ((("case", "title"), column) for column in case.title)
    yield from ((("case", "attributes"), column) for column in case.attributes)
    if point is not None:
        yield ("point", "latitude"), point.latitude
        yield ("point", "longitude"), point.longitude
    for name in ("type", "area", "channel", "status", "due", "public"):
        table = getattr(mapping, name)
        if table is not None and table.column is not None:
            yield (name, "column"), table.column
    if mapping.due is not None and mapping.due.later is not None:
        yield ("due", "later"), mapping.due.later.column
    for number, activity in enumerate(mapping.activity):
        yield from _columns_of_activity(("activity", number), activity)


def _columns_of_activity(place: Place, activity: ActivityTable) -> Iterator[tuple[Place, Column]]:
    yield (*place, "column"), activity.column
    for key in ("resource", "unit"):
        column = getattr(activity, key)
        if column is not None:
            yield (*place, key), column
    yield from (((*place, "attributes"), column) for column in activity.attributes)
    if activity.later is not None:
        yield (*place, "later"), activity.later.column
