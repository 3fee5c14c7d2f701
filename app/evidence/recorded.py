"""What the journal itself says of evidence: its hashes are in the open, its labels are not."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from app.journal.envelope import decode_entry
from domain.case.evidence import EvidenceAdded
from projections.view import Connection

OF_CASES: Final = """
SELECT stream_id, entry FROM journal.entries
WHERE stream_id = ANY($1::uuid[]) AND topic = $2
"""
ALL: Final = """
SELECT position, stream_id, entry FROM journal.entries WHERE topic = $1 ORDER BY position
"""


class _Payload(msgspec.Struct):
    sha256: str
    size: int


_decode: Final = msgspec.json.Decoder(_Payload).decode


@dataclass(frozen=True)
class RecordedEvidence:
    """A piece of evidence as its entry names it."""

    position: int
    case_id: UUID
    sha256: str
    size: int


async def hashes_of(connection: Connection, case_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """The hashes that the events of these cases name."""
    found: dict[UUID, set[str]] = {}
    for row in await connection.fetch(OF_CASES, list(case_ids), EvidenceAdded.TOPIC):
        payload = _decode(decode_entry(row["entry"]).payload)
        found.setdefault(row["stream_id"], set()).add(payload.sha256)
    return found


async def recorded_evidence(connection: Connection) -> AsyncIterator[RecordedEvidence]:
    """Every piece of evidence of the journal, in the order of positions; in a transaction."""
    async for row in connection.cursor(ALL, EvidenceAdded.TOPIC):
        payload = _decode(decode_entry(row["entry"]).payload)
        yield RecordedEvidence(row["position"], row["stream_id"], payload.sha256, payload.size)
