"""How it runs: the journal, commands, identity, workers, the command line and the web."""
