import os
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.evidence.sealing import CHUNK, MAGIC, TAG, TRAILER, DoesNotOpen, Sealed, Sealing
from app.evidence.store import FolderStore

CASE = UUID("0190a000-0000-7000-8000-000000000001")
KEY = AESGCM(b"k" * 32)
SIZES = [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "evidence")


def keep(store: FolderStore, content: bytes, case_id: UUID = CASE, piece: int = 60_000) -> str:
    """Store it as it would arrive; its hash."""
    draft = store.draft(case_id)
    try:
        sealing = Sealing(draft, case_id, KEY)
        for start in range(0, len(content), piece):
            sealing.add(content[start : start + piece])
        digest = sealing.finish()
        assert sealing.size == len(content)
        assert b"".join(sealing.reopened().chunks()) == content
        draft.place(digest)
    finally:
        draft.close()
    return digest


def read(
    store: FolderStore,
    digest: str,
    size: int,
    *,
    case_id: UUID = CASE,
    key: AESGCM = KEY,
    bound_to: UUID | None = None,
) -> bytes:
    stored = store.open(case_id, digest)
    assert stored is not None
    try:
        return b"".join(Sealed(stored, bound_to or case_id, digest, size, key).chunks())
    finally:
        stored.close()


def path_of(store: FolderStore, digest: str) -> Path:
    return next(store._folder.glob(f"*/*/{digest}"))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_again(store: FolderStore, size: int) -> None:
    content = os.urandom(size)
    digest = keep(store, content)
    assert digest == sha256(content).hexdigest()
    assert read(store, digest, size) == content


def test_nothing_of_it_lies_there_in_the_open(store: FolderStore) -> None:
    digest = keep(store, b"PLANTED" * 1000)
    assert b"PLANTED" not in path_of(store, digest).read_bytes()


def test_it_opens_with_the_key_of_its_case_alone(store: FolderStore) -> None:
    digest = keep(store, b"content")
    with pytest.raises(DoesNotOpen):
        read(store, digest, 7, key=AESGCM(b"x" * 32))
    with pytest.raises(DoesNotOpen):
        read(store, digest, 7, bound_to=uuid4())


def test_it_opens_under_its_own_hash_and_size_alone(store: FolderStore) -> None:
    one, other = keep(store, b"content"), keep(store, b"another")
    path_of(store, one).rename(path_of(store, other))
    with pytest.raises(DoesNotOpen):
        read(store, other, 7)
    with pytest.raises(DoesNotOpen):
        read(store, other, 8)


@pytest.mark.parametrize(
    "place",
    [0, len(MAGIC), len(MAGIC) + CHUNK + TAG, len(MAGIC) + 2 * (CHUNK + TAG) + 3, -1, -TRAILER],
)
def test_a_changed_byte_is_found_before_the_last_byte_is_read(
    store: FolderStore, place: int
) -> None:
    content = os.urandom(2 * CHUNK + 100)
    path = path_of(store, digest := keep(store, content))
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(DoesNotOpen):
        read(store, digest, len(content))


def test_chunks_cannot_be_left_out_swapped_or_added(store: FolderStore) -> None:
    content = os.urandom(3 * CHUNK)
    path = path_of(store, digest := keep(store, content))
    whole = path.read_bytes()
    chunks = [whole[len(MAGIC) + number * (CHUNK + TAG) :][: CHUNK + TAG] for number in range(3)]
    for kept in ([0, 1], [1, 0, 2], [0, 1, 2, 2], [0, 0, 2]):
        parts = b"".join(chunks[number] for number in kept)
        path.write_bytes(MAGIC + parts + whole[-TRAILER:])
        for size in (len(content), len(kept) * CHUNK):
            with pytest.raises(DoesNotOpen):
                read(store, digest, size)


def test_a_file_cut_off_does_not_open(store: FolderStore) -> None:
    path = path_of(store, digest := keep(store, b"content"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DoesNotOpen):
        read(store, digest, 7)


def test_chunks_that_open_but_have_another_hash_are_not_read_to_the_end(
    store: FolderStore,
) -> None:
    # Whoever holds the key of a case can seal what they like; not under a hash of the journal.
    draft = store.draft(CASE)
    sealing = Sealing(draft, CASE, KEY)
    sealing.add(b"forged")
    sealing._hash = sha256(b"genuine")
    digest = sealing.finish()
    draft.place(digest)
    draft.close()
    with pytest.raises(DoesNotOpen):
        read(store, digest, 6)
