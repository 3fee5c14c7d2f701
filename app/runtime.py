"""One process's use of a journal: the database found or started, checked, and opened.

The service and every command that works on the journal go through `runtime`, so that they see
the same database, the same keys and the same views.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database, Pool
from app.database.cluster import ClusterBroken
from app.database.embedded import DataFolderUnusable, EmbeddedServer
from app.database.guards import require_trust
from app.database.migrate import migrate
from app.directory import CurrentDirectory
from app.genesis import Demonstration, ensure_open
from app.journal import Journal
from app.journal.errors import KeyUnavailable
from app.journal.keys import FileKeyProvider, KeyProvider
from app.settings import Settings
from app.timers import TimerWorker
from app.views.followers import Followers
from projections.registry import FOLLOWING_VIEWS, INLINE_VIEWS

READ_CONNECTIONS: Final = 8
COUNTING_CONNECTIONS: Final = 2
WATCH_SECONDS: Final = 0.5

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
    counts: Pool
    """Of what callers ask: for the allowances that all processes share."""
    followers: Followers
    """Not started: that is for the process that serves."""
    directory: CurrentDirectory
    configuration: CurrentConfiguration
    timers: TimerWorker
    """Not started either."""

    @property
    def lookups(self) -> Pool:
        """Connections whose statements find everything by key."""
        return self.journal.lookups


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Database]:
    """The database the settings name; the embedded one is started and migrated.

    Raises what `EmbeddedServer.start`, `migrate` and `Database.connect` raise.
    """
    if settings.database_url is not None:
        yield Database(settings.database_url.get_secret_value())
        return
    server = EmbeddedServer(settings.data_dir)
    try:
        await _to_the_end(server.start)
        for migration in await migrate(server.admin_dsn, server.service_dsn):
            _log.info("migrated", migration=migration.name)
        async with _kept_running(server):
            yield Database(server.service_dsn)
    finally:
        await _to_the_end(server.stop)


@asynccontextmanager
async def _kept_running(server: EmbeddedServer) -> AsyncIterator[None]:
    """Start the server again when it was killed under us, as an init system would."""
    watch = asyncio.create_task(_watch(server), name="watch the embedded PostgreSQL")
    try:
        yield
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)


async def _watch(server: EmbeddedServer) -> None:
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        if server.cluster.running():
            continue
        _log.warning("the embedded PostgreSQL has gone; it is started again")
        try:
            await _to_the_end(server.revive)
        except (ClusterBroken, DataFolderUnusable):
            _log.exception("the embedded PostgreSQL does not start")


async def _to_the_end(work: Callable[[], None]) -> None:
    """Run in a thread; told to stop meanwhile, wait for its end first: half a start is none."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


@asynccontextmanager
async def runtime(
    settings: Settings, demonstration: Demonstration | None = None
) -> AsyncIterator[Runtime]:
    """An open journal, closed in order: the batch in flight ends, then the database is left.

    demonstration: what an empty journal becomes one of; None: it becomes an ordinary one.
    Raises also `guards.DatabaseNotTrusted` and `journal.errors.KeyUnavailable`.
    """
    async with database_of(settings) as database:
        await require_trust(database)
        keys = await open_keys(database, settings.key_path)
        journal = await Journal.open(database, keys, INLINE_VIEWS)
        followers = Followers(database, journal, FOLLOWING_VIEWS)
        directory = CurrentDirectory(journal)
        configuration = CurrentConfiguration(journal, directory.current)
        commands = CommandHandler(journal)
        timers = TimerWorker(database, journal, commands)
        try:
            await ensure_open(journal, commands, settings, demonstration)
            await directory.start(commands)
            await configuration.start(commands)
            async with (
                database.pool(READ_CONNECTIONS) as reads,
                database.counting_pool(COUNTING_CONNECTIONS) as counts,
            ):
                yield Runtime(
                    settings,
                    database,
                    keys,
                    journal,
                    commands,
                    reads,
                    counts,
                    followers,
                    directory,
                    configuration,
                    timers,
                )
        finally:
            await timers.close()
            await configuration.close()
            await directory.close()
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
