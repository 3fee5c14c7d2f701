"""Lets a view say what it would write, so that it can be written together with the entries."""

from typing import Any, cast

from projections.view import Connection

Write = tuple[str, tuple[object, ...]]
"""A statement and its parameters."""


class ReadsBack(Exception):
    """The view wants to see what it wrote, or does what cannot wait."""


class Deferred:
    """Stands for a connection: reads at once, and keeps what is to be written for later."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.writes: list[Write] = []

    @property
    def connection(self) -> Connection:
        """As a view takes it: a view uses the four methods below, or finds that it cannot wait."""
        return cast("Connection", self)

    async def execute(self, query: str, *values: object) -> str:
        """Keep a write for later."""
        self.writes.append((query, values))
        return ""

    async def fetch(self, query: str, *values: object) -> list[Any]:
        """Read rows."""
        return await self._reading().fetch(query, *values)

    async def fetchrow(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Read a row."""
        return await self._reading().fetchrow(query, *values)

    async def fetchval(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Read a value."""
        return await self._reading().fetchval(query, *values)

    def _reading(self) -> Connection:
        if self.writes:
            raise ReadsBack
        return self._connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as asyncpg has it
        raise ReadsBack(name)
