"""Tables are read as a stream, with the line each row begins on, whatever is in them."""

import gzip
from pathlib import Path

import pytest

from app.exchange.csv_reader import MOST_CHARACTERS, CsvTable
from app.exchange.csv_shapes import FileTable
from app.exchange.log_file import LogFile
from app.exchange.refusals import FileRefused


def read(path: Path, content: bytes, how: FileTable | None = None) -> list[tuple[int, list[str]]]:
    """The rows with their lines, the header first."""
    path.write_bytes(content)
    with LogFile(path) as file:
        table = CsvTable(file, how or FileTable())
        return [(0, table.header), *((row.line, row.cells) for row in table)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n", [(2, ["1", "2"])]),
        (b"a,b\n1,2", [(2, ["1", "2"])]),
        (b"a,b\r\n1,2\r\n3,4\r\n", [(2, ["1", "2"]), (3, ["3", "4"])]),
        (b"a,b\r1,2\r3,4", [(2, ["1", "2"]), (3, ["3", "4"])]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [(2, ["1", "2"])]),
        (b'a,b\n1,"x\r\ny\n"\n2,z\n', [(2, ["1", "x\r\ny\n"]), (5, ["2", "z"])]),
        (b"a,b\n\n\n1,2\n\n3,4\n\n", [(4, ["1", "2"]), (6, ["3", "4"])]),
        (b'a,b\n1,"say ""hi"""\n', [(2, ["1", 'say "hi"'])]),
        (b'a,b\n1,5" pipe\n2,x\n', [(2, ["1", '5" pipe']), (3, ["2", "x"])]),
        (b"a,b\n1\n1,2,3\n", [(2, ["1"]), (3, ["1", "2", "3"])]),
        (b"a,b\n1,\x00z\n", [(2, ["1", "\x00z"])]),
        (b"a,b\n1,\xff\n", [(2, ["1", "\udcff"])]),
        (b"a,b\nend\n1,end", [(2, ["end"]), (3, ["1", "end"])]),
        (b"a,b\n", []),
    ],
)
def test_rows_come_with_the_line_they_begin_on(
    path: Path, content: bytes, rows: list[tuple[int, list[str]]]
) -> None:
    header, *found = read(path, content)

    assert header == (0, ["a", "b"])
    assert found == rows


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1252", "é€"), ("gb18030", "路灯"), ("utf-16", "路灯 é")]
)
def test_the_encoding_is_what_the_mapping_says(path: Path, encoding: str, text: str) -> None:
    how = FileTable(encoding=encoding, delimiter=";", quote="'")

    rows = read(path, f"a;b\n1;'{text};'\n".encode(encoding), how)

    assert rows[1:] == [(2, ["1", f"{text};"])]


def test_a_packed_table_is_unpacked(path: Path) -> None:
    assert read(path, gzip.compress(b"a,b\n1,2\n", mtime=0))[1:] == [(2, ["1", "2"])]


def test_a_huge_field_is_read(path: Path) -> None:
    _, (line, cells) = read(path, b"a,b\n1," + b"x" * 3_000_000)

    assert (line, len(cells[1])) == (2, 3_000_000)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "CSV_EMPTY", 1),
        (b"\n\n\n", "CSV_EMPTY", 1),
        (b"\xef\xbb\xbf", "CSV_EMPTY", 1),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "CSV_ROW_UNENDED", 3),
        (b'a,b\n1,2\n"', "CSV_ROW_UNENDED", 3),
        (b'a,b\n1,"', "CSV_ROW_UNENDED", 2),
        (b"a,b\n1,2\n3," + b"x" * MOST_CHARACTERS, "CSV_ROW_UNENDED", 3),
        (b'a,b\n1,2\n3,"' + b"x\n" * MOST_CHARACTERS + b'"\n', "CSV_ROW_UNENDED", 3),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], "GZIP_BROKEN", 3),
    ],
)
def test_what_is_no_table_to_its_end_is_refused_with_the_line(
    path: Path, content: bytes, code: str, line: int
) -> None:
    with pytest.raises(FileRefused) as refused:
        read(path, content)

    assert (refused.value.code, refused.value.line) == (code, line)


def test_half_a_character_of_a_wide_encoding_refuses_the_file(path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(path, "a,b\n1,2\n".encode("utf-16")[:-1], FileTable(encoding="utf-16"))

    assert refused.value.code == "CSV_NOT_IN_ENCODING"
