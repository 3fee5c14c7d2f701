"""Which case a tracking code is about, and how many codes the case has had."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.case.tracking import TrackingCodeReissued
from projections.view import Connection

NUMBER: Final = "coalesce((details ->> 'tracking_number')::integer, 1) AS number"

# Imported histories have no reporter who could follow them.
BY_ID: Final = f"SELECT case_id, {NUMBER} FROM cases WHERE case_id = $1 AND source IS NULL"  # noqa: S608
BY_NUMBER: Final = f"SELECT case_id, {NUMBER} FROM cases WHERE case_no = $1 AND source IS NULL"  # noqa: S608

SINCE: Final = f"""{BY_ID} AND NOT EXISTS (
    SELECT FROM timeline_events e
    WHERE e.stream_id = case_id AND e.topic = '{TrackingCodeReissued.TOPIC}' AND e.position > $2
)"""


@dataclass(frozen=True)
class TrackedCase:
    """number: of the code that is good now: 1 for the first."""

    case_id: UUID
    number: int


async def tracked_by_id(connection: Connection, case_id: UUID) -> TrackedCase | None:
    """The case with an id. For verifying a code or a token only: it knows no scope."""
    row = await connection.fetchrow(BY_ID, case_id)
    return None if row is None else TrackedCase(row["case_id"], row["number"])


async def tracked_since(connection: Connection, case_id: UUID, position: int) -> TrackedCase | None:
    """The same, where the code that is good now was good at that position too."""
    row = await connection.fetchrow(SINCE, case_id, position)
    return None if row is None else TrackedCase(row["case_id"], row["number"])


async def tracked_by_number(connection: Connection, case_no: str) -> TrackedCase | None:
    """The case with a number. For verifying a code only: it knows no scope."""
    row = await connection.fetchrow(BY_NUMBER, case_no)
    return None if row is None else TrackedCase(row["case_id"], row["number"])
