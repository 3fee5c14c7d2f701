"""Reads a large log in a process of its own, while ours decides and records what it has read.

The process is told on standard input what to read and answers on standard output: frames of
MessagePack, each behind its length. It holds no key and no connection, and writes nothing; when
its reader is gone, so is it.
"""

import asyncio
import gc
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

import msgspec

from app.exchange.reading import Batch, ImportRequest, SoundTrace, read_batches
from app.exchange.refusals import FileRefused, file_refusal
from domain.refusal import Fact

LENGTH_BYTES: Final = 4
READ_AHEAD_BYTES: Final = 1024 * 1024
"""What our side takes in before it is asked for; then the process waits."""

OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000


class ReadingEnded(Exception):
    """The process that reads the log has ended before it was through."""


class _Wanted(msgspec.Struct):
    path: str
    source: str
    zone: str | None
    due: str | None = None
    ended: str | None = None


class _Broken(msgspec.Struct, tag=True):
    """A FileRefused."""

    code: str
    line: int
    facts: dict[str, Fact]


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_answer: Final = msgspec.msgpack.Decoder(Batch[SoundTrace] | _Broken).decode
_decode_wanted: Final = msgspec.msgpack.Decoder(_Wanted).decode


@asynccontextmanager
async def reading_beside(
    request: ImportRequest, source: str
) -> AsyncIterator[AsyncIterator[Batch[SoundTrace]]]:
    """The batches of `reading.read_batches`, read by another process. Raises what that raises.

    Raises also ReadingEnded, where the process was killed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, limit=READ_AHEAD_BYTES
    )
    try:
        zone = None if request.zone is None else request.zone.key
        path = str(request.path.absolute())
        wanted = _Wanted(path, source, zone, request.due, request.ended)
        yield _answers(process, wanted)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _answers(process: Process, wanted: _Wanted) -> AsyncIterator[Batch[SoundTrace]]:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(_encode(wanted))
    process.stdin.close()
    try:
        while True:
            length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES))
            if length == 0:
                return
            answer = _decode_answer(await process.stdout.readexactly(length))
            if isinstance(answer, _Broken):
                raise file_refusal(answer.code, answer.line, answer.facts)
            yield answer
    except (asyncio.IncompleteReadError, ConnectionError):
        raise ReadingEnded(f"reading the log ended with {await process.wait()}") from None


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when whoever started it does
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    wanted = _decode_wanted(sys.stdin.buffer.read())
    zone = None if wanted.zone is None else ZoneInfo(wanted.zone)
    try:
        path, due, ended = Path(wanted.path), wanted.due, wanted.ended
        request = ImportRequest(path, zone=zone, due=due, ended=ended)
        _answer(request, wanted.source, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(1)  # nobody is there to be told


def _answer(request: ImportRequest, source: str, out: IO[bytes]) -> None:
    try:
        for batch in read_batches(request, source):
            _send(out, _encode(batch))
    except FileRefused as refusal:
        facts = {name: fact for name, fact in refusal.facts.items() if name != "line"}
        _send(out, _encode(_Broken(refusal.code, refusal.line, facts)))
    _send(out, b"")


def _send(out: IO[bytes], frame: bytes) -> None:
    out.write(len(frame).to_bytes(LENGTH_BYTES) + frame)
    out.flush()


if __name__ == "__main__":
    main()
