"""Packs: a catalogue and a routing policy as a folder of TOML, some of which ship with us."""
