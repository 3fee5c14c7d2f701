"""The embedded server: shared by the processes of one user, and back after any crash."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.database import embedded
from app.database.account import Account, database_account
from app.database.cluster import ClusterBroken
from app.database.embedded import (
    DataFolderUnusable,
    EmbeddedServer,
    reachable_binaries,
    socket_folder,
)
from tests.servers import remove


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "data", durable=False)
    server.start()
    yield server
    server.stop()
    remove(server.cluster)


def same(server: EmbeddedServer) -> EmbeddedServer:
    """What another process would make."""
    return EmbeddedServer(server.data_folder, durable=False)


async def answer(server: EmbeddedServer) -> object:
    connection = await asyncpg.connect(server.admin_dsn)
    try:
        return await connection.fetchval("SELECT 1")
    finally:
        await connection.close()


async def test_the_last_user_stops_it(server: EmbeddedServer) -> None:
    other = same(server)
    other.start()
    assert other.cluster.pid() == server.cluster.pid()
    server.stop()
    assert await answer(other) == 1
    other.stop()
    assert not other.cluster.running()


async def test_a_server_left_behind_by_a_killed_process_is_attached_to(
    server: EmbeddedServer,
) -> None:
    pid = server.cluster.pid()
    kill_user(server)
    after = same(server)
    after.start()
    assert after.cluster.pid() == pid
    assert await answer(after) == 1
    after.stop()
    assert not after.cluster.running()


async def test_it_recovers_after_it_was_killed(server: EmbeddedServer) -> None:
    connection = await asyncpg.connect(server.admin_dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    server.cluster.kill()
    connection.terminate()
    after = same(server)
    after.start()
    fresh = await asyncpg.connect(after.admin_dsn)
    assert await fresh.fetchval("SELECT seven FROM kept") == 7
    await fresh.close()
    after.stop()


async def test_a_pid_that_is_now_somebody_elses_does_not_stop_it(server: EmbeddedServer) -> None:
    server.stop()
    stale = server.cluster.folder / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.cluster.folder}\n")
    server.start()
    assert await answer(server) == 1


async def test_a_start_killed_while_the_cluster_was_made_begins_anew(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "data", durable=False)
    server.start()
    home = server.cluster.folder.parent
    server.stop()
    server.cluster.folder.rename(home / "postgres.making")
    server.start()
    assert await answer(server) == 1
    server.stop()
    remove(server.cluster)


def test_stopping_where_the_server_has_gone_is_quiet(server: EmbeddedServer) -> None:
    server.cluster.kill()
    server.stop()
    server.stop()


async def test_nobody_gets_in_without_a_password(server: EmbeddedServer) -> None:
    for user in ("postgres", "wardbook_service"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.cluster.dsn(user, "wrong", "postgres"))


async def test_it_listens_on_a_private_socket_only(server: EmbeddedServer) -> None:
    connection = await asyncpg.connect(server.admin_dsn)
    assert await connection.fetchval("SHOW listen_addresses") == ""
    await connection.close()
    assert stat.S_IMODE(server.cluster.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.cluster.folder.stat().st_mode) == 0o700
    assert server.service_dsn
    for secret in ("admin-password", "service-password"):
        assert stat.S_IMODE((server.data_folder / secret).stat().st_mode) == 0o600


async def test_its_log_holds_no_statement(server: EmbeddedServer) -> None:
    connection = await asyncpg.connect(server.admin_dsn)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await connection.execute("SELECT 1/0 AS zhang_san")
    await connection.close()
    logs = [path.read_text() for path in (server.cluster.folder / "log").iterdir()]
    assert any("division by zero" in log for log in logs)
    assert not any("zhang_san" in log for log in logs)


def test_no_folder_above_is_opened_for_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / "data", durable=False)
    server.start()
    try:
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        again = EmbeddedServer(closed / "data", durable=False)
        again.start()
        assert again.cluster.folder == server.cluster.folder
        again.stop()
    finally:
        server.stop()
        remove(server.cluster)


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    home.mkdir()
    folder = socket_folder(home, database_account())
    try:
        assert len(os.fsencode(folder)) < 80
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert socket_folder(home, database_account()) == folder
        folder.chmod(0o777)
        with pytest.raises(DataFolderUnusable, match="not a private folder"):
            socket_folder(home, database_account())
    finally:
        folder.rmdir()


def test_a_cluster_of_another_version_is_refused(server: EmbeddedServer) -> None:
    server.stop()
    (server.cluster.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterBroken, match="made by PostgreSQL 17"):
        server.start()
    (server.cluster.folder / "PG_VERSION").write_text("18\n")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: folder.write_text("a file"), "File exists"),
        (lambda folder: (folder.mkdir(), folder.chmod(0o777)), "chmod o-w"),
    ],
)
def test_an_unusable_data_folder_is_named(
    tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    prepare(tmp_path / "data")
    with pytest.raises(DataFolderUnusable, match=message):
        EmbeddedServer(tmp_path / "data").start()


def test_programs_the_account_cannot_reach_are_copied_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reaches = Account.reaches
    monkeypatch.setattr(embedded, "SHARED_STATE", tmp_path)
    monkeypatch.setattr(
        Account,
        "reaches",
        lambda account, path: path.name != "postgres" and reaches(account, path),
    )
    binaries = reachable_binaries(database_account())
    assert binaries.is_relative_to(tmp_path)
    assert reachable_binaries(database_account()) == binaries
    assert Account().run([str(binaries / "postgres"), "--version"]).startswith("postgres (Postgr")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as somebody else")
async def test_root_goes_on_as_whoever_made_the_cluster(server: EmbeddedServer) -> None:
    server.stop()
    nobody = Account(65534, 65534)
    for path in (server.cluster.folder, *server.cluster.folder.rglob("*")):
        nobody.owns(path)
    nobody.owns(server.cluster.socket_folder)
    server.start()
    assert server.cluster.account == nobody
    assert await answer(server) == 1


def kill_user(server: EmbeddedServer) -> None:
    """Let go of the lock as the kernel does for a killed process, without any order."""
    assert server._presence is not None
    os.close(server._presence)
    server._presence = None
