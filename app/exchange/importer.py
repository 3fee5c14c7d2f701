"""Brings an XES log in: two passes over the file, many traces on their way at once.

The first pass finds out whether the file is sound to its end; nothing is taken from one that is
not. The second turns each trace into an `ImportHistory`. Whatever a run that was killed had
recorded is found again by the next, for the stream of a trace follows from its source and name.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from app.aggregates import Aggregates
from app.decisions import decide
from app.exchange.import_report import ImportReport, refused_trace
from app.exchange.log_file import LogFile
from app.exchange.reader_process import reading_beside
from app.exchange.reading import Batch, ImportRequest, R_co, Ready, read_batches
from app.exchange.refusals import SourceInvalid
from app.exchange.xes_reader import survey
from domain.case.imported import ImportHistory
from domain.command import Command, Executed, circumstances
from domain.identity import Caller
from domain.permissions import IMPORT_HISTORY, permitted
from domain.refusal import Overloaded, Refusal
from domain.wording import NAME_LIMIT

BATCHES_AT_ONCE: Final = 4
"""One is written, one is ready to be, two are read and decided; no more are held in memory."""

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


async def import_xes(
    request: ImportRequest, executor: Executor, caller: Caller, progress: Progress
) -> ImportReport:
    """Import a log. Raises FileRefused or NotPermitted; then nothing was recorded."""
    permitted(caller, IMPORT_HISTORY, None)
    source = await _survey(request, progress)
    report = ImportReport(source, request.dry_run)
    size = request.path.stat().st_size
    intake = Intake(report, executor, caller)
    if size < request.large_bytes:
        await take_in(here(read_batches(request, source)), size, intake, progress)
    else:
        async with reading_beside(request, source) as batches:
            await take_in(batches, size, intake, progress)
    return report


async def here(batches: Iterable[Batch[R_co]]) -> AsyncIterator[Batch[R_co]]:
    """Read as it is asked for, in this process."""
    for batch in batches:
        yield batch


async def take_in(
    batches: AsyncIterator[Batch[Ready]], size: int, intake: "Intake", progress: Progress
) -> None:
    """The second pass over a file of `size` bytes: bring in what is ready, as it comes."""
    try:
        async with asyncio.TaskGroup() as tasks:
            async for batch in batches:
                await intake.begin(batch, tasks)
                progress(2, batch.position, size)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    progress(2, size, size)
    intake.report.refusals.sort(key=lambda refused: refused.line)


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


class Intake:
    """Executes batches, a bounded number of them at a time."""

    def __init__(self, report: ImportReport, executor: Executor, caller: Caller) -> None:
        self.report = report
        self._executor = executor
        self._caller = caller
        self._room = asyncio.Semaphore(BATCHES_AT_ONCE)

    async def begin(self, batch: Batch[Ready], tasks: asyncio.TaskGroup) -> None:
        """Wait until there is room, then start on a batch."""
        for refused in batch.refused:
            self.report.refuse(refused)
        await self._room.acquire()
        tasks.create_task(self._take(batch.traces))

    async def _take(self, batch: Sequence[Ready]) -> None:
        try:
            await self._executor.load([trace.command.case_id for trace in batch])
            async with asyncio.TaskGroup() as tasks:
                for trace in batch:
                    tasks.create_task(self._take_one(trace))
                    await asyncio.sleep(0)  # what is being written goes on to the database between
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
            self.report.refuse(refused_trace(*trace.place_of(refusal), refusal))
        else:
            self.report.accept(trace.command, done.first_version, done.last_version)
