"""The commands of `wardbook`, one module each, found by name.

To add `wardbook NAME`, add `NAME.py` here (`import_.py` for a name that Python reserves) with
either a function `command`, whose parameters and docstring are the command line, and `EXAMPLES`
of it, or a `typer.Typer` named `group` for a command with subcommands. Only the module that is
asked for is imported.
"""
