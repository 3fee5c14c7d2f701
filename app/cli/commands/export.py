"""`wardbook export`: takes cases or entries out of the journal."""

import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import Json, err, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.exchange.draft import Draft
from app.exchange.exporter import ExportReport, ExportRequest, Format, Sources, export
from app.exchange.selection import Selection
from app.exchange.xes_times import NaiveTime, parse_time
from app.genesis import operator
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from domain.case.lifecycle import Stage
from domain.identity import Role

EXPORTERS: Final = frozenset({Role.AUDITOR})

HELP_OF_FORMAT: Final = """
xes: an IEEE 1849 log, a trace for each case. Imported histories come out as they came in; of our
own cases each event is an activity, with who acted as its resource.
csv: a table in UTF-8, a row for each event.
jsonl: the entries themselves, a line each, that can be checked against the root without us."""


EXAMPLES: Final = (
    "wardbook export xes --out cases.xes.gz --unit housing --from 2026-01-01T00:00:00+08:00",
    "wardbook export csv --out - --stage closed --stage archived",
    "wardbook export jsonl --out journal.jsonl.gz",
)


def command(
    kind: Annotated[Format, typer.Argument(metavar="xes|csv|jsonl", help=HELP_OF_FORMAT)],
    *,
    out: Annotated[
        str, typer.Option(help="File to write, packed if it ends in .gz; - for standard output.")
    ],
    source: Annotated[
        str | None, typer.Option(help="Only the histories imported as this source.")
    ] = None,
    stage: Annotated[
        list[Stage] | None,
        typer.Option(
            case_sensitive=False,
            metavar="STAGE",
            help=f"Only cases in this stage; repeatable. One of {', '.join(Stage)}.",
        ),
    ] = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="Only cases of this type; repeatable.")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="Only cases that this unit leads; repeatable.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="Only the case with this number.")] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", help="Only events that occurred then or later (RFC 3339)."),
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Only events that occurred before then (RFC 3339).")
    ] = None,
    json: Json = False,
) -> None:
    """Take cases or entries out of the journal; who did, and with which filters, is recorded.

    The file shows the journal as it was at the start, and appears only when it is complete.
    XES and CSV hold what people wrote in plain text, for whoever gets the file; in JSONL it stays
    encrypted. Imported histories keep the names they had in their log when --source is given.
    """
    selection = Selection(
        source=source,
        stages=tuple(stage or ()),
        types=tuple(type_ or ()),
        units=tuple(unit or ()),
        case_no=case,
        occurred_from=_time("--from", from_),
        occurred_to=_time("--to", to),
    )
    if json and out == "-":
        raise CommandFailed("--json: standard output is taken by --out -", ExitCode.USAGE)
    _run(kind, selection, out, json=json)


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except NaiveTime:
        problem = "needs an offset from UTC, as 2024-07-01T08:00:00+08:00"
    except ValueError:
        problem = "must be a time as 2024-07-01T08:00:00+08:00"
    raise CommandFailed(f'{option}: {problem}, got "{text}"', ExitCode.USAGE)


def _run(kind: Format, selection: Selection, out: str, *, json: bool) -> None:
    settings = load_settings()
    configure_logging(LogLevel.WARNING)
    with Draft(None if out == "-" else Path(out), sys.stdout.buffer) as draft:
        report = run(_export(settings, ExportRequest(kind, selection, draft)))
    if json:
        print_json({**asdict(report), "file": out})
    else:
        # JSONL of the whole journal has entries, and no cases to count.
        cases = f"{report.cases:,} cases, " if report.cases else ""
        err.print(
            f"{cases}{report.events:,} events written to {out}, "
            f"from a journal of {report.through:,} entries",
            markup=False,
            soft_wrap=True,
        )


async def _export(settings: Settings, request: ExportRequest) -> ExportReport:
    async with runtime(settings) as running:
        sources = Sources(running.journal, running.reads, running.commands)
        # Whoever runs the service can read all of it; what they take out is recorded.
        caller = replace(operator(), roles=EXPORTERS)
        columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:
            bar = bars.add_task("exporting", total=None)

            def progress(done: int, total: int) -> None:
                bars.update(bar, completed=done, total=total)

            return await export(sources, request, caller, progress)
