"""How the service connects to its database: dedicated connections, and a pool for reading."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import asyncpg
from asyncpg.pool import PoolConnectionProxy

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
    Pooled = Connection | PoolConnectionProxy[asyncpg.Record]
else:  # generic in asyncpg's stubs only
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool
    Pooled = asyncpg.Connection | PoolConnectionProxy

SERVICE_ROLE: Final = "wardbook_service"
"""Every connection of the service acts as this role; the login may have another name."""

CONNECT_TIMEOUT: Final = 10.0
"""Seconds until a server that does not answer counts as unreachable."""

SESSION: Final = {
    "application_name": "wardbook",
    "search_path": "views, journal",
    "role": SERVICE_ROLE,
    "timezone": "UTC",
    "jit": "off",
    # A connection whose process died must not hold the head row until TCP notices.
    "client_connection_check_interval": "10s",
    "idle_in_transaction_session_timeout": "5min",
}

READ_SESSION: Final = {
    **SESSION,
    # Static SQL with optional filters ($1 IS NULL OR stage = $1) is planned for the values given.
    "plan_cache_mode": "force_custom_plan",
    "default_transaction_read_only": "on",
    "statement_timeout": "15s",
    "lock_timeout": "5s",
}

BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""Of sessions that write views or look cases up by their ids: every statement there finds its rows
by key. Fresh tables without statistics must not talk the planner into reading them whole, nor into
planning anew each time: with all the conditions of a scope that takes longer than the search."""

UNREACHABLE: Final = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.PostgresConnectionError,
    asyncpg.ClientConfigurationError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    # What asyncpg raises on a connection that the server has just said it ends.
    asyncpg.InternalClientError,
)
"""What is raised where there is no such server, database or login, or where it goes away
(TimeoutError is an OSError)."""


@dataclass(frozen=True)
class Database:
    """One database, as the service's role sees it. The address carries a password: no repr."""

    dsn: str = field(repr=False)

    async def connect(self, **server_settings: str) -> Connection:
        """A dedicated connection; the caller closes it. Raises one of UNREACHABLE."""
        return await asyncpg.connect(
            self.dsn, timeout=CONNECT_TIMEOUT, server_settings={**SESSION, **server_settings}
        )

    async def log_in(self) -> Connection:
        """A connection of the login as it is, before it acts as the service: for checking it."""
        return await asyncpg.connect(
            self.dsn, timeout=CONNECT_TIMEOUT, server_settings={"application_name": "wardbook"}
        )

    def pool(self, size: int, **server_settings: str) -> Pool:
        """A pool for reading, at most `size` connections: `async with database.pool(8) as pool`.

        Its transactions are read-only and its statements bounded in time.
        """
        return asyncpg.create_pool(
            self.dsn,
            min_size=min(2, size),
            max_size=size,
            timeout=CONNECT_TIMEOUT,
            server_settings={**READ_SESSION, **server_settings},
            reset=_leave_as_is,
        )

    def counting_pool(self, size: int) -> Pool:
        """A pool for counting what callers ask: each statement is a transaction of its own."""
        return asyncpg.create_pool(
            self.dsn,
            min_size=1,
            max_size=size,
            timeout=CONNECT_TIMEOUT,
            server_settings={**SESSION, "statement_timeout": "5s", "lock_timeout": "2s"},
            reset=_leave_as_is,
        )


async def _leave_as_is(_connection: Pooled) -> None:
    """Reads change nothing in a session, so the default reset's round trip would buy nothing."""
