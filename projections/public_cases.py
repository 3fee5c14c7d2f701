"""What the public reads of cases: of those that were released, what was released, and no more.

It has statements of its own, over a few named columns, so that nothing added to a case later can
come out here by itself. Where a case lies is its area, and a point no finer than a hundredth of a
degree; when it was registered and closed, a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import asyncpg

from domain.case.closing import CaseClosed
from domain.case.lifecycle import ACTIVE, Stage
from domain.case.publication import PublicationApproved, PublicationProposed
from domain.refusal import InvalidInput
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from projections.statement import Statement
from projections.view import Connection

BLUR_DEGREES: Final = 0.01
"""About a kilometre: the side of the cell whose middle stands for every point in it."""


class PublicStage(StrEnum):
    """Where a case stands, as the public is told."""

    IN_HAND = "IN_HAND"
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class PublicCase:
    """What was released of one case. cell: the middle of its cell, degrees north and east."""

    case_no: str
    title: str
    summary: str | None
    stage: PublicStage
    type_code: str | None
    area: str | None
    cell: tuple[float, float] | None
    registered_on: date
    closed_on: date | None
    released_on: date
    public_reason: str | None


@dataclass(frozen=True)
class PublicFilter:
    """Which public cases; every part that is given must hold."""

    type_codes: Sequence[str] | None = None
    areas: Sequence[str] | None = None
    stage: PublicStage | None = None


_SHOWN: Final = f"""
    c.case_no, c.stage, c.type_code, c.area, c.registered_at, c.closed_at,
    floor(c.latitude / {BLUR_DEGREES}) AS north, floor(c.longitude / {BLUR_DEGREES}) AS east,
    (c.registered_at AT TIME ZONE :zone)::date AS registered_on,
    (c.closed_at AT TIME ZONE :zone)::date AS closed_on,
    (released.occurred_at AT TIME ZONE :zone)::date AS released_on,
    proposed.payload ->> 'title' AS title, proposed.payload ->> 'summary' AS summary,
    closing.payload ->> 'publicReason' AS public_reason
"""

# The words of the proposal that was released, and the reason of the closing that still holds.
_RELEASED: Final = f"""
CROSS JOIN LATERAL (
    SELECT version, occurred_at FROM timeline_events e
    WHERE e.stream_id = c.case_id AND e.topic = '{PublicationApproved.TOPIC}'
    ORDER BY version DESC LIMIT 1
) released
CROSS JOIN LATERAL (
    SELECT payload FROM timeline_events e
    WHERE e.stream_id = c.case_id AND e.topic = '{PublicationProposed.TOPIC}'
        AND e.version < released.version
    ORDER BY version DESC LIMIT 1
) proposed
LEFT JOIN LATERAL (
    SELECT payload FROM timeline_events e
    WHERE e.stream_id = c.case_id AND e.topic = '{CaseClosed.TOPIC}' AND c.closed_at IS NOT NULL
    ORDER BY version DESC LIMIT 1
) closing ON true
"""  # noqa: S608 - constants

# An imported history may have been public where it comes from: nobody released words of it here.
_PUBLIC: Final = "c.publication_state = 'PUBLIC' AND NOT c.confidential AND c.source IS NULL"

_MATCHING: Final = f"""{_PUBLIC}
    AND (:type_codes::text[] IS NULL OR c.type_code = ANY(:type_codes))
    AND (:areas::text[] IS NULL OR c.area = ANY(:areas))
    AND (:stages::text[] IS NULL OR c.stage = ANY(:stages))
"""


def _list(beyond: str, short: str, direction: str) -> Statement:
    return Statement(f"""
