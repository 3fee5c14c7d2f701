"""What of a log can be brought in, batch by batch: the second pass over a file.

Nothing here knows the journal, so that it can run in a process of its own (`reader_process`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec

from app.exchange.histories import Meanings, history
from app.exchange.import_report import RefusedTrace, refused_trace
from app.exchange.log_file import LogFile
from app.exchange.refusals import DuplicateTrace, TraceRefused
from app.exchange.seen import SeenTraces
from app.exchange.xes_reader import BadTrace, XesTrace, read_traces
from domain.case.imported import ImportHistory
from domain.refusal import BeginningChanged, Refusal

BATCH_TRACES: Final = 128
BATCH_EVENTS: Final = 2_000
LARGE_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class ImportRequest:
    """What to import and how. source: None for the log's own name; zone: for times without.

    due, ended: as in `app.exchange.histories.Meanings`.

    large_bytes: from which size on a file is read in a process of its own; starting one takes as
        long as reading so much.
    """

    path: Path
    source: str | None = None
    zone: ZoneInfo | None = None
    dry_run: bool = False
    large_bytes: int = LARGE_BYTES
    due: str | None = None
    ended: str | None = None

    @property
    def meanings(self) -> Meanings:
        """What is read from the log beside its extensions."""
        return Meanings(self.zone, self.due, self.ended)


class Ready(Protocol):
    """A case of a file that can be brought in."""

    @property
    def command(self) -> ImportHistory:
        """What brings it in."""
        ...

    @property
    def events(self) -> int:
        """How many activities it has in the file."""
        ...

    def place_of(self, refusal: Refusal) -> tuple[int, str]:
        """Where in the file the reason for a refusal stands: line, and column or nothing."""
        ...


R_co = TypeVar("R_co", bound=Ready, covariant=True)


class Batch(msgspec.Struct, Generic[R_co], tag="Batch", gc=False):
    """Cases to be taken together, and those met between them that cannot be.

    position: how many bytes of the file on disk have been read.
    """

    traces: Sequence[R_co]
    refused: Sequence[RefusedTrace]
    position: int


def in_batches(found: Iterator[R_co | RefusedTrace], file: LogFile) -> Iterator[Batch[R_co]]:
    """Everything found in a file, in its order."""
    ready: list[R_co] = []
    refused: list[RefusedTrace] = []
    events = 0
    for each in found:
        if isinstance(each, RefusedTrace):
            refused.append(each)
        else:
            ready.append(each)
            events += each.events
        if BATCH_TRACES in {len(ready), len(refused)} or events >= BATCH_EVENTS:
            yield Batch(ready, refused, file.position)
            ready, refused, events = [], [], 0
    yield Batch(ready, refused, file.position)


class SoundTrace(msgspec.Struct, frozen=True, gc=False):
    """A trace ready to be brought in, and where it and its events stand in the file."""

    command: ImportHistory
    line: int
    lines: list[int]

    @property
    def events(self) -> int:
        """How many activities it has in the file."""
        return len(self.lines)

    def place_of(self, refusal: Refusal) -> tuple[int, str]:
        """Where in the file the reason for a refusal stands; in no column, for it has none."""
        match refusal:
            case BeginningChanged(facts={"index": int(index)}):
                return self.lines[index - 1], ""
            case _:
                return self.line, ""


def read_batches(request: ImportRequest, source: str) -> Iterator[Batch[SoundTrace]]:
    """All traces of the log, in the order of the file. Raises a FileRefused."""
    with LogFile(request.path) as file:
        yield from in_batches(_found(file, request, source), file)


def _found(
    file: LogFile, request: ImportRequest, source: str
) -> Iterator[SoundTrace | RefusedTrace]:
    run = uuid4()
    with SeenTraces() as seen:
        for trace in read_traces(file):
            try:
                yield _sound(trace, request, source, seen, run)
            except TraceRefused as refusal:
                yield refused_trace(refusal.line, "", refusal)


def _sound(
    trace: XesTrace | BadTrace, request: ImportRequest, source: str, seen: SeenTraces, run: UUID
) -> SoundTrace:
    if isinstance(trace, BadTrace):
        raise trace.refusal
    command = history(trace, source, run, request.meanings)
    first = seen.first_line(command.case_id, trace.line)
    if first is not None:
        raise DuplicateTrace(trace.line, first=first)
    return SoundTrace(command, trace.line, [event.line for event in trace.events])
