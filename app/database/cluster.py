"""One PostgreSQL cluster of our own: made, started, stopped, by PostgreSQL's own programs.

It listens on a unix socket in a private folder only, asks everybody for a password (SCRAM), and
is told nothing that would write statements or their parameters into its log.
"""

import os
import shlex
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil

from app.database.account import Account, ProgramFailed

SUPERUSER: Final = "postgres"
PORT: Final = 5432
SOCKET_NAME_LIMIT: Final = 107
"""Bytes in the path of a unix socket (sun_path less its terminator)."""

PG_HBA: Final = """\
# Written by Wardbook. The socket's folder is private; a password is asked for all the same.
local all         all scram-sha-256
local replication all scram-sha-256
"""

CONFIGURATION: Final = """\
# Written by Wardbook.
listen_addresses = ''
port = {port}
unix_socket_permissions = 0700
max_connections = 100
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
jit = off

# An import writes at random places of many indexes. They stay in memory, and are written out so
# seldom that the write-ahead log does not hold each of their pages whole time and again.
shared_buffers = '{buffers}MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'

# A log that stays small, and holds no statement and no value: they may be personal data.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_statement = 'none'
log_min_error_statement = 'panic'
log_min_duration_statement = -1
log_error_verbosity = 'terse'
"""

MOST_BUFFERS: Final = 512
LEAST_BUFFERS: Final = 128
"""MB: PostgreSQL's own default. In between it is an eighth of the machine's memory."""

NOT_DURABLE: Final = """
# For tests: a crash of the machine loses this cluster; a crash of PostgreSQL does not.
fsync = off
full_page_writes = off
"""


class ClusterBroken(Exception):
    """The cluster cannot be used as it is; the message says why."""


@dataclass(frozen=True)
class Cluster:
    """A cluster in `folder`, run by the programs in `binaries` as `account`.

    socket_folder: short enough for a socket, private to the account.
    durable: False for tests only.
    """

    folder: Path
    socket_folder: Path
    binaries: Path
    account: Account
    durable: bool = True
    password: str = field(default="", repr=False)

    def dsn(self, user: str, password: str, database: str) -> str:
        """How to connect to it."""
        credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return (
            f"postgresql://{credentials}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_folder), safe='/')}&port={PORT}"
        )

    @property
    def admin_dsn(self) -> str:
        """How the superuser connects: for migrations and for making databases."""
        return self.dsn(SUPERUSER, self.password, "postgres")

    @property
    def exists(self) -> bool:
        """Whether it has been made."""
        return (self.folder / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster. A half-made one, from a start that was killed, is made anew."""
        making = self.folder.with_name(f"{self.folder.name}.making")
        if making.exists():
            shutil.rmtree(making)
        password_file = self.folder.with_name(f"{self.folder.name}.password")
        password_file.unlink(missing_ok=True)
        _private_folder(making, self.account)
        try:
            descriptor = os.open(password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self.password)
            self.account.owns(password_file)
            self.account.run(self._initdb(making, password_file))
        finally:
            password_file.unlink(missing_ok=True)
        self._configure(making)
        making.rename(self.folder)

    def _initdb(self, making: Path, password_file: Path) -> list[str]:
        command = [
            str(self.binaries / "initdb"),
            f"--pgdata={making}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ]
        if self.major_version() >= 17:  # noqa: PLR2004 - the first with a provider of its own
            command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        return command if self.durable else [*command, "--no-sync"]

    def _configure(self, making: Path) -> None:
        (making / "pg_hba.conf").write_text(PG_HBA)
        eighth = psutil.virtual_memory().total // 2**20 // 8
        buffers = max(LEAST_BUFFERS, min(MOST_BUFFERS, eighth))
        settings = CONFIGURATION.format(port=PORT, buffers=buffers)
        if not self.durable:
            settings += NOT_DURABLE
        configuration = making / "wardbook.conf"
        configuration.write_text(settings)
        configuration.chmod(0o600)
        self.account.owns(configuration)
        with (making / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'wardbook.conf'\n")

    def start(self, patience: float = 300) -> None:
        """Start it, recovering whatever a crash left behind. `patience`: seconds, for recovery."""
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        if made_by != str(self.major_version()):
            raise ClusterBroken(
                f"{self.folder} was made by PostgreSQL {made_by}, "
                f"the programs here are PostgreSQL {self.major_version()}"
            )
        self._bury(patience=20)
        options = f"-k {shlex.quote(str(self.socket_folder))}"
        command = [
            str(self.binaries / "pg_ctl"),
            *("start", "--wait", f"--timeout={patience:.0f}", "--silent"),
            *("--pgdata", str(self.folder), "--log", str(self.folder / "startup.log")),
            *("--options", options),
        ]
        try:
            self.account.run(command, timeout=patience + 30)
        except ProgramFailed as failure:
            raise ClusterBroken(f"{failure}; see {self.folder / 'startup.log'}") from None

    def stop(self) -> None:
        """Stop it in order; nothing happens where it has already gone."""
        command = [str(self.binaries / "pg_ctl"), "stop", "--mode=fast", "--wait", "--silent"]
        if self.pid() is not None:
            with suppress(ProgramFailed):
                self.account.run([*command, "--pgdata", str(self.folder)], timeout=90)

    def pid(self) -> int | None:
        """The process id of the running server, or None."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _works_in(pid, self.folder) else None

    def running(self) -> bool:
        """Whether the server runs (it may still be recovering)."""
        return self.pid() is not None

    def kill(self) -> None:
        """Kill the server as a crash would, and see it gone, for fault tests."""
        if (pid := self.pid()) is not None:
            os.kill(pid, signal.SIGKILL)
            while _works_in(pid, self.folder):
                time.sleep(0.01)

    def major_version(self) -> int:
        """The major version of the programs."""
        printed = self.account.run([str(self.binaries / "postgres"), "--version"])
        return int(printed.split()[2].split(".")[0])

    def _bury(self, patience: float) -> None:
        """Let the orphans of a killed server end, then remove the lock files it left.

        PostgreSQL itself takes a pid in them that is a zombie, or that now is somebody else's, for
        a running server and refuses to start: common in containers, where pids are few.
        """
        until = time.monotonic() + patience
        while orphans := [pid for pid in psutil.pids() if _works_in(pid, self.folder)]:
            if time.monotonic() > until:
                raise ClusterBroken(f"processes {orphans} still use {self.folder}")
            time.sleep(0.02)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}.lock", f".s.PGSQL.{PORT}"):
            (self.socket_folder / name).unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    """Whether `pid` is a PostgreSQL process of this cluster: each has the folder as its own."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and Path(process.cwd()) == folder.resolve()
    except (psutil.Error, OSError):
        return False


def _private_folder(path: Path, account: Account) -> None:
    path.mkdir(mode=0o700, parents=True)
    path.chmod(0o700)
    account.owns(path)
