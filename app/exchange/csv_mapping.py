"""Mappings: read, and told where in the file what is wrong with them. Some ship with us."""

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.exchange.csv_shapes import CodeTable, Mapping, alternatives, columns_of, key_of, plain
from app.packs.lines import Place
from app.toml_files import TomlProblem, read_toml
from domain.wording import CODE_LIMIT, NAME_LIMIT

SHIPPED: Final = Path(__file__).parent / "mappings"

Found = list[tuple[Place, str]]
"""Where in the file, and what is wrong there."""


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
    found += [file.problem(place, cause) for place, cause in faults(mapping)]
    if found:
        raise MappingRefused(sorted(found))
    return mapping


def faults(mapping: Mapping) -> Found:
    """What is wrong with a mapping that has the right shape."""
    found: Found = []
    _check_writing(mapping, found)
    _check_columns(mapping, found)
    _check_activities(mapping, found)
    _check_codes(mapping, found)
    return found


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
    attributes = [column for place, column in columns_of(mapping) if place[-1] == "attributes"]
    keys = [key_of(column) for column in (*attributes, *mapping.case.title) if column]
    for key in mapping.case.may_change:
        if key not in keys:
            found.append((("case", "may_change"), f"{key} is neither attribute nor title"))
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
