"""The evidence of cases, as of any moment: it stands in the audit trail, and is read from there.

Who does not see a case from inside gets no evidence that the staff keeps among itself, and of none
who added it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.evidence import EvidenceAdded
from domain.case.vocabulary import Audience
from domain.identity import Actor
from domain.scope import Scope
from projections.as_of import LAST_POSITION, Moment
from projections.sight import inside, scope_values, seen
from projections.statement import Statement
from projections.timeline_event import actor_of
from projections.view import Connection

EVIDENCE = Statement(f"""
SELECT c.case_id, e.version, e.occurred_at, e.recorded_at, e.principal, e.actor_kind,
    e.actor_position, e.actor_unit, e.on_behalf_of, e.payload, c.within
FROM (
    SELECT case_id, :internal AND {inside("cases")} AS within
    FROM unnest(:case_ids::uuid[]) AS wanted (case_id) JOIN cases USING (case_id)
    WHERE {seen("cases")}
) c JOIN timeline_events e ON e.stream_id = c.case_id AND e.topic = '{EvidenceAdded.TOPIC}'
WHERE (c.within OR e.audience <> 'INTERNAL')
    AND e.position <= :position AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)
ORDER BY c.case_id, e.version
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence, as the caller may see it.

    sha256: of its bytes, in hexadecimal digits. added_by: None where the caller may not see it.
    """

    case_id: UUID
    evidence_id: UUID
    sha256: str
    size: int
    media_type: str
    label: str | None
    audience: Audience
    by_reporter: bool
    version: int
    added_at: datetime
    recorded_at: datetime
    added_by: Actor | None


class _Payload(msgspec.Struct, rename="camel"):
    evidence_id: UUID
    sha256: str
    size: int
    media_type: str
    label: str | None
    audience: Audience
    by_reporter: bool


_decode: Final = msgspec.json.Decoder(_Payload).decode


async def evidence_of(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, list[Evidence]]:
    """The evidence of each of the cases, in the order in which it was added.

    Every id asked for is a key; a case that may not be seen has none.
    moment: only what was known, and had been added, then.
    """
    values = scope_values(scope) | {
        "case_ids": list(case_ids),
        "internal": scope.internal,
        "position": LAST_POSITION if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }
    found: dict[UUID, list[Evidence]] = {case_id: [] for case_id in case_ids}
    for row in await EVIDENCE.rows(connection, values):
        found[row["case_id"]].append(_evidence(row))
    return found


def _evidence(row: asyncpg.Record) -> Evidence:
    said = _decode(row["payload"])
    return Evidence(
        case_id=row["case_id"],
        evidence_id=said.evidence_id,
        sha256=said.sha256,
        size=said.size,
        media_type=said.media_type,
        label=said.label,
        audience=said.audience,
        by_reporter=said.by_reporter,
        version=row["version"],
        added_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        added_by=actor_of(row) if row["within"] else None,
    )
