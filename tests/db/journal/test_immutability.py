"""Nobody rewrites history: by privilege, and by trigger where a privilege would allow it."""

from uuid import uuid4

import asyncpg
import pytest

from app.database import Database
from app.journal import Journal
from tests.db.journal.making import append_of, new_event
from tests.servers import Server

REWRITES = [
    "UPDATE journal.entries SET entry = 'x'",
    "DELETE FROM journal.entries",
    "TRUNCATE journal.entries",
    "UPDATE journal.nodes SET hash = 'x'",
    "DELETE FROM journal.nodes",
    "TRUNCATE journal.nodes",
    "UPDATE journal.commands SET position = 1",
    "DELETE FROM journal.commands",
    "DELETE FROM journal.head",
    "TRUNCATE journal.head",
    "UPDATE journal.head SET size = 0",
]


@pytest.mark.parametrize("statement", [*REWRITES, "DELETE FROM journal.streams"])
async def test_the_service_may_not(
    statement: str, database: Database, bare_journal: Journal
) -> None:
    await bare_journal.append(append_of(new_event(uuid4(), 1)))
    connection = await database.connect()
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("statement", REWRITES)
@pytest.mark.parametrize("replication_role", ["origin", "replica"])
async def test_not_even_a_superuser_by_accident(
    statement: str,
    replication_role: str,
    server: Server,
    database_name: str,
    bare_journal: Journal,
) -> None:
    await bare_journal.append(append_of(new_event(uuid4(), 1)))
    connection = await asyncpg.connect(
        server.admin_dsn,
        database=database_name,
        server_settings={"session_replication_role": replication_role},
    )
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
