"""Which exception ends a command with which exit code; expected ones without a traceback."""

from typing import Final

from app.cli.exit_codes import ExitCode
from app.database import UNREACHABLE
from app.database.account import NoAccount, ProgramFailed
from app.database.cluster import ClusterBroken
from app.database.embedded import DataFolderUnusable
from app.database.guards import DatabaseNotTrusted
from app.database.migrate import MigrationRefused
from app.identity import TokenKeysUnusable
from app.journal.errors import KeyUnavailable
from app.settings import InvalidSettings
from domain.refusal import Refusal


class CommandFailed(Exception):
    """A command cannot go on, for a reason its user can act upon."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.REFUSED) -> None:
        self.exit_code = exit_code
        super().__init__(message)


REFUSED: Final = (
    DatabaseNotTrusted,
    MigrationRefused,
    DataFolderUnusable,
    KeyUnavailable,
    TokenKeysUnusable,
    Refusal,
)
BROKEN: Final = (ClusterBroken, NoAccount, ProgramFailed)


def expected(error: BaseException) -> tuple[ExitCode, str] | None:
    """The exit code and the message of an expected failure; None for a fault of ours."""
    match error:
        case CommandFailed():
            return error.exit_code, str(error)
        case InvalidSettings():
            return ExitCode.USAGE, str(error)
        case _ if isinstance(error, REFUSED):
            return ExitCode.REFUSED, str(error)
        case _ if isinstance(error, (*BROKEN, *UNREACHABLE)):
            return ExitCode.UNREACHABLE, _unreachable(error)
        case _:
            return None


def _unreachable(error: BaseException) -> str:
    """What the driver says, without its traceback; `wardbook doctor` looks closer."""
    said = str(error).strip().splitlines()
    reason = said[0] if said else type(error).__name__
    return f"The database cannot be reached: {reason}"
