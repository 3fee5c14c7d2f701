"""Views that follow the journal read and open each of its batches once, together."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.views.in_step import InStep
from domain.recorded import RecordedEvent
from tests.db.projections.test_followers import PATIENCE, register

ENTRIES = 25
SIZE = 4


class Counted(Journal):
    """Knows how many entries were read from it."""

    number = 0

    async def read(
        self, after: int = 0, until: int | None = None, batch: int = 1000
    ) -> AsyncIterator[list[RecordedEvent]]:
        async for events in super().read(after, until, batch):
            self.number += len(events)
            yield events


@pytest.fixture
async def counted(database: Database, commands: CommandHandler) -> AsyncIterator[Counted]:
    await register(commands, ENTRIES - 1)
    counted = await Counted.open(database, FileKeyProvider("test", b"k" * 32))
    yield counted
    await counted.close()


async def go(in_step: InStep, position: int, pace: int) -> list[int]:
    """Take everything in from a position on; pace: turns of the loop that a batch takes."""
    ends = [position]
    while position < ENTRIES:
        async with in_step.batch(position, ENTRIES) as events:
            for _ in range(pace):
                await asyncio.sleep(0)
        assert [event.position for event in events] == list(
            range(position + 1, events[-1].position + 1)
        )
        position = events[-1].position
        ends.append(position)
    return ends


async def test_views_of_any_pace_read_each_batch_once(counted: Counted) -> None:
    in_step = InStep(counted, SIZE)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(go(in_step, 0, pace) for pace in (0, 3, 40)))
    assert counted.number == ENTRIES


async def test_a_view_a_little_behind_comes_into_step(counted: Counted) -> None:
    in_step = InStep(counted, SIZE)
    async with asyncio.timeout(PATIENCE):
        ends, others = await asyncio.gather(go(in_step, 2, 3), go(in_step, 5, 0))
    assert ends == [2, 4, 8, 12, 16, 20, 24, 25]
    assert others == [5, *ends[2:]]
    # Up to 8 each for itself.
    assert counted.number == (8 - 2) + (8 - 5) + (ENTRIES - 8)


async def test_a_view_far_behind_holds_up_nobody(counted: Counted) -> None:
    in_step = InStep(counted, SIZE)
    far = asyncio.create_task(go(in_step, 0, 1))
    async with asyncio.timeout(PATIENCE):
        ends = await go(in_step, 16, 1)
        assert not far.done()
        assert (await far)[-1] == ends[-1] == ENTRIES
    assert all(end - start <= SIZE for start, end in pairwise(ends))
