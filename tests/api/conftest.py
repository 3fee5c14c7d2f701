"""What tests of the API share: everything behind the web layer."""

from collections.abc import AsyncIterator

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.directory import CurrentDirectory
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.runtime import Runtime
from app.settings import Settings
from app.timers import TimerWorker
from app.views.followers import Followers
from projections.registry import FOLLOWING_VIEWS


@pytest.fixture
async def running(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    directory: CurrentDirectory,
    configuration: CurrentConfiguration,
) -> AsyncIterator[Runtime]:
    """A process that serves, without its web layer; no worker and no follower is started."""
    followers = Followers(database, journal, FOLLOWING_VIEWS)
    keys = FileKeyProvider("test", b"k" * 32)
    async with database.pool(4) as reads, database.counting_pool(1) as counts:
        yield Runtime(
            Settings(),
            database,
            keys,
            journal,
            commands,
            reads,
            counts,
            followers,
            directory,
            configuration,
            TimerWorker(database, journal, commands),
        )
