"""`wardbook rebuild`: builds a view anew from the journal and puts it in place of the live one."""

from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.cli.console import Json, err, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from app.views.rebuild import RebuildRefused, Rebuilt, rebuilding
from projections.registry import VIEWS
from projections.view import ResumableView

EXAMPLES: Final = (
    "wardbook rebuild cases",
    "wardbook rebuild cases --accept-difference",
    "wardbook rebuild cases --rollback",
)


def command(
    view: Annotated[str, typer.Argument(help=f"One of: {', '.join(sorted(VIEWS))}.")],
    *,
    accept_difference: Annotated[
        bool,
        typer.Option(
            "--accept-difference",
            help="Switch although the rows differ: the journal is right, the live rows are not. "
            "Without it a difference is only shown.",
        ),
    ] = False,
    rollback: Annotated[
        bool,
        typer.Option(
            "--rollback", help="Bring the tables back that the last rebuild replaced, up to date."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Build a view anew from the journal, compare it with the live one, and switch.

    The service may go on meanwhile: the new tables are built beside the live ones, and change
    places with them in one moment. The old ones are kept for --rollback until the next rebuild.
    Exit code 1: the rows differ, and nothing was switched.
    """
    if view not in VIEWS:
        known = ", ".join(sorted(VIEWS))
        raise CommandFailed(f'no view is called "{view}"; there are: {known}', ExitCode.USAGE)
    configure_logging(LogLevel.WARNING)
    try:
        result = run(_rebuild(load_settings(), VIEWS[view], accept_difference, rollback))
    except RebuildRefused as refused:
        raise CommandFailed(str(refused)) from None
    if json:
        print_json(_document(view, result))
    else:
        _show(view, result)
    if result is not None and not result.switched:
        raise typer.Exit(ExitCode.REFUSED)


async def _rebuild(
    settings: Settings, view: ResumableView, accept_difference: bool, rollback: bool
) -> Rebuilt | None:
    async with runtime(settings) as running:
        columns = (TextColumn("rebuilding"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:
            bar = bars.add_task("rebuilding", total=None)

            def progress(position: int, head: int) -> None:
                bars.update(bar, completed=position, total=head)

            async with rebuilding(running.database, running.journal, view, progress) as rebuild:
                if rollback:
                    await rebuild.roll_back()
                    return None
                return await rebuild.run(accept_difference=accept_difference)


def _document(view: str, result: Rebuilt | None) -> dict[str, object]:
    if result is None:
        return {"view": view, "rolledBack": True}
    return {
        "view": view,
        "position": result.position,
        "same": result.same,
        "switched": result.switched,
        "tables": [asdict(table) for table in result.tables],
    }


def _show(view: str, result: Rebuilt | None) -> None:
    if result is None:
        out.print(f"[green]Rolled back.[/] The tables of {view} from before the rebuild are live.")
        return
    table = Table(title=f"{view} at position {result.position}", title_justify="left")
    for column in ("Table", "Rows live", "Rows rebuilt", "Only live", "Only rebuilt"):
        table.add_column(column, justify="left" if column == "Table" else "right")
    for found in result.tables:
        counts = (found.live_rows, found.rebuilt_rows, found.only_live, found.only_rebuilt)
        table.add_row(found.table, *(f"{count:,}" for count in counts))
    out.print(table)
    if result.same:
        out.print("[green]The same rows; switched.[/]")
    elif result.switched:
        out.print("[yellow]The rows differ; switched to the rebuilt ones, as told.[/]")
    else:
        out.print(
            "[red]The rows differ; nothing was switched.[/] After a correction of the view that is "
            "to be expected: run again with --accept-difference. Otherwise somebody wrote to "
            "the tables by hand, or there is a fault in the view."
        )
