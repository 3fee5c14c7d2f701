"""Mappings: what the columns of a table mean. TOML files, some of which ship with us.

Names that are not here are refused, not passed over.
"""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from app.packs.lines import Place
from app.toml_files import TomlFile, TomlProblem, read_toml
from domain.case.vocabulary import Channel, Precision
from domain.wording import CODE_LIMIT, NAME_LIMIT

SHIPPED: Final = Path(__file__).parent / "mappings"

Column = str | list[str]
"""A column by its name in the header, whatever its case; of a list the first that is there."""

Found = list[tuple[Place, str]]
"""Where in the file, and what is wrong there."""


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
    """[due]. When the case had to be closed. nonexistent: what becomes of an hour that never was:
    the row is refused, or it is read by the clock before the change.
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

    attributes: columns that are said of the case. may_change: of all attributes those that are
    kept as they were first met.
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
    """[channel]. others: what a value is that is not among these, or an empty one; without it a
    value that is not among these is refused.
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


class MappingRefused(Exception):
    """A mapping cannot be used as it is."""

    def __init__(self, problems: Sequence[TomlProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


def shipped() -> list[str]:
    """The names of the mappings that ship with us."""
    return sorted(found.stem for found in SHIPPED.glob("*.toml"))


def read_mapping(name: str) -> Mapping:
    """One of ours by name, else a path. Raises MappingRefused with everything that was found."""
    path = SHIPPED / f"{name}.toml" if name in shipped() else Path(name)
    if not path.is_file():
        ours = ", ".join(shipped())
        raise MappingRefused([TomlProblem(name, 1, f"there is no such file; ours are {ours}")])
    found: list[TomlProblem] = []
    read = read_toml(path, Mapping, found)
    if read is None:
        raise MappingRefused(found)
    file, mapping = read
    found += _located(file, mapping)
    if found:
        raise MappingRefused(sorted(found))
    return mapping


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
    for table in ("type", "area", "channel", "status", "due", "public"):
        named = getattr(mapping, table)
        if named is not None and named.column is not None:
            yield (table, "column"), named.column
    yield ("case", "id"), mapping.case.id
    for key in ("title", "attributes"):
        for column in getattr(mapping.case, key):
            yield ("case", key), column
    if mapping.point is not None:
        yield ("point", "latitude"), mapping.point.latitude
        yield ("point", "longitude"), mapping.point.longitude
    if mapping.due is not None and mapping.due.later is not None:
        yield ("due", "later"), mapping.due.later.column
    for number, activity in enumerate(mapping.activity):
        place = ("activity", number)
        yield (*place, "column"), activity.column
        for key in ("resource", "unit"):
            if getattr(activity, key) is not None:
                yield (*place, key), getattr(activity, key)
        for column in activity.attributes:
            yield (*place, "attributes"), column
        if activity.later is not None:
            yield (*place, "later"), activity.later.column


def _located(file: TomlFile, mapping: Mapping) -> list[TomlProblem]:
    found: Found = []
    _check_writing(mapping, found)
    _check_columns(mapping, found)
    _check_activities(mapping, found)
    _check_codes(mapping, found)
    return [file.problem(place, cause) for place, cause in found]


def _check_writing(mapping: Mapping, found: Found) -> None:
    table = mapping.file
    try:
        codecs.lookup(table.encoding)
        "".encode(table.encoding)
    except LookupError:
        found.append((("file", "encoding"), f"there is no encoding {table.encoding}"))
    for key in ("delimiter", "quote"):
        if len(getattr(table, key)) != 1 or getattr(table, key) in "\r\n\0":
            found.append((("file", key), f"{key} must be one character"))
    if table.delimiter == table.quote:
        found.append((("file", "quote"), "quote and delimiter are the same"))
    try:
        ZoneInfo(mapping.times.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = mapping.times.zone
        found.append((("times", "zone"), f"{zone} is no IANA time zone, as Asia/Shanghai is"))
    if not mapping.times.formats:
        found.append((("times", "formats"), "at least one format is needed"))
    for form in mapping.times.formats:
        if not {"%Y", "%y"} & {form[i : i + 2] for i in range(len(form))}:
            found.append((("times", "formats"), f"the format {form} has no year"))


def _check_columns(mapping: Mapping, found: Found) -> None:
    named: set[str] = set()
    for place, column in columns_of(mapping):
        names = alternatives(column)
        if not names or not all(names):
            found.append((place, "a column needs a name"))
        named.update(names)
    for name in mapping.optional:
        if plain(name) not in named:
            found.append((("optional",), f"the column {name} is not named anywhere else"))
    keys = [key_of(column) for place, column in columns_of(mapping) if place[-1] == "attributes"]
    for key in mapping.case.may_change:
        if key not in keys:
            found.append((("case", "may_change"), f"{key} is no attribute"))
    if mapping.public is not None and mapping.public.always == bool(mapping.public.column):
        found.append((("public",), "say either always = true, or a column and its values"))


def _check_activities(mapping: Mapping, found: Found) -> None:
    if not mapping.activity:
        found.append((("activity",), "at least one activity is needed"))
    names: set[str] = set()
    closing = 0
    for number, activity in enumerate(mapping.activity):
        place = ("activity", number, "name")
        if not activity.name.strip() or len(activity.name) > NAME_LIMIT:
            found.append((place, f"name needs 1 to {NAME_LIMIT} characters"))
        if activity.name in names:
            found.append((place, f"there is another activity {activity.name}"))
        names.add(activity.name)
        closing += activity.closes
        if closing > 1 and activity.closes:
            found.append((("activity", number, "closes"), "only one activity closes a case"))
    if mapping.status is not None and not closing:
        found.append((("status",), "no activity closes a case: there is nothing to compare with"))


def _check_codes(mapping: Mapping, found: Found) -> None:
    for table in ("type", "area"):
        codes: CodeTable | None = getattr(mapping, table)
        for value in codes.values.values() if codes else ():
            if not value.strip() or len(value) > CODE_LIMIT:
                place = (table, "values")
                found.append((place, f"a value needs 1 to {CODE_LIMIT} characters"))
    if mapping.status is not None and set(mapping.status.open) & set(mapping.status.closed):
        found.append((("status", "closed"), "a value is among open and among closed"))
