"""A file that appears under its name only when it is complete."""

import gzip
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Self, cast

from app.exchange.refusals import OutputUnusable


class Draft:
    """What is written out, kept aside until `publish`; without that nothing is left behind.

    out: where it will appear, packed if the name ends in .gz; a file there before is replaced.
        Only its owner may read it. None: it is copied to `stream`.
    Raises OutputUnusable.
    """

    def __init__(self, out: Path | None, stream: IO[bytes] | None = None) -> None:
        self._out = None if out is None else out.resolve()
        self._stream = stream
        self._path: Path | None = None
        try:
            self._raw = self._open()
        except OSError as error:
            raise OutputUnusable(error.strerror or type(error).__name__) from error
        packed = self._out is not None and self._out.suffix == ".gz"
        self._content = self._raw
        if packed:
            self._content = cast("IO[bytes]", gzip.GzipFile(fileobj=self._raw, mode="wb", mtime=0))

    def _open(self) -> IO[bytes]:
        if self._out is None:
            return cast("IO[bytes]", tempfile.TemporaryFile())
        if self._out.exists() and not self._out.is_file():
            raise OutputUnusable("not a file")
        handle, name = tempfile.mkstemp(
            dir=self._out.parent, prefix=f".{self._out.name}.", suffix=".part"
        )
        self._path = Path(name)
        return os.fdopen(handle, "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Add to the file."""
        try:
            self._content.write(content)
        except OSError as error:
            raise OutputUnusable(error.strerror or type(error).__name__) from error

    def publish(self) -> None:
        """Let it appear, whole."""
        try:
            if self._content is not self._raw:
                self._content.close()
            self._raw.flush()
            if self._path is not None and self._out is not None:
                os.fsync(self._raw.fileno())
                self._path.replace(self._out)
                self._path = None
            elif self._stream is not None:
                self._raw.seek(0)
                shutil.copyfileobj(self._raw, self._stream)
                self._stream.flush()
        except BrokenPipeError:
            raise  # whoever reads our output has had enough, as `head` has
        except OSError as error:
            raise OutputUnusable(error.strerror or type(error).__name__) from error
