"""Output: results on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, Final, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.markup import escape

Result = TypeVar("Result")

out: Final = Console()
"""Results, for people."""
err: Final = Console(stderr=True)
"""Progress, hints and errors."""

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, for machines.")
]
"""The `--json` option every command with a result has."""


def examples(*lines: str) -> str:
    """What stands below the help of a command; an empty line between, or Rich would join them."""
    return "\n\n".join(("[bold]Examples[/]", *(f"[dim]$[/] {escape(line)}" for line in lines)))


def print_json(document: object) -> None:
    """The result of a command, for machines."""
    print_plain(json.dumps(document, ensure_ascii=False, default=str))


def print_plain(text: str) -> None:
    """A text that is the result itself, untouched by Rich."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's coroutine to its end."""
    return uvloop.run(main)