SELECT {_SHOWN} FROM (
    SELECT * FROM cases c WHERE {_MATCHING}
        AND (:from_at::timestamptz IS NULL
            OR (c.registered_at, c.case_no) {beyond} (:from_at, :from_no))
        AND (:to_at::timestamptz IS NULL
            OR (c.registered_at, c.case_no) {short} (:to_at, :to_no))
    ORDER BY c.registered_at {direction}, c.case_no {direction} LIMIT :limit
) c {_RELEASED}
ORDER BY c.registered_at {direction}, c.case_no {direction}
""")  # noqa: S608 - constants


LISTS: Final = {True: _list(">", "<", "ASC"), False: _list("<", ">", "DESC")}
"""By whether they ascend."""

COUNT: Final = Statement(f"SELECT count(*) AS number FROM cases c WHERE {_MATCHING}")  # noqa: S608

ONE: Final = Statement(
    f"SELECT {_SHOWN} FROM cases c {_RELEASED} WHERE {_PUBLIC} AND c.case_no = :case_no"  # noqa: S608
)

PLACE: Final = Statement(
    f"SELECT c.registered_at FROM cases c WHERE {_PUBLIC} AND c.case_no = :case_no"  # noqa: S608
)

_STAGES: Final = {
    PublicStage.IN_HAND: [stage.value for stage in Stage if stage in ACTIVE],
    PublicStage.CLOSED: [stage.value for stage in Stage if stage not in ACTIVE],
}

_CURSOR: Final = "public"


async def list_public_cases(
    connection: Connection, criteria: PublicFilter, page: PageRequest, zone: str
) -> Page[PublicCase]:
    """One page, the newest request first. zone: IANA name of the zone that days are told in."""
    after = await _place(connection, page.after, "after")
    before = await _place(connection, page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values = _values(criteria) | {
        "zone": zone,
        "from_at": start[0],
        "from_no": start[1],
        "to_at": stop[0],
        "to_no": stop[1],
        "limit": page.limit + 1,
    }
    rows = await LISTS[page.backward].rows(connection, values)
    found = cut(page, rows, _cursor_of)
    return found.map(_public_case)


async def count_public_cases(connection: Connection, criteria: PublicFilter) -> int:
    """How many public cases match."""
    row = await COUNT.row(connection, _values(criteria))
    return row["number"] if row else 0


async def public_case(connection: Connection, case_no: str, zone: str) -> PublicCase | None:
    """The public case with a number; None alike where there is none, or it is not public."""
    row = await ONE.row(connection, {"case_no": case_no, "zone": zone})
    return None if row is None else _public_case(row)


def _values(criteria: PublicFilter) -> dict[str, Any]:
    return {
        "type_codes": criteria.type_codes,
        "areas": criteria.areas,
        "stages": None if criteria.stage is None else _STAGES[criteria.stage],
    }


def _cursor_of(row: asyncpg.Record) -> str:
    """Names the case alone: what is told of when it was registered is a day."""
    return write_cursor(_CURSOR, row["case_no"])


async def _place(
    connection: Connection, cursor: str | None, argument: str
) -> tuple[datetime | None, str | None]:
    if cursor is None:
        return None, None
    (case_no,) = read_cursor(_CURSOR, cursor, argument, [str])
    row = await PLACE.row(connection, {"case_no": case_no})
    if row is None:
        raise InvalidInput([argument], "not a cursor of this list in this order")
    return row["registered_at"], str(case_no)


def _public_case(row: asyncpg.Record) -> PublicCase:
    north, east = row["north"], row["east"]
    return PublicCase(
        case_no=row["case_no"],
        title=row["title"],
        summary=row["summary"],
        stage=PublicStage.IN_HAND if Stage(row["stage"]) in ACTIVE else PublicStage.CLOSED,
        type_code=row["type_code"],
        area=row["area"],
        cell=None if north is None else (_middle(north), _middle(east)),
        registered_on=row["registered_on"],
        closed_on=row["closed_on"],
        released_on=row["released_on"],
        public_reason=row["public_reason"],
    )


def _middle(cell: float) -> float:
    return round((cell + 0.5) * BLUR_DEGREES, 4)
