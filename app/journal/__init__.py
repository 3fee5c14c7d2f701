"""The journal: an append-only store for the domain's events, with group commit and a tree."""

from app.journal.journal import Journal

__all__ = ["Journal"]
