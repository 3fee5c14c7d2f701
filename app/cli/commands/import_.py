"""`wardbook import`: brings histories in from elsewhere."""

import gc
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from app.aggregates import Aggregates
from app.cli.console import Json, err, examples, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.commands import CommandHandler
from app.exchange.csv_import import CsvRequest, import_csv
from app.exchange.csv_mapping import MappingRefused, read_mapping
from app.exchange.import_report import ImportReport
from app.exchange.importer import Executor, Progress, Rehearsal, import_xes
from app.exchange.reader_process import OBJECTS_BETWEEN_COLLECTIONS
from app.exchange.reading import ImportRequest
from app.exchange.refusals import FileRefused
from app.genesis import operator
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from domain.identity import Caller

MOST_SHOWN: Final = 20
CASES_KEPT: Final = 1_024
"""A trace is seldom met twice, so more in memory would buy nothing."""

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check and compare everything, record nothing.")
]

Import = Callable[[Executor, Caller, Progress], Awaitable[ImportReport]]

group = typer.Typer(help="Bring histories in from elsewhere.", no_args_is_help=True)


@group.callback()
def _formats() -> None:
    """Bring histories in from elsewhere."""


@group.command(
    epilog=examples(
        "wardbook import xes log.xes.gz --dry-run",
        "wardbook import xes log.xes --source loans --due deadline --ended closed",
    )
)
def xes(
    file: Annotated[Path, typer.Argument(help="An IEEE 1849 XES log, plain or gzipped.")],
    source: Annotated[
        str | None,
        typer.Option(
            help="What the log is called here; with the name of a trace it says which case the "
            "trace is. Default: the log's own concept:name, else the name of the file."
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(help="IANA zone of times without an offset; without it they are refused."),
    ] = None,
    *,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="The attribute of a trace that says by when its case was to close."
        ),
    ] = None,
    ended: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="The attribute of a trace that says when its case ended."),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make a case of each trace of an XES log, or add to it what the trace has grown by.

    May be run again at any time: what is here already is not doubled, and an import that was
    killed goes on where it was. A trace that became shorter, or whose beginning changed, is
    refused. Exit code 4: some traces were refused, the others were taken.
    """
    zone = None if time_zone is None else _zone(time_zone)
    request = ImportRequest(file, source, zone, dry_run, due=due, ended=ended)
    _carry_out(partial(import_xes, request), "traces", dry_run=dry_run, json=json)


@group.command(
    epilog=examples(
        "wardbook import csv 311.csv --mapping boston-311 --dry-run",
        "wardbook import csv requests.csv.gz --mapping street.toml --source street",
    )
)
def csv(
    file: Annotated[
        Path, typer.Argument(help="A table with a header and a row for each case; or gzipped.")
    ],
    mapping: Annotated[
        str,
        typer.Option(
            metavar="MAP.toml|NAME",
            help="What the columns mean: a file, or the name of a mapping of ours (boston-311).",
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(
            help="What the table is called here; with the id of a row it says which case the row "
            "is. Default: the mapping's source, else the name of the file."
        ),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make a case of each row of a CSV table, or add to it what has happened since.

    May be run again at any time, also with a newer table: what is here already is not doubled, a
    case that was closed since is closed, and an import that was killed goes on where it was. A row
    that cannot be taken is told with line and column. Exit code 4: some rows were refused, the
    others were taken.
    """
    try:
        meant = read_mapping(mapping)
    except MappingRefused as refusal:
        if json:
            print_json({"problems": [asdict(each) for each in refusal.problems]})
        else:
            for problem in refusal.problems:
                err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(ExitCode.REFUSED) from None
    request = CsvRequest(file, meant, source, dry_run)
    _carry_out(partial(import_csv, request), "rows", dry_run=dry_run, json=json)


def _carry_out(import_: Import, things: str, *, dry_run: bool, json: bool) -> None:
    """Import, and show what came of it. things: what the file is made of."""
    settings = load_settings()
    configure_logging(LogLevel.WARNING)
    try:
        report = run(_import(settings, import_, dry_run=dry_run))
    except FileRefused as refusal:
        if json:
            print_json({"code": refusal.code, "message": refusal.message, "line": refusal.line})
            raise typer.Exit(ExitCode.REFUSED) from None
        raise CommandFailed(f"{refusal.message} [{refusal.code}]") from None
    if json:
        print_json(_document(report))
    else:
        _show(report, things)
    if report.refused:
        raise typer.Exit(ExitCode.PARTLY)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandFailed(
            f'--time-zone: must be an IANA time zone as Asia/Shanghai, got "{name}"',
            ExitCode.USAGE,
        ) from None


async def _import(settings: Settings, import_: Import, *, dry_run: bool) -> ImportReport:
    # Millions of small objects that no cycle holds: looking for cycles took a quarter of the time.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    async with runtime(settings) as running:
        journal = running.journal
        executor = (
            Rehearsal(Aggregates(journal, CASES_KEPT))
            if dry_run
            else CommandHandler(journal, CASES_KEPT)
        )
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Bars(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:
            bar = bars.add_task("checking", total=None)

            def progress(part: int, done: int, size: int) -> None:
                description = "checking" if part == 1 else "importing"
                bars.update(bar, description=description, completed=done, total=size)

            return await import_(executor, operator(), progress)


def _document(report: ImportReport) -> dict[str, object]:
    return {**asdict(report), "traces": report.traces, "refusals_listed": len(report.refusals)}


def _show(report: ImportReport, things: str) -> None:
    verb = "would be " if report.dry_run else ""
    out.print(f"Import of {report.source}", markup=False, highlight=False, soft_wrap=True)
    table = Table("", things, box=None)
    table.columns[1].justify = "right"
    for name, count in (
        (f"{verb}taken", report.taken),
        (f"{verb}extended", report.extended),
        ("already here", report.present),
        ("refused", report.refused),
    ):
        table.add_row(name, f"{count:,}")
    out.print(table)
    out.print(f"{report.events:,} events read, {report.recorded:,} entries {verb}recorded")
    out.print(f"{report.due:,} with a due time; {report.ended:,} have ended, {report.late:,} late")
    for refused in report.refusals[:MOST_SHOWN]:
        err.print(f"{refused.message} [{refused.code}]", markup=False, soft_wrap=True)
    if report.refused > MOST_SHOWN:
        err.print(f"... and {report.refused - MOST_SHOWN:,} more; --json lists up to 10,000")
