"""Brings a table in, a case for each row: two passes over the file, as for a log.

The first pass finds out whether the file is a table to its end and has the columns that the
mapping names; nothing is taken from one that is not. The second turns each row into an
`ImportHistory`. A row that cannot be taken is told with its line and column; the rest are taken.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from app.exchange.csv_binding import Binding
from app.exchange.csv_reader import CsvTable
from app.exchange.csv_refusals import RowDuplicate, RowRefused
from app.exchange.csv_rows import RowOfCase, RowReader
from app.exchange.csv_shapes import Mapping
from app.exchange.import_report import ImportReport, RefusedTrace, refused_trace
from app.exchange.importer import Executor, Intake, Progress, here, source_name, take_in
from app.exchange.log_file import LogFile
from app.exchange.reading import in_batches
from app.exchange.seen import SeenTraces
from domain.identity import Caller
from domain.permissions import IMPORT_HISTORY, permitted

ROWS_BETWEEN_PROGRESS: Final = 1_000


@dataclass(frozen=True)
class CsvRequest:
    """What to import and how. source: None for the mapping's own, else the name of the file."""

    path: Path
    mapping: Mapping
    source: str | None = None
    dry_run: bool = False


async def import_csv(
    request: CsvRequest, executor: Executor, caller: Caller, progress: Progress
) -> ImportReport:
    """Import a table. Raises FileRefused or NotPermitted; then nothing was recorded."""
    permitted(caller, IMPORT_HISTORY, None)
    source = source_name(request.source or request.mapping.source or stem(request.path))
    await _survey(request, progress)
    report = ImportReport(source, request.dry_run)
    with LogFile(request.path) as file, SeenTraces() as seen:
        batches = here(in_batches(_found(file, request, source, seen), file))
        await take_in(batches, file.size, Intake(report, executor, caller), progress)
    return report


def stem(path: Path) -> str:
    """The file's name without .csv, .gz and folders."""
    return path.name.removesuffix(".gz").removesuffix(".csv")


async def _survey(request: CsvRequest, progress: Progress) -> None:
    """The first pass."""
    with LogFile(request.path) as file:
        table = CsvTable(file, request.mapping.file)
        Binding(request.mapping, table.header)
        for number, _ in enumerate(table):
            if number % ROWS_BETWEEN_PROGRESS == 0:
                progress(1, file.position, file.size)
                await asyncio.sleep(0)  # let a stop signal through


def _found(
    file: LogFile, request: CsvRequest, source: str, seen: SeenTraces
) -> Iterator[RowOfCase | RefusedTrace]:
    """Every row, ready to be brought in or refused."""
    table = CsvTable(file, request.mapping.file)
    reader = RowReader(request.mapping, table.header, source, uuid4())
    for row in table:
        try:
            found = reader.read(row)
            first = seen.first_line(found.command.case_id, row.line)
            if first is not None:
                raise RowDuplicate(row.line, found.id_column, first=first)
        except RowRefused as refusal:
            yield refused_trace(refusal.line, refusal.column, refusal)
        else:
            yield found
