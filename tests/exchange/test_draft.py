"""Files that appear whole or not at all."""

import gzip
import io
import os
from pathlib import Path

import pytest

from app.exchange.draft import Draft
from app.exchange.refusals import OutputUnusable


def test_nothing_appears_before_it_is_published(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")

    with Draft(out) as draft:
        draft.write(b"new")
        assert out.read_text() == "old"
        draft.publish()

    assert out.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_not_published_is_gone(tmp_path: Path) -> None:
    with Draft(tmp_path / "out") as draft:
        draft.write(b"new")

    assert list(tmp_path.iterdir()) == []


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def fail(draft: Draft) -> None:
        with draft:
            draft.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail(Draft(tmp_path / "out.gz"))

    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_one_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)

    with Draft(link) as draft:
        draft.write(b"new")
        draft.publish()

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_name_that_ends_in_gz_is_packed(tmp_path: Path) -> None:
    with Draft(tmp_path / "out.csv.gz") as draft:
        draft.write(b"new")
        draft.publish()

    assert gzip.decompress((tmp_path / "out.csv.gz").read_bytes()) == b"new"


def test_without_a_name_it_goes_to_the_stream_at_the_end() -> None:
    stream = io.BytesIO()

    with Draft(None, stream) as draft:
        draft.write(b"new")
        assert stream.getvalue() == b""
        draft.publish()

    assert stream.getvalue() == b"new"


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    for out in (tmp_path, fifo, tmp_path / "no" / "folder", Path("/dev/null")):
        with pytest.raises(OutputUnusable):
            Draft(out)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, *_: object) -> int:
            raise OSError(28, "No space left on device")

    with Draft(None, Full()) as draft:
        draft.write(b"new")
        with pytest.raises(OutputUnusable, match="No space left"):
            draft.publish()
    assert list(tmp_path.iterdir()) == []
