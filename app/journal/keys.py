"""Keys: one per stream, wrapped by a key-encryption key that stays outside the database."""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.journal.envelope import WrappedKey
from app.journal.errors import KeyUnavailable
from projections.view import Connection

NONCE_BYTES = 12
KEY_BYTES = 32


class KeyProvider(Protocol):
    """Wraps stream keys, and fingerprints command inputs. A file here, an HSM elsewhere."""

    @property
    def kek_id(self) -> str:
        """Name of the key-encryption key in use, stored beside each wrapped key."""
        ...

    def wrap(self, subject: UUID, key: bytes) -> bytes:
        """Encrypt a stream key, bound to its subject."""
        ...

    def unwrap(self, subject: UUID, wrapped: bytes, kek_id: str) -> bytes:
        """Decrypt a stream key. Raises KeyUnavailable if it was not wrapped here or for this."""
        ...

    def fingerprint(self, content: bytes) -> bytes:
        """Keyed hash (32 bytes): equal for equal content, useless for guessing content."""
        ...


class FileKeyProvider:
    """A key-encryption key in a file that only its owner can read."""

    def __init__(self, kek_id: str, secret: bytes) -> None:
        self.kek_id: Final = kek_id
        self._kek = AESGCM(_derive(secret, b"wardbook stream keys"))
        self._fingerprint_key = _derive(secret, b"wardbook command inputs")

    @classmethod
    def open(cls, path: Path) -> "FileKeyProvider":
        """Read the file; make it (mode 0600) where there is none.

        Raises KeyUnavailable for a file that others can read or that is not ours.
        """
        if not path.exists():
            _create(path)
        if path.stat().st_mode & 0o077:
            raise KeyUnavailable(f"{path} can be read by others; chmod 600 {path}")
        try:
            content = json.loads(path.read_bytes())
            return cls(str(content["id"]), b64decode(content["key"], validate=True))
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnavailable(f"{path} is not a Wardbook key file") from error

    def wrap(self, subject: UUID, key: bytes) -> bytes:
        """Encrypt a stream key, bound to its subject."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, key, subject.bytes)

    def unwrap(self, subject: UUID, wrapped: bytes, kek_id: str) -> bytes:
        """Decrypt a stream key."""
        if kek_id != self.kek_id:
            raise KeyUnavailable(f"wrapped by key {kek_id}, this service holds {self.kek_id}")
        try:
            return self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
        except InvalidTag:
            raise KeyUnavailable(f"the key of {subject} does not open") from None

    def fingerprint(self, content: bytes) -> bytes:
        """HMAC-SHA-256 under a key of its own."""
        return hmac.digest(self._fingerprint_key, content, sha256)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret)


def _create(path: Path) -> None:
    """Write a new key file completely or not at all; whoever comes second uses the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = os.urandom(KEY_BYTES)
    content = {"id": sha256(secret).hexdigest()[:16], "key": b64encode(secret).decode()}
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


SELECT_KEYS = """
SELECT subject, state, kek_id, wrapped FROM journal.keys WHERE subject = ANY($1::uuid[])
"""


class StreamKeys:
    """The keys of streams, unwrapped on demand and kept in a bounded cache.

    Keys are kept rather than ciphers: those take 2.5 KiB each, and 0.7 us to make.
    """

    def __init__(self, provider: KeyProvider, *, most: int = 50_000) -> None:
        self._provider = provider
        self._most = most
        self._unwrapped: OrderedDict[UUID, bytes] = OrderedDict()

    def mint(self, subject: UUID) -> WrappedKey:
        """A new key for a stream that is about to begin. It counts once it is recorded."""
        key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
        self._keep(subject, key)
        return WrappedKey(subject, self._provider.kek_id, self._provider.wrap(subject, key))

    def forget(self, subject: UUID) -> None:
        """Drop a key whose stream did not begin after all."""
        self._unwrapped.pop(subject, None)

    def cipher(self, subject: UUID) -> AESGCM:
        """The cipher of a stream whose key was loaded or minted before."""
        try:
            return AESGCM(self._unwrapped[subject])
        except KeyError:
            raise KeyUnavailable(f"no key for stream {subject}") from None

    def missing(self, subjects: Iterable[UUID]) -> list[UUID]:
        """Those whose keys are not in the cache; the others become its most recent."""
        missing = []
        for subject in subjects:
            if subject in self._unwrapped:
                self._unwrapped.move_to_end(subject)
            else:
                missing.append(subject)
        return missing

    async def load(self, connection: Connection, subjects: Collection[UUID]) -> None:
        """Make the keys of these streams available, as far as they exist and are not destroyed."""
        missing = self.missing(set(subjects))
        if not missing:
            return
        for row in await connection.fetch(SELECT_KEYS, missing):
            if row["wrapped"] is not None:
                key = self._provider.unwrap(row["subject"], row["wrapped"], row["kek_id"])
                self._keep(row["subject"], key)

    async def fresh(self, connection: Connection, subject: UUID) -> AESGCM | None:
        """The cipher of a stream by its key as it is now, not as it was when it was loaded.

        None where the key is sealed or destroyed, or never was.
        """
        rows = await connection.fetch(SELECT_KEYS, [subject])
        if not rows or rows[0]["state"] != "active":
            self.forget(subject)
            return None
        return AESGCM(self._provider.unwrap(subject, rows[0]["wrapped"], rows[0]["kek_id"]))

    def _keep(self, subject: UUID, key: bytes) -> None:
        self._unwrapped[subject] = key
        if len(self._unwrapped) > self._most:
            self._unwrapped.popitem(last=False)
