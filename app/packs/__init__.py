"""Packs: a catalogue, a routing policy and work calendars as a folder of TOML; some are ours."""
