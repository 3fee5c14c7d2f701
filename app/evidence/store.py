"""Where sealed bytes are kept: the interface, and a folder as the embedded default.

A store sees ciphertext alone. Its methods block, and are called in threads.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from uuid import UUID

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
INCOMING: Final = "incoming"


class StoreUnusable(Exception):
    """The store cannot be written to or read; the message says where and why."""


class Stored(Protocol):
    """Sealed bytes that can be read anywhere."""

    @property
    def size(self) -> int:
        """How many there are."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """Those from `offset` on, fewer where they end. Raises StoreUnusable."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Draft(Stored, Protocol):
    """Sealed bytes that arrive, kept aside until they are placed."""

    def write(self, content: bytes) -> None:
        """Add to the end. Raises StoreUnusable."""
        ...

    def place(self, sha256: str, *, anew: bool = False) -> bool:
        """Keep it for good under the hash of what it holds, durably; False: one is there already.

        anew: in place of what is there. Nobody removes what bears the name until this is closed.
        Raises StoreUnusable.
        """
        ...

    def there(self, sha256: str) -> Stored | None:
        """What is kept under a hash in the same case. Raises StoreUnusable."""
        ...

    def alone(self) -> bool:
        """Keep others from placing anything in the case until this is closed.

        False: somebody is about to record what they placed.
        """
        ...

    def take_back(self) -> None:
        """Remove what was placed; only where it was placed here, and alone."""
        ...


@dataclass(frozen=True)
class Kept:
    """Something in the store. written_at: seconds since 1970. case_id: None: not placed yet."""

    name: str
    written_at: float
    case_id: UUID | None = None
    sha256: str | None = None


class EvidenceStore(Protocol):
    """Keeps sealed bytes by case and hash."""

    def draft(self, case_id: UUID) -> Draft:
        """Something that is about to arrive; closed without having been placed it is gone."""
        ...

    def open(self, case_id: UUID, sha256: str) -> Stored | None:
        """What is kept, or None. Raises StoreUnusable."""
        ...

    def kept(self) -> Iterator[Kept]:
        """Everything there is, placed or not, in no order."""
        ...

    def drop(self, kept: Kept) -> bool:
        """Remove it, unless somebody has placed it since it was listed, or is about to.

        Whether it was removed.
        """
        ...


class FolderStore:
    """A folder, of this user alone: `ab/<case>/<sha256>`, and `incoming` for what arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def draft(self, case_id: UUID) -> "FolderDraft":
        """A new file in `incoming`."""
        with _named(self._folder):
            _made(self._folder.parent, self._folder.name)
            incoming = _made(self._folder, INCOMING)
            path = incoming / secrets.token_hex(16)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        return FolderDraft(os.fdopen(descriptor, "r+b", buffering=0), path, self._folder, case_id)

    def open(self, case_id: UUID, sha256: str) -> "FolderStored | None":
        """The file of a hash."""
        path = _case_folder(self._folder, case_id) / sha256
        with _named(self._folder):
            try:
                return FolderStored(path.open("rb", buffering=0))
            except FileNotFoundError:
                return None

    def kept(self) -> Iterator[Kept]:
        """Every file; what is no file of ours is left out, as it is left alone."""
        for path in self._files():
            try:
                written_at = path.stat().st_mtime
            except FileNotFoundError:
                continue
            if path.parent.name == INCOMING:
                yield Kept(str(path.relative_to(self._folder)), written_at)
                continue
            case_id = _uuid(path.parent.name)
            if case_id is not None:
                name = str(path.relative_to(self._folder))
                yield Kept(name, written_at, case_id, path.name)

    def _files(self) -> Iterator[Path]:
        yield from self._folder.glob(f"{INCOMING}/*")
        yield from self._folder.glob(f"[0-9a-f][0-9a-f]/*/{'[0-9a-f]' * 64}")

    def drop(self, kept: Kept) -> bool:
        """Remove a file, unless it was named anew meanwhile."""
        path = self._folder / kept.name
        with _named(self._folder):
            try:
                with _opened(path.parent) as folder:
                    if not _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                        return False
                    if path.stat().st_mtime != kept.written_at:
                        return False
                    path.unlink()
            except FileNotFoundError:
                return False
        return True


class FolderStored:
    """A file of the store."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def read(self, offset: int, size: int) -> bytes:
        """Bytes of it."""
        try:
            return os.pread(self._file.fileno(), size, offset)
        except OSError as error:
            raise StoreUnusable(f"evidence cannot be read: {error.strerror}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class FolderDraft(FolderStored):
    """A file in `incoming`."""

    def __init__(self, file: BinaryIO, path: Path, folder: Path, case_id: UUID) -> None:
        super().__init__(file)
        self._path = path
        self._folder = folder
        self._case_id = case_id
        self._target: Path | None = None
        self._lock: int | None = None

    def write(self, content: bytes) -> None:
        """Append, whole or not at all."""
        with _named(self._folder):
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._file.fileno(), rest) :]

    def place(self, sha256: str, *, anew: bool = False) -> bool:
        """Flush it to disk, give it its name, and flush that too."""
        with _named(self._folder):
            os.fsync(self._file.fileno())
            folder = _case_folder(self._folder, self._case_id)
            _made(self._folder, folder.parent.name)
            _made(folder.parent, folder.name)
            if self._lock is None:
                self._lock = os.open(folder, os.O_RDONLY)
                _locked(self._lock, fcntl.LOCK_SH)
            if not anew:
                try:
                    os.link(self._path, folder / sha256)
                except FileExistsError:
                    # Whoever sweeps sees that somebody counts on it again.
                    os.utime(folder / sha256)
                    return False
                self._path.unlink()
            else:
                self._path.rename(folder / sha256)
            os.fsync(self._lock)
        self._target = folder / sha256
        return True

    def there(self, sha256: str) -> "FolderStored | None":
        """The file that has the name already."""
        return FolderStore(self._folder).open(self._case_id, sha256)

    def alone(self) -> bool:
        """Turn the lock that everybody shares who places into one of our own, or lose it."""
        return self._lock is not None and _locked(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def take_back(self) -> None:
        """Remove the file that was named here."""
        if self._target is not None:
            self._target.unlink(missing_ok=True)

    def close(self) -> None:
        """Close it, and let others go on; what was not placed goes."""
        super().close()
        if self._lock is not None:
            os.close(self._lock)
        if self._target is None:
            self._path.unlink(missing_ok=True)


def _case_folder(folder: Path, case_id: UUID) -> Path:
    # The last digits: the first ones of a UUIDv7 are the time, and alike for years.
    return folder / case_id.hex[-2:] / str(case_id)


def _made(parent: Path, name: str) -> Path:
    """A private folder, whose being there survives a crash."""
    folder = parent / name
    if not folder.exists():
        parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        _flush(parent)
    return folder


def _flush(folder: Path) -> None:
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(folder: int, how: int) -> bool:
    """Lock a folder against all processes that do the same; False: another has it."""
    try:
        fcntl.flock(folder, how)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnusable(f"{folder}: {error.strerror}") from None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def age(kept: Kept) -> float:
    """Seconds since it was written last."""
    return time.time() - kept.written_at
