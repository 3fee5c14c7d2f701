"""One batch of appends, placed and written inside one transaction (DESIGN.md section 3)."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

import msgspec

from app.journal.envelope import (
    ENTRY_FORMAT,
    MAX_ENTRY_BYTES,
    Append,
    Appended,
    Entry,
    NewEvent,
    WrappedKey,
    decode_entry,
    encode_entry,
)
from app.journal.errors import (
    AlreadyAppended,
    EntryTooLarge,
    PersonKeyLost,
    SameCommandInFlight,
    SimulatedTimeRefused,
    StreamConflict,
)
from app.journal.known import Clock, JournalEnd, StreamEnd
from domain.journal import JournalOpened
from domain.merkle import Node, grow, leaf_hash
from domain.recorded import RecordedEvent
from projections.view import Connection

LOWEST_STORED_LEVEL: Final = 4

BEGIN = "BEGIN"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

# Locking the head makes everything after it serial across all processes, so what is checked here
# needs no locks of its own, and a row not seen here cannot appear before we commit. A statement
# that had to wait for the lock has read streams and commands as they were before: then `size`
# (as locked) differs from `seen` (as read), and it is asked once more.
CHECK = """
SELECT head.size, head.frontier, greatest(head.recorded_at, 'epoch') AS recorded_at,
    clock_timestamp() AS clock,
    (SELECT size FROM journal.head) AS seen,
    (SELECT array_agg((s.stream_id, s.version, s.hash))
       FROM unnest($1::uuid[]) AS wanted (stream_id)
       CROSS JOIN LATERAL (SELECT * FROM journal.streams
            WHERE stream_id = wanted.stream_id) AS s) AS streams,
    (SELECT array_agg((c.principal, c.command_id, c.input_hash, c.stream_id, c.first_version,
                       c.last_version, c.position))
       FROM unnest($2::text[], $3::uuid[]) AS wanted (principal, command_id)
       CROSS JOIN LATERAL (SELECT * FROM journal.commands
            WHERE principal = wanted.principal AND command_id = wanted.command_id) AS c
    ) AS commands
