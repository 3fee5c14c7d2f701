"""A log on disk, plain or gzipped: read forward in pieces, with the position for a progress bar."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Final, Protocol, Self, cast
from xml.parsers import expat

from app.exchange.refusals import (
    FileUnreadable,
    GzipBroken,
    XmlEncodingUnknown,
    XmlMalformed,
    XmlTokenTooLong,
)

GZIP_MAGIC: Final = b"\x1f\x8b"
PIECE_BYTES: Final = 64 * 1024
TOKEN_LIMIT_BYTES: Final = 4 * 1024 * 1024

_DECLARED = re.compile(
    rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']"""
)
# Read as their superset: what writers call GB 2312 seldom stays within it.
_SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030"}
_SUPPORTED = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]|gb18030|big5|big5hkscs|shift_jis|cp932|euc_jp|euc_kr"
).fullmatch


class LogFile:
    """An open log. `position` and `size` count bytes on disk, so of a gzip file compressed ones."""

    def __init__(self, path: Path) -> None:
        try:
            self._raw = path.open("rb")
            self.size: Final = path.stat().st_size
            zipped = self._raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            self._raw.seek(0)
        except OSError as error:
            raise FileUnreadable(error.strerror or type(error).__name__) from error
        self._content = cast("IO[bytes]", gzip.GzipFile(fileobj=self._raw) if zipped else self._raw)
        self._text: TextIOWrapper | None = None
        self._fed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._content.close()
        self._raw.close()

    @property
    def position(self) -> int:
        """How far reading has come, 0..size."""
        return self._raw.tell()

    def text(self, encoding: str, errors: str) -> IO[str]:
        """The content as text, line ends as they are; open as long as the file is."""
        self._text = TextIOWrapper(self._content, encoding=encoding, errors=errors, newline="")
        return self._text

    def parse(self, handle: "Handlers") -> Iterator[None]:
        """Parse the file with handlers, pausing after each piece. Raises a FileRefused."""
        piece = self._read(1)
        encoding, decoder = _encoding(piece)
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
        handle.attach(parser)
        try:
            while piece:
                self._feed(parser, decoder(piece) if decoder else piece)
                yield
                piece = self._read(parser.CurrentLineNumber)
            parser.Parse(decoder(b"", final=True) if decoder else b"", True)  # noqa: FBT003 - C
        except expat.ExpatError as error:
            problem = expat.errors.messages.get(error.code, "unknown")
            raise XmlMalformed(error.lineno, column=error.offset + 1, problem=problem) from error
        except UnicodeDecodeError as error:
            line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
            raise XmlMalformed(line, column=column, problem=f"not {error.encoding}") from error
        yield

    def _feed(self, parser: expat.XMLParserType, piece: bytes) -> None:
        parser.Parse(piece, False)  # noqa: FBT003 - C
        self._fed += len(piece)
        # An open token is kept by the parser until its end comes.
        if self._fed - parser.CurrentByteIndex > TOKEN_LIMIT_BYTES:
            raise XmlTokenTooLong(parser.CurrentLineNumber, limit=TOKEN_LIMIT_BYTES)

    def _read(self, line: int) -> bytes:
        try:
            return self._content.read(PIECE_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise GzipBroken(line) from error
        except OSError as error:
            raise FileUnreadable(error.strerror or type(error).__name__) from error


class Handlers(Protocol):
    """What a parse does with what it meets."""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of a parser that is about to begin."""
        ...


class _Transcoder:
    """Pieces of a file in an encoding that expat does not know, as UTF-8."""

    def __init__(self, codec: str) -> None:
        self._decoder = codecs.getincrementaldecoder(codec)()

    def __call__(self, piece: bytes, *, final: bool = False) -> bytes:
        return self._decoder.decode(piece, final).encode()


def _encoding(start: bytes) -> tuple[str | None, _Transcoder | None]:
    """The encoding to name to expat (None: it looks for itself), and what transcodes to it."""
    declared = _DECLARED.match(start)
    if declared is None:
        return None, None
    encoding = declared[1].decode()
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    name = _SUPERSETS.get(name, name)
    if name.startswith("utf-16"):
        return None, None
    if not _SUPPORTED(name):
        raise XmlEncodingUnknown(1, encoding=encoding)
    return "UTF-8", None if name == "utf-8" else _Transcoder(name)
