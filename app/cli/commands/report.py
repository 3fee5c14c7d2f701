"""`wardbook report`: a supervisor's report of a period, with pictures, on one page."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.console import Json, err, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.exchange.draft import Draft
from app.genesis import operator
from app.logging import configure_logging
from app.report.figures import NoFigures, ReportFigures, gather
from app.report.period import FORMS, NotAPeriod, ReportPeriod, period_of
from app.runtime import Runtime, runtime
from app.settings import LogLevel, Settings, load_settings
from domain.identity import Caller, Role
from domain.scope import scope_of
from schema.build import build_schema
from schema.context import Context
from schema.languages import Language

READERS: Final = frozenset({Role.AUDITOR})
"""Whoever runs the service can read all of it."""

LONGEST_WAIT_SECONDS: Final = 120.0
"""For the figures to have followed the journal; the page says how far they have."""

LOOK_EVERY_SECONDS: Final = 0.1


EXAMPLES: Final = (
    "wardbook report --period 2026-Q1 --out report.html",
    "wardbook report --period 2026-03 --unit housing --language en --out housing.html",
)


def command(
    *,
    period: Annotated[str, typer.Option(help=f"The period it is about, as {FORMS}.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    unit: Annotated[
        str | None,
        typer.Option(help="The code of a unit: it and all units below it; all by default."),
    ] = None,
    language: Annotated[
        Language, typer.Option(case_sensitive=False, help="The language of the page.")
    ] = Language.ZH,
    json: Json = False,
) -> None:
    """Write a supervisor's report of a period: figures, pictures, and what is late.

    The page needs no network, and prints on A4. What is late is told as of the end of the period,
    where that is over. Every figure is the answer to a GraphQL query that the page names.
    """
    try:
        about = period_of(period)
    except NotAPeriod:
        raise CommandFailed(
            f'--period: must be as {FORMS}, got "{period}"', ExitCode.USAGE
        ) from None
    configure_logging(LogLevel.WARNING)
    figures = run(_write(load_settings(), about, unit, language, out))
    if json:
        print_json(
            {
                "file": str(out),
                "position": figures.all.position,
                "definitionVersion": figures.all.definition_version,
                "overdue": figures.supervision.overdue.total_count,
            }
        )
    else:
        err.print(
            f"{out}: events counted up to position {figures.all.position}, "
            f"{figures.supervision.overdue.total_count:,} clocks past due",
            markup=False,
            soft_wrap=True,
        )


async def _write(
    settings: Settings, period: ReportPeriod, unit: str | None, language: Language, out: Path
) -> ReportFigures:
    # Drawing takes a second to load: only whoever wants a report waits for it.
    from app.report.page import page  # noqa: PLC0415
    from app.report.writing import Writer  # noqa: PLC0415

    async with runtime(settings) as running:
        name = None if unit is None else _name(running, unit, language)
        await _follow(running)
        context = _context(running, replace(operator(), roles=READERS), language)
        units = None if unit is None else [unit]
        try:
            figures = await gather(build_schema(), context, period, units, datetime.now(UTC))
        except NoFigures as problem:
            raise CommandFailed(str(problem), ExitCode.REFUSED) from None
        time_zone = running.configuration.time_zone
    written = page(Writer(figures, period, name, language, time_zone).report())
    with Draft(out) as draft:
        draft.write(written.encode())
        draft.publish()
    return figures


def _name(running: Runtime, code: str, language: Language) -> str:
    """What the unit is called. Raises CommandFailed where there never was such a unit."""
    directory = running.configuration.directory
    unit = None if directory is None else directory.unit_at(code, datetime.now(UTC))
    if unit is None:
        raise CommandFailed(f"--unit: there is no unit {code}", ExitCode.USAGE)
    names = (unit.name_zh, unit.name_en)
    return next(
        (name for name in (names if language is Language.ZH else reversed(names)) if name), code
    )


async def _follow(running: Runtime) -> None:
    """Let the figures follow the journal to where it is now, whether the service runs or not."""
    head = (await running.journal.head()).size
    running.followers.start()
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while await _behind(running, head):  # noqa: ASYNC110 - it may be another process
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    except TimeoutError:
        err.print("[yellow]The figures have not followed the whole journal yet.[/]")
    finally:
        await running.followers.close()


async def _behind(running: Runtime, head: int) -> bool:
    async with running.reads.acquire() as connection:
        positions = await running.followers.positions(connection)
    return min(positions.values(), default=head) < head


def _context(running: Runtime, caller: Caller, language: Language) -> Context:
    return Context(
        caller,
        scope_of(caller),
        running.commands,
        running.journal,
        running.reads,
        language=language,
        configuration=running.configuration,
    )
