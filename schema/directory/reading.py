"""Entries that were read together: what hangs on each of them is read for all of them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Generic, TypeVar, cast

from domain.directory.vocabulary import Content
from projections.as_of import AsOf
from projections.directory import (
    DirectoryMoment,
    Entry,
    EntryFilter,
    Sight,
    count_entries,
    entries,
    list_entries,
    moment_of,
    sight_of,
)
from projections.paging import Page, PageRequest
from schema.context import Context

C = TypeVar("C", bound=Content)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Reading:
    """How one answer reads the directory: for whom, and as of which moment."""

    context: Context
    moment: DirectoryMoment

    @property
    def sight(self) -> Sight:
        """What the caller may see of it."""
        return sight_of(self.context.caller)

    async def all(self, kind: type[C], criteria: EntryFilter) -> list[Entry[C]]:
        """Every entry that matches."""
        async with self.context.reads.acquire() as connection:
            return await entries(connection, self.sight, kind, criteria, self.moment)

    async def page(self, kind: type[C], criteria: EntryFilter, page: PageRequest) -> Page[Entry[C]]:
        """A page of the entries that match."""
        async with self.context.reads.acquire() as connection:
            return await list_entries(connection, self.sight, kind, criteria, page, self.moment)

    async def count(self, kind: type[C], criteria: EntryFilter) -> int:
        """How many match."""
        async with self.context.reads.acquire() as connection:
            return await count_entries(connection, self.sight, kind, criteria, self.moment)


async def reading(context: Context, as_of: AsOf | None) -> Reading:
    """Reads the directory as of a moment; None: now."""
    async with context.reads.acquire() as connection:
        return Reading(context, await moment_of(connection, as_of))


@dataclass
class Group(Generic[C]):
    """Entries of one kind in one answer. A lookup is made once, and shared by all of them."""

    reading: Reading
    entries: Sequence[Entry[C]]
    _lookups: dict[str, asyncio.Task[Any]] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Their codes."""
        return [each.code for each in self.entries]

    def named(self, name: Callable[[C], Sequence[str | None]]) -> list[str]:
        """The codes that they name, each once."""
        codes = chain.from_iterable(name(each.content) for each in self.entries)
        return list(dict.fromkeys(code for code in codes if code is not None))

    async def shared(self, key: str, look_up: Callable[[], Awaitable[Found]]) -> Found:
        """One lookup for everybody who asks. Whoever stops waiting does not stop the others."""
        task = self._lookups.get(key)
        if task is None:
            task = self._lookups[key] = asyncio.ensure_future(look_up())
        return cast("Found", await asyncio.shield(task))
