"""A journal without views, and ways to fill it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider


@pytest.fixture
def provider(tmp_path: Path) -> FileKeyProvider:
    return FileKeyProvider.open(tmp_path / "key.json")


@pytest.fixture
async def bare_journal(database: Database, provider: FileKeyProvider) -> AsyncIterator[Journal]:
    journal = await Journal.open(database, provider)
    yield journal
    await journal.close()


@pytest.fixture
def handler(bare_journal: Journal) -> CommandHandler:
    return CommandHandler(bare_journal)
