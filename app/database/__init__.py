"""The database: where it runs, how it is set up, and whom it may be trusted to."""

from app.database.connections import UNREACHABLE, Connection, Database, Pool, Pooled

__all__ = ["UNREACHABLE", "Connection", "Database", "Pool", "Pooled"]
