"""One process's use of a journal: the database found or started, checked, and opened.

The service and every command that works on the journal go through `runtime`, so that they see
the same database, the same keys and the same views.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from app.commands import CommandHandler
from app.database import Database, Pool
from app.database.embedded import EmbeddedServer
from app.database.guards import require_trust
from app.database.migrate import migrate
from app.followers import Followers
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.errors import KeyUnavailable
from app.journal.keys import FileKeyProvider, KeyProvider
from app.settings import Settings
from projections.registry import FOLLOWING_VIEWS, INLINE_VIEWS

READ_CONNECTIONS: Final = 8

# Keys that only another key-encryption key than ours can unwrap.
FOREIGN_KEYS_SQL: Final = """
    SELECT kek_id FROM journal.keys WHERE state <> 'destroyed' AND kek_id IS DISTINCT FROM $1
    LIMIT 1
"""

_log: Final = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Runtime:
    """What the web layer, the workers and the commands of the command line work with."""

    settings: Settings
    database: Database
    keys: KeyProvider
    journal: Journal
    commands: CommandHandler
    reads: Pool
    followers: Followers
    """Not started: that is for the process that serves."""


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """The database the settings name; the embedded one is started and migrated.

    Raises what `EmbeddedServer.start`, `migrate` and `Database.connect` raise.
    """
    if settings.database_url is not None:
        yield Database(settings.database_url.get_secret_value())
        return
    server = EmbeddedServer(settings.data_dir)
    # In threads, and shielded: a start that is half done when we are told to stop must end first.
    await asyncio.shield(asyncio.to_thread(server.start))
    try:
        for migration in await migrate(server.admin_dsn, server.service_dsn):
            _log.info("migrated", migration=migration.name)
        yield Database(server.service_dsn)
    finally:
        await asyncio.shield(asyncio.to_thread(server.stop))


@asynccontextmanager
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """An open journal, closed in order: the batch in flight ends, then the database is left.

    Raises also `guards.DatabaseNotTrusted` and `journal.errors.KeyUnavailable`.
    """
    async with database_of(settings) as database:
        await require_trust(database)
        keys = await open_keys(database, settings.key_path)
        journal = await Journal.open(database, keys, INLINE_VIEWS)
        followers = Followers(database, journal, FOLLOWING_VIEWS)
        try:
            commands = CommandHandler(journal)
            await ensure_open(journal, commands, settings)
            async with database.pool(READ_CONNECTIONS) as reads:
                yield Runtime(settings, database, keys, journal, commands, reads, followers)
        finally:
            await followers.close()
            await journal.close()


async def open_keys(database: Database, path: Path) -> KeyProvider:
    """The key file, made for a journal that has no keys yet, never for one that has.

    Raises KeyUnavailable: with a fresh key a journal would go on, and nobody could read its past.
    """
    keys = _key_file(path)
    held = None if keys is None else keys.kek_id
    connection = await database.connect()
    try:
        foreign = await connection.fetchval(FOREIGN_KEYS_SQL, held)
    finally:
        await connection.close()
    if foreign is not None:
        raise KeyUnavailable(
            f"this journal's keys are wrapped with {foreign}, and {path} "
            f"{'is missing' if held is None else f'holds {held}'}: "
            "put the right file back from your copy of it"
        )
    return keys or FileKeyProvider.open(path)


def _key_file(path: Path) -> FileKeyProvider | None:
    return FileKeyProvider.open(path) if path.exists() else None
