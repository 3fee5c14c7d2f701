"""The guards: a role that could rewrite history is refused, with how to mend it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database import Connection, Database
from app.database.guards import DatabaseNotTrusted, check_database, require_trust
from app.database.migrate import migrate, with_database
from tests.servers import Server


@pytest.fixture
async def admin(server: Server, database_name: str) -> AsyncIterator[Connection]:
    """The superuser, in the test's own database."""
    connection = await asyncpg.connect(with_database(server.admin_dsn, database_name))
    yield connection
    await connection.close()


async def failed(database: Database) -> dict[str, str]:
    return {check.name: check.mend for check in await check_database(database) if check.mend}


async def test_a_migrated_database_is_trusted(database: Database) -> None:
    checks = await check_database(database)
    assert [check.name for check in checks] == [
        "server", "login", "migrations", "ownership", "privileges", "triggers",
    ]  # fmt: skip
    await require_trust(database)


async def test_a_superuser_is_refused(server: Server, database_name: str) -> None:
    superuser = Database(with_database(server.admin_dsn, database_name))
    with pytest.raises(DatabaseNotTrusted, match="superuser and could rewrite history"):
        await require_trust(superuser)


@pytest.mark.parametrize(
    ("attributes", "group", "mend"),
    [
        ("CREATEROLE", "wardbook_service", "wardbook migrate --admin-url"),
        ("", "wardbook_owner", "REVOKE wardbook_owner FROM"),
        ("", "pg_write_all_data", "REVOKE pg_write_all_data FROM"),
    ],
)
async def test_a_login_with_more_power_than_it_needs_is_refused(
    server: Server, database_name: str, attributes: str, group: str, mend: str
) -> None:
    await server.admin(f"CREATE ROLE mighty LOGIN PASSWORD 'm' {attributes} IN ROLE {group}")
    try:
        mighty = Database(server.cluster.dsn("mighty", "m", database_name))
        await server.admin(f"GRANT CONNECT ON DATABASE {database_name} TO mighty")
        assert mend in (await failed(mighty))["login"]
    finally:
        await server.admin(f"REVOKE ALL ON DATABASE {database_name} FROM mighty")
        await server.admin("DROP ROLE mighty")


async def test_a_login_that_is_not_the_service_is_told_to_migrate(
    server: Server, database_name: str
) -> None:
    await server.admin("CREATE ROLE stranger LOGIN PASSWORD 's'")
    try:
        await server.admin(f"GRANT CONNECT ON DATABASE {database_name} TO stranger")
        stranger = Database(server.cluster.dsn("stranger", "s", database_name))
        assert await failed(stranger) == {"role": "run `wardbook migrate`"}
    finally:
        await server.admin(f"REVOKE ALL ON DATABASE {database_name} FROM stranger")
        await server.admin("DROP ROLE stranger")


@pytest.mark.parametrize(
    ("tampering", "check", "mend"),
    [
        (
            "GRANT DELETE ON journal.entries TO wardbook_service",
            "privileges",
            "REVOKE DELETE ON journal.entries FROM PUBLIC",
        ),
        (
            "GRANT UPDATE (entry) ON journal.entries TO PUBLIC",
            "privileges",
            "REVOKE UPDATE ON journal.entries",
        ),
        ("GRANT TRIGGER ON journal.nodes TO wardbook_service", "privileges", "REVOKE TRIGGER"),
        (
            "ALTER TABLE journal.entries DISABLE TRIGGER entries_append_only",
            "triggers",
            "ALTER TABLE journal.entries ENABLE ALWAYS TRIGGER entries_append_only",
        ),
        (
            "ALTER TABLE journal.entries ENABLE TRIGGER entries_append_only",
            "triggers",
            "ENABLE ALWAYS",
        ),
        ("DROP TRIGGER nodes_append_only ON journal.nodes", "triggers", "nodes_append_only"),
        (
            "ALTER TABLE journal.entries OWNER TO wardbook_service",
            "ownership",
            "OWNER TO wardbook_owner",
        ),
        (
            "CREATE FUNCTION journal.f() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
            "ownership",
            "OWNER TO",
        ),
        (
            "INSERT INTO journal.migrations VALUES (99, '0099_future', sha256('x'))",
            "migrations",
            "newer",
        ),
        (
            "UPDATE journal.migrations SET sha256 = sha256('x') WHERE number = 2",
            "migrations",
            "install the version",
        ),
        ("DELETE FROM journal.migrations WHERE number > 1", "migrations", "wardbook migrate"),
    ],
)
async def test_tampering_is_found_and_mended(
    admin: Connection, database: Database, tampering: str, check: str, mend: str
) -> None:
    await admin.execute(tampering)
    assert mend in (await failed(database))[check]


async def test_an_owner_that_can_log_in_is_refused(database: Database, admin: Connection) -> None:
    await admin.execute("ALTER ROLE wardbook_owner LOGIN")
    try:
        assert "NOLOGIN" in (await failed(database))["ownership"]
    finally:
        await admin.execute("ALTER ROLE wardbook_owner NOLOGIN")


async def test_an_empty_database_needs_migrating(server: Server) -> None:
    await server.admin("CREATE DATABASE bare TEMPLATE template0")
    try:
        assert await failed(Database(server.service_dsn("bare"))) == {
            "migrations": "run `wardbook migrate`"
        }
    finally:
        await server.drop("bare")


async def test_a_login_of_any_name_can_be_the_service(server: Server) -> None:
    dsn = server.cluster.dsn("li wei", "p'w\"%\\", "of her own")
    try:
        assert await migrate(server.admin_dsn, dsn) != []
        assert await migrate(server.admin_dsn, dsn) == []
        await require_trust(Database(dsn))
        connection = await Database(dsn).connect()
        assert await connection.fetchval("SELECT current_user") == "wardbook_service"
        await connection.close()
    finally:
        await server.drop('"of her own"')
        await server.admin('DROP ROLE "li wei"')
