"""Simulated times of recording: in the journal of a demonstration alone, and never out of order."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.genesis import operator
from app.journal import Journal
from app.journal.errors import SimulatedTimeRefused
from app.journal.keys import FileKeyProvider
from domain.journal import OpenJournal
from projections.registry import INLINE_VIEWS
from tests.db.journal.making import STAFF, acceptance, registration

LONG_AGO = datetime(2025, 3, 1, 8, tzinfo=UTC)


def opening(*, demonstration: bool) -> OpenJournal:
    return OpenJournal(
        command_id=uuid4(),
        name="Nowhere",
        time_zone="UTC",
        administrators=("administrator",),
        demonstration=demonstration,
    )


@pytest.fixture
async def empty(database: Database) -> AsyncIterator[Journal]:
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    yield journal
    await journal.close()


@pytest.fixture
async def handler(empty: Journal) -> CommandHandler:
    """Of a journal that was opened as a demonstration, long ago."""
    handler = CommandHandler(empty)
    await handler.execute(opening(demonstration=True), operator(), simulated_at=LONG_AGO)
    return handler


async def recorded_times(journal: Journal) -> list[datetime]:
    return [event.recorded_at async for events in journal.read() for event in events]


async def test_a_demonstration_records_simulated_times(
    empty: Journal, handler: CommandHandler
) -> None:
    later = LONG_AGO + timedelta(days=1)
    done = await handler.execute(registration(), STAFF, simulated_at=later)
    (event,) = await empty.read_stream(done.stream_id)
    assert event.recorded_at == event.occurred_at == later
    assert await recorded_times(empty) == [LONG_AGO, later]


async def test_they_never_go_back(empty: Journal, handler: CommandHandler) -> None:
    later = LONG_AGO + timedelta(days=2)
    await handler.execute(registration(), STAFF, simulated_at=later)
    done = await handler.execute(registration(), STAFF, simulated_at=LONG_AGO)
    (event,) = await empty.read_stream(done.stream_id)
    assert event.recorded_at == later
    assert event.occurred_at == LONG_AGO


async def test_what_is_recorded_without_one_is_recorded_now(
    empty: Journal, handler: CommandHandler
) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    done = await handler.execute(registration(), STAFF)
    await handler.execute(acceptance(done.stream_id), STAFF)
    times = await recorded_times(empty)
    assert times == sorted(times)
    assert all(time > before for time in times[1:])


async def test_the_future_is_refused_even_there(handler: CommandHandler) -> None:
    with pytest.raises(SimulatedTimeRefused):
        await handler.execute(
            registration(), STAFF, simulated_at=datetime.now(UTC) + timedelta(hours=1)
        )


async def test_any_other_journal_refuses_them(journal: Journal, commands: CommandHandler) -> None:
    with pytest.raises(SimulatedTimeRefused):
        await commands.execute(registration(), STAFF, simulated_at=LONG_AGO)
    assert (await journal.head()).size == 1
    await commands.execute(registration(), STAFF)
    with pytest.raises(SimulatedTimeRefused):
        await commands.execute(registration(), STAFF, simulated_at=LONG_AGO)


async def test_no_other_journal_begins_in_the_past(empty: Journal) -> None:
    handler = CommandHandler(empty)
    with pytest.raises(SimulatedTimeRefused):
        await handler.execute(opening(demonstration=False), operator(), simulated_at=LONG_AGO)
    assert (await empty.head()).size == 0


async def test_a_journal_that_has_no_first_entry_yet_refuses_them(empty: Journal) -> None:
    with pytest.raises(SimulatedTimeRefused):
        await CommandHandler(empty).execute(registration(), STAFF, simulated_at=LONG_AGO)
