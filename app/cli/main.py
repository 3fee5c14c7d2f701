"""Finds the commands, runs the one that is asked for, and ends with the right exit code."""

import os
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from traceback import print_exception
from typing import Final

import typer

from app.cli import commands
from app.cli.console import err, examples
from app.cli.errors import expected
from app.cli.exit_codes import ExitCode

HELP: Final = "Event-sourced case management for grassroots governance."


def main() -> None:
    """The entry point of `wardbook`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code."""
    try:
        build(arguments[:1])(args=list(arguments), prog_name="wardbook")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else ExitCode.OK
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader of our output has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the one place where everything ends
        return report(error)
    return ExitCode.OK


def report(error: Exception) -> ExitCode:
    """Say what went wrong: one message where it was to be expected, a traceback where not."""
    if (known := expected(error)) is None:
        print_exception(error)
        return ExitCode.FAULT
    exit_code, message = known
    err.print("[bold red]wardbook:[/]", end=" ")
    err.print(message, markup=False, highlight=False, soft_wrap=True)
    return exit_code


def build(wanted: Iterable[str] = ()) -> typer.Typer:
    """The command line with the command in `wanted`, or with all where it names none."""
    application = typer.Typer(
        name="wardbook",
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    application.callback()(_all_commands_of_one_program)
    modules = {module.rstrip("_"): module for module in names()}
    chosen = set(wanted) & set(modules) or set(modules)
    for name in sorted(chosen):
        _register(application, name, modules[name])
    return application


def names() -> list[str]:
    """The modules of `app.cli.commands`."""
    return [module.name for module in pkgutil.iter_modules(commands.__path__)]


def _register(application: typer.Typer, name: str, module_name: str) -> None:
    module = import_module(f"{commands.__name__}.{module_name}")
    if hasattr(module, "group"):
        application.add_typer(module.group, name=name)
    else:
        application.command(name, epilog=examples(*module.EXAMPLES))(module.command)


def _all_commands_of_one_program() -> None:
    """With a callback, Typer keeps the command's name even where only one is registered."""


if __name__ == "__main__":
    main()
