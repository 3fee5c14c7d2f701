"""The view `configuration`: every version of each configuration.

Contents are kept as JSON beside the record, for readers of the database; the service itself has
them in memory (app/configuration.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import asyncpg
import msgspec

from domain.configuration import (
    VersionContent,
    VersionDrafted,
    VersionEvent,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRetired,
    VersionState,
)
from domain.recorded import RecordedEvent
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.view import Connection, Past


class Kind(StrEnum):
    """Which configuration a version is of."""

    CATALOGUE = "CATALOGUE"
    ROUTING = "ROUTING"
    CALENDAR = "CALENDAR"
    SLA_POLICY = "SLA_POLICY"
    ESCALATION_POLICY = "ESCALATION_POLICY"
    METRIC_DEFINITIONS = "METRIC_DEFINITIONS"


@dataclass(frozen=True)
class VersionRow:
    """One version without its content."""

    kind: Kind
    number: int
    state: VersionState
    title: str
    pack: str | None
    drafted_by: str
    drafted_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    published_by: str | None
    published_at: datetime | None
    valid_from: datetime | None
    retired_by: str | None
    retired_at: datetime | None


DRAFT = """
INSERT INTO configuration_versions (kind, number, state, title, pack, drafted_by, drafted_at,
    made_at, position, content)
VALUES ($1, $2, 'DRAFT', $3, $4, $5, $6, $7, $8, $9::jsonb)
"""
EXTEND = """
UPDATE configuration_versions
SET content = jsonb_set(content, ARRAY[$4::text], (content -> $4) || $5::jsonb), position = $3
WHERE kind = $1 AND number = $2
"""
PROPOSE = """
UPDATE configuration_versions
SET state = 'PROPOSED', proposed_by = $4, proposed_at = $5, position = $3
WHERE kind = $1 AND number = $2
"""
PUBLISH = """
UPDATE configuration_versions
SET state = 'PUBLISHED', published_by = $4, published_at = $5, valid_from = $6, position = $3
WHERE kind = $1 AND number = $2
"""
RETIRE = """
UPDATE configuration_versions
SET state = 'RETIRED', retired_by = $4, retired_at = $5, position = $3
WHERE kind = $1 AND number = $2
"""
POSITION = "SELECT coalesce(max(position), 0) FROM configuration_versions"

_COLUMNS: Final = """kind, number, state, title, pack, drafted_by, drafted_at, proposed_by,
    proposed_at, published_by, published_at, valid_from, retired_by, retired_at"""

BY_NUMBER = Statement(f"""
SELECT {_COLUMNS} FROM configuration_versions
WHERE kind = :kind AND number = :number AND (:all::boolean OR published_by IS NOT NULL)
""")  # noqa: S608 - constants

# The rule of `domain.configuration.Configuration.number_in_force`.
IN_FORCE = Statement(f"""
SELECT {_COLUMNS} FROM configuration_versions
WHERE kind = :kind AND valid_from <= :at AND (retired_at IS NULL OR :at < retired_at)
ORDER BY valid_from DESC, number DESC LIMIT 1
""")  # noqa: S608 - constants

MADE_BETWEEN = Statement(f"""
SELECT {_COLUMNS} FROM configuration_versions
WHERE kind = :kind AND made_at BETWEEN :first AND :last
ORDER BY number DESC LIMIT 1
""")  # noqa: S608 - constants

NEWEST = Statement(f"""
SELECT {_COLUMNS} FROM configuration_versions
WHERE kind = :kind AND state <> 'RETIRED'
ORDER BY number DESC LIMIT 1
""")  # noqa: S608 - constants

_PAGE = f"""
SELECT {_COLUMNS} FROM configuration_versions
WHERE kind = :kind AND (:all::boolean OR published_by IS NOT NULL)
    AND (:after::integer IS NULL OR number > :after)
    AND (:before::integer IS NULL OR number < :before)
