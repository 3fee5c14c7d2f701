"""The system account that PostgreSQL's programs run as: PostgreSQL refuses to run as root.

Started by anybody but root, they run as that user and nothing here does anything. Started by
root, they run as an unprivileged account; no permission of an existing folder is ever widened
for it: what the account cannot reach is placed where it can (`app/database/embedded.py`).
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KNOWN_ACCOUNTS: Final = ("postgres", "wardbook")
NEW_ACCOUNT: Final = "wardbook"


class NoAccount(Exception):
    """PostgreSQL does not run as root, and there is no account it could run as."""


class ProgramFailed(Exception):
    """A program of PostgreSQL ended with an error; the message carries what it said."""


@dataclass(frozen=True)
class Account:
    """Whom programs run as. uid None: as the user of this process."""

    uid: int | None = None
    gid: int | None = None

    def owns(self, path: Path) -> None:
        """Hand `path`, which this process has just made, to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether the account can enter the folder (or run the program) at `path`."""
        if self.uid is None:
            return os.access(path, os.X_OK)
        return self._finished(["test", "-x", str(path)], timeout=30).returncode == 0

    def run(self, command: Sequence[str], timeout: float = 120) -> str:
        """Run a program to its end and return what it printed. Raises ProgramFailed."""
        finished = self._finished(command, timeout)
        if finished.returncode != 0:
            said = (finished.stderr.strip() or finished.stdout.strip()).splitlines()
            program = Path(command[0]).name
            raise ProgramFailed(f"{program} failed ({finished.returncode}): {' / '.join(said)}")
        return finished.stdout

    def _finished(self, command: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - programs of our own choosing, never a shell
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=_environment(os.environ),
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )


def _environment(outer: Mapping[str, str]) -> dict[str, str]:
    """No PGHOST, PGDATA or LC_ALL of the user's must reach a cluster of ours."""
    kept = {name: outer[name] for name in ("PATH", "TMPDIR", "TZ") if name in outer}
    return {**kept, "LC_ALL": "C"}


def database_account() -> Account:
    """The account for this process; as root on a bare machine it is created. Raises NoAccount."""
    if os.geteuid() != 0:
        return Account()
    for name in KNOWN_ACCOUNTS:
        if (account := _known(name)) is not None:
            return account
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise NoAccount(
            "PostgreSQL does not run as root: run Wardbook as another user, "
            f"or add a system account named {NEW_ACCOUNT}"
        )
    Account().run([useradd, "--system", "--no-create-home", "--shell", "/bin/false", NEW_ACCOUNT])
    account = _known(NEW_ACCOUNT)
    if account is None:
        raise NoAccount(f"useradd did not add the account {NEW_ACCOUNT}")
    return account


def _known(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)
