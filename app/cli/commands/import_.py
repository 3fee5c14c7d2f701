"""`wardbook import`: brings histories in from elsewhere."""

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.aggregates import Aggregates
from app.cli.console import Json, err, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.commands import CommandHandler
from app.exchange.import_report import ImportReport
from app.exchange.importer import ImportRequest, Rehearsal, import_xes
from app.exchange.refusals import FileRefused
from app.genesis import operator
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings

MOST_SHOWN: Final = 20
CASES_KEPT: Final = 1_024
"""A trace is seldom met twice, so more in memory would buy nothing."""

OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000

group = typer.Typer(help="Bring histories in from elsewhere.", no_args_is_help=True)


@group.callback()
def _formats() -> None:
    """Bring histories in from elsewhere."""


@group.command()
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and compare everything, record nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a case of each trace of an XES log, or add to it what the trace has grown by.

    May be run again at any time: what is here already is not doubled, and an import that was
    killed goes on where it was. A trace that became shorter, or whose beginning changed, is
    refused. Exit code 4: some traces were refused, the others were taken.
    """
    zone = None if time_zone is None else _zone(time_zone)
    request = ImportRequest(file, source, zone, dry_run)
    settings = load_settings()
    configure_logging(LogLevel.WARNING)
    try:
        report = run(_import(settings, request))
    except FileRefused as refusal:
        if json:
            print_json({"code": refusal.code, "message": refusal.message, "line": refusal.line})
            raise typer.Exit(ExitCode.REFUSED) from None
        raise CommandFailed(f"{refusal.message} [{refusal.code}]") from None
    if json:
        print_json(_document(report))
    else:
        _show(report)
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


async def _import(settings: Settings, request: ImportRequest) -> ImportReport:
    # Millions of small objects that no cycle holds: looking for cycles took a quarter of the time.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    async with runtime(settings) as running:
        journal = running.journal
        executor = (
            Rehearsal(Aggregates(journal, CASES_KEPT))
            if request.dry_run
            else CommandHandler(journal, CASES_KEPT)
        )
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:
            bar = bars.add_task("checking", total=None)

            def progress(part: int, done: int, size: int) -> None:
                description = "checking" if part == 1 else "importing"
                bars.update(bar, description=description, completed=done, total=size)

            return await import_xes(request, executor, operator(), progress)


def _document(report: ImportReport) -> dict[str, object]:
    return {**asdict(report), "traces": report.traces, "refusals_listed": len(report.refusals)}


def _show(report: ImportReport) -> None:
    verb = "would be " if report.dry_run else ""
    table = Table("", "traces", box=None, title=f"Import of {report.source}", title_justify="left")
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
    for refused in report.refusals[:MOST_SHOWN]:
        err.print(f"{refused.message} [{refused.code}]", markup=False, soft_wrap=True)
    if report.refused > MOST_SHOWN:
        err.print(f"... and {report.refused - MOST_SHOWN:,} more; --json lists up to 10,000")
