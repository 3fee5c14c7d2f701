"""Brings an XES log in: two passes over the file, many traces on their way at once.

The first pass finds out whether the file is sound to its end; nothing is taken from one that is
not. The second turns each trace into an `ImportHistory`. Whatever a run that was killed had
recorded is found again by the next, for the stream of a trace follows from its source and name.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol, Self
from uuid import UUID, uuid4

from app.aggregates import Aggregates
from app.decisions import decide
from app.exchange.histories import history
from app.exchange.import_report import ImportReport
from app.exchange.log_file import LogFile
from app.exchange.refusals import DuplicateTrace, SourceInvalid, TraceRefused
from app.exchange.xes_reader import BadTrace, XesTrace, read_traces, survey
from domain.case.imported import ImportHistory
from domain.command import Command, Executed, circumstances
from domain.identity import Caller
from domain.permissions import IMPORT_HISTORY, permitted
from domain.refusal import BeginningChanged, Overloaded, Refusal
from domain.wording import NAME_LIMIT

BATCH_TRACES: Final = 128
BATCH_EVENTS: Final = 2_000
BATCHES_AT_ONCE: Final = 4
"""While two are recorded together, two more are read and decided; no more are held in memory."""

Progress = Callable[[int, int, int], None]
"""Told the pass (1 or 2), and how many bytes of the file on disk it has read of how many."""


class Executor(Protocol):
    """What carries the commands out, or only finds out what they would do."""

    async def load(self, stream_ids: Collection[UUID]) -> None:
        """Read many streams at once, ahead of commands on them."""
        ...

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """Authorise, decide and record. Raises a Refusal; then nothing changed."""
        ...


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


class Rehearsal:
    """Decides commands on what is recorded, and records nothing: the executor of a dry run."""

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates

    async def load(self, stream_ids: Collection[UUID]) -> None:
        """Read many streams at once."""
        await self._aggregates.load(stream_ids)

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """What the command would do. Raises a Refusal."""
        if not isinstance(command, ImportHistory):
            raise TypeError(type(command).__name__)
        aggregate = await self._aggregates.take(command.case_id)
        by = circumstances(command, caller, datetime.now(UTC))
        changed, _ = decide(aggregate, command, caller, by)
        added = len(changed.collect_events())
        return Executed(changed.id, changed.version - added + 1, changed.version, 0)


@dataclass(frozen=True)
class ImportRequest:
    """What to import and how. source: None for the log's own name; zone: for times without."""

    path: Path
    source: str | None = None
    zone: tzinfo | None = None
    dry_run: bool = False


async def import_xes(
    request: ImportRequest, executor: Executor, caller: Caller, progress: Progress
) -> ImportReport:
    """Import a log. Raises FileRefused or NotPermitted; then nothing was recorded."""
    permitted(caller, IMPORT_HISTORY, None)
    source = await _survey(request, progress)
    report = ImportReport(source, request.dry_run)
    with LogFile(request.path) as file, SeenTraces() as seen:
        ready = _checked(file, request, source, seen, report)
        await take_in(ready, file, report, Intake(report, executor, caller), progress)
    return report


async def take_in(
    ready: Iterator[Ready],
    file: LogFile,
    report: ImportReport,
    intake: "Intake",
    progress: Progress,
) -> None:
    """The second pass: bring in what is ready, as it comes out of the file."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for batch in _batches(ready):
                await intake.begin(batch, tasks)
                progress(2, file.position, file.size)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    progress(2, file.size, file.size)
    report.refusals.sort(key=lambda refused: refused.line)


async def _survey(request: ImportRequest, progress: Progress) -> str:
    """The first pass; the name of the source."""
    log_name = None
    with LogFile(request.path) as file:
        for log_name in survey(file):  # noqa: B007 - the last one counts
            progress(1, file.position, file.size)
            await asyncio.sleep(0)  # let a stop signal through
    return source_name(request.source or log_name or stem(request.path))


def source_name(name: str) -> str:
    """`name` if it can name a source, else SourceInvalid."""
    name = name.strip()
    if not name or not name.isprintable():
        raise SourceInvalid("is empty or has characters that cannot be printed")
    if len(name) > NAME_LIMIT:
        raise SourceInvalid(f"is longer than {NAME_LIMIT} characters")
    return name


def stem(path: Path) -> str:
    """The file's name without .xes, .gz and folders."""
    return path.name.removesuffix(".gz").removesuffix(".xes")