"""  # noqa: S608 - constants
FORWARD = Statement(_PAGE + "ORDER BY number LIMIT :limit")
BACKWARD = Statement(_PAGE + "ORDER BY number DESC LIMIT :limit")

COUNT = Statement("""
SELECT count(*) AS versions FROM configuration_versions
WHERE kind = :kind AND (:all::boolean OR published_by IS NOT NULL)
""")

_CURSOR: Final = "configuration"
_MOST: Final = 2**31 - 1
"""Of an integer in the database; a cursor that was made up may hold more."""

_KINDS: Final = {
    "catalogue": Kind.CATALOGUE,
    "routing": Kind.ROUTING,
    "calendar": Kind.CALENDAR,
    "sla": Kind.SLA_POLICY,
    "escalation_policy": Kind.ESCALATION_POLICY,
    "metric_definitions": Kind.METRIC_DEFINITIONS,
}
"""By the first part of the topic."""

_HEADING: Final = frozenset(each.name for each in fields(VersionContent))

_encode = msgspec.json.Encoder().encode


class ConfigurationView:
    """Inline: whoever published a version reads it as published."""

    name: Final = "configuration"
    version: Final = 1
    tables: Final = ("configuration_versions",)

    async def apply(
        self,
        connection: Connection,
        events: Sequence[RecordedEvent],
        past: Past,  # noqa: ARG002 - of the interface of views
    ) -> None:
        """Fold a batch, in position order; nearly always there is nothing in it."""
        for recorded in events:
            if isinstance(recorded.event, VersionEvent):
                await _apply(connection, recorded, recorded.event)

    async def position(self, connection: Connection) -> int:
        """The last position that said something about a version."""
        position: int = await connection.fetchval(POSITION)
        return position


async def _apply(connection: Connection, recorded: RecordedEvent, event: VersionEvent) -> None:
    kind, stamp, position = _kind(recorded), event.stamp, recorded.position
    match event:
        case VersionDrafted():
            said = (event.title, event.pack, stamp.by, stamp.at, recorded.version, position)
            await connection.execute(DRAFT, kind, event.number, *said, _json(_content(event)))
        case VersionExtended():
            part = (event.ITEMS, _json(getattr(event, event.ITEMS)))
            await connection.execute(EXTEND, kind, event.number, position, *part)
        case VersionProposed():
            await connection.execute(PROPOSE, kind, event.number, position, stamp.by, stamp.at)
        case VersionPublished():
            said_of = (stamp.by, stamp.at, event.valid_from)
            await connection.execute(PUBLISH, kind, event.number, position, *said_of)
        case VersionRetired():
            await connection.execute(RETIRE, kind, event.number, position, stamp.by, stamp.at)
        case _:
            raise TypeError(type(event).__name__)


def _kind(recorded: RecordedEvent) -> Kind:
    return _KINDS[recorded.topic.partition(".")[0]]


def _content(event: VersionDrafted) -> Mapping[str, Any]:
    """What the version says beyond number, title and pack, which have columns."""
    names = (each.name for each in fields(event.CONTENT) if each.name not in _HEADING)
    return {name: getattr(event, name) for name in names}


async def version_by_number(
    connection: Connection, kind: Kind, number: int, *, all_versions: bool
) -> VersionRow | None:
    """A version; all_versions: also one that was never published."""
    values = {"kind": kind, "number": number, "all": all_versions}
    return _row(await BY_NUMBER.row(connection, values))


async def version_in_force(connection: Connection, kind: Kind, at: datetime) -> VersionRow | None:
    """The version in force at a time."""
    return _row(await IN_FORCE.row(connection, {"kind": kind, "at": at}))


async def version_drafted(
    connection: Connection, kind: Kind, first: int, last: int
) -> VersionRow | None:
    """The version that stream versions first..last drafted, or where none did, the newest.

    The newest one that is not retired is what a draft of the same content found already there.
    """
    made = await MADE_BETWEEN.row(connection, {"kind": kind, "first": first, "last": last})
    return _row(made or await NEWEST.row(connection, {"kind": kind}))


async def list_versions(
    connection: Connection, kind: Kind, page: PageRequest, *, all_versions: bool
) -> Page[VersionRow]:
    """A page of the versions by number."""
    values = {
        "kind": kind,
        "all": all_versions,
        "after": _number("after", page.after),
        "before": _number("before", page.before),
        "limit": page.limit + 1,
    }
    statement = BACKWARD if page.backward else FORWARD
    rows = [_made(row) for row in await statement.rows(connection, values)]
    return cut(page, rows, lambda row: write_cursor(_CURSOR, row.number))


async def count_versions(connection: Connection, kind: Kind, *, all_versions: bool) -> int:
    """How many versions there are."""
    row = await COUNT.row(connection, {"kind": kind, "all": all_versions})
    return 0 if row is None else int(row["versions"])


def _number(argument: str, cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (number,) = read_cursor(_CURSOR, cursor, argument, [int])
    return max(-1, min(int(number), _MOST))


def _row(row: asyncpg.Record | None) -> VersionRow | None:
    return None if row is None else _made(row)


def _made(row: asyncpg.Record) -> VersionRow:
    return VersionRow(**{**row, "kind": Kind(row["kind"]), "state": VersionState(row["state"])})


def _json(content: object) -> str:
    return _encode(content).decode()
