"""Evidence that arrives: looked at, sealed and hashed while it does, and kept aside until then."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from app.evidence.media_types import LONGEST_BEGINNING, MediaType, Showing, media_type_of
from app.evidence.pictures import NotAPicture, repainted
from app.evidence.refusals import (
    EvidenceTooLarge,
    EvidenceTypeDiffers,
    EvidenceTypeRefused,
    EvidenceUnreadable,
)
from app.evidence.sealing import CHUNK, Sealing
from app.evidence.store import Draft
from app.evidence.threads import to_the_end

UNSAID: Final = frozenset({"", "application/octet-stream"})
"""Content types that say nothing."""


@dataclass(frozen=True)
class EvidenceLimits:
    """media_types: those that are taken. bytes: of a piece of evidence, at most."""

    media_types: frozenset[str]
    bytes: int


@dataclass(frozen=True)
class Received:
    """What arrived, as it was found to be. sha256: in hexadecimal digits."""

    sha256: str
    size: int
    media_type: str


class Receiving:
    """One piece of evidence on its way into a draft. Of it a chunk or two is in memory at a time.

    claimed: the media type it is said to be, or one of `UNSAID`. painting: held while a picture is
    painted, which is what takes memory.
    """

    def __init__(
        self,
        draft: Draft,
        sealing: Sealing,
        limits: EvidenceLimits,
        claimed: str,
        painting: AbstractAsyncContextManager[None],
    ) -> None:
        self._draft = draft
        self._sealing = sealing
        self._limits = limits
        self._claimed = claimed
        self._painting = painting
        self._size = 0
        self._waiting = bytearray()
        self._type: MediaType | None = None

    async def add(self, content: bytes) -> None:
        """More of it. Raises a Refusal as soon as it is clear that it is not taken."""
        self._size += len(content)
        if self._size > self._limits.bytes:
            raise EvidenceTooLarge(most=self._limits.bytes)
        self._waiting += content
        if self._type is None and len(self._waiting) >= LONGEST_BEGINNING:
            self._type = self._known_type()
        if len(self._waiting) >= CHUNK:
            await self._seal()

    async def finish(self) -> Received:
        """That was all of it. Raises a Refusal where it is not what it begins as."""
        if self._type is None:
            self._type = self._known_type()
        await self._seal()
        digest = await to_the_end(self._sealing.finish)
        if self._type.showing is Showing.REPAINTED:
            async with self._painting:
                await to_the_end(self._paint, self._type.name)
        return Received(digest, self._size, self._type.name)

    async def keep(self, received: Received) -> None:
        """Place it in the store, durably; what is there already is mended if need be."""
        await to_the_end(self._place, received.sha256)

    async def take_back(self, is_named: Callable[[], Awaitable[bool]]) -> None:
        """Remove what was kept, unless an event names it or somebody is about to record one."""
        if await to_the_end(self._draft.alone) and not await is_named():
            await to_the_end(self._draft.take_back)

    def _paint(self, media_type: str) -> None:
        """What is taken can be shown: it is found out now, while its giver is there."""
        try:
            repainted(b"".join(self._sealing.reopened().chunks()), media_type)
        except NotAPicture:
            raise EvidenceUnreadable(media_type=media_type) from None

    def _place(self, sha256: str) -> None:
        if self._draft.place(sha256):
            return
        there = self._draft.there(sha256)
        if there is not None:
            try:
                if self._sealing.is_in(there):
                    return
            finally:
                there.close()
        self._draft.place(sha256, anew=True)

    def _known_type(self) -> MediaType:
        found = media_type_of(bytes(self._waiting[:LONGEST_BEGINNING]))
        allowed = self._limits.media_types
        if found is None or found.name not in allowed:
            raise EvidenceTypeRefused(allowed=sorted(allowed))
        if self._claimed not in UNSAID and self._claimed != found.name:
            raise EvidenceTypeDiffers(media_type=found.name)
        return found

    async def _seal(self) -> None:
        content = bytes(self._waiting)
        self._waiting.clear()
        await to_the_end(self._sealing.add, content)
