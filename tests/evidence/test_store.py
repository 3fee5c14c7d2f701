import os
import threading
from pathlib import Path
from uuid import UUID

import pytest

from app.evidence.store import FolderDraft, FolderStore, Kept, StoreUnusable

CASE = UUID("0190a000-0000-7000-8000-000000000001")
NAME = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def draft_of(store: FolderStore, content: bytes = b"sealed") -> FolderDraft:
    draft = store.draft(CASE)
    draft.write(content)
    return draft


def put(store: FolderStore, content: bytes = b"sealed", *, anew: bool = False) -> Kept:
    draft = draft_of(store, content)
    draft.place(NAME, anew=anew)
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


def test_what_is_there_stays_unless_it_is_meant_to_be_replaced(store: FolderStore) -> None:
    put(store, b"first")
    draft = draft_of(store, b"second")
    assert not draft.place(NAME)
    there = draft.there(NAME)
    assert there is not None
    assert there.read(0, 10) == b"first"
    there.close()
    assert draft.place(NAME, anew=True)
    draft.close()
    assert read(store) == b"second"
    assert len(list(store.kept())) == 1


def test_whoever_reads_goes_on_reading_what_they_opened(store: FolderStore) -> None:
    put(store, b"before")
    stored = store.open(CASE, NAME)
    assert stored is not None
    put(store, b"afters", anew=True)
    assert stored.read(0, 6) == b"before"
    assert stored.read(4, 100) == b"re"
    stored.close()


def test_what_was_placed_in_vain_is_taken_back(store: FolderStore) -> None:
    draft = draft_of(store)
    assert draft.place(NAME)
    assert draft.alone()
    draft.take_back()
    draft.close()
    assert list(store.kept()) == []


def test_what_another_is_about_to_record_is_neither_taken_back_nor_dropped(
    store: FolderStore, folder: Path
) -> None:
    first, second = draft_of(store), draft_of(store)
    assert first.place(NAME)
    assert not second.place(NAME)
    assert not first.alone(), "the second one counts on it"
    first.close()
    os.utime(folder / next(iter(kept.name for kept in store.kept() if kept.sha256)), (1, 1))
    old = next(kept for kept in store.kept() if kept.sha256)
    assert not store.drop(old)
    second.close()
    assert store.drop(old)


def test_whoever_placed_nothing_takes_nothing_back(store: FolderStore) -> None:
    put(store)
    draft = draft_of(store)
    assert not draft.alone()
    assert not draft.place(NAME)
    assert draft.alone()
    draft.take_back()
    draft.close()
    assert read(store) == b"sealed"


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
