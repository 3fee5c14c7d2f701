"""Reads of the directory on both axes of time: as it was then, as known now or as known then.

Every function takes the caller's `Sight`. Lists are in the order of codes, appointments and
delegations in that of their beginnings.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, cast

import asyncpg

from domain.directory.vocabulary import (
    Appointment,
    Area,
    AreaKind,
    Content,
    Delegation,
    Position,
    Qualification,
    Thing,
    Unit,
    UnitKind,
)
from domain.identity import Caller, Role
from domain.permissions import READ_CASES, READ_DIRECTORY, acting_roles, authority
from domain.refusal import InvalidInput
from projections.as_of import AsOf, resolve
from projections.directory_view import NEVER, TABLES, content_of
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.view import Connection

C = TypeVar("C", bound=Content)


@dataclass(frozen=True)
class Sight:
    """What of the directory a caller may see: it at all, and the names of persons in it."""

    visible: bool
    names: bool


def sight_of(caller: Caller) -> Sight:
    """The staff sees the directory; names of persons whoever of it may read cases."""
    visible = authority(caller, READ_DIRECTORY) is not None
    reads_cases = bool(acting_roles(caller, READ_CASES) - {Role.REPORTER})
    return Sight(visible, names=visible and reads_cases)


@dataclass(frozen=True)
class DirectoryMoment:
    """Up to which position events are known, and at which time entries are looked at.

    time: None: now, by the clock of the database.
    """

    known: int
    time: datetime | None


NOW: Final = DirectoryMoment(NEVER - 1, None)


async def moment_of(connection: Connection, as_of: AsOf | None) -> DirectoryMoment:
    """The moment meant. "As known then" without a time of its own also means "as it was then".

    Raises InvalidInput as `as_of.resolve`; a version is that of a case.
    """
    moment = await resolve(connection, as_of)
    if as_of is None or moment is None:
        return NOW
    recorded = moment.recorded_at if as_of.recorded_at is None else as_of.recorded_at
    only_time = as_of.position is None and as_of.recorded_at is None
    known = NOW.known if only_time else moment.position
    return DirectoryMoment(known, as_of.occurred_at or recorded)


@dataclass(frozen=True)
class Entry(Generic[C]):
    """An entry as it is for a time. valid_to: None: without end. known_from: a position."""

    code: str
    content: C
    valid_from: datetime
    valid_to: datetime | None
    known_from: int


@dataclass(frozen=True)
class EntryFilter:
    """Which entries; every part that is given must hold, and be of a column that they have.

    Collections: one of these. every_time: at any time, not only at the moment.
    """

    codes: Collection[str] | None = None
    kinds: Collection[UnitKind | AreaKind] | None = None
    parents: Collection[str] | None = None
    units: Collection[str] | None = None
    role: Role | None = None
    positions: Collection[str] | None = None
    appointments: Collection[str] | None = None
    person: str | None = None
    qualification: str | None = None
    every_time: bool = False


EVERYTHING: Final = EntryFilter()

_MATCHES: Final[Mapping[Thing, str]] = {
    Thing.UNIT: """(:kinds::text[] IS NULL OR kind = ANY(:kinds))
    AND (:parents::text[] IS NULL OR parent = ANY(:parents))""",
    Thing.AREA: """(:kinds::text[] IS NULL OR kind = ANY(:kinds))
    AND (:parents::text[] IS NULL OR parent = ANY(:parents))""",
    Thing.POSITION: """(:units::text[] IS NULL OR unit = ANY(:units))
    AND (:role::text IS NULL OR :role = ANY(roles))""",
    Thing.APPOINTMENT: """(:positions::text[] IS NULL OR position = ANY(:positions))
    AND (:person::text IS NULL OR person = :person)""",
    Thing.DELEGATION: """(:appointments::text[] IS NULL OR appointment = ANY(:appointments))
    AND (:positions::text[] IS NULL OR position = ANY(:positions))
    AND (:person::text IS NULL OR delegate = :person)""",
    Thing.QUALIFICATION: """(:qualification::text IS NULL OR qualification = :qualification)
    AND (:person::text IS NULL OR person = :person)""",
}

_BY_CODE: Final = (("code", "text"), ("valid_from", "timestamptz"))
_BY_TIME: Final = (("valid_from", "timestamptz"), ("code", "text"))
_ORDER: Final = {
    thing: _BY_TIME if thing in {Thing.APPOINTMENT, Thing.DELEGATION} else _BY_CODE
    for thing in Thing
}

_WHERE: Final = """:visible::boolean AND known_from <= :known AND :known < known_to
    AND (:every_time::boolean OR (
        valid_from <= coalesce(:time::timestamptz, now())
        AND coalesce(:time::timestamptz, now()) < valid_to
    ))
    AND (:codes::text[] IS NULL OR code = ANY(:codes))"""


def _columns(thing: Thing) -> str:
    shown = (
        "CASE WHEN :names THEN name END AS name" if name == "name" else name
        for name in TABLES[thing].columns
    )
    return ", ".join(shown)


def _entries(thing: Thing) -> str:
    return f"""
