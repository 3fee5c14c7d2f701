"""Migrating a server of one's own: once, by many at once, refused where it cannot be right."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.cli.exit_codes import ExitCode
from app.cli.main import run
from app.database import Database
from app.database.guards import require_trust
from app.database.migrate import (
    MigrationRefused,
    database_of,
    known_migrations,
    migrate,
    with_database,
)
from app.database.scram import scram_verifier
from tests.servers import Server, free_port


@pytest.fixture
async def address(server: Server) -> AsyncIterator[str]:
    """An address of the service, for a database that is not there yet."""
    yield server.service_dsn("not_yet")
    await server.admin("DROP DATABASE IF EXISTS not_yet WITH (FORCE)")


async def test_the_database_is_made_and_every_migration_applied_once(
    server: Server, address: str
) -> None:
    applied = await migrate(server.admin_dsn, address)
    assert [found.name for found in applied] == [found.name for found in known_migrations()]
    assert await migrate(server.admin_dsn, address) == []
    await require_trust(Database(address))


async def test_processes_that_migrate_at_once_do_not_collide(server: Server, address: str) -> None:
    applied = await asyncio.gather(*(migrate(server.admin_dsn, address) for _ in range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, len(known_migrations())]


async def test_a_wrong_password_is_set_to_the_one_in_the_address(server: Server) -> None:
    address = server.cluster.dsn("forgetful", "first", "not_yet")
    changed = server.cluster.dsn("forgetful", "second", "not_yet")
    try:
        await migrate(server.admin_dsn, address)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await Database(changed).connect()
        await migrate(server.admin_dsn, changed)
        await (await Database(changed).connect()).close()
    finally:
        await server.drop("not_yet")
        await server.admin("DROP ROLE forgetful")


async def test_a_database_in_another_encoding_is_refused(server: Server) -> None:
    await server.admin(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER 'libc' "
        "LOCALE 'C'"
    )
    try:
        with pytest.raises(MigrationRefused, match="UTF8 is needed"):
            await migrate(server.admin_dsn, server.service_dsn("latin"))
    finally:
        await server.drop("latin")


async def test_a_database_of_a_newer_version_is_refused(server: Server, database_name: str) -> None:
    admin = with_database(server.admin_dsn, database_name)
    connection = await asyncpg.connect(admin)
    await connection.execute(
        "INSERT INTO journal.migrations VALUES (99, '0099_future', sha256('x'))"
    )
    await connection.close()
    with pytest.raises(MigrationRefused, match="0099_future was applied by a newer version"):
        await migrate(admin)


def test_the_command_migrates_with_an_admins_address(
    server: Server,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", address)
    assert run(["migrate", "--admin-url", server.admin_dsn]) == ExitCode.OK
    assert "applied 0001_roles_and_schemas" in capsys.readouterr().out
    monkeypatch.setenv("WARDBOOK_ADMIN_DATABASE_URL", server.admin_dsn)
    assert run(["migrate", "--json"]) == ExitCode.OK
    assert capsys.readouterr().out == '{"applied": []}\n'
    assert run(["doctor"]) == ExitCode.OK


def test_the_service_refuses_to_start_as_a_role_that_could_rewrite_history(
    server: Server,
    database_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WARDBOOK_DATA_DIR", str(tmp_path))
    superuser = with_database(server.admin_dsn, database_name)
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", superuser)
    monkeypatch.setenv("WARDBOOK_PORT", str(free_port()))
    assert run(["serve"]) == ExitCode.REFUSED
    captured = capsys.readouterr()
    assert "postgres is a superuser and could rewrite history" in captured.err
    assert "wardbook migrate --admin-url" in captured.err


@pytest.mark.parametrize(
    ("address", "database"),
    [
        ("postgresql://a:b@c/d", "d"),
        ("postgresql://a:b@c", "a"),
        ("postgresql://a@/d%20e?host=/x", "d e"),
    ],
)
def test_the_database_of_an_address(address: str, database: str) -> None:
    assert database_of(address) == database


def test_an_address_keeps_everything_but_its_database() -> None:
    assert with_database("postgresql://a:b@c:1/d?x=y", "e f") == "postgresql://a:b@c:1/e%20f?x=y"


def test_a_password_in_ascii_leaves_as_a_verifier_only() -> None:
    assert scram_verifier("geheim").startswith("SCRAM-SHA-256$4096:")
    assert "geheim" not in scram_verifier("geheim")
    assert scram_verifier("geheim") != scram_verifier("geheim")
    assert scram_verifier("пароль") == "пароль"
