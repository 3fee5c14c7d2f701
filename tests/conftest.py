"""Fixtures for every test. A database is a copy of a migrated template: about 0.1 s each.

Servers run without fsync: a test that wants durability starts its own.

Properties are tried with other examples at each run, so that over time a developer's runs find what
nobody thought of. Where `CI` is set they get the same examples each time (Hypothesis' own profile
`ci`): whether a change passes must follow from the change, not from what was drawn that day.
"""

import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import HealthCheck, settings

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Connection, Database
from app.database.migrate import migrate
from app.directory import CurrentDirectory
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import PREFIX, Settings
from projections.registry import INLINE_VIEWS
from tests.servers import SERVERS, TEMPLATE, Server, make_cluster, remove

# On a busy machine an example takes as long as it takes; pytest bounds the whole test.
settings.register_profile(
    "unhurried", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if "CI" in os.environ else "unhurried")

ROOT: Final = Path(__file__).parents[1]


def pytest_configure() -> None:
    """The settings of whoever runs the tests are not for them."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-contracts",
        action="store_true",
        help="write the committed contract files anew instead of comparing (make contracts)",
    )


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`contract(path, text)`: the committed file at `path`, below the root, is exactly `text`.

    Tests that use it carry `@pytest.mark.contract`; `make contracts` writes the files anew.
    """

    def compare(path: Path, text: str) -> None:
        committed = ROOT / path
        if request.config.getoption("--write-contracts"):
            committed.parent.mkdir(parents=True, exist_ok=True)
            committed.write_text(text, encoding="utf-8")
        found = committed.read_text(encoding="utf-8") if committed.exists() else ""
        assert found == text, f"{path} is out of date: `make contracts`, and look at the difference"

    return compare


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    """A command run inside a test configures the logs; the next test must not inherit them."""
    root = logging.getLogger()
    level = root.level
    yield
    if structlog.is_configured():
        for handler in [found for found in root.handlers if type(found) is logging.StreamHandler]:
            root.removeHandler(handler)
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture(scope="session", params=SERVERS)
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """A server with a migrated template database."""
    cluster = make_cluster(tmp_path_factory.mktemp(request.param), request.param)
    cluster.create()
    cluster.start()
    try:
        server = Server(cluster)
        await migrate(server.admin_dsn, server.service_dsn(TEMPLATE))
        yield server
    finally:
        remove(cluster)


@pytest.fixture
async def database_name(server: Server) -> AsyncIterator[str]:
    """The name of a fresh, migrated, empty database."""
    name = await server.copy()
    yield name
    await server.drop(name)


@pytest.fixture
async def database(server: Server, database_name: str) -> Database:
    """A fresh, migrated, empty database, as the service sees it."""
    return Database(server.service_dsn(database_name))


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """A connection of its own to `database`."""
    connection = await database.connect()
    yield connection
    await connection.close()


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    """An open journal with the inline views and a genesis entry."""
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    try:
        await ensure_open(journal, CommandHandler(journal), Settings())
        yield journal
    finally:
        await journal.close()


@pytest.fixture
def commands(journal: Journal) -> CommandHandler:
    """Executes commands on `journal`."""
    return CommandHandler(journal)


@pytest.fixture
async def directory(journal: Journal, commands: CommandHandler) -> AsyncIterator[CurrentDirectory]:
    """The directory of `journal`, followed."""
    directory = CurrentDirectory(journal)
    await directory.start(commands)
    yield directory
    await directory.close()


@pytest.fixture
async def configuration(
    journal: Journal, commands: CommandHandler, directory: CurrentDirectory
) -> AsyncIterator[CurrentConfiguration]:
    """Catalogue and routing policy of `journal`, followed."""
    configuration = CurrentConfiguration(journal, directory.current)
    await configuration.start(commands)
    yield configuration
    await configuration.close()
