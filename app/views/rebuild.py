"""Builds a view anew from the journal, beside the live tables, and puts it in their place.

1. Tables like the live ones are made in the schema `rebuild` and filled from position 1 on, in
   batches, while the service goes on.
2. With the journal standing still for a moment, both sets reach the same position, and a snapshot
   is taken; appends go on while checksums of the tables are compared in it.
3. Where nothing differs, or the operator accepts what does, the journal stands still again: the
   new tables catch up and change places with the live ones in one transaction. The old ones are
   kept in the schema `retired`, and `roll_back` brings them back.

Nothing but these tables is written: what follows the journal hears of no event twice.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import random
from typing import Final, TypeVar

import asyncpg

from app.database import BY_KEY, Connection, Database, Pooled
from app.journal import Journal
from app.views.followers import past_before
from projections.view import ResumableView

BATCH: Final = 2000
TRIES: Final = 100
PAUSE_SECONDS: Final = 0.05
LOCK_PATIENCE: Final = "2s"
"""How long to wait for others with the journal standing still, before letting it go on."""

ONLY_ONE_SQL: Final = "SELECT pg_try_advisory_lock(hashtextextended('wardbook.rebuild', 0))"
STAND_STILL_SQL: Final = "SELECT size FROM journal.head FOR UPDATE"
EXISTS_SQL: Final = "SELECT to_regclass(format('%I.%I', $1::text, $2::text)) IS NOT NULL"
SNAPSHOT_SQL: Final = "SELECT size FROM journal.head"
BUILT_SQL: Final = "SELECT view, version FROM views.versions"
VERSION_SQL: Final = """
    INSERT INTO views.versions (view, version) VALUES ($1, $2)
    ON CONFLICT (view) DO UPDATE SET version = excluded.version
"""

# Names of tables cannot be parameters; these are the views' own constants, quoted by format().
MAKE_SQL: Final = (
    "SELECT format('CREATE TABLE rebuild.%1$I (LIKE views.%1$I INCLUDING ALL)', $1::text)"
)
DROP_SQL: Final = "SELECT format('DROP TABLE IF EXISTS %I.%I', $1::text, $2::text)"
MOVE_SQL: Final = "SELECT format('ALTER TABLE %I.%I SET SCHEMA %I', $1::text, $2::text, $3::text)"
ANALYZE_SQL: Final = "SELECT format('ANALYZE rebuild.%I', $1::text)"
# An append may hold the view's tables while it waits for the head: whoever has the head does not
# wait for the tables, or both would wait for ever.
HOLD_SQL: Final = f"""
    SELECT '{STAND_STILL_SQL}; LOCK TABLE ' || string_agg(format('views.%I', name), ', ')
        || ' IN SHARE ROW EXCLUSIVE MODE NOWAIT'
    FROM unnest($1::text[]) AS t (name)
