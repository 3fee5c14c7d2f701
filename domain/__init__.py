"""What is true and what is allowed: aggregates, commands, permissions. No clock, no I/O."""
