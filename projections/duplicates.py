"""Candidates for duplicates: other requests that may be about the same, with what speaks for it.

An index finds a bounded pool by area, type and time of registration; how alike each of it is, is
computed by `projections.likeness`. Nothing is ever merged because of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.case.vocabulary import Point, Precision
from domain.scope import Scope
from projections.case_state import CaseState
from projections.cases import cases_by_ids
from projections.likeness import WINDOW, Likeness, Request, likenesses, shared_words
from projections.sight import scope_values, seen
from projections.statement import Statement
from projections.view import Connection

POOL: Final = 300
"""How many requests are compared at most, the nearest in time on each side first."""

# What was merged goes on elsewhere, what was voided never was; histories are from elsewhere.
_ALIKE: Final = f"""r.source IS NULL AND NOT r.confidential
    AND r.stage NOT IN ('MERGED', 'VOIDED')
    AND (:areas::text[] IS NULL OR r.area = ANY(:areas))
    AND (:type_codes::text[] IS NULL OR r.type_code = ANY(:type_codes))
    AND (:itself::uuid IS NULL OR r.case_id <> :itself)
    AND {seen("r")}"""
_COLUMNS: Final = """r.case_id, r.text_key, r.registered_at, r.type_code, r.area, r.latitude,
    r.longitude, r.precision"""

NEAR = Statement(f"""
SELECT near.*, coalesce(t.normal, '') AS normal FROM (
    (
        SELECT {_COLUMNS} FROM cases r
        WHERE r.registered_at <= :at AND r.registered_at >= :earliest AND {_ALIKE}
        ORDER BY r.registered_at DESC LIMIT :pool
    )
    UNION ALL
    (
        SELECT {_COLUMNS} FROM cases r
        WHERE r.registered_at > :at AND r.registered_at <= :latest AND {_ALIKE}
        ORDER BY r.registered_at LIMIT :pool
    )
) near LEFT JOIN case_texts t USING (case_id, text_key)
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class Sought:
    """What duplicates are sought of.

    areas, type_codes: where and among which types; None: any. itself: the case that it is, once
    it is registered.
    """

    request: Request
    areas: Collection[str] | None = None
    type_codes: Collection[str] | None = None
    itself: UUID | None = None


@dataclass(frozen=True)
class Candidate:
    """A case that may be about the same, and why."""

    case: CaseState
    likeness: Likeness
    shared_words: tuple[str, ...]


async def duplicate_candidates(
    connection: Connection, scope: Scope, sought: Sought, first: int
) -> list[Candidate]:
    """The likeliest ones of those that the caller may see, the likeliest first."""
    rows = await NEAR.rows(connection, near_values(scope, sought))
    found = likenesses(sought.request, [_request(row) for row in rows])
    ranked = sorted(
        ((each, row) for each, row in zip(found, rows, strict=True) if each.worth_showing),
        key=lambda pair: (-pair[0].score, pair[1]["case_id"]),
    )[:first]
    cases = await cases_by_ids(connection, scope, [row["case_id"] for _, row in ranked])
    return [
        Candidate(
            cases[row["case_id"]],
            likeness,
            tuple(shared_words(sought.request.normal, row["normal"])),
        )
        for likeness, row in ranked
        if row["case_id"] in cases
    ]


def near_values(scope: Scope, sought: Sought) -> dict[str, Any]:
    """The parameters of NEAR."""
    at: datetime = sought.request.registered_at
    return {
        **scope_values(scope),
        "at": at,
        "earliest": at - WINDOW,
        "latest": at + WINDOW,
        "areas": None if sought.areas is None else sorted(sought.areas),
        "type_codes": None if sought.type_codes is None else sorted(sought.type_codes),
        "itself": sought.itself,
        "pool": POOL,
    }


def _request(row: asyncpg.Record) -> Request:
    point = None
    if row["latitude"] is not None:
        point = Point(row["latitude"], row["longitude"], Precision(row["precision"]))
    return Request(row["normal"], row["registered_at"], row["type_code"], row["area"], point)
