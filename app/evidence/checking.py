"""Every stored piece of evidence, read and compared with the hash that the journal has of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.evidence.recorded import RecordedEvidence, recorded_evidence
from app.evidence.sealing import DoesNotOpen, Sealed
from app.evidence.store import EvidenceStore, StoreUnusable
from app.evidence.threads import to_the_end
from app.journal.keys import StreamKeys
from app.journal.verify import MOST_FINDINGS, Finding
from projections.view import Connection


@dataclass
class EvidenceChecked:
    """What was found. pieces, bytes: of what is as it was; erased: whose key is gone."""

    pieces: int = 0
    bytes: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, piece: RecordedEvidence, detail: str) -> None:
        """Note a piece that is not as it was."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, piece.position, detail))


NOBODY_WATCHES: Final[Callable[[int], None]] = lambda _position: None  # noqa: E731


async def check_evidence(
    connection: Connection,
    keys: StreamKeys,
    store: EvidenceStore,
    progress: Callable[[int], None] = NOBODY_WATCHES,
) -> EvidenceChecked:
    """Open and hash all evidence, one piece after the other. `progress`: positions reached.

    At most 100 findings are kept.
    """
    checked = EvidenceChecked()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for piece in recorded_evidence(connection):
            key = await keys.fresh(connection, piece.case_id)
            if key is None:
                checked.erased += 1
            else:
                await to_the_end(_check, checked, store, piece, key)
            progress(piece.position)
    return checked


def _check(
    checked: EvidenceChecked, store: EvidenceStore, piece: RecordedEvidence, key: AESGCM
) -> None:
    named = f"sha256 {piece.sha256} of case {piece.case_id}"
    try:
        stored = store.open(piece.case_id, piece.sha256)
        if stored is None:
            checked.find("EVIDENCE_MISSING", piece, named)
            return
        try:
            sealed = Sealed(stored, piece.case_id, piece.sha256, piece.size, key)
            for _ in sealed.chunks():
                pass
        finally:
            stored.close()
    except (DoesNotOpen, StoreUnusable):
        checked.find("EVIDENCE_DIFFERS", piece, named)
        return
    checked.pieces += 1
    checked.bytes += piece.size
