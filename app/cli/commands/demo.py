"""`wardbook demo`: the demonstration district, loaded into an empty embedded database."""

from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from app.cli.console import Json, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.loading import progress_of_loading
from app.demo.loading import demonstration, district_of, load
from app.demo.papers import keeper
from app.demo.plan import CASES, SEED
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings

ELSEWHERE: Final = (
    "the demonstration is loaded into the embedded database only: leave WARDBOOK_DATABASE_URL out"
)
OTHER_JOURNAL: Final = "this journal is not empty, and not that of this district"


EXAMPLES: Final = ("wardbook demo", "wardbook demo --cases 600 --seed 7")


def command(
    cases: Annotated[int, typer.Option(min=1, max=100_000, help="How many cases.")] = CASES,
    seed: Annotated[int, typer.Option(help="Another seed makes another year.")] = SEED,
    json: Json = False,
) -> None:
    """Load the demonstration district, as `wardbook serve` does at its first start.

    A loading that was killed goes on where it was.
    """
    settings = load_settings()
    configure_logging(LogLevel.WARNING)
    if settings.database_url is not None:
        raise CommandFailed(ELSEWHERE)
    size = run(_load(settings, seed, cases))
    if json:
        print_json({"cases": cases, "seed": seed, "entries": size})
    else:
        out.print(f"{size:,} entries")


async def _load(settings: Settings, seed: int, cases: int) -> int:
    wanted = demonstration(ZoneInfo(settings.time_zone), seed, cases)
    async with runtime(settings, wanted) as running:
        district = await district_of(running.journal)
        if district is None or (district.seed, district.cases) != (seed, cases):
            raise CommandFailed(OTHER_JOURNAL)
        with progress_of_loading() as told:
            keep = keeper(running.journal, settings.evidence_path)
            await load(running, district, told, keep)
        return (await running.journal.head()).size
