"""A durable PostgreSQL of the fault tests' own, to be killed; and a journal to look into."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.database.migrate import migrate
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from projections.registry import INLINE_VIEWS
from tests.servers import SERVERS, Server, make_cluster, remove


@asynccontextmanager
async def open_journal(database: Database) -> AsyncIterator[Journal]:
    """A journal of this process, with the key of all the others."""
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    try:
        await ensure_open(journal, CommandHandler(journal), Settings())
        yield journal
    finally:
        await journal.close()


@pytest.fixture(params=SERVERS)
async def mortal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """A server with fsync on, whose database `wardbook` is migrated."""
    cluster = make_cluster(tmp_path_factory.mktemp("mortal"), request.param, durable=True)
    cluster.create()
    cluster.start()
    try:
        server = Server(cluster)
        await migrate(server.admin_dsn, server.service_dsn("wardbook"))
        yield server
    finally:
        remove(cluster)
