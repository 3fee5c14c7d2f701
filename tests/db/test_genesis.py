"""An empty journal is opened once, whoever comes first."""

import asyncio

from app.commands import CommandHandler
from app.database import Database
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from domain.journal import GENESIS_STREAM, JournalOpened


async def test_the_first_entry_names_the_jurisdiction(journal: Journal) -> None:
    (genesis,) = await journal.read_stream(GENESIS_STREAM)
    assert isinstance(genesis.event, JournalOpened)
    assert genesis.position == 1
    assert genesis.event.time_zone == "Asia/Shanghai"
    assert genesis.event.administrators == ("administrator",)
    assert genesis.actor.principal.startswith("cli:")


async def test_two_processes_at_once_open_it_once(database: Database) -> None:
    keys = FileKeyProvider("test", b"k" * 32)
    journals = [await Journal.open(database, keys) for _ in range(2)]
    await asyncio.gather(*(ensure_open(j, CommandHandler(j), Settings()) for j in journals))
    await ensure_open(journals[0], CommandHandler(journals[0]), Settings())
    assert (await journals[1].head()).size == 1
    for journal in journals:
        await journal.close()
