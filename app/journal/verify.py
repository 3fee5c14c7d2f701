"""Verification: what can be recomputed from the entries is recomputed and compared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.database import Connection
from app.journal.envelope import Entry, StoredEntry, decode_entry, encode_entry
from app.journal.reader import NO_END, Reader
from app.journal.writer import LOWEST_STORED_LEVEL
from domain.event import EVENT_TYPES
from domain.merkle import Head, grow, leaf_hash, root_of

ENTRIES_AT_A_TIME: Final = 2000
MOST_FINDINGS: Final = 100

STREAMS = "SELECT stream_id, version, hash FROM journal.streams"
NODES = "SELECT level, index, hash FROM journal.nodes"
HEAD = "SELECT size, frontier FROM journal.head"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written. position: where, if it has one."""

    code: str
    position: int | None
    detail: str


@dataclass
class Verification:
    """What a verification found out. head: size and root as recomputed from the entries."""

    head: Head
    streams: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


async def verify(
    reader: Reader,
    connection: Connection,
    against: Head | None = None,
    progress: Callable[[int], None] = lambda _position: None,
) -> Verification:
    """Recompute chain and tree from the entries; check columns, streams, nodes and head.

    One repeatable read, so that a running service does not disturb it. `against`: a size and root
    noted earlier, which the journal must continue. `progress` is told each position reached.
    At most 100 findings are kept: a journal with that many needs a person, not a longer list.
    """
    verifier = Verifier(against)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for entries in reader.stored(connection, 0, NO_END, ENTRIES_AT_A_TIME):
            for entry in entries:
                verifier.take(entry)
            progress(entries[-1].position)
        await _compare(verifier, connection)
    return verifier.finish()


class Verifier:
    """Takes entries one by one, in position order. Memory grows with streams, not with entries."""

    def __init__(self, against: Head | None = None) -> None:
        self.findings: list[Finding] = []
        self.frontier: list[bytes] = []
        self.streams: dict[UUID, tuple[int, bytes]] = {}
        self.nodes: dict[tuple[int, int], bytes] = {}
        self._against = against
        self._leaves = 0
        self._position = 0
        self._recorded_at: datetime | None = None

    @property
    def head(self) -> Head:
        """Size and root over the entries taken so far."""
        return Head(self._leaves, root_of(self.frontier))

    def find(self, code: str, position: int | None, detail: str) -> None:
        """Note something that is not as it was written."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, position, detail))

    def take(self, stored: StoredEntry) -> None:
        """The next entry."""
        if stored.position != self._position + 1:
            self.find("POSITION_MISSING", self._position + 1, "no entry has this position")
        self._position = stored.position
        leaf = leaf_hash(stored.entry)
        if leaf != stored.leaf_hash:
            self.find("LEAF_HASH_DIFFERS", stored.position, "entry and stored hash differ")
        for code, detail in self._problems(stored):
            self.find(code, stored.position, detail)
        self.streams[stored.stream_id] = (stored.version, leaf)
        self._grow(leaf)

    def finish(self) -> Verification:
        """Everything found out."""
        if self._against is not None and self._against.size > self._leaves:
            detail = f"{self._against.size} entries were noted, {self._leaves} are here"
            self.find("TRUNCATED", None, detail)
        return Verification(self.head, len(self.streams), self.findings)

    def _problems(self, stored: StoredEntry) -> Iterator[tuple[str, str]]:
        try:
            entry = decode_entry(stored.entry)
        except msgspec.DecodeError:
            yield "NOT_AN_ENTRY", "the bytes are not an entry"
            return
        if encode_entry(entry) != stored.entry:
            yield "NOT_CANONICAL", "the bytes are not in canonical form"
        for column in ("stream_id", "version", "topic", "recorded_at"):
            if getattr(entry, column) != getattr(stored, column):
                yield "COLUMN_DIFFERS", f"column {column} is not what the entry says"
        if entry.topic not in EVENT_TYPES:
            yield "UNKNOWN_TOPIC", f"no event has the topic {entry.topic}"
        yield from self._chain_problems(entry)

    def _chain_problems(self, entry: Entry) -> Iterator[tuple[str, str]]:
        version, previous = self.streams.get(entry.stream_id, (0, None))
        if entry.version != version + 1:
            yield "VERSION_MISSING", f"stream {entry.stream_id}: {version}, then {entry.version}"
        if entry.previous != (previous.hex() if previous is not None else None):
            yield "CHAIN_BROKEN", f"stream {entry.stream_id}, version {entry.version}"
        if self._recorded_at is not None and entry.recorded_at < self._recorded_at:
            yield "RECORDED_EARLIER", "recorded before the entry in front of it"
        self._recorded_at = entry.recorded_at

    def _grow(self, leaf: bytes) -> None:
        self.frontier, finished = grow(self._leaves, self.frontier, leaf)
        self._leaves += 1
        for node in finished:
            if node.level >= LOWEST_STORED_LEVEL:
                self.nodes[node.level, node.index] = node.hash
        noted = self._against
        if noted is not None and self._leaves == noted.size and self.head.root != noted.root:
            detail = f"the root over {self._leaves} entries is {self.head.root.hex()}"
            self.find("ROOT_DIFFERS", self._position, detail)


async def _compare(verifier: Verifier, connection: Connection) -> None:
    """Compare streams, nodes and head, as stored, with what the entries say."""
    streams = {
        row["stream_id"]: (row["version"], row["hash"]) for row in await connection.fetch(STREAMS)
    }
    for stream_id in streams.keys() | verifier.streams.keys():
        if streams.get(stream_id) != verifier.streams.get(stream_id):
            verifier.find("STREAM_DIFFERS", None, f"stream {stream_id}: its head is another")
    nodes = {(row["level"], row["index"]): row["hash"] for row in await connection.fetch(NODES)}
    for level, index in sorted(nodes.keys() | verifier.nodes.keys()):
        if nodes.get((level, index)) != verifier.nodes.get((level, index)):
            verifier.find("NODE_DIFFERS", None, f"tree node {index} of level {level}")
    row = (await connection.fetch(HEAD))[0]
    if row["size"] != verifier.head.size or list(row["frontier"]) != verifier.frontier:
        verifier.find("HEAD_DIFFERS", None, f"the head row says {row['size']} entries")
