"""`wardbook migrate`: brings the database up to date, as an admin."""

from typing import Annotated, Final

import typer

from app.cli.console import Json, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.database import Database
from app.database.embedded import EmbeddedServer
from app.database.guards import require_trust
from app.database.migrate import Migration, migrate
from app.settings import Settings, check_address, load_settings

EXAMPLES: Final = (
    "wardbook migrate",
    "wardbook migrate --admin-url postgresql://postgres:PASSWORD@HOST/postgres",
)


def command(
    admin_url: Annotated[
        str | None,
        typer.Option(
            help="How an account that may create roles connects to the server of "
            "WARDBOOK_DATABASE_URL. Default: WARDBOOK_ADMIN_DATABASE_URL.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Bring the database up to date, and give the service its login."""
    settings = load_settings()
    if settings.database_url is None:
        if admin_url is not None:
            raise CommandFailed(
                "--admin-url: set WARDBOOK_DATABASE_URL too, the address the service will use",
                ExitCode.USAGE,
            )
        applied = _migrate_embedded(settings)
    else:
        service = settings.database_url.get_secret_value()
        applied = run(_migrate(_admin_url(admin_url, settings), service))
    if json:
        print_json({"applied": [migration.name for migration in applied]})
    for migration in [] if json else applied:
        out.print(f"applied {migration.name}", highlight=False)
    if not json and not applied:
        out.print("nothing to apply: the database is up to date")


def _admin_url(option: str | None, settings: Settings) -> str:
    if option is not None:
        try:
            check_address(option)
        except ValueError as error:
            raise CommandFailed(f"--admin-url: {error}", ExitCode.USAGE) from None
        return option
    if settings.admin_database_url is None:
        raise CommandFailed(
            "--admin-url: needed, as the service's own account may not change the database",
            ExitCode.USAGE,
        )
    return settings.admin_database_url.get_secret_value()


def _migrate_embedded(settings: Settings) -> list[Migration]:
    server = EmbeddedServer(settings.data_dir)
    server.start()
    try:
        return run(_migrate(server.admin_dsn, server.service_dsn))
    finally:
        server.stop()


async def _migrate(admin: str, service: str) -> list[Migration]:
    applied = await migrate(admin, service)
    await require_trust(Database(service))
    return applied
