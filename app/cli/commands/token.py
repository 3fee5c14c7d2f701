"""`wardbook token`: a token from the local issuer."""

from datetime import timedelta
from typing import Annotated, Final

import typer

from app.cli.console import print_plain
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.identity import TokenKeysUnusable, issue_token
from app.settings import load_settings
from domain.identity import ActorKind, Caller, Role

OFF: Final = (
    "the local issuer is off, as WARDBOOK_OIDC_ISSUERS names others: ask one of them for a token"
)


def command(
    role: Annotated[
        list[Role], typer.Option(case_sensitive=False, help="What the bearer may do; repeatable.")
    ],
    name: Annotated[
        str | None, typer.Option(help="The principal written into every entry. Default: the role.")
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
        raise CommandFailed(f"--name: {error}", ExitCode.USAGE) from None
