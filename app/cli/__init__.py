"""The command line: `wardbook`. See `app.cli.commands` for how a command is added."""

from app.cli.main import main

__all__ = ["main"]
