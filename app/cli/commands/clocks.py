"""`wardbook clocks`: what is done to the clocks of many cases at once."""

from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from app.amending import Amender, AmendmentReport, Wanted
from app.cli.console import Json, err, examples, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.genesis import operator
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from domain.identity import ActorKind, Caller, Role

group = typer.Typer(help="Amend the due times of many cases at once.", no_args_is_help=True)


@group.callback()
def _of_clocks() -> None:
    """Amend the due times of many cases at once."""


@group.command(
    epilog=examples(
        "wardbook clocks amend --reason 'The holiday list was revised' --calendar 2 --dry-run",
        "wardbook clocks amend --reason 'Typhoon days' --policy 3 --area yl-luting --as p-0192",
    )
)
def amend(
    reason: Annotated[str, typer.Option(help="Why: it is recorded with each case.")],
    calendar: Annotated[
        int | None, typer.Option(help="Number of a published version of the work calendars.")
    ] = None,
    policy: Annotated[
        int | None, typer.Option(help="Number of a published version of the SLA policy.")
    ] = None,
    area: Annotated[
        list[str] | None,
        typer.Option(help="Only cases in this area or below it; may be given several times."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--as", help="The registrar who decides it. Default: you.")
    ] = None,
    *,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only find out what would be amended; record nothing."),
    ] = False,
    json: Json = False,
) -> None:
    """Let the clocks that run count by other versions of calendar or policy.

    Each case gets an event of its own, which says when each of its clocks was due before. May be
    run again at any time: what counts by these versions already stays as it is. Exit code 4: some
    cases were refused, the others were amended.
    """
    if calendar is None and policy is None:
        raise CommandFailed("--calendar or --policy is needed", ExitCode.USAGE)
    wanted = Wanted(reason, calendar, policy, tuple(area or ()))
    caller = Caller(by or operator().principal, ActorKind.PERSON, frozenset({Role.REGISTRAR}))
    configure_logging(LogLevel.WARNING)
    report = run(_amend(load_settings(), wanted, caller, dry_run))
    if json:
        document = {"dryRun": report.dry_run, "cases": report.cases, "amended": report.amended}
        print_json(document | {"unchanged": report.unchanged, "refused": dict(report.refused)})
    else:
        _show(report)
    if report.refused:
        raise typer.Exit(ExitCode.PARTLY)


async def _amend(
    settings: Settings, wanted: Wanted, caller: Caller, dry_run: bool
) -> AmendmentReport:
    async with runtime(settings) as running:
        amender = Amender(
            running.journal, running.commands, running.configuration, running.reads, caller
        )
        columns = (TextColumn("amending"), TextColumn("{task.completed:,.0f} cases"))
        with Progress(*columns, console=err, transient=True) as bars:
            bar = bars.add_task("amending", total=None)
            return await amender.run(
                wanted, lambda cases: bars.update(bar, completed=cases), dry_run=dry_run
            )


def _show(report: AmendmentReport) -> None:
    would = "would be amended" if report.dry_run else "amended"
    out.print(
        f"{report.cases:,} cases with clocks: {report.amended:,} {would}, "
        f"{report.unchanged:,} as they are.",
        soft_wrap=True,
    )
    for code, number in report.refused.most_common():
        out.print(f"[red]{number:,} refused[/]: {code}", soft_wrap=True)
