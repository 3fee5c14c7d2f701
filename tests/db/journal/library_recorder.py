"""The `eventsourcing` library's recorder interface over our journal, for its own test cases.

Only a test needs it: the library's recorders are synchronous, so each adapter runs our journal
in an event loop of its own thread. What differs by design:
- our streams begin at version 1, the library's at any; the adapter shifts versions;
- our payloads are JSON, the library's states any bytes; the adapter wraps them in base64.
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Coroutine, Sequence
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from app.database import Database
from app.journal import Journal
from app.journal.envelope import StoredEntry, decode_entry
from app.journal.errors import StreamConflict
from app.journal.keys import KeyProvider
from app.journal.reader import NO_END
from tests.db.journal.making import append_of, new_event

Result = TypeVar("Result")


class JournalAggregateRecorder(AggregateRecorder):
    """Streams of the journal as the library's aggregate sequences."""

    def __init__(self, database: Database, provider: KeyProvider) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._journal = self._run(Journal.open(database, provider))
        self._first_version: dict[UUID, int] = {}

    def close(self) -> None:
        self._run(self._journal.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        self._insert(stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        found = [
            event
            for event in self._run(self._everything(0, NO_END))
            if event.originator_id == originator_id
            and (gt is None or event.originator_version > gt)
            and (lte is None or event.originator_version <= lte)
        ]
        found = found[::-1] if desc else found
        return [
            StoredEvent(e.originator_id, e.originator_version, e.topic, e.state)
            for e in found[:limit]
        ]

    def _insert(self, stored_events: Sequence[StoredEvent]) -> Sequence[int]:
        if not stored_events:
            return []
        events = [
            new_event(
                self._stream(stored),
                stored.originator_version - self._first(stored) + 1,
                topic=stored.topic,
                payload=msgspec.json.encode(b64encode(stored.state).decode()),
            )
            for stored in stored_events
        ]
        try:
            last = self._run(self._journal.append(append_of(*events))).position
        except StreamConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        return list(range(last - len(events) + 1, last + 1))

    async def _everything(self, after: int, until: int) -> list[Notification]:
        return [
            self._notification(entry)
            async for entries in self._journal.read_entries(after, until)
            for entry in entries
        ]

    def _notification(self, stored: StoredEntry) -> Notification:
        state = b64decode(msgspec.json.decode(decode_entry(stored.entry).payload))
        version = stored.version + self._first_version[stored.stream_id] - 1
        return Notification(stored.stream_id, version, stored.topic, state, stored.position)

    def _first(self, stored: StoredEvent) -> int:
        return self._first_version.setdefault(self._stream(stored), stored.originator_version)

    @staticmethod
    def _stream(stored: StoredEvent) -> UUID:
        assert isinstance(stored.originator_id, UUID)
        return stored.originator_id

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()


class JournalApplicationRecorder(JournalAggregateRecorder, ApplicationRecorder):
    """Positions of the journal as the library's notification ids."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        return self._insert(stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        until = NO_END if stop is None else stop
        found = self._run(self._everything(after, until))
        return [one for one in found if not topics or one.topic in topics][:limit]

    def max_notification_id(self) -> int | None:
        return self._run(self._journal.head()).size or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        raise NotImplementedError
