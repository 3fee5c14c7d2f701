"""`wardbook token`: a token from the local issuer."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from app.cli.console import print_plain, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.database.embedded import has_cluster
from app.demo.loading import district_of
from app.demo.people import someone
from app.identity import TokenKeysUnusable, issue_token
from app.logging import configure_logging
from app.runtime import runtime
from app.settings import LogLevel, Settings, load_settings
from domain.identity import ActorKind, Caller, Role

OFF: Final = (
    "the local issuer is off, as WARDBOOK_OIDC_ISSUERS names others: ask one of them for a token"
)

GIVEN: Final = [role for role in Role if role is not Role.SERVICE]
"""Roles that people have."""

EXAMPLES: Final = (
    "wardbook token --role SUPERVISOR",
    "wardbook token --role OFFICER --name p-0011 --unit urban-management --hours 2",
)


def command(
    role: Annotated[
        list[Role],
        typer.Option(
            case_sensitive=False,
            metavar="ROLE",
            help=f"What the bearer may do; repeatable. One of {', '.join(GIVEN)}.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            help="The principal written into every entry. Default: whoever holds the role in the "
            "demonstration district, else the role."
        ),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="The code of the bearer's unit.")] = None,
    position: Annotated[str | None, typer.Option(help="The bearer's post in the unit.")] = None,
    hours: Annotated[
        int | None, typer.Option(min=1, help="How long it is valid. Default: the setting.")
    ] = None,
) -> None:
    """Print a bearer token, alone, on standard output."""
    settings = load_settings()
    if settings.oidc_issuers:
        raise CommandFailed(OFF)
    if name is None and unit is None and position is None and len(role) == 1:
        name = _of_the_district(settings, role[0])
    caller = Caller(
        principal=name or role[0].value.lower(),
        kind=ActorKind.PERSON,
        roles=frozenset(role),
        unit=unit,
        position=position,
    )
    lifetime = settings.token_lifetime if hours is None else timedelta(hours=hours)
    try:
        print_plain(issue_token(settings.data_dir, caller, lifetime))
    except TokenKeysUnusable as error:
        raise CommandFailed(str(error)) from None
    except ValueError as error:
        raise CommandFailed(f"--name, --role: {error}", ExitCode.USAGE) from None


def _of_the_district(settings: Settings, role: Role) -> str | None:
    """Who holds the role now, where the embedded database holds a demonstration district."""
    if settings.database_url is not None or not has_cluster(settings.data_dir):
        return None
    configure_logging(LogLevel.WARNING)
    return run(_holder(settings, role))


async def _holder(settings: Settings, role: Role) -> str | None:
    async with runtime(settings) as running:
        directory = running.directory.current()
        if directory is None or await district_of(running.journal) is None:
            return None
        found = someone(directory, role, datetime.now(UTC))
        return None if found is None else found.person
