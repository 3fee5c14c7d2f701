"""`wardbook pack`: the configuration of a jurisdiction, as it comes in a folder of TOML."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from app.cli.console import Json, err, examples, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.genesis import operator
from app.logging import configure_logging
from app.packs.loading import LoadReport, Persons, load_pack
from app.packs.reading import Pack, PackRefused, folder_of, read_pack
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from app.toml_files import TomlProblem

group = typer.Typer(
    help="Check and load the configuration of a jurisdiction.", no_args_is_help=True
)

Folder = Annotated[
    str, typer.Argument(metavar="DIR|NAME", help="A folder, or cn-12345 or generic-311.")
]


@group.callback()
def _of_packs() -> None:
    """Check and load the configuration of a jurisdiction."""


@group.command(epilog=examples("wardbook pack check cn-12345", "wardbook pack check my-pack/"))
def check(folder: Folder, json: Json = False) -> None:
    """Find out whether a pack is sound; name file, line and cause of whatever is not."""
    pack = _read(folder, json=json)
    about = _about(pack)
    if json:
        print_json(about | {"problems": []})
    else:
        leaves = _leaves(pack)
        out.print(
            f"[green]Sound.[/] {pack.id}: {len(pack.types)} types ({leaves} of them the finest), "
            f"{len(pack.rules)} rules, {len(pack.calendars)} work calendars, "
            f"{about['clockRules']} limits, {about['ladders']} ladders, "
            f"{about['metrics']} metrics.",
            soft_wrap=True,
        )


@group.command(epilog=examples("wardbook pack load cn-12345 --as p-0001 --second p-0002"))
def load(
    folder: Folder,
    first: Annotated[
        str | None, typer.Option("--as", help="Who drafts and proposes. Default: you.")
    ] = None,
    second: Annotated[
        str | None, typer.Option("--second", help="Who publishes: somebody else than --as.")
    ] = None,
    valid_from: Annotated[
        str | None,
        typer.Option(help="From when on it is in force, RFC 3339 with offset. Default: now."),
    ] = None,
    json: Json = False,
) -> None:
    """Bring a pack into force: drafted and proposed by one, published by a second.

    May be run again at any time; what is in force already stays as it is. Open cases go on by the
    versions that they were decided by.
    """
    pack = _read(folder, json=json)
    persons = _persons(first, second)
    since = None if valid_from is None else _moment(valid_from)
    configure_logging(LogLevel.WARNING)
    report = run(_load(load_settings(), pack, persons, since))
    if json:
        print_json(asdict(report) | {"as": persons.first, "second": persons.second})
    else:
        _show(report, persons)


def _read(folder: str, *, json: bool) -> Pack:
    try:
        return read_pack(folder_of(folder))
    except PackRefused as refused:
        if json:
            print_json({"problems": [asdict(problem) for problem in refused.problems]})
        else:
            _show_problems(refused.problems)
        raise typer.Exit(ExitCode.REFUSED) from None


async def _load(
    settings: Settings, pack: Pack, persons: Persons, valid_from: datetime | None
) -> LoadReport:
    async with runtime(settings) as running:
        known = running.configuration
        return await load_pack(pack, running.commands, known, persons, valid_from=valid_from)


def _persons(first: str | None, second: str | None) -> Persons:
    me = operator().principal
    persons = Persons(first or me, second or f"{me}:second")
    if persons.first == persons.second:
        raise CommandFailed("--second: must be another than --as", ExitCode.USAGE)
    return persons


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - refused below, as any without an offset
    if moment.utcoffset() is None:
        raise CommandFailed(
            "--valid-from: a date and time with an offset is needed, as 2026-03-01T00:00:00+08:00",
            ExitCode.USAGE,
        )
    return moment


def _about(pack: Pack) -> dict[str, object]:
    said = pack.policies
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "types": len(pack.types),
        "leaves": _leaves(pack),
        "rules": len(pack.rules),
        "calendars": len(pack.calendars),
        "clockRules": 0 if said.sla is None else len(said.sla.rules),
        "ladders": 0 if said.escalation is None else len(said.escalation.ladders),
        "metrics": 0 if said.metrics is None else len(said.metrics.metrics),
    }


def _leaves(pack: Pack) -> int:
    parents = {each.parent for each in pack.types}
    return sum(each.code not in parents for each in pack.types)


def _show_problems(problems: tuple[TomlProblem, ...]) -> None:
    for problem in problems:
        err.print(str(problem), markup=False, highlight=False, soft_wrap=True)


def _show(report: LoadReport, persons: Persons) -> None:
    table = Table("", "version", "", box=None, title=report.pack, title_justify="left")
    parts = {
        "catalogue": report.catalogue,
        "routing": report.routing,
        "calendar": report.calendar,
        "SLA policy": report.sla,
        "escalation policy": report.escalation,
        "metrics": report.metrics,
    }
    for name, part in parts.items():
        if part is None:
            continue
        table.add_row(name, str(part.number), "loaded" if part.changed else "was so already")
    out.print(table)
    out.print(f"by {persons.first} and {persons.second}", highlight=False, soft_wrap=True)
