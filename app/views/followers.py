"""Brings the following views up to date, in one process at a time for each view.

A process is elected by an advisory lock, which the database takes back when its connection ends.
A batch and its checkpoint commit together, so whoever is elected next goes on where it stopped.
A batch that fails is tried again, with growing pauses; after the last try the view stops and says
so (log, metric, readiness). It never skips: what follows a batch it could not take in is not
taken in either. A restart, or another process, tries again. The other views go on.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from app.database import BY_KEY, Connection, Database, Pooled
from app.journal import Journal
from app.views.in_step import InStep
from domain.recorded import RecordedEvent
from projections.view import Past, ResumableView

ELECT_SQL: Final = "SELECT pg_try_advisory_lock(hashtextextended('wardbook.follow.' || $1, 0))"

PAUSES: Final = (0.1, 0.5, 2.0, 5.0, 15.0)
"""Seconds before each further try of a batch."""
ELECTION_SECONDS: Final = 5.0
"""How long until a process that was not elected asks again."""

SESSION: Final = {
    **BY_KEY,
    # What is lost in a crash, checkpoint and all, is followed again: no need to wait for the disk.
    "synchronous_commit": "off",
}

_LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
"""The connection is gone: that is no fault of the view."""

_log: Final = structlog.stdlib.get_logger(__name__)


class FollowerState(StrEnum):
    """What a follower is doing."""

    WAITING = "WAITING"
    FOLLOWING = "FOLLOWING"
    RETRYING = "RETRYING"
    STOPPED = "STOPPED"


@dataclass(frozen=True)
class FollowerStatus:
    """How one view stands, as this process knows it.

    WAITING: another process is elected, or the election is still to come. position: up to where
    the view is, as this process last saw it. error: the kind of error, where it failed.
    """

    view: str
    state: FollowerState
    position: int
    error: str | None = None


class _Failed(Exception):
    """A batch failed on every try."""


class Followers:
    """The following views of this process. Start it once the journal is open."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        views: Sequence[ResumableView],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._database = database
        self._journal = journal
        self._views = views
        self._in_step = InStep(journal)
        self._pauses = pauses
        self._tasks: list[asyncio.Task[None]] = []
        self._status = {
            view.name: FollowerStatus(view.name, FollowerState.WAITING, 0) for view in views
        }

    def start(self) -> None:
        """Begin to follow."""
        self._tasks = [
            asyncio.create_task(self._run(view), name=f"follower {view.name}")
            for view in self._views
        ]

    async def close(self) -> None:
        """Stop; a batch under way is rolled back and is the next one's first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def status(self) -> Sequence[FollowerStatus]:
        """How each view stands."""
        return tuple(self._status.values())

    async def positions(self, connection: Pooled) -> Mapping[str, int]:
        """Where each view is, whichever process brought it there."""
        return {view.name: await view.position(connection) for view in self._views}

    def problems(self) -> Sequence[str]:
        """Why this process is not ready: a sentence for each view that stopped."""
        return [
            f"the view {status.view} stopped at position {status.position}: {status.error}; "
            "mend the cause and restart"
            for status in self._status.values()
            if status.state is FollowerState.STOPPED
        ]

    async def _run(self, view: ResumableView) -> None:
        while True:
            try:
                async with self._elected(view) as connection:
                    if connection is not None:
                        await self._follow(view, connection)
            except _Failed:
                return
            except _LOST as error:
                _log.warning("follower lost its connection", view=view.name, error=_kind(error))
            except Exception as error:  # noqa: BLE001 - an entry that cannot be read, say
                self._stop(view, error)
                return
            await asyncio.sleep(ELECTION_SECONDS)

    @asynccontextmanager
    async def _elected(self, view: ResumableView) -> AsyncIterator[Connection | None]:
        connection = await self._database.connect(**SESSION)
        try:
            elected = await connection.fetchval(ELECT_SQL, view.name)
            yield connection if elected else None
        finally:
            connection.terminate()

    async def _follow(self, view: ResumableView, connection: Connection) -> None:
        position = await view.position(connection)
        self._note(view, FollowerState.FOLLOWING, position)
        async for head in self._journal.follow(position):
            while position < head:
                position = await self._advance(view, connection, position, head)
                self._note(view, FollowerState.FOLLOWING, position)

    async def _advance(
        self, view: ResumableView, connection: Connection, position: int, head: int
    ) -> int:
        """Take in the next batch; the position of its end."""
        pauses = iter((*self._pauses, None))
        while True:
            async with self._in_step.batch(position, head) as events:
                error = await self._take_in(view, connection, events)
            if error is None:
                return events[-1].position
            await self._failed(view, position, error, next(pauses))

    async def _take_in(
        self, view: ResumableView, connection: Connection, events: Sequence[RecordedEvent]
    ) -> Exception | None:
        """Fold a batch and commit it with its checkpoint, or say why not."""
        past = past_before(self._journal, events[0].position)
        try:
            async with connection.transaction():
                await view.apply(connection, events, past)
        except _LOST:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing may be skipped
            return error
        return None

    async def _failed(
        self, view: ResumableView, position: int, error: Exception, pause: float | None
    ) -> None:
        """Wait before the next try; after the last one stop, loudly."""
        if pause is None:
            self._stop(view, error)
            raise _Failed from error
        self._note(view, FollowerState.RETRYING, position, _kind(error))
        _log.warning("follower failed", view=view.name, position=position, error=_kind(error))
        await asyncio.sleep(pause)

    def _stop(self, view: ResumableView, error: Exception) -> None:
        position = self._status[view.name].position
        self._note(view, FollowerState.STOPPED, position, _kind(error))
        _log.error("follower stopped", view=view.name, position=position, error=_kind(error))

    def _note(
        self, view: ResumableView, state: FollowerState, position: int, error: str | None = None
    ) -> None:
        self._status[view.name] = FollowerStatus(view.name, state, position, error)


def past_before(journal: Journal, position: int) -> Past:
    """The events of streams before a position, read from the journal."""

    async def past(stream_ids: Collection[UUID]) -> Mapping[UUID, Sequence[RecordedEvent]]:
        found = await journal.read_streams(stream_ids)
        return {
            stream_id: [event for event in events if event.position < position]
            for stream_id, events in found.items()
        }

    return past


def _kind(error: Exception) -> str:
    """What may be logged of an error: its message could hold what a resident wrote."""
    return type(error).__name__
