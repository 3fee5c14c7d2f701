import os
import threading
from pathlib import Path
from uuid import UUID

import pytest

from app.evidence.store import FolderStore, Kept, StoreUnusable

CASE = UUID("0190a000-0000-7000-8000-000000000001")
NAME = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def put(store: FolderStore, content: bytes = b"sealed") -> Kept:
    draft = store.draft(CASE)
    draft.write(content)
    draft.place(NAME)
    draft.close()
    return next(kept for kept in store.kept() if kept.sha256 == NAME)


def read(store: FolderStore) -> bytes | None:
    stored = store.open(CASE, NAME)
    if stored is None:
        return None
    try:
        return stored.read(0, stored.size)
    finally:
        stored.close()


def test_what_was_placed_is_there_and_what_was_not_is_gone(store: FolderStore) -> None:
    assert read(store) is None
    draft = store.draft(CASE)
    draft.write(b"half")
    assert [kept.case_id for kept in store.kept()] == [None]
    draft.close()
    assert list(store.kept()) == []
    kept = put(store)
    assert (kept.case_id, kept.sha256) == (CASE, NAME)
    assert read(store) == b"sealed"


def test_folders_and_files_are_of_this_user_alone(store: FolderStore, folder: Path) -> None:
    before = os.umask(0)
    try:
        put(store)
        draft = store.draft(CASE)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}
    draft.close()
    assert modes == {0o700, 0o600}


def test_a_draft_comes_in_the_place_of_what_was_there(store: FolderStore) -> None:
    put(store, b"damaged")
    put(store, b"sound")
    assert read(store) == b"sound"


def test_whoever_reads_goes_on_reading_what_they_opened(store: FolderStore) -> None:
    put(store, b"before")
    stored = store.open(CASE, NAME)
    assert stored is not None
    put(store, b"afters")
    assert stored.read(0, 6) == b"before"
    assert stored.read(4, 100) == b"re"
    stored.close()


def test_what_is_written_anew_is_not_dropped(store: FolderStore, folder: Path) -> None:
    kept = put(store)
    os.utime(folder / kept.name, (1, 1))
    old = next(iter(store.kept()))
    put(store)
    assert not store.drop(old)
    assert read(store) == b"sealed"
    assert store.drop(next(iter(store.kept())))
    assert read(store) is None
    assert not store.drop(old)


def test_what_is_not_ours_is_left_alone(store: FolderStore, folder: Path) -> None:
    put(store)
    for name in ("notes.txt", f"01/{CASE}/notes.txt", f"01/somebody/{NAME}"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not ours")
    assert [kept.case_id for kept in store.kept()] == [CASE]


def test_many_place_the_same_at_once(store: FolderStore) -> None:
    threads = [threading.Thread(target=put, args=(store,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(store) == b"sealed"
    assert len(list(store.kept())) == 1


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusable, match="file"):
        FolderStore(tmp_path / "file" / "evidence").draft(CASE)
