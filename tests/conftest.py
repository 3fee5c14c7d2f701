"""Fixtures for every test; those with a database are in tests/database.py."""
