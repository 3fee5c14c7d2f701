"""Fixtures for every test. A database is a copy of a migrated template: about 0.1 s each.

Servers run without fsync: a test that wants durability starts its own.
"""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from app.database.account import Account, database_account
from app.database.cluster import Cluster
from app.database.connections import SERVICE_ROLE, Database
from app.database.embedded import cluster_home, reachable_binaries, socket_folder
from app.database.migrate import migrate

DEBIAN_15: Final = Path("/usr/lib/postgresql/15/bin")
SERVERS: Final = ["embedded", *(["debian15"] if (DEBIAN_15 / "postgres").exists() else [])]
ROOT: Final = Path(__file__).parents[1]
TEMPLATE: Final = "wardbook_template"
PASSWORD: Final = "of-a-test-server"


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


@dataclass
class Server:
    """A running PostgreSQL for tests."""

    cluster: Cluster
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def admin_dsn(self) -> str:
        """The superuser's address."""
        return self.cluster.admin_dsn

    def service_dsn(self, database: str) -> str:
        """The service's address of a database."""
        return self.cluster.dsn(SERVICE_ROLE, PASSWORD, database)

    async def admin(self, statement: str) -> None:
        """Run one statement as the superuser, in the database `postgres`."""
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def copy(self, template: str = TEMPLATE) -> str:
        """Make a database like `template` and return its name."""
        name = f"test_{next(self.numbers)}"
        await self.admin(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        # The grants of a database are not copied with it.
        await self.admin(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        await self.admin(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {SERVICE_ROLE}")
        return name

    async def drop(self, name: str) -> None:
        """Drop a database, connections and all."""
        await self.admin(f"DROP DATABASE {name} WITH (FORCE)")


def make_cluster(
    folder: Path, kind: str = "embedded", *, durable: bool = False, account: Account | None = None
) -> Cluster:
    """A cluster for a test in `folder`, not yet created."""
    account = account or database_account()
    home = cluster_home(folder, account)
    return Cluster(
        folder=home / "postgres",
        socket_folder=socket_folder(home, account),
        binaries=DEBIAN_15 if kind == "debian15" else reachable_binaries(account),
        account=account,
        durable=durable,
        password=PASSWORD,
    )


def remove(cluster: Cluster) -> None:
    """Stop a cluster and delete it."""
    cluster.stop()
    shutil.rmtree(cluster.folder.parent)
    shutil.rmtree(cluster.socket_folder, ignore_errors=True)


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
