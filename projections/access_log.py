"""Reads of the access log: who read whose personal data, when and for which purpose.

The right to read it is checked by the caller; it shows no case and no personal data.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.reporters import ReporterAttached
from domain.identity import Actor
from domain.personal_data import Category, PersonalDataRead, access_log_of
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.timeline_event import actor_of
from projections.view import Connection


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of personal data. subject: whose; reader: by whom."""

    position: int
    at: datetime
    reader: Actor
    subject: UUID
    case_id: UUID
    categories: tuple[Category, ...]
    purpose: str


SUBJECTS: Final = Statement(f"""
SELECT DISTINCT (payload ->> 'reporterId')::uuid AS subject FROM timeline_events
WHERE stream_id = :case_id AND topic = '{ReporterAttached.TOPIC}'
""")  # noqa: S608 - constants

_MATCHING: Final = f"""topic = '{PersonalDataRead.TOPIC}'
    AND (:streams::uuid[] IS NULL OR stream_id = ANY(:streams))
    AND (:case_id::text IS NULL OR payload ->> 'caseId' = :case_id)"""


def _readings(beyond: str, short: str, direction: str) -> Statement:
    return Statement(f"""
SELECT position, recorded_at, principal, actor_kind, actor_position, actor_unit, on_behalf_of,
    payload
FROM timeline_events WHERE {_MATCHING}
    AND (:from_position::bigint IS NULL OR position {beyond} :from_position)
    AND (:to_position::bigint IS NULL OR position {short} :to_position)
ORDER BY position {direction} LIMIT :limit
""")  # noqa: S608 - constants


READINGS: Final = {True: _readings(">", "<", "ASC"), False: _readings("<", ">", "DESC")}
"""By whether they ascend."""

COUNT: Final = Statement(f"SELECT count(*) AS number FROM timeline_events WHERE {_MATCHING}")  # noqa: S608

_CURSOR: Final = "reading"


class _Payload(msgspec.Struct, rename="camel"):
    subject: UUID
    case_id: UUID
    categories: tuple[Category, ...]
    purpose: str


_decode: Final = msgspec.json.Decoder(_Payload).decode


@dataclass(frozen=True)
class ReadingFilter:
    """Which readings: of the data of these persons, and on this case; None: any."""

    subjects: Collection[UUID] | None = None
    case_id: UUID | None = None


async def reporters_of(connection: Connection, case_id: UUID) -> set[UUID]:
    """The persons whom a case has named as its reporters, so far."""
    return {row["subject"] for row in await SUBJECTS.rows(connection, {"case_id": case_id})}


async def readings(
    connection: Connection, criteria: ReadingFilter, page: PageRequest
) -> Page[Reading]:
    """One page of readings, in the order in which they were recorded."""
    after, before = _place(page.after, "after"), _place(page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values = await _values(connection, criteria)
    values |= {"from_position": start, "to_position": stop, "limit": page.limit + 1}
    rows = await READINGS[not page.backward].rows(connection, values)
    found = [_reading(row) for row in rows]
    return cut(page, found, lambda reading: write_cursor(_CURSOR, reading.position))


async def count_readings(connection: Connection, criteria: ReadingFilter) -> int:
    """How many readings match."""
    row = await COUNT.row(connection, await _values(connection, criteria))
    return row["number"] if row else 0


async def _values(connection: Connection, criteria: ReadingFilter) -> dict[str, Any]:
    subjects = criteria.subjects
    if subjects is None and criteria.case_id is not None:
        # A case leads to a few access logs by an index; only in them its id is looked for.
        subjects = await reporters_of(connection, criteria.case_id)
    return {
        "streams": None if subjects is None else [access_log_of(subject) for subject in subjects],
        "case_id": None if criteria.case_id is None else str(criteria.case_id),
    }


def _place(cursor: str | None, argument: str) -> int | None:
    return None if cursor is None else int(read_cursor(_CURSOR, cursor, argument, [int])[0])


def _reading(row: asyncpg.Record) -> Reading:
    said = _decode(row["payload"])
    return Reading(
        position=row["position"],
        at=row["recorded_at"],
        reader=actor_of(row),
        subject=said.subject,
        case_id=said.case_id,
        categories=said.categories,
        purpose=said.purpose,
    )
