"""A process that appends alone need not ask where the journal ends; others make it ask again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID, uuid4

import pytest

from app.database import Connection, Database
from app.journal import Journal, known
from app.journal.deferred import Deferred
from app.journal.envelope import Appended
from app.journal.errors import AlreadyAppended, StreamConflict
from app.journal.group_commit import MOST_APPENDS as FULL
from app.journal.group_commit import MUCH, UNDISTURBED
from app.journal.keys import FileKeyProvider
from app.journal.known import MOST_STREAMS, Clock, JournalEnd, StreamEnd
from app.journal.writing import going_along, write_with
from domain.recorded import RecordedEvent
from projections.statement import parts_of, together
from projections.view import Connection as AnyConnection
from projections.view import Past, View
from tests.db.journal.making import append_of, new_event

ALONE = 1
"""Round trips of an append behind the end that we left."""


@dataclass(frozen=True)
class Overheard(Database):
    """A database that remembers what its dedicated connections ask."""

    asked: list[str] = field(default_factory=list)

    async def connect(self, **server_settings: str) -> Connection:
        """As the real one."""
        connection = await super().connect(**server_settings)
        connection.add_query_logger(lambda record: self.asked.append(record.query))
        return connection

    async def trips(self, journal: Journal, version: int = 1, stream: UUID | None = None) -> int:
        """Round trips of one append."""
        before = len(self.asked)
        await journal.append(append_of(new_event(stream or uuid4(), version)))
        return len(self.asked) - before


@pytest.fixture
def overheard(database: Database, monkeypatch: pytest.MonkeyPatch) -> Overheard:
    # However slow the machine is: the database's clock is read in time, and need not be again.
    monkeypatch.setattr(known, "CLOCK_EXACT_TO", 60.0)
    monkeypatch.setattr(known, "CLOCK_SECONDS", 600.0)
    return Overheard(database.dsn)


@pytest.fixture
async def journals(
    overheard: Overheard, database: Database, provider: FileKeyProvider
) -> AsyncIterator[tuple[Journal, Journal]]:
    """Ours, which is overheard, and another process's."""
    ours, theirs = await Journal.open(overheard, provider), await Journal.open(database, provider)
    yield ours, theirs
    await ours.close()
    await theirs.close()


async def test_whoever_appends_alone_needs_one_round_trip(
    overheard: Overheard, journals: tuple[Journal, Journal]
) -> None:
    ours, _ = journals
    stream_id = uuid4()

    first, *trips = [await overheard.trips(ours, version, stream_id) for version in (1, 2, 3)]

    assert first > ALONE  # it has to find the end
    assert trips == [ALONE, ALONE]


async def test_a_new_stream_with_several_events_needs_no_more(
    overheard: Overheard, journals: tuple[Journal, Journal]
) -> None:
    ours, _ = journals
    await overheard.trips(ours)
    before, stream_id = len(overheard.asked), uuid4()

    await ours.append(append_of(*(new_event(stream_id, version) for version in (1, 2, 3))))

    assert len(overheard.asked) - before == ALONE


async def test_what_another_appends_is_noticed_and_nothing_goes_amiss(
    overheard: Overheard, journals: tuple[Journal, Journal]
) -> None:
    ours, theirs = journals
    stream_id = uuid4()
    await ours.append(append_of(new_event(stream_id, 1)))
    await theirs.append(append_of(new_event(stream_id, 2)))

    with pytest.raises(StreamConflict):  # found by the check that follows the failed write
        await ours.append(append_of(new_event(stream_id, 2)))
    done = await ours.append(append_of(new_event(stream_id, 3)))

    assert done.position == 3
    # Now and then somebody else: it is asked each time until nobody has been for a while.
    trips = [await overheard.trips(ours) for _ in range(UNDISTURBED + 1)]
    assert trips == [4] * UNDISTURBED + [ALONE]


async def test_two_at_once_never_take_one_position(journals: tuple[Journal, Journal]) -> None:
    async def write(journal: Journal, rounds: int) -> None:
        for _ in range(rounds):
            await journal.append(append_of(new_event(uuid4(), 1)))

    ours, theirs = journals
    await asyncio.gather(*(write(journal, 60) for journal in (ours, theirs, ours)))
    await write(ours, 20)

    assert (await ours.head()).size == 200
    positions = [entry.position async for batch in ours.read_entries() for entry in batch]
    assert positions == list(range(1, 201))


async def test_a_command_id_that_another_recorded_gives_the_first_outcome(
    journals: tuple[Journal, Journal],
) -> None:
    ours, theirs = journals
    command_id, stream_id = uuid4(), uuid4()
    await ours.append(append_of(new_event(uuid4(), 1)))
    first = await theirs.append(append_of(new_event(stream_id, 1), command_id=command_id))
    await ours.append(append_of(new_event(uuid4(), 1)))

    with pytest.raises(AlreadyAppended) as again:
        await ours.append(append_of(new_event(uuid4(), 1), command_id=command_id))

    assert again.value.first == first


