"""Whatever is altered behind the service's back is found and named."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider, StreamKeys
from app.journal.reader import Reader
from app.journal.verify import Verification, verify
from domain.merkle import Head
from tests.db.journal.making import STAFF, acceptance, append_of, new_event, registered
from tests.servers import Server

Admin = asyncpg.Connection  # generic in asyncpg's stubs only


@pytest.fixture
async def filled(bare_journal: Journal, handler: CommandHandler) -> Head:
    """Fifty entries in twenty-five streams."""
    for _ in range(25):
        await handler.execute(acceptance(await registered(handler)), STAFF)
    return await bare_journal.head()


@pytest.fixture
async def intruder(server: Server, database_name: str) -> AsyncIterator[Admin]:
    """A superuser who has switched the triggers off."""
    connection = await asyncpg.connect(server.admin_dsn, database=database_name)
    for table in ("entries", "nodes", "head", "commands"):
        await connection.execute(f"ALTER TABLE journal.{table} DISABLE TRIGGER ALL")
    yield connection
    await connection.close()


async def verified(
    database: Database, provider: FileKeyProvider, against: Head | None = None
) -> Verification:
    connection = await database.connect()
    try:
        return await verify(Reader(StreamKeys(provider)), connection, against)
    finally:
        await connection.close()


async def test_what_nobody_touched_is_intact(
    filled: Head, database: Database, provider: FileKeyProvider
) -> None:
    found = await verified(database, provider, against=filled)
    assert found.intact, found.findings
    assert (found.head, found.streams) == (filled, 25)


async def test_a_running_service_does_not_disturb_it(
    filled: Head, bare_journal: Journal, database: Database, provider: FileKeyProvider
) -> None:
    await bare_journal.append(append_of(new_event(uuid4(), 1, topic="case.accepted")))
    assert (await verified(database, provider, against=filled)).intact


ALTERATIONS = {
    "an edited entry": (
        "UPDATE journal.entries SET entry = overlay(entry placing 'X' from 60) WHERE position = 7",
        "LEAF_HASH_DIFFERS",
    ),
    "an edited entry with its hash recomputed": (
        (
            "UPDATE journal.entries SET entry = e, leaf_hash = sha256('\\x00'::bytea || e)"
            " FROM (SELECT convert_to(replace(convert_from(entry, 'UTF8'), 'HOTLINE', 'WALK_IN'),"
            " 'UTF8') AS e FROM journal.entries WHERE position = 7) AS edited WHERE position = 7"
        ),
        "CHAIN_BROKEN",
    ),
    "an edited column": (
        "UPDATE journal.entries SET topic = 'case.closed' WHERE position = 7",
        "COLUMN_DIFFERS",
    ),
    "a dropped entry": ("DELETE FROM journal.entries WHERE position = 7", "POSITION_MISSING"),
    "a dropped tail": ("DELETE FROM journal.entries WHERE position = 50", "HEAD_DIFFERS"),
    "reordered entries": (
        (
            "UPDATE journal.entries SET position = CASE position WHEN 7 THEN 1000 ELSE 7 END"
            " WHERE position IN (7, 8);"
            "UPDATE journal.entries SET position = 8 WHERE position = 1000"
        ),
        "VERSION_MISSING",
    ),
    "an edited node": (
        "UPDATE journal.nodes SET hash = sha256('x') WHERE level = 4 AND index = 0",
        "NODE_DIFFERS",
    ),
    "an edited stream head": (
        (
            "UPDATE journal.streams SET version = 9 WHERE stream_id ="
            " (SELECT stream_id FROM journal.entries WHERE position = 7)"
        ),
        "STREAM_DIFFERS",
    ),
    "an edited frontier": ("UPDATE journal.head SET frontier = frontier[2:]", "HEAD_DIFFERS"),
    "bytes that are no entry": (
        "UPDATE journal.entries SET entry = 'x' WHERE position = 7",
        "NOT_AN_ENTRY",
    ),
}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("alteration", ALTERATIONS)
async def test_an_alteration_is_found(
    alteration: str, intruder: Admin, database: Database, provider: FileKeyProvider
) -> None:
    statements, code = ALTERATIONS[alteration]
    await intruder.execute(statements)
    found = await verified(database, provider)
    assert code in {finding.code for finding in found.findings}


async def test_a_history_rewritten_throughout_differs_from_a_root_noted_earlier(
    filled: Head, database: Database, provider: FileKeyProvider
) -> None:
    another = Head(filled.size, bytes(32))
    found = await verified(database, provider, against=another)
    assert [finding.code for finding in found.findings] == ["ROOT_DIFFERS"]
    longer = Head(filled.size + 1, filled.root)
    found = await verified(database, provider, against=longer)
    assert [finding.code for finding in found.findings] == ["TRUNCATED"]
