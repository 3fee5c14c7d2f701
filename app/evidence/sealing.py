"""How evidence lies in a store: AES-256-GCM in chunks, so that it is read and written in pieces.

    magic || chunk 0 || chunk 1 || ... || trailer

Each piece has a key of its own. It lies in the trailer, wrapped by the key of the case and bound to
case, hash and size: without the key of the case, or under another hash, nothing opens. Each chunk
is bound to the case, to its place and to whether it is the last, so that none can be moved, left
out or added. The hash is known only when all of it has gone by, hence a trailer and not a header.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.evidence.store import Draft, Stored

MAGIC: Final = b"WBEV\x00\x00\x00\x01"
CHUNK: Final = 256 * 1024
"""Bytes of evidence in a chunk: what is in memory at a time, and what is read too much at most."""
TAG: Final = 16
NONCE: Final = 12
KEY: Final = 32
TRAILER: Final = NONCE + KEY + TAG


class DoesNotOpen(Exception):
    """The bytes are not what was stored under this hash, or the key is another."""


class Sealing:
    """Seals what arrives into a draft, and hashes it on the way. Not safe for threads."""

    def __init__(self, draft: Draft, case_id: UUID, case_key: AESGCM) -> None:
        self.size = 0
        self._draft = draft
        self._case_id = case_id
        self._case_key = case_key
        self._key = AESGCM.generate_key(KEY * 8)
        self._cipher = AESGCM(self._key)
        self._hash = sha256()
        self._index = 0
        self._waiting = bytearray()
        self._digest = ""
        draft.write(MAGIC)

    def add(self, content: bytes) -> None:
        """More of it. Raises `StoreUnusable`."""
        self._hash.update(content)
        self.size += len(content)
        self._waiting += content
        # Of what waits the last byte stays: only at the end is it known which chunk is the last.
        while len(self._waiting) > CHUNK:
            self._write(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> str:
        """Write the rest. The SHA-256 of all of it, in hexadecimal digits."""
        self._write(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._digest = digest = self._hash.hexdigest()
        nonce = os.urandom(NONCE)
        bound_to = _whole(self._case_id, digest, self.size)
        self._draft.write(nonce + self._case_key.encrypt(nonce, self._key, bound_to))
        return digest

    def reopened(self) -> "Sealed":
        """What was sealed, read again from the draft, once it is finished."""
        return Sealed(self._draft, self._case_id, self._digest, self.size, self._case_key)

    def is_in(self, stored: Stored) -> bool:
        """Whether something that is stored holds the same, undamaged."""
        try:
            found = Sealed(stored, self._case_id, self._digest, self.size, self._case_key)
            return sum(map(len, found.chunks())) == self.size
        except DoesNotOpen:
            return False

    def _write(self, content: bytes, *, last: bool) -> None:
        place = _place(self._case_id, self._index, last=last)
        self._draft.write(self._cipher.encrypt(_nonce(self._index), content, place))
        self._index += 1


class Sealed:
    """Evidence in a store, opened with the key of its case. Raises DoesNotOpen throughout."""

    def __init__(
        self, stored: Stored, case_id: UUID, digest: str, size: int, case_key: AESGCM
    ) -> None:
        self.digest = digest
        self.size = size
        self._stored = stored
        self._case_id = case_id
        self._chunks = max(1, -(-size // CHUNK))
        expected = len(MAGIC) + size + self._chunks * TAG + TRAILER
        if stored.size != expected or stored.read(0, len(MAGIC)) != MAGIC:
            raise DoesNotOpen
        trailer = stored.read(expected - TRAILER, TRAILER)
        try:
            bound_to = _whole(case_id, digest, size)
            self._cipher = AESGCM(case_key.decrypt(trailer[:NONCE], trailer[NONCE:], bound_to))
        except InvalidTag:
            raise DoesNotOpen from None

    def chunks(self) -> Iterator[bytes]:
        """All of it, chunk by chunk; the last comes only if the whole has the right hash."""
        found = sha256()
        for index in range(self._chunks):
            content = self._chunk(index)
            found.update(content)
            if index == self._chunks - 1 and found.hexdigest() != self.digest:
                raise DoesNotOpen
            yield content

    def _chunk(self, index: int) -> bytes:
        content = self._stored.read(len(MAGIC) + index * (CHUNK + TAG), self._length(index) + TAG)
        place = _place(self._case_id, index, last=index == self._chunks - 1)
        try:
            return self._cipher.decrypt(_nonce(index), content, place)
        except (InvalidTag, ValueError):
            raise DoesNotOpen from None

    def _length(self, index: int) -> int:
        return min(CHUNK, self.size - index * CHUNK)


def _whole(case_id: UUID, digest: str, size: int) -> bytes:
    return b"wardbook evidence %b%b%d" % (case_id.bytes, bytes.fromhex(digest), size)


def _place(case_id: UUID, index: int, *, last: bool) -> bytes:
    return b"%b%d|%d" % (case_id.bytes, index, last)


def _nonce(index: int) -> bytes:
    """Unique for its key, which is of this piece alone."""
    return index.to_bytes(NONCE, "big")