SELECT code, {_columns(thing)}, valid_from, nullif(valid_to, 'infinity') AS valid_to, known_from
FROM {TABLES[thing].name} WHERE {_WHERE} AND {_MATCHES[thing]}
"""  # noqa: S608 - constants


def _list(thing: Thing, *, ascending: bool) -> Statement:
    (first, first_type), (second, second_type) = _ORDER[thing]
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    place = f"({first}, {second})"
    start = f"(:from_first::{first_type}, :from_second::{second_type})"
    stop = f"(:to_first::{first_type}, :to_second::{second_type})"
    return Statement(f"""{_entries(thing)}
    AND (:from_first::{first_type} IS NULL OR {place} {beyond} {start})
    AND (:to_first::{first_type} IS NULL OR {place} {short} {stop})
ORDER BY {first} {direction}, {second} {direction} LIMIT :limit
""")


def _all(thing: Thing) -> Statement:
    (first, _), (second, _) = _ORDER[thing]
    return Statement(f"{_entries(thing)} ORDER BY {first}, {second}")


LISTS: Final = {
    (thing, ascending): _list(thing, ascending=ascending)
    for thing in Thing
    for ascending in (True, False)
}
ALL: Final = {thing: _all(thing) for thing in Thing}
COUNTS: Final = {
    thing: Statement(
        f"SELECT count(*) AS number FROM {TABLES[thing].name} WHERE {_WHERE} AND {_MATCHES[thing]}"  # noqa: S608
    )
    for thing in Thing
}

THINGS: Final[Mapping[type[object], Thing]] = {
    Unit: Thing.UNIT,
    Area: Thing.AREA,
    Position: Thing.POSITION,
    Appointment: Thing.APPOINTMENT,
    Delegation: Thing.DELEGATION,
    Qualification: Thing.QUALIFICATION,
}


async def list_entries(  # noqa: PLR0917 - who asks, what for, which page, when: read in that order
    connection: Connection,
    sight: Sight,
    kind: type[C],
    criteria: EntryFilter,
    page: PageRequest,
    moment: DirectoryMoment = NOW,
) -> Page[Entry[C]]:
    """One page of the entries of a kind. Raises InvalidInput for a cursor of another list."""
    thing, ascending = THINGS[kind], not page.backward
    after, before = _place(thing, page.after, "after"), _place(thing, page.before, "before")
    start, stop = (after, before) if ascending else (before, after)
    values = _values(sight, criteria, moment)
    values["from_first"], values["from_second"] = start
    values["to_first"], values["to_second"] = stop
    values["limit"] = page.limit + 1
    rows = await LISTS[thing, ascending].rows(connection, values)
    return cut(page, rows, lambda row: _cursor(thing, row)).map(lambda row: _entry(kind, row))


async def count_entries(
    connection: Connection,
    sight: Sight,
    kind: type[C],
    criteria: EntryFilter,
    moment: DirectoryMoment = NOW,
) -> int:
    """How many entries match."""
    row = await COUNTS[THINGS[kind]].row(connection, _values(sight, criteria, moment))
    return row["number"] if row else 0


async def entries(
    connection: Connection,
    sight: Sight,
    kind: type[C],
    criteria: EntryFilter,
    moment: DirectoryMoment = NOW,
) -> list[Entry[C]]:
    """All entries that match: of a few others, or with a few codes."""
    rows = await ALL[THINGS[kind]].rows(connection, _values(sight, criteria, moment))
    return [_entry(kind, row) for row in rows]


async def entry(
    connection: Connection, sight: Sight, kind: type[C], code: str, moment: DirectoryMoment = NOW
) -> Entry[C] | None:
    """The entry with this code as it is at the moment, if it may be seen."""
    found = await entries(connection, sight, kind, EntryFilter(codes=[code]), moment)
    return found[0] if found else None


def _values(sight: Sight, criteria: EntryFilter, moment: DirectoryMoment) -> dict[str, Any]:
    return {
        "visible": sight.visible,
        "names": sight.names,
        "known": moment.known,
        "time": moment.time,
        **{
            name: list(value)
            if isinstance(value, Collection) and not isinstance(value, str)
            else value
            for name, value in vars(criteria).items()
        },
    }


def _entry(kind: type[C], row: asyncpg.Record) -> Entry[C]:
    return Entry(
        code=row["code"],
        content=cast("C", content_of(THINGS[kind], row)),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        known_from=row["known_from"],
    )


def _cursor(thing: Thing, row: asyncpg.Record) -> str:
    return write_cursor(_kind(thing), row["code"], row["valid_from"].isoformat())


def _place(thing: Thing, cursor: str | None, argument: str) -> tuple[object, object]:
    """Where a cursor points, in the order of the list."""
    if cursor is None:
        return None, None
    code, text = read_cursor(_kind(thing), cursor, argument, [str, str])
    try:
        valid_from = aware(str(text))
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None
    return (code, valid_from) if _ORDER[thing] is _BY_CODE else (valid_from, code)


def _kind(thing: Thing) -> str:
    return f"directory {thing}"
