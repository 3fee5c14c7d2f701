"""Brings a database to the state this version of Wardbook needs: `migrations/NNNN_what.sql`.

Runs as an admin, never as the service. Each file is one transaction, recorded with its hash; a
released file is frozen, and a database that was migrated by a file we do not know, or know
differently, is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from app.database.connections import CONNECT_TIMEOUT, Connection, Database, Pooled
from app.database.scram import scram_verifier

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
OLDEST_SERVER: Final = 150000
"""server_version_num of PostgreSQL 15."""

# Held until the connection is closed: of several processes, one at a time.
LOCK_SQL: Final = "SELECT pg_advisory_lock(hashtextextended('wardbook.migrate', 0))"
SERVER_SQL: Final = """
    SELECT current_setting('server_version_num')::int AS number,
           current_setting('server_version') AS version,
           current_setting('server_encoding') AS encoding
"""
HAS_MIGRATIONS_SQL: Final = "SELECT to_regclass('journal.migrations') IS NOT NULL"
APPLIED_SQL: Final = "SELECT number, name, sha256 FROM journal.migrations ORDER BY number"
RECORD_SQL: Final = "INSERT INTO journal.migrations (number, name, sha256) VALUES ($1, $2, $3)"
DATABASE_EXISTS_SQL: Final = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"

# Names and passwords cannot be parameters of these commands; format() quotes them.
CREATE_DATABASE_SQL: Final = (
    "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8''', $1::text)"
)
CREATE_LOGIN_SQL: Final = "SELECT format('CREATE ROLE %I LOGIN', $1::text)"
ALLOW_LOGIN_SQL: Final = "SELECT format('ALTER ROLE %I LOGIN', $1::text)"
JOIN_SERVICE_SQL: Final = "SELECT format('GRANT wardbook_service TO %I', $1::text)"
SCRAM_SQL: Final = "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)"
LOGIN_SQL: Final = """
    SELECT rolcanlogin AS can_log_in,
           rolsuper OR pg_has_role(oid, 'wardbook_service', 'MEMBER') AS is_member
    FROM pg_roles WHERE rolname = $1
"""


class MigrationRefused(Exception):
    """The database is not one this version can bring up to date; the message says why."""


@dataclass(frozen=True)
class Migration:
    """One file of `migrations/`."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> bytes:
        """The hash that is recorded when it is applied."""
        return sha256(self.sql.encode()).digest()


@cache
def known_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """All migrations of this version, in order, numbered without a gap."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        named = re.fullmatch(r"(\d{4})_[a-z0-9_]+", path.stem)
        if named is None or int(named[1]) != len(found) + 1:
            raise MigrationRefused(f"migrations/{path.name} is not number {len(found) + 1:04}")
        found.append(Migration(int(named[1]), path.stem, path.read_text(encoding="utf-8")))
    return tuple(found)


async def migrate(admin_dsn: str, service_dsn: str | None = None) -> list[Migration]:
    """Bring the database up to date and give the service its login; returns what was applied.

    The database is the one named in `service_dsn` (made if it is missing), else in `admin_dsn`.
    Raises MigrationRefused, or one of `connections.UNREACHABLE`.
    """
    if service_dsn is not None:
        database = database_of(service_dsn)
        await _ensure_database(admin_dsn, database)
        admin_dsn = with_database(admin_dsn, database)
    admin = await asyncpg.connect(admin_dsn, timeout=CONNECT_TIMEOUT)
    try:
        await _check_server(admin)
        await admin.execute(LOCK_SQL)
        applied = await _apply(admin, known_migrations())
        if service_dsn is not None:
            await _ensure_login(admin, service_dsn)
    finally:
        await admin.close()
    return applied


async def applied_migrations(connection: Pooled) -> list[tuple[int, str, bytes]]:
    """(number, name, hash) of what was applied to the database so far."""
    if not await connection.fetchval(HAS_MIGRATIONS_SQL):
        return []
    return [
        (row["number"], row["name"], row["sha256"]) for row in await connection.fetch(APPLIED_SQL)
    ]


def differences(applied: Sequence[tuple[int, str, bytes]], known: Sequence[Migration]) -> list[str]:
    """Why a database with `applied` migrations cannot be continued by the `known` ones."""
    by_number = {migration.number: migration for migration in known}
    found = []
    for number, name, digest in applied:
        migration = by_number.get(number)
        if migration is None:
            found.append(f"{name} was applied by a newer version of Wardbook")
        elif migration.sha256 != digest:
            found.append(f"{name} was applied with other contents than it has here")
    return found


async def _apply(admin: Connection, known: Sequence[Migration]) -> list[Migration]:
    applied = await applied_migrations(admin)
    if problems := differences(applied, known):
        raise MigrationRefused("; ".join(problems))
    missing = list(known[len(applied) :])
    for migration in missing:
        async with admin.transaction():
            await admin.execute("SET LOCAL search_path TO pg_catalog")
            await admin.execute(migration.sql)
            await admin.execute("RESET ROLE")
            await admin.execute(RECORD_SQL, migration.number, migration.name, migration.sha256)
    return missing


async def _check_server(admin: Connection) -> None:
    server = await admin.fetchrow(SERVER_SQL)
    assert server is not None  # noqa: S101 - a SELECT without FROM has one row
    if server["number"] < OLDEST_SERVER:
        raise MigrationRefused(f"PostgreSQL {server['version']} is too old: 15 or newer is needed")
    if server["encoding"] != "UTF8":
        raise MigrationRefused(f"the database is encoded in {server['encoding']}: UTF8 is needed")


async def _ensure_database(admin_dsn: str, database: str) -> None:
    """Create the database; the admin's own one is where it is asked for."""
    if database == database_of(admin_dsn):
        return
    admin = await asyncpg.connect(admin_dsn, timeout=CONNECT_TIMEOUT)
    try:
        await admin.execute(LOCK_SQL)
        if not await admin.fetchval(DATABASE_EXISTS_SQL, database):
            await admin.execute(await admin.fetchval(CREATE_DATABASE_SQL, database))
    finally:
        await admin.close()


async def _ensure_login(admin: Connection, service_dsn: str) -> None:
    """Let the service log in as its URL says, changing nothing where it already can.

    The password goes to the server as a SCRAM verifier, so that no log can hold it.
    """
    parts = urlsplit(service_dsn)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    login = await admin.fetchrow(LOGIN_SQL, user)
    if login is None:
        await admin.execute(await admin.fetchval(CREATE_LOGIN_SQL, user))
    elif not login["can_log_in"]:
        await admin.execute(await admin.fetchval(ALLOW_LOGIN_SQL, user))
    if login is None or not login["is_member"]:
        await admin.execute(await admin.fetchval(JOIN_SERVICE_SQL, user))
    if password and not await _can_connect(service_dsn):
        verifier = scram_verifier(password)
        await admin.execute(await admin.fetchval(SCRAM_SQL, user, verifier))


async def _can_connect(service_dsn: str) -> bool:
    try:
        connection = await Database(service_dsn).log_in()
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    await connection.close()
    return True


def database_of(dsn: str) -> str:
    """The database named in a URL; as libpq, the user's name where none is."""
    parts = urlsplit(dsn)
    return unquote(parts.path.lstrip("/")) or unquote(parts.username or "") or "postgres"


def with_database(dsn: str, database: str) -> str:
    """The URL with another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{quote(database, safe='')}"))
