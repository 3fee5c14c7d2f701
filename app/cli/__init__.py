"""The command line: `wardbook`. See `app.cli.commands` for how a command is added."""