FROM journal.head
FOR UPDATE OF head
"""

# Asked only where an event is sealed under the key of a person, and under the head's lock: what
# is there now is what the entry will be read with, and no other process can add to it.
PERSONS = "SELECT subject, state, wrapped FROM journal.keys WHERE subject = ANY($1::uuid[])"

# Asked only where a simulated time is to be recorded: the first entry never changes.
GENESIS = "SELECT entry FROM journal.entries WHERE position = 1"

Result = (
    Appended
    | StreamConflict
    | AlreadyAppended
    | SameCommandInFlight
    | EntryTooLarge
    | SimulatedTimeRefused
    | PersonKeyLost
)


@dataclass(slots=True)
class _Placed:
    new: NewEvent
    recorded_at: datetime
    position: int
    entry: bytes
    leaf: bytes


class Batch:
    """The appends of one transaction, checked against the head and placed behind it."""

    def __init__(self, appends: Sequence[Append]) -> None:
        self.appends = appends
        self.results: list[Result] = []
        self.recorded: list[RecordedEvent] = []
        self._placed: list[_Placed] = []
        self._nodes: list[Node] = []
        self._accepted: list[tuple[Append, Appended]] = []
        self._new_persons: list[WrappedKey] = []
        self._persons: dict[UUID, bytes | None] = {}
        self._streams: dict[UUID, StreamEnd] = {}
        self._demonstration = False
        self.began_at = 0
        self.clock: Clock | None = None

    async def check(self, connection: Connection) -> None:
        """Decide which appends go ahead, and complete, hash and place their events."""
        streams = {event.stream_id for append in self.appends for event in append.events}
        principals = [append.principal for append in self.appends]
        command_ids = [append.command_id for append in self.appends]
        check = (CHECK, list(streams), principals, command_ids)
        asked = monotonic()
        row = (await connection.fetch(*check))[0]
        if row["size"] != row["seen"]:
            asked = monotonic()
            row = (await connection.fetch(*check))[0]
        self._begin(row["size"], list(row["frontier"]), row["recorded_at"], row["clock"])
        self.clock = Clock.of(self._now, asked)
        self._demonstration = await self._is_demonstration(connection)
        self._persons = await self._known_persons(connection)
        self._streams = {
            stream_id: StreamEnd(version, head) for stream_id, version, head in row["streams"] or ()
        }
        done = {
            (principal, command_id): AlreadyAppended(input_hash, Appended(*outcome))
            for principal, command_id, input_hash, *outcome in row["commands"] or ()
        }
        self._settle(done)

    def go_on(self, end: JournalEnd) -> bool:
        """Place the events behind the end that we left, without asking whether it still is.

        False: that is not enough to decide on; nothing was placed.
        """
        if end.clock is None or not end.clock.holds:
            return False
        begun: set[UUID] = set()
        for append in self.appends:
            if append.persons or append.simulated_at is not None:
                return False
            for event in append.events:
                stream_id = event.stream_id
                if stream_id in begun:
                    continue
                if event.version == 1:
                    begun.add(stream_id)
                elif stream_id not in end.streams:
                    return False
                if stream_id in end.streams:
                    self._streams[stream_id] = end.streams[stream_id]
        self.clock = end.clock
        self._begin(end.size, end.frontier, end.recorded_at, end.clock.now())
        self._settle({})
        return True

    def _begin(
        self, size: int, frontier: list[bytes], recorded_at: datetime, now: datetime
    ) -> None:
        self.began_at = self._size = size
        self._frontier = frontier
        self._recorded_at = recorded_at
        self._now = now

    def _settle(self, done: Mapping[tuple[str, UUID], AlreadyAppended]) -> None:
        taken: set[tuple[str, UUID]] = set()
        for append in self.appends:
            key = (append.principal, append.command_id)
            if key in taken:
                self.results.append(SameCommandInFlight())
            elif key in done:
                self.results.append(done[key])
            else:
                result = self._place(append)
                self.results.append(result)
                if isinstance(result, Appended):
                    taken.add(key)

    async def _is_demonstration(self, connection: Connection) -> bool:
        simulated = any(append.simulated_at is not None for append in self.appends)
        if not simulated or self._size == 0:
            return False
        genesis = decode_entry(await connection.fetchval(GENESIS))
        declared = msgspec.json.decode(genesis.payload).get("demonstration")
        return genesis.topic == JournalOpened.TOPIC and declared is True

    async def _known_persons(self, connection: Connection) -> dict[UUID, bytes | None]:
        """The keys of the persons of this batch, None for one that is closed."""
        subjects = {key.subject for append in self.appends for key in append.persons}
        if not subjects:
            return {}
        return {
            row["subject"]: row["wrapped"] if row["state"] == "active" else None
            for row in await connection.fetch(PERSONS, list(subjects))
        }

    def _hold_persons(self, append: Append) -> None:
        for key in append.persons:
            if key.subject not in self._persons:
                self._persons[key.subject] = key.wrapped
                self._new_persons.append(key)

    def _time_of(self, append: Append) -> datetime | None:
        """When it is recorded, never before what comes before it; None: it may not be then."""
        if append.simulated_at is None:
            return max(self._now, self._recorded_at)
        first = append.events[0].event
        if self._size == 0 and isinstance(first, JournalOpened):
            self._demonstration = first.demonstration
        if not self._demonstration or append.simulated_at > self._now:
            return None
        return max(append.simulated_at, self._recorded_at)

    def _place(
        self, append: Append
    ) -> Appended | StreamConflict | EntryTooLarge | SimulatedTimeRefused | PersonKeyLost:
        conflict = self._conflict(append.events)
        if conflict is not None:
            return conflict
        persons = append.persons
        if any(self._persons.get(key.subject, key.wrapped) != key.wrapped for key in persons):
            return PersonKeyLost()
        recorded_at = self._time_of(append)
        if recorded_at is None:
            return SimulatedTimeRefused()
        placed = []
        heads: dict[UUID, StreamEnd] = {}
        for event in append.events:
            stream = heads.get(event.stream_id) or self._streams.get(event.stream_id)
            previous = stream.hash if stream else None
            entry = encode_entry(_complete(event, previous, recorded_at))
            if len(entry) > MAX_ENTRY_BYTES:
                return EntryTooLarge(event.topic, len(entry))
            leaf = leaf_hash(entry)
            heads[event.stream_id] = StreamEnd(event.version, leaf)
            placed.append(_Placed(event, recorded_at, 0, entry, leaf))
        self._streams.update(heads)
        self._hold_persons(append)
        self._recorded_at = recorded_at
        for item in placed:
            self._frontier, nodes = grow(self._size, self._frontier, item.leaf)
            self._nodes += (node for node in nodes if node.level >= LOWEST_STORED_LEVEL)
            self._size += 1
            item.position = self._size
            self._placed.append(item)
            self._note(item)
        outcome = _outcome(append.events, self._size)
        self._accepted.append((append, outcome))
        return outcome

    def _conflict(self, events: Iterable[NewEvent]) -> StreamConflict | None:
        expected: dict[UUID, int] = {}
        for event in events:
            stream = self._streams.get(event.stream_id)
            current = expected.get(event.stream_id, stream.version if stream else 0)
            if event.version != current + 1:
                return StreamConflict(event.stream_id, event.version - 1, current)
            expected[event.stream_id] = event.version
        return None

    def _note(self, item: _Placed) -> None:
        new = item.new
        if new.event is None:
            return
        self.recorded.append(
            RecordedEvent(
                event=new.event,
                event_id=new.event_id,
                position=item.position,
                stream_id=new.stream_id,
                version=new.version,
                topic=new.topic,
                occurred_at=new.occurred_at,
                recorded_at=item.recorded_at,
                actor=new.actor,
                authority=new.authority,
                channel=new.channel,
                reason=new.reason,
                command_id=new.command_id,
                causation_id=new.causation_id,
                correlation_id=new.correlation_id,
            )
        )

    def values(self) -> tuple[object, ...]:
        """The parameters of what is to be written."""
        placed, accepted = self._placed, self._accepted
        touched = {item.new.stream_id for item in placed}
        keys = [key for append, _ in accepted for key in append.new_keys] + self._new_persons
        return (
            self._size - len(placed),
            self._recorded_at,
            [item.new.stream_id for item in placed],
            [item.new.version for item in placed],
            [item.new.topic for item in placed],
            [item.entry for item in placed],
            [item.leaf for item in placed],
            list(touched),
            [self._streams[stream_id].version for stream_id in touched],
            [self._streams[stream_id].hash for stream_id in touched],
            [node.level for node in self._nodes],
            [node.index for node in self._nodes],
            [node.hash for node in self._nodes],
            [append.principal for append, _ in accepted],
            [append.command_id for append, _ in accepted],
            [append.input_hash for append, _ in accepted],
            [outcome.stream_id for _, outcome in accepted],
            [outcome.first_version for _, outcome in accepted],
            [outcome.last_version for _, outcome in accepted],
            [outcome.position for _, outcome in accepted],
            [key.subject for key in keys],
            [key.kek_id for key in keys],
            [key.wrapped for key in keys],
            self._size,
            self._frontier,
            [item.recorded_at for item in placed],
        )

    def end(self, before: JournalEnd | None) -> JournalEnd:
        """The end of the journal once this is committed. before: where we thought it was."""
        streams = before.streams if before and before.size == self.began_at else OrderedDict()
        end = JournalEnd(self._size, self._frontier, self._recorded_at, self.clock, streams)
        end.note((item.new.stream_id, self._streams[item.new.stream_id]) for item in self._placed)
        return end

    @property
    def has_entries(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._placed)


def _complete(event: NewEvent, previous: bytes | None, recorded_at: datetime) -> Entry:
    return Entry(
        actor=event.actor,
        authority=event.authority,
        causation_id=event.causation_id,
        channel=event.channel,
        class_version=event.class_version,
        command_id=event.command_id,
        correlation_id=event.correlation_id,
        event_id=event.event_id,
        format=ENTRY_FORMAT,
        occurred_at=event.occurred_at,
        payload=event.payload,
        previous=previous.hex() if previous is not None else None,
        reason=event.sealed_reason,
        recorded_at=recorded_at,
        stream_id=event.stream_id,
        topic=event.topic,
        version=event.version,
    )


def _outcome(events: Sequence[NewEvent], position: int) -> Appended:
    """The versions in the first event's stream: the one the command was addressed to."""
    stream_id = events[0].stream_id
    versions = [event.version for event in events if event.stream_id == stream_id]
    return Appended(stream_id, versions[0], versions[-1], position)
