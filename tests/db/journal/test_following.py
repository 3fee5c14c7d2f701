"""Followers hear of every append, whichever process made it, and catch up from any position."""

import asyncio
from uuid import uuid4

from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from tests.db.journal.making import append_of, new_event


async def heads_until(journal: Journal, after: int, last: int) -> list[int]:
    heads = []
    async for head in journal.follow(after):
        heads.append(head)
        if head >= last:
            return heads
    raise AssertionError("following never ends by itself")


async def test_a_follower_hears_of_appends_by_another_process(
    bare_journal: Journal, database: Database, provider: FileKeyProvider
) -> None:
    other = await Journal.open(database, provider)
    try:
        following = asyncio.create_task(heads_until(bare_journal, after=0, last=3))
        for _ in range(3):
            await other.append(append_of(new_event(uuid4(), 1)))
        heads = await asyncio.wait_for(following, 60)
    finally:
        await other.close()
    assert heads == sorted(set(heads))
    assert heads[-1] == 3


async def test_a_late_follower_starts_with_the_head(bare_journal: Journal) -> None:
    for _ in range(3):
        await bare_journal.append(append_of(new_event(uuid4(), 1)))
    assert (await asyncio.wait_for(heads_until(bare_journal, 1, 3), 60))[-1] == 3


async def test_a_follower_survives_the_loss_of_its_connection(
    bare_journal: Journal, database: Database
) -> None:
    following = asyncio.create_task(heads_until(bare_journal, after=0, last=2))
    await bare_journal.append(append_of(new_event(uuid4(), 1)))
    connection = await database.connect()
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await bare_journal.append(append_of(new_event(uuid4(), 1)))
        assert (await asyncio.wait_for(following, 60))[-1] == 2
    finally:
        await connection.close()
