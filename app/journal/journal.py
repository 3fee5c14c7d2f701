"""The journal as the rest of the service sees it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import AggregateEvent

from app.database import BY_KEY, Database, Pool
from app.journal.envelope import Append, Appended, StoredEntry
from app.journal.errors import AlreadyAppended
from app.journal.follower import Follower
from app.journal.group_commit import OUTCOME, GroupCommit
from app.journal.keys import KeyProvider, StreamKeys
from app.journal.mapper import EventMapper
from app.journal.persons import PersonKey, PersonKeys
from app.journal.reader import NO_END, Reader
from domain.merkle import Head
from domain.personal_data import PersonalData
from domain.recorded import RecordedEvent
from projections.view import View

READ_CONNECTIONS = 8


class Journal:
    """Append, read, follow and prove. Any number of processes may share one database."""

    def __init__(self, database: Database, provider: KeyProvider, views: Sequence[View]) -> None:
        self.keys = StreamKeys(provider)
        self.mapper = EventMapper(self.keys)
        self.fingerprint = provider.fingerprint
        self._persons = PersonKeys(provider)
        self._reader = Reader(self.keys)
        self._group_commit = GroupCommit(database, self._reader, views)
        self._follower = Follower(database)
        self._pool = database.pool(READ_CONNECTIONS, **BY_KEY)

    @classmethod
    async def open(
        cls, database: Database, provider: KeyProvider, views: Sequence[View] = ()
    ) -> Self:
        """A running journal; `views` are kept up to date inside each append."""
        journal = cls(database, provider, views)
        await journal._pool
        await journal._follower.start()
        journal._group_commit.start()
        return journal

    async def close(self) -> None:
        """Finish the batch in flight and what waits behind it, then let go."""
        await self._group_commit.close()
        await self._follower.close()
        await self._pool.close()

    @property
    def lookups(self) -> Pool:
        """The connections it reads with, for whatever else is looked up by key."""
        return self._pool

    @property
    def appended(self) -> tuple[int, int]:
        """Batches and entries that this process has appended so far."""
        return self._group_commit.batches, self._group_commit.entries

    async def append(self, append: Append) -> Appended:
        """Record, durably, all or nothing. Raises what `app.journal.errors` names."""
        return await self._group_commit.append(append)

    async def load_keys(self, stream_ids: Collection[UUID]) -> None:
        """Have the keys of these streams at hand, as far as they exist."""
        if self.keys.missing(stream_ids):
            async with self._pool.acquire() as connection:
                await self.keys.load(connection, stream_ids)

    async def cipher_now(self, stream_id: UUID) -> AESGCM | None:
        """The cipher of a stream, from the database each time; None: its key is not active."""
        async with self._pool.acquire() as connection:
            return await self.keys.fresh(connection, stream_id)

    async def keys_of_persons(self, subjects: Collection[UUID]) -> Mapping[UUID, PersonKey]:
        """Keys to seal who somebody is under. Raises `errors.PersonKeyClosed`."""
        async with self._pool.acquire() as connection:
            return await self._persons.for_writing(connection, subjects)

    async def reporter(
        self, case_id: UUID, subject: UUID, split_from: Sequence[UUID] = ()
    ) -> PersonalData:
        """Who the reporter of a case is. Nobody is shown it before the reading is recorded.

        split_from: the cases of which it was a part, where the same person may be spoken of.
        """
        async with self._pool.acquire() as connection:
            return await self._persons.reporter(connection, [*split_from, case_id], subject)

    async def outcome(self, principal: str, command_id: UUID) -> AlreadyAppended | None:
        """What a command id did the first time, or None if it was never recorded."""
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(OUTCOME, principal, command_id)
        return AlreadyAppended(row["input_hash"], Appended(*row[1:])) if row else None

    async def read_stream(self, stream_id: UUID, after_version: int = 0) -> list[RecordedEvent]:
        """The events of one stream, in version order."""
        async with self._pool.acquire() as connection:
            found = await self._reader.streams(connection, [stream_id], after_version=after_version)
        return found.get(stream_id, [])

    async def read_streams(
        self, stream_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[RecordedEvent]]:
        """The events of several streams; streams without any are left out."""
        async with self._pool.acquire() as connection:
            return await self._reader.streams(connection, stream_ids)

    async def versions_of(self, stream_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """The newest version of each of several streams; those without events are left out."""
        async with self._pool.acquire() as connection:
            return await self._reader.versions(connection, stream_ids)

    async def events_of_streams(
        self, stream_ids: Collection[UUID], after_version: int = 0
    ) -> Mapping[UUID, Sequence[AggregateEvent]]:
        """The bare events of several streams, for replaying them; those without are left out."""
        async with self._pool.acquire() as connection:
            return await self._reader.events_of_streams(connection, stream_ids, after_version)

    async def read(
        self, after: int = 0, until: int | None = None, batch: int = 1000
    ) -> AsyncIterator[list[RecordedEvent]]:
        """Events after a position, up to `until` (default: what is there now), in batches."""
        async with self._pool.acquire() as connection:
            end = NO_END if until is None else until
            async for events in self._reader.by_position(connection, after, end, batch):
                yield events

    async def read_entries(
        self, after: int = 0, until: int | None = None, batch: int = 1000
    ) -> AsyncIterator[list[StoredEntry]]:
        """Entries as stored, after a position, up to `until`, in batches."""
        async with self._pool.acquire() as connection:
            end = NO_END if until is None else until
            async for entries in self._reader.stored(connection, after, end, batch):
                yield entries

    async def head(self) -> Head:
        """Size and root over everything committed."""
        async with self._pool.acquire() as connection:
            return await self._reader.head(connection)

    async def leaf_hash(self, position: int) -> bytes:
        """Leaf hash of entry `position`. Raises `reader.PositionBeyondHead`."""
        async with self._pool.acquire() as connection:
            return await self._reader.leaf_hash(connection, position)

    async def inclusion(self, position: int, size: int) -> list[bytes]:
        """Audit path of entry `position` (1..size) in the tree of `size` entries."""
        async with self._pool.acquire() as connection:
            return await self._reader.inclusion(connection, position, size)

    async def consistency(self, old: int, size: int) -> list[bytes]:
        """Proof that the tree of `size` entries continues the tree of `old` (0 < old <= size)."""
        async with self._pool.acquire() as connection:
            return await self._reader.consistency(connection, old, size)

    def follow(self, after: int) -> AsyncIterator[int]:
        """The head position each time it has grown beyond `after` and beyond the one before."""
        return self._follower.follow(after)
