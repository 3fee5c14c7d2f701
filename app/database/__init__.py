"""The database: where it runs, how it is set up, and whom it may be trusted to."""

from app.database.connections import BY_KEY, UNREACHABLE, Connection, Database, Pool, Pooled

__all__ = ["BY_KEY", "UNREACHABLE", "Connection", "Database", "Pool", "Pooled"]
