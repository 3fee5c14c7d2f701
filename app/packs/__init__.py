"""Packs: catalogue, routing, work calendars, policies and metrics as a folder of TOML."""
