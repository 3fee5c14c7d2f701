"""The demonstration district: made up, the same for the same seed, by the real commands."""