@dataclass(frozen=True, slots=True)
class _Sound:
    """A trace ready to be brought in, and where its parts stand in the file."""

    command: ImportHistory
    line: int
    lines: Sequence[int]

    @property
    def events(self) -> int:
        return len(self.lines)

    def place_of(self, refusal: Refusal) -> tuple[int, str]:
        match refusal:
            case BeginningChanged(facts={"index": int(index)}):
                return self.lines[index - 1], ""
            case _:
                return self.line, ""


def _checked(
    file: LogFile,
    request: ImportRequest,
    source: str,
    seen: "SeenTraces",
    report: ImportReport,
) -> Iterator[_Sound]:
    """The traces that can be brought in; the others are counted as refused."""
    run = uuid4()
    for trace in read_traces(file):
        try:
            yield _sound(trace, request, source, seen, run)
        except TraceRefused as refusal:
            report.refuse(refusal.line, "", refusal)


def _sound(
    trace: XesTrace | BadTrace, request: ImportRequest, source: str, seen: "SeenTraces", run: UUID
) -> _Sound:
    if isinstance(trace, BadTrace):
        raise trace.refusal
    command = history(trace, source, run, request.zone)
    first = seen.first_line(command.case_id, trace.line)
    if first is not None:
        raise DuplicateTrace(trace.line, first=first)
    return _Sound(command, trace.line, [event.line for event in trace.events])


def _batches(traces: Iterator[Ready]) -> Iterator[list[Ready]]:
    batch: list[Ready] = []
    events = 0
    for trace in traces:
        batch.append(trace)
        events += trace.events
        if len(batch) == BATCH_TRACES or events >= BATCH_EVENTS:
            yield batch
            batch, events = [], 0
    yield batch


class Intake:
    """Executes batches, a bounded number of them at a time."""

    def __init__(self, report: ImportReport, executor: Executor, caller: Caller) -> None:
        self._report = report
        self._executor = executor
        self._caller = caller
        self._room = asyncio.Semaphore(BATCHES_AT_ONCE)

    async def begin(self, batch: Sequence[Ready], tasks: asyncio.TaskGroup) -> None:
        """Wait until there is room, then start on a batch."""
        await self._room.acquire()
        tasks.create_task(self._take(batch))

    async def _take(self, batch: Sequence[Ready]) -> None:
        try:
            await self._executor.load([trace.command.case_id for trace in batch])
            async with asyncio.TaskGroup() as tasks:
                for trace in batch:
                    tasks.create_task(self._take_one(trace))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            self._room.release()

    async def _take_one(self, trace: Ready) -> None:
        try:
            done = await self._executor.execute(trace.command, self._caller)
        except Overloaded:
            raise  # says nothing about the trace
        except Refusal as refusal:
            self._report.refuse(*trace.place_of(refusal), refusal)
        else:
            self._report.accept(trace.events, done.first_version, done.last_version)


CREATE = "CREATE TABLE seen (stream_id BLOB PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID"
ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
FIRST = "SELECT line FROM seen WHERE stream_id = ?"


class SeenTraces:
    """Which traces a file had so far: on disk, so that memory stays flat over any log.

    The table lies in a temporary file that SQLite deletes by itself.
    """

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute(CREATE)
        self._table.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()

    def first_line(self, stream_id: UUID, line: int) -> int | None:
        """The line on which this trace was met before; None: it was not, and now is."""
        key = stream_id.bytes
        if self._table.execute(ADD, (key, line)).rowcount:
            return None
        first: int = self._table.execute(FIRST, (key,)).fetchone()[0]
        return first
