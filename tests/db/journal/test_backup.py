"""Backups by PostgreSQL's own tools, restored into a new cluster: nothing is renumbered or lost."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from app.commands import CommandHandler
from app.database import Database
from app.database.cluster import PORT, SUPERUSER, Cluster
from app.database.guards import require_trust
from app.journal import Journal
from app.journal.keys import FileKeyProvider, StreamKeys
from app.journal.reader import Reader
from app.journal.verify import verify
from domain.merkle import Head
from tests.db.journal.making import STAFF, acceptance, registered
from tests.servers import Server, make_cluster, remove


def tool(cluster: Cluster, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client programs as the superuser of a cluster."""
    environment = {
        "PGHOST": str(cluster.socket_folder),
        "PGPORT": str(PORT),
        "PGUSER": SUPERUSER,
        "PGPASSWORD": cluster.password,
        "LC_ALL": "C.UTF-8",
    }
    subprocess.run(
        [str(cluster.binaries / name), *arguments],
        env=environment,
        check=True,
        timeout=250,
        capture_output=True,
    )


@pytest.fixture
async def backed_up(bare_journal: Journal, handler: CommandHandler) -> tuple[Head, UUID]:
    """The head of a journal about to be backed up, and a case in it."""
    case_ids = await asyncio.gather(*(registered(handler, f"Lamp {n}") for n in range(40)))
    await handler.execute(acceptance(case_ids[0]), STAFF)
    return await bare_journal.head(), case_ids[0]


@pytest.fixture
async def new_cluster(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cluster]:
    """A cluster of the same version beside the one backed up, not yet created."""
    folder = tmp_path_factory.mktemp("restored")
    kind = "debian15" if server.cluster.major_version() == 15 else "embedded"
    cluster = make_cluster(folder, kind)
    yield cluster
    remove(cluster)


async def still_holds(
    restored: Cluster, database_name: str, provider: FileKeyProvider, head: Head, case_id: UUID
) -> None:
    """The restored journal is the one backed up, is as well guarded, and goes on."""
    server = Server(restored)
    database = Database(server.service_dsn(database_name))
    await require_trust(database)
    connection = await database.connect()
    try:
        found = await verify(Reader(StreamKeys(provider)), connection, against=head)
        assert found.intact, found.findings
        assert found.head == head
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM journal.entries")
    finally:
        await connection.close()
    journal = await Journal.open(database, provider)
    try:
        events = await journal.read_stream(case_id)
        assert [event.version for event in events] == [1, 2]
        assert vars(events[0].event)["title"] == "Lamp 0"
        await registered(CommandHandler(journal), "One more")
        assert (await journal.head()).size == head.size + 1
    finally:
        await journal.close()


async def test_a_dump_restored(
    backed_up: tuple[Head, UUID],
    server: Server,
    database_name: str,
    new_cluster: Cluster,
    provider: FileKeyProvider,
    tmp_path: Path,
) -> None:
    roles, dump = tmp_path / "roles.sql", tmp_path / "dump"
    tool(server.cluster, "pg_dumpall", "--roles-only", f"--file={roles}")
    tool(server.cluster, "pg_dump", "--format=custom", f"--file={dump}", database_name)
    new_cluster.create()
    new_cluster.start()
    tool(new_cluster, "psql", "--dbname=postgres", f"--file={roles}")
    tool(new_cluster, "pg_restore", "--create", "--dbname=postgres", "--exit-on-error", str(dump))
    await still_holds(new_cluster, database_name, provider, *backed_up)


async def test_a_base_backup_started(
    backed_up: tuple[Head, UUID],
    server: Server,
    database_name: str,
    new_cluster: Cluster,
    provider: FileKeyProvider,
) -> None:
    source = server.cluster
    new_cluster.folder.parent.mkdir(parents=True, exist_ok=True)
    tool(source, "pg_basebackup", f"--pgdata={new_cluster.folder}", "--checkpoint=fast")
    for path in (new_cluster.folder, *new_cluster.folder.rglob("*")):
        new_cluster.account.owns(path)
    new_cluster.start()
    await still_holds(new_cluster, database_name, provider, *backed_up)
