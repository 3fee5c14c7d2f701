"""What every view has: a name, a version, tables, and a handler for recorded events."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from domain.recorded import RecordedEvent

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:  # generic in asyncpg's stubs only
    Connection = asyncpg.Connection | PoolConnectionProxy

Past = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Sequence[RecordedEvent]]]]
"""Stream ids -> all events of these streams recorded before the batch, in version order."""


class View(Protocol):
    """A view is a pure function of the journal: the same events give the same rows.

    Its SQL names tables without a schema: the connection's search_path decides whether the live
    tables or those of a rebuild beside them are meant.
    """

    @property
    def name(self) -> str:
        """As in `wardbook rebuild NAME`."""
        ...

    @property
    def version(self) -> int:
        """Raised when the rows would come out differently; then the view must be rebuilt."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it owns, all in the schema `views`."""
        ...

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], past: Past
    ) -> None:
        """Fold a batch, in position order, inside the caller's transaction."""
        ...


class ResumableView(View, Protocol):
    """A view that can go on from where it is, after the commit or in a rebuild.

    How far it is lies in its own tables and is written in the transaction of its rows: a batch
    counts wholly or not at all, and never twice.
    """

    async def position(self, connection: Connection) -> int:
        """The last position it has taken in; 0 before the first."""
        ...


class OutOfStep(Exception):
    """A following view was given events that do not go on from where it is."""

    def __init__(self, name: str, position: int, given: int) -> None:
        super().__init__(f"{name} is at position {position} and was given position {given}")
