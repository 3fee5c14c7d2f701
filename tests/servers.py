"""PostgreSQL servers for tests, and databases copied from a migrated template."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from app.database.account import Account, database_account
from app.database.cluster import Cluster
from app.database.connections import SERVICE_ROLE
from app.database.embedded import cluster_home, reachable_binaries, socket_folder

DEBIAN_15: Final = Path("/usr/lib/postgresql/15/bin")
SERVERS: Final = ["embedded", *(["debian15"] if (DEBIAN_15 / "postgres").exists() else [])]
TEMPLATE: Final = "wardbook_template"
PASSWORD: Final = "of-a-test-server"
NO_IDLE_CONNECTIONS: Final = httpx.Limits(max_keepalive_connections=0)
"""For clients that may pause for as long as the service keeps a connection that nobody uses: a
request sent just when it lets go is lost, and an ordinary client would send it again."""


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


# Of each process other ones, and below those (32768 and up) that the kernel gives to whoever asks
# for any: else another test may be given one before it is used, or between two uses.
_PORTS: Final = count(10_000 + os.getpid() * 100 % 20_000)


def free_port() -> int:
    """A port of this machine that nobody listens on, or will unless this test does."""
    while True:
        port = next(_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
