"""Lets a view say what it would write, so that it can be written together with the entries."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from projections.view import Connection

Write = tuple[str, tuple[object, ...]]
"""A statement and its parameters."""


class ReadsBack(Exception):
    """The view wants to see what it wrote, or does what cannot wait."""


class Deferred:
    """Stands for a connection: reads as soon as one is free, keeps what is written for later."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
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
        return await (await self._reading()).fetch(query, *values)

    async def fetchrow(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Read a row."""
        return await (await self._reading()).fetchrow(query, *values)

    async def fetchval(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Read a value."""
        return await (await self._reading()).fetchval(query, *values)

    async def _reading(self) -> Connection:
        if self.writes:
            raise ReadsBack
        return await self._connect()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as asyncpg has it
        raise ReadsBack(name)
