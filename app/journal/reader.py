"""Reading the journal: by stream, by position, the stored bytes, head and tree."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg
from eventsourcing.domain import AggregateEvent

from app.journal.envelope import (
    Entry,
    EntryOfStream,
    StoredEntry,
    decode_entry,
    decode_entry_of_stream,
)
from app.journal.keys import StreamKeys
from app.journal.mapper import EventMapper
from app.journal.writer import LOWEST_STORED_LEVEL
from domain.merkle import Head, NodeAt, consistency_path, inclusion_path, node_hash, root_of
from domain.recorded import RecordedEvent
from projections.view import Connection

STREAMS = """
SELECT position, entry FROM journal.entries
WHERE stream_id = ANY($1::uuid[]) AND version > $2 AND ($3::bigint IS NULL OR position < $3)
ORDER BY stream_id, version
"""

BY_POSITION = """
SELECT position, entry FROM journal.entries
WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""

STORED = """
SELECT position, stream_id, version, topic, recorded_at, entry, leaf_hash
FROM journal.entries WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""

VERSIONS = "SELECT stream_id, version FROM journal.streams WHERE stream_id = ANY($1::uuid[])"

HEAD = "SELECT size, frontier FROM journal.head"

LEAVES = "SELECT position - 1 AS index, leaf_hash FROM journal.entries WHERE position = ANY($1)"

NODES = """
SELECT level, index, hash
FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, index)
JOIN journal.nodes USING (level, index)
"""

NO_END: Final = 2**63 - 1

PathFrom = Callable[[NodeAt], list[bytes]]


class PositionBeyondHead(Exception):
    """A position or tree size is larger than the journal."""


class Reader:
    """Decodes what is stored; holds no connection of its own."""

    def __init__(self, keys: StreamKeys) -> None:
        self._keys = keys
        self._mapper = EventMapper(keys)

    async def streams(
        self,
        connection: Connection,
        stream_ids: Collection[UUID],
        *,
        after_version: int = 0,
        before: int | None = None,
    ) -> Mapping[UUID, list[RecordedEvent]]:
        """The events of streams in version order; streams without any are left out."""
        rows = await connection.fetch(STREAMS, list(stream_ids), after_version, before)
        found: dict[UUID, list[RecordedEvent]] = {}
        for event in await self._decode(connection, rows):
            found.setdefault(event.stream_id, []).append(event)
        return found

    async def events_of_streams(
        self, connection: Connection, stream_ids: Collection[UUID], after_version: int = 0
    ) -> Mapping[UUID, list[AggregateEvent]]:
        """As `streams`, but the bare events: what replaying needs, in half the time."""
        rows = await connection.fetch(STREAMS, list(stream_ids), after_version, None)
        entries = [decode_entry_of_stream(row["entry"]) for row in rows]
        await self._keys.load(connection, {entry.stream_id for entry in entries})
        found: dict[UUID, list[AggregateEvent]] = {}
        for entry in entries:
            found.setdefault(entry.stream_id, []).append(self.event_of(entry))
        return found

    async def versions(
        self, connection: Connection, stream_ids: Collection[UUID]
    ) -> Mapping[UUID, int]:
        """The newest version of each stream; streams without events are left out."""
        rows = await connection.fetch(VERSIONS, list(stream_ids))
        return {row["stream_id"]: row["version"] for row in rows}

    async def by_position(
        self, connection: Connection, after: int, until: int, batch: int
    ) -> AsyncIterator[list[RecordedEvent]]:
        """Events after a position, in position order, in batches."""
        while rows := await connection.fetch(BY_POSITION, after, until, batch):
            yield await self._decode(connection, rows)
            after = rows[-1]["position"]

    async def stored(
        self, connection: Connection, after: int, until: int, batch: int
    ) -> AsyncIterator[list[StoredEntry]]:
        """Entries as they are stored, in position order, in batches."""
        while rows := await connection.fetch(STORED, after, until, batch):
            yield [StoredEntry(*row) for row in rows]
            after = rows[-1]["position"]

    async def head(self, connection: Connection) -> Head:
        """Size and root over everything committed."""
        row = (await connection.fetch(HEAD))[0]
        return Head(row["size"], root_of(row["frontier"]))

    async def leaf_hash(self, connection: Connection, position: int) -> bytes:
        """The leaf of the tree at a position. Raises PositionBeyondHead."""
        rows = await connection.fetch(LEAVES, [position])
        if not rows:
            raise PositionBeyondHead
        leaf: bytes = rows[0]["leaf_hash"]
        return leaf

    async def inclusion(self, connection: Connection, position: int, size: int) -> list[bytes]:
        """Audit path of an entry in the tree of `size` entries."""
        return await _path(
            connection, size, position, lambda at: inclusion_path(position - 1, size, at)
        )

    async def consistency(self, connection: Connection, old: int, size: int) -> list[bytes]:
        """Proof that the tree of `size` entries continues the tree of `old`."""
        return await _path(connection, size, old, lambda at: consistency_path(old, size, at))

    async def _decode(
        self, connection: Connection, rows: Sequence[asyncpg.Record]
    ) -> list[RecordedEvent]:
        entries = [(row["position"], decode_entry(row["entry"])) for row in rows]
        await self._keys.load(connection, {entry.stream_id for _, entry in entries})
        return [self.recorded(position, entry) for position, entry in entries]

    def event_of(self, entry: EntryOfStream) -> AggregateEvent:
        """The event of an entry; the key of its stream must have been loaded."""
        return self._mapper.event_of(entry)

    def recorded(self, position: int, entry: Entry) -> RecordedEvent:
        """An entry decoded and opened; the key of its stream must have been loaded."""
        return RecordedEvent(
            event=self._mapper.event_of(entry),
            event_id=entry.event_id,
            position=position,
            stream_id=entry.stream_id,
            version=entry.version,
            topic=entry.topic,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            actor=entry.actor,
            authority=entry.authority,
            channel=entry.channel,
            reason=self._mapper.reason_of(entry),
            command_id=entry.command_id,
            causation_id=entry.causation_id,
            correlation_id=entry.correlation_id,
        )


async def _path(connection: Connection, size: int, inside: int, path_from: PathFrom) -> list[bytes]:
    """Run a proof twice: first to learn which nodes it needs, then with their hashes."""
    row = (await connection.fetch(HEAD))[0]
    if not 0 < inside <= size <= row["size"]:
        raise PositionBeyondHead
    wanted: list[tuple[int, int]] = []

    def note(level: int, index: int) -> bytes:
        wanted.append((level, index))
        return b""

    path_from(note)
    node_at = await _nodes(connection, wanted)
    return path_from(node_at)


async def _nodes(connection: Connection, wanted: Sequence[tuple[int, int]]) -> NodeAt:
    """The wanted nodes: stored ones as they are, lower ones hashed from their leaves."""
    high = [node for node in wanted if node[0] >= LOWEST_STORED_LEVEL]
    levels, indexes = [level for level, _ in high], [index for _, index in high]
    stored: dict[tuple[int, int], bytes] = {
        (row["level"], row["index"]): row["hash"]
        for row in await connection.fetch(NODES, levels, indexes)
    }
    low = [node for node in wanted if node[0] < LOWEST_STORED_LEVEL]
    positions = [
        position
        for level, index in low
        for position in range((index << level) + 1, (index + 1 << level) + 1)
    ]
    leaves: dict[int, bytes] = {
        row["index"]: row["leaf_hash"] for row in await connection.fetch(LEAVES, positions)
    }

    def node_at(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        if level >= LOWEST_STORED_LEVEL:
            return stored[level, index]
        return node_hash(node_at(level - 1, 2 * index), node_at(level - 1, 2 * index + 1))

    return node_at
