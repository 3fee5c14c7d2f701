"""The desk where evidence is handed in and looked at: the journal's keys, and the store."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.aggregates import replay
from app.availability import losses_named
from app.evidence.media_types import MEDIA_TYPES, MediaType, Showing
from app.evidence.painting import Painting
from app.evidence.pictures import NotAPicture, repainted
from app.evidence.receiving import EvidenceLimits, Received, Receiving
from app.evidence.refusals import (
    EvidenceDamaged,
    EvidenceErased,
    EvidenceOnlyOriginal,
    EvidenceStoreUnusable,
)
from app.evidence.sealing import DoesNotOpen, Sealed, Sealing
from app.evidence.store import EvidenceStore, Stored, StoreUnusable
from app.evidence.threads import to_the_end
from app.journal import Journal
from domain.case import Case
from domain.case.evidence import EvidenceAdded
from domain.identity import Caller
from domain.permissions import READ_ORIGINAL_EVIDENCE, permitted
from domain.refusal import NotFound
from projections.evidence import Evidence

_LOG: Final = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Opened:
    """Evidence that is about to be shown. chunks: all of it, in order.

    The last chunk comes only if the whole has the hash that the journal knows; else the reading
    ends with EvidenceDamaged. repainted: whether it is not the original.
    """

    media_type: MediaType
    size: int
    chunks: AsyncGenerator[bytes, None]
    repainted: bool = False


class EvidenceDesk:
    """Takes evidence in and shows it. Who may, is for its callers to say."""

    def __init__(self, journal: Journal, store: EvidenceStore, limits: EvidenceLimits) -> None:
        self.limits: Final = limits
        self._journal = journal
        self._store = store
        self._painting = Painting()

    async def is_recorded(self, principal: str, command_id: UUID) -> bool:
        """Whether a command was recorded before. Raises `Unavailable`."""
        with losses_named():
            return await self._journal.outcome(principal, command_id) is not None

    async def check_key(self, case_id: UUID) -> None:
        """Whether the key of a case is there. Raises EvidenceErased, `Unavailable`."""
        await self._key(case_id)

    async def check_original(self, case_id: UUID, caller: Caller) -> None:
        """Whether `caller` may see originals of a case that they see. Raises a Refusal."""
        await self._key(case_id)
        with losses_named():
            events = await self._journal.events_of_streams([case_id])
        case = replay(events.get(case_id, ()))
        if not isinstance(case, Case):
            raise NotFound(what="case")
        permitted(caller, READ_ORIGINAL_EVIDENCE, case.reporter_for(caller), case.place)

    @asynccontextmanager
    async def receiving(self, case_id: UUID, claimed: str) -> AsyncIterator[Receiving]:
        """Something that arrives; what was not kept by the end of the block is gone.

        claimed: the media type it is said to be. Raises EvidenceErased for a case without a key,
        EvidenceStoreUnusable, `Unavailable`.
        """
        key = await self._key(case_id)
        with _usable():
            draft = await to_the_end(self._store.draft, case_id)
            try:
                sealing = await to_the_end(Sealing, draft, case_id, key)
                painting = self._painting.turn(case_id)
                yield Receiving(draft, sealing, self.limits, claimed, painting)
            finally:
                await to_the_end(draft.close)

    async def take_back(self, case_id: UUID, receiving: Receiving, received: Received) -> None:
        """Remove what was kept for a command that was refused, where nothing else needs it."""

        async def is_named() -> bool:
            with losses_named():
                events = await self._journal.events_of_streams([case_id])
            return any(
                isinstance(event, EvidenceAdded) and event.sha256 == received.sha256
                for event in events.get(case_id, ())
            )

        await receiving.take_back(is_named)

    @asynccontextmanager
    async def opened(self, evidence: Evidence, *, original: bool) -> AsyncIterator[Opened]:
        """Evidence to be shown, as it is or, unless the original is meant, cleaned.

        Raises EvidenceErased, EvidenceDamaged, EvidenceOnlyOriginal, EvidenceStoreUnusable,
        `Unavailable`.
        """
        known = MEDIA_TYPES[evidence.media_type]
        if known.showing is Showing.ORIGINAL_ONLY and not original:
            raise EvidenceOnlyOriginal(media_type=known.name)
        key = await self._key(evidence.case_id)
        with _usable(), _whole(evidence):
            stored = await to_the_end(self._store.open, evidence.case_id, evidence.sha256)
            if stored is None:
                raise DoesNotOpen
            try:
                sealed = await to_the_end(_sealed, stored, evidence, key)
                if known.showing is Showing.REPAINTED and not original:
                    async with self._painting.turn(evidence.case_id):
                        content = await _repainted(sealed, known)
                    yield Opened(known, len(content), _once(content), repainted=True)
                else:
                    yield Opened(known, evidence.size, _chunks(sealed))
            finally:
                await to_the_end(stored.close)

    async def _key(self, case_id: UUID) -> AESGCM:
        with losses_named():
            key = await self._journal.cipher_now(case_id)
        if key is None:
            raise EvidenceErased
        return key


def _sealed(stored: Stored, evidence: Evidence, key: AESGCM) -> Sealed:
    return Sealed(stored, evidence.case_id, evidence.sha256, evidence.size, key)


async def _repainted(sealed: Sealed, known: MediaType) -> bytes:
    try:
        return await to_the_end(_paint, sealed, known)
    except NotAPicture:
        raise EvidenceOnlyOriginal(media_type=known.name) from None


def _paint(sealed: Sealed, known: MediaType) -> bytes:
    return repainted(b"".join(sealed.chunks()), known.name)


async def _once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


async def _chunks(sealed: Sealed) -> AsyncGenerator[bytes, None]:
    chunks = sealed.chunks()
    while (chunk := await to_the_end(next, chunks, None)) is not None:
        yield chunk


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except StoreUnusable as error:
        _LOG.error("the evidence store is not usable", problem=str(error))
        raise EvidenceStoreUnusable from None


@contextmanager
def _whole(evidence: Evidence) -> Iterator[None]:
    """Whoever runs the service learns which piece is not as it was, and no more."""
    try:
        yield
    except DoesNotOpen:
        _LOG.error(
            "evidence is not as it was stored",
            case_id=str(evidence.case_id),
            evidence_id=str(evidence.evidence_id),
        )
        raise EvidenceDamaged from None
