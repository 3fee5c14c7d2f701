"""How the service runs: journal, commands, identity, database, command line, web."""
