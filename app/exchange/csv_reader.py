"""Reads a table of comma-separated values (RFC 4180) as a stream: rows with the line they begin on.

Lines are counted as editors do. A row that is out of shape is handed on like any other: what is
wrong with it is found where it is understood. What a text editor could not show as rows at all is
refused as a file: a quoted field without an end would otherwise swallow what follows it.
"""

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.exchange.csv_refusals import CsvEmpty, CsvNotInEncoding, CsvRowUnended
from app.exchange.csv_shapes import FileTable
from app.exchange.log_file import LogFile
from app.exchange.refusals import FileUnreadable, GzipBroken

MOST_CHARACTERS: Final = 4 * 1024 * 1024
"""Of one row: what bounds the memory."""

_END: Final = "end"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """line: where it begins, from 1."""

    line: int
    cells: list[str]


class CsvTable:
    """A table whose header has been read; iterating gives the rows after it, empty lines left out.

    Bytes that are not of the encoding become lone surrogates, which cannot be stored.
    """

    def __init__(self, file: LogFile, how: FileTable) -> None:
        self._lines = _Lines(file, how.encoding)
        self._rows = csv.reader(self._lines, delimiter=how.delimiter, quotechar=how.quote)
        header = next(iter(self), None)
        if header is None:
            raise CsvEmpty
        self.header: Final = header.cells

    def __iter__(self) -> Iterator[CsvRow]:
        csv.field_size_limit(MOST_CHARACTERS)
        while True:
            line = self._lines.begin_row()
            try:
                cells = next(self._rows)
            except csv.Error:
                raise CsvRowUnended(line, limit=MOST_CHARACTERS) from None
            if self._lines.ended:
                if line < self._lines.number:  # the mark stands in a row that began before it
                    raise CsvRowUnended(line, limit=MOST_CHARACTERS)
                return
            if cells:
                yield CsvRow(line, cells)


class _Lines:
    """The lines of a file, counted; after the last one a mark, to see whether that ended its row.

    number: of the line handed out last. ended: that was the mark.
    """

    def __init__(self, file: LogFile, encoding: str) -> None:
        self._encoding = encoding
        name = codecs.lookup(encoding).name
        errors = "strict" if name.startswith(("utf-16", "utf-32")) else "surrogateescape"
        self._text = file.text("utf-8-sig" if name == "utf-8" else encoding, errors)
        self.number = 0
        self._characters = 0
        self._begins = 1
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = self._read()
        self.number += 1
        self._characters += len(line)
        if self._characters > MOST_CHARACTERS:
            raise CsvRowUnended(self._begins, limit=MOST_CHARACTERS)
        if not line:
            self.ended = True
            return _END
        return line

    def begin_row(self) -> int:
        """A row ends here: the line that the next one begins on."""
        self._characters = 0
        self._begins = self.number + 1
        return self._begins

    def _read(self) -> str:
        try:
            return self._text.readline(MOST_CHARACTERS + 1)
        except UnicodeDecodeError:
            raise CsvNotInEncoding(self.number + 1, encoding=self._encoding) from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise GzipBroken(self.number + 1) from error
        except OSError as error:
            raise FileUnreadable(error.strerror or type(error).__name__) from error
