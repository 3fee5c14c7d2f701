"""The envelope: what an entry says beside its payload, and its exact canonical bytes.

An entry is one JSON object without white space, its keys in the alphabetical order below, UTF-8,
times in UTC with a trailing Z (RFC 3339), absent values as null. Nobody needs this module to
check a hash: the bytes are stored as they are hashed.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from eventsourcing.domain import AggregateEvent

from domain.identity import Actor, Authority

ENTRY_FORMAT = 1
MAX_ENTRY_BYTES = 65_536


class Entry(msgspec.Struct, frozen=True, gc=False):
    """The content of an entry. payload and reason hold their protected parts encrypted.

    previous: leaf hash (hex) of the entry before it in its stream; null for version 1.
    """

    actor: Actor
    authority: Authority
    causation_id: UUID | None
    channel: str | None
    class_version: int
    command_id: UUID
    correlation_id: UUID
    event_id: UUID
    format: int
    occurred_at: datetime
    payload: msgspec.Raw
    previous: str | None
    reason: msgspec.Raw
    recorded_at: datetime
    stream_id: UUID
    topic: str
    version: int


class EntryOfStream(msgspec.Struct, frozen=True, gc=False):
    """What of an entry replaying its stream needs: a third of the time to decode."""

    class_version: int
    occurred_at: datetime
    payload: msgspec.Raw
    stream_id: UUID
    topic: str
    version: int


encode_entry = msgspec.json.Encoder().encode
decode_entry = msgspec.json.Decoder(Entry).decode
decode_entry_of_stream = msgspec.json.Decoder(EntryOfStream).decode


class NewEvent(msgspec.Struct, frozen=True, gc=False):
    """An event on its way into the journal: encoded and sealed, but not yet placed or timed.

    A Struct, as Entry is: making a frozen dataclass with so many fields takes ten times as long.
    """

    event: AggregateEvent | None
    event_id: UUID
    stream_id: UUID
    version: int
    topic: str
    class_version: int
    occurred_at: datetime
    payload: msgspec.Raw
    actor: Actor
    authority: Authority
    channel: str | None
    sealed_reason: msgspec.Raw
    reason: str | None
    command_id: UUID
    causation_id: UUID | None
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The key of a stream or of a person, as the database stores it."""

    subject: UUID
    kek_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """What one command wants recorded, all or nothing.

    events: per stream in version order; the first version of each stream minus one is the version
    the command was decided on. input_hash: keyed hash of the command's input. simulated_at: when
    it is said to be recorded, in the journal of a demonstration only; None: when it is. persons:
    the keys of persons that its events are sealed under, new ones among them.
    """

    principal: str
    command_id: UUID
    input_hash: bytes
    events: tuple[NewEvent, ...]
    new_keys: tuple[WrappedKey, ...] = ()
    simulated_at: datetime | None = None
    persons: tuple[WrappedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append ended up: versions in its first event's stream, and its last position."""

    stream_id: UUID
    first_version: int
    last_version: int
    position: int


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row of journal.entries: the bytes, and the columns that must agree with them."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    recorded_at: datetime
    entry: bytes = field(repr=False)
    leaf_hash: bytes