async def test_a_command_id_of_ours_is_found_without_its_being_asked_for(
    journals: tuple[Journal, Journal],
) -> None:
    ours, _ = journals
    command_id, stream_id = uuid4(), uuid4()
    await ours.append(append_of(new_event(stream_id, 1)))
    first = await ours.append(append_of(new_event(stream_id, 2), command_id=command_id))

    with pytest.raises(AlreadyAppended) as again:
        await ours.append(append_of(new_event(uuid4(), 1), command_id=command_id))

    assert again.value.first == first
    assert (await ours.head()).size == 2


async def test_what_cannot_be_written_fails_alone(journals: tuple[Journal, Journal]) -> None:
    ours, _ = journals
    await ours.append(append_of(new_event(uuid4(), 1)))
    half_a_character = new_event(uuid4(), 1, topic="\ud83d")
    wanted = (new_event(uuid4(), 1), half_a_character, new_event(uuid4(), 1))

    done = await asyncio.gather(
        *(ours.append(append_of(event)) for event in wanted), return_exceptions=True
    )

    assert [type(each) for each in done] == [Appended, UnicodeEncodeError, Appended]
    assert (await ours.append(append_of(new_event(uuid4(), 1)))).position == 4


class Notes:
    """A view of two statements, or of one that it reads back."""

    name = "notes"
    version = 1
    tables = ("notes",)
    write = together(
        "INSERT INTO notes (position, says) VALUES ($1, $2)",
        "INSERT INTO notes (position, says) VALUES (-$1, $2)",
    )

    def __init__(self, *, twice: bool = False, reads_back: bool = False) -> None:
        self._twice = twice
        self._reads_back = reads_back
        self.seen: list[int] = []

    async def apply(
        self, connection: AnyConnection, events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        position = len(self.seen) + 1
        assert not events, "events without a class are shown to no view"
        await connection.execute(self.write, position, "once")
        if self._twice:
            await connection.execute(
                "UPDATE notes SET says = 'twice' WHERE position = $1", position
            )
        if self._reads_back:
            await connection.fetchval("SELECT count(*) FROM notes")
        self.seen.append(position)


async def noted(database: Database) -> list[tuple[int, str]]:
    connection = await database.connect()
    try:
        rows = await connection.fetch("SELECT position, says FROM notes ORDER BY position")
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def with_notes(overheard: Overheard, provider: FileKeyProvider, view: View) -> list[int]:
    """The round trips of the second and third append with this view; the first finds the end."""
    connection = await overheard.connect()
    await connection.execute("CREATE TABLE views.notes (position int PRIMARY KEY, says text)")
    await connection.close()
    journal = await Journal.open(overheard, provider, [view])
    try:
        return [await overheard.trips(journal) for _ in range(3)][1:]
    finally:
        await journal.close()


ONCE = [(-3, "once"), (-2, "once"), (-1, "once"), (1, "once"), (2, "once"), (3, "once")]
TWICE = [(position, "twice" if position > 0 else says) for position, says in ONCE]


async def test_what_a_view_writes_goes_along(
    overheard: Overheard, provider: FileKeyProvider
) -> None:
    assert await with_notes(overheard, provider, Notes()) == [ALONE, ALONE]
    assert await noted(overheard) == ONCE


async def test_a_view_that_writes_more_does_so_in_the_same_transaction(
    overheard: Overheard, provider: FileKeyProvider
) -> None:
    assert await with_notes(overheard, provider, Notes(twice=True)) == [4, 4]
    assert await noted(overheard) == TWICE


async def test_a_view_that_reads_what_it_wrote_is_given_the_time(
    overheard: Overheard, provider: FileKeyProvider
) -> None:
    assert await with_notes(overheard, provider, Notes(reads_back=True)) == [6, 6]
    assert await noted(overheard) == ONCE


class Ahead:
    """A view that writes the size of each batch, and how many batches are committed by then."""

    name = "ahead"
    version = 1
    tables = ("ahead",)
    write = together("INSERT INTO ahead (seen) VALUES ($1)")
    journal: Journal

    def __init__(self, *, reads: bool) -> None:
        self._reads = reads
        self.committed: list[int] = []
        self.read: list[int] = []

    async def apply(
        self, connection: AnyConnection, _events: Sequence[RecordedEvent], _past: Past
    ) -> None:
        self.committed.append(self.journal.appended[0])
        if self._reads:
            self.read.append(await connection.fetchval("SELECT count(*) FROM ahead"))
        await connection.execute(self.write, self.committed[-1])


@asynccontextmanager
async def much_at_once(
    overheard: Overheard, provider: FileKeyProvider, *, reads: bool
) -> AsyncIterator[tuple[Journal, Ahead]]:
    """A journal whose end is known, with a view that is asked about each batch."""
    connection = await overheard.connect()
    await connection.execute("CREATE TABLE views.ahead (seen int)")
    await connection.close()
    view = Ahead(reads=reads)
    view.journal = journal = await Journal.open(overheard, provider, [view])
    try:
        await overheard.trips(journal)
        yield journal, view
    finally:
        await journal.close()


async def record(journal: Journal, appends: int) -> list[int]:
    """The positions of so many appends that are all there at once."""
    wanted = (journal.append(append_of(new_event(uuid4(), 1))) for _ in range(appends))
    return [done.position for done in await asyncio.gather(*wanted)]


async def test_much_is_prepared_while_the_batch_before_is_written(
    overheard: Overheard, provider: FileKeyProvider
) -> None:
    async with much_at_once(overheard, provider, reads=False) as (journal, view):
        before = len(overheard.asked)
        positions = await record(journal, 2 * FULL + MUCH - 1)

        assert positions == [*range(2, 2 * FULL + MUCH + 1)]
        # The second was asked about before the first was committed; the third was not much.
        assert view.committed == [0, 1, 1, 3]
        assert len(overheard.asked) - before == 3 * ALONE


async def test_what_a_view_reads_ahead_is_as_the_batch_before_leaves_it(
    overheard: Overheard, provider: FileKeyProvider
) -> None:
    async with much_at_once(overheard, provider, reads=True) as (journal, view):
        assert await record(journal, 2 * FULL) == [*range(2, 2 * FULL + 2)]

        assert view.committed == [0, 1, 1]
        assert view.read == [0, 1, 2]


async def test_what_was_prepared_behind_a_batch_that_failed_is_prepared_anew(
    overheard: Overheard, database: Database, provider: FileKeyProvider
) -> None:
    async with much_at_once(overheard, provider, reads=False) as (journal, view):
        theirs = await Journal.open(database, provider)
        await theirs.append(append_of(new_event(uuid4(), 1)))
        await theirs.close()
        positions = await record(journal, 2 * FULL)

        assert positions == [*range(3, 2 * FULL + 3)]
        assert view.committed == [0, 1, 1, 1, 2]  # each of the two once more, one after the other
        entries = [each async for found in journal.read_entries() for each in found]
        assert [each.position for each in entries] == [*range(1, 2 * FULL + 3)]


async def test_only_what_was_put_together_is_taken_apart(database: Database) -> None:
    assert parts_of(together("DELETE FROM a", "DELETE FROM b")) == (
        "DELETE FROM a",
        "DELETE FROM b",
    )
    assert parts_of("DELETE FROM a") is None
    connection = await database.connect()

    async def free() -> Connection:
        return connection

    deferred = Deferred(free)
    assert await deferred.fetchval("SELECT 1") == 1
    assert await deferred.fetch("SELECT 2") == [(2,)]
    assert await deferred.fetchrow("SELECT 3") == (3,)
    assert not deferred.writes
    await connection.close()


def test_what_several_views_put_together_is_one_statement_with_the_entries() -> None:
    notes = together("INSERT INTO a VALUES ($1)", "INSERT INTO b VALUES ($2, $1)")
    marks = together("INSERT INTO c VALUES ($1)", "UPDATE d SET x = $1")
    alone = ("DELETE FROM e", ())
    along, others = going_along([(notes, (1, 2)), (marks, (3,)), alone, (marks, (4,))])
    assert (along, others) == ([(notes, (1, 2)), (marks, (3,))], [alone, (marks, (4,))])
    # What may change the same rows twice, and what comes after it, keeps its order.
    again = [(notes, (1, 2)), (notes, (3, 4)), (marks, (5,))]
    assert going_along(again) == (again[:1], again[1:])

    written = write_with(((notes, 2), (marks, 1)))
    for part in ("a VALUES ($27)", "b VALUES ($28, $27)", "c VALUES ($29)", "SET x = $29"):
        assert part in written


def test_of_the_streams_those_last_appended_to_are_known() -> None:
    end, ends = JournalEnd(0, [], _clock().read, None), StreamEnd(1, b"")
    first, *others = (uuid4() for _ in range(MOST_STREAMS))

    end.note((stream_id, ends) for stream_id in (first, *others, first, uuid4()))

    assert first in end.streams
    assert others[0] not in end.streams
    assert len(end.streams) == MOST_STREAMS


def _clock(asked_before: float = 0.0) -> Clock:
    return Clock(datetime.now(UTC), monotonic() - asked_before)


def test_the_databases_clock_is_carried_on_for_a_while() -> None:
    fresh, old = _clock(3.0), _clock(11.0)

    assert fresh.holds
    assert not old.holds
    assert 3.0 <= (fresh.now() - fresh.read).total_seconds() < 4.0


def test_a_reading_that_took_long_is_not_carried_on() -> None:
    quick, slow = _clock(), _clock(0.1)

    assert Clock.of(quick.read, quick.asked) is not None
    assert Clock.of(slow.read, slow.asked) is None