"""  # noqa: S608 - constants
CHECKSUM_SQL: Final = """
    SELECT format(
        'SELECT count(*) AS rows, coalesce(sum(hash_record_extended(r, 0)::numeric), 0)::text AS sum
        FROM %I.%I AS r', $1::text, $2::text)
"""
DIFFERENT_SQL: Final = """
    SELECT format(
        'SELECT count(*) FROM (
            SELECT hash_record_extended(r, 0) FROM %1$I.%3$I AS r
            EXCEPT ALL SELECT hash_record_extended(r, 0) FROM %2$I.%3$I AS r
        ) AS different', $1::text, $2::text, $3::text)
"""

Done = TypeVar("Done")

Progress = Callable[[int, int], None]
"""Called with the position reached and the head."""


class RebuildRefused(Exception):
    """A rebuild cannot go on; the message says why, and nothing changed."""


@dataclass(frozen=True)
class TableChecksum:
    """A table, live and rebuilt, at one position.

    *_rows: how many rows. only_live, only_rebuilt: rows without their like on the other side.
    """

    table: str
    live_rows: int
    rebuilt_rows: int
    only_live: int
    only_rebuilt: int

    @property
    def same(self) -> bool:
        """Whether both hold the same rows."""
        return self.only_live == self.only_rebuilt == 0


@dataclass(frozen=True)
class Rebuilt:
    """What came of a rebuild. position: at which the tables were compared."""

    view: str
    position: int
    tables: tuple[TableChecksum, ...]
    switched: bool

    @property
    def same(self) -> bool:
        """Whether the live tables held what the journal says."""
        return all(table.same for table in self.tables)


class Rebuild:
    """One view's rebuild. Use `rebuilding`."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        view: ResumableView,
        connection: Connection,
        progress: Progress,
    ) -> None:
        self._database = database
        self._journal = journal
        self._view = view
        self._connection = connection
        self._progress = progress

    async def run(self, *, accept_difference: bool) -> Rebuilt:
        """Build, compare, and switch where nothing differs or that is accepted."""
        async with self._connection.transaction():
            for table in self._view.tables:
                await self._do(DROP_SQL, "rebuild", table)
                await self._do(MAKE_SQL, table)
        await self._catch_up(await self._live_position())
        for table in self._view.tables:
            await self._do(ANALYZE_SQL, table)
        position, tables = await self._compare()
        same = all(table.same for table in tables)
        if same or accept_difference:
            await self._switch()
        return Rebuilt(self._view.name, position, tables, switched=same or accept_difference)

    async def roll_back(self) -> None:
        """Bring the tables that were replaced last back, up to date. Raises RebuildRefused."""
        for table in self._view.tables:
            if not await self._connection.fetchval(EXISTS_SQL, "retired", table):
                raise RebuildRefused(f"no earlier tables of {self._view.name} are kept")
        await self._connection.execute("SET search_path TO retired, journal")
        await self._catch_up(await self._live_position())
        await self._switch(source="retired")

    async def _live_position(self) -> int:
        """Where the live tables are; those of a view that follows may be behind the journal."""
        connection = await self._database.connect()
        try:
            return await self._view.position(connection)
        finally:
            await connection.close()

    async def _catch_up(self, until: int) -> None:
        """Take in what the journal holds beyond the rebuilt tables, up to a position."""
        view = self._view
        position = await view.position(self._connection)
        self._progress(position, until)
        async for events in self._journal.read(position, until, BATCH):
            past = past_before(self._journal, events[0].position)
            async with self._connection.transaction():
                await view.apply(self._connection, events, past)
            position = events[-1].position
            self._progress(position, until)

    @asynccontextmanager
    async def _standing_still(self) -> AsyncIterator[tuple[Connection, int]]:
        """Nothing is appended and nothing written to the view: a transaction, and the position."""
        connection = await self._database.connect(lock_timeout=LOCK_PATIENCE)
        try:
            # Both at once, so that no append comes between them.
            hold = await connection.fetchval(HOLD_SQL, list(self._view.tables))
            async with connection.transaction():
                await connection.execute(hold)
                yield connection, await self._view.position(connection)
        finally:
            await connection.close()

    async def _compare(self) -> tuple[int, tuple[TableChecksum, ...]]:
        snapshot = await self._database.connect()
        try:
            async with snapshot.transaction(isolation="repeatable_read", readonly=True):
                position = await self._patiently(lambda: self._same_position(snapshot))
                tables = [await _checksum(snapshot, table) for table in self._view.tables]
        finally:
            await snapshot.close()
        return position, tuple(tables)

    async def _same_position(self, snapshot: Connection) -> int:
        """Bring both sets to one position, and let `snapshot` see them there."""
        async with self._standing_still() as (_, position):
            await self._catch_up(position)
            await snapshot.fetchval(SNAPSHOT_SQL)
        return position

    async def _switch(self, source: str = "rebuild") -> None:
        await self._patiently(lambda: self._try_to_switch(source))

    async def _try_to_switch(self, source: str) -> None:
        view = self._view
        async with self._standing_still() as (connection, position):
            await self._catch_up(position)
            for table in view.tables:
                if source != "rebuild":
                    await _execute(connection, DROP_SQL, "rebuild", table)
                    await _execute(connection, MOVE_SQL, source, table, "rebuild")
                await _execute(connection, DROP_SQL, "retired", table)
                await _execute(connection, MOVE_SQL, "views", table, "retired")
                await _execute(connection, MOVE_SQL, "rebuild", table, "views")
            await connection.execute(VERSION_SQL, view.name, view.version)

    async def _patiently(self, attempt: Callable[[], Awaitable[Done]]) -> Done:
        """Try until nobody holds what is needed; in between, the journal goes on."""
        for _ in range(TRIES):
            try:
                return await attempt()
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(PAUSE_SECONDS * random())  # noqa: S311
        raise RebuildRefused(f"{self._view.name} was in use without a pause; try again")

    async def _do(self, statement: str, *names: str) -> None:
        await _execute(self._connection, statement, *names)


@asynccontextmanager
async def rebuilding(
    database: Database,
    journal: Journal,
    view: ResumableView,
    progress: Progress = lambda _position, _head: None,
) -> AsyncIterator[Rebuild]:
    """A rebuild of a view; one at a time. Raises RebuildRefused where another is under way."""
    async with AsyncExitStack() as stack:
        connection = await database.connect(
            # What is lost in a crash is built again: no need to wait for the disk.
            search_path="rebuild, journal",
            synchronous_commit="off",
            **BY_KEY,
        )
        stack.push_async_callback(connection.close)
        if not await connection.fetchval(ONLY_ONE_SQL):
            raise RebuildRefused("another rebuild is under way")
        yield Rebuild(database, journal, view, connection, progress)


async def _checksum(snapshot: Connection, table: str) -> TableChecksum:
    """Compare a table by a hash that does not depend on the order of rows."""
    live, rebuilt = [
        await snapshot.fetchrow(await snapshot.fetchval(CHECKSUM_SQL, schema, table))
        for schema in ("views", "rebuild")
    ]
    assert live is not None  # noqa: S101 - an aggregate has one row
    assert rebuilt is not None  # noqa: S101 - as above
    only_live = only_rebuilt = 0
    if tuple(live) != tuple(rebuilt):
        only_live = await _only_in(snapshot, "views", "rebuild", table)
        only_rebuilt = await _only_in(snapshot, "rebuild", "views", table)
    return TableChecksum(table, live["rows"], rebuilt["rows"], only_live, only_rebuilt)


async def _only_in(snapshot: Connection, schema: str, other: str, table: str) -> int:
    number: int = await snapshot.fetchval(
        await snapshot.fetchval(DIFFERENT_SQL, schema, other, table)
    )
    return number


async def _execute(connection: Connection, statement: str, *names: str) -> None:
    await connection.execute(await connection.fetchval(statement, *names))


async def outdated(connection: Pooled, views: Sequence[ResumableView]) -> list[str]:
    """Why views must be rebuilt: a sentence for each that another version of it built."""
    built = {row["view"]: row["version"] for row in await connection.fetch(BUILT_SQL)}
    return [
        f"the view {view.name} was built by version {built.get(view.name)} of it, and this is "
        f"version {view.version}: run `wardbook rebuild {view.name}`"
        for view in views
        if built.get(view.name) != view.version
    ]
