"""What the exit code of every `wardbook` command means (README.md has the same table)."""

from enum import IntEnum


class ExitCode(IntEnum):
    """0 or a reason."""

    OK = 0
    REFUSED = 1
    """Refused, or a check failed. The message says what and why; nothing changed."""
    USAGE = 2
    """A setting or an argument is not usable."""
    UNREACHABLE = 3
    """The database cannot be reached."""
    PARTLY = 4
    """Some of the input was refused, each with its reason; the rest was taken."""
    FAULT = 70
    """A fault in Wardbook itself (EX_SOFTWARE)."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C (128 + SIGINT), as a shell would report it."""
