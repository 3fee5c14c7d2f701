"""Free text never reaches the database in the clear, and opens only where it belongs."""

from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.errors import KeyUnavailable
from app.journal.keys import FileKeyProvider, StreamKeys
from app.journal.mapper import seal, unseal
from tests.db.journal.making import STAFF, registered, registration


async def test_an_entry_holds_no_plain_text(handler: CommandHandler, bare_journal: Journal) -> None:
    await registered(handler, title="Mrs Wang's lamp")
    entries = [entry async for batch in bare_journal.read_entries() for entry in batch]
    assert b"Wang" not in entries[0].entry
    assert b"east gate" not in entries[0].entry
    assert b"HOTLINE" in entries[0].entry


async def test_another_process_with_the_key_file_reads_it(
    handler: CommandHandler,
    bare_journal: Journal,
    database: Database,
    provider: FileKeyProvider,
) -> None:
    case_id = await registered(handler, title="Mrs Wang's lamp")
    other = await Journal.open(database, provider)
    try:
        (read,) = await other.read_stream(case_id)
    finally:
        await other.close()
    (written,) = await bare_journal.read_stream(case_id)
    assert read == written
    assert vars(read.event)["title"] == "Mrs Wang's lamp"


async def test_the_reason_is_sealed_too(handler: CommandHandler, bare_journal: Journal) -> None:
    command = registration()
    object.__setattr__(command, "reason", "she called twice")
    executed = await handler.execute(command, STAFF)
    entries = [entry async for batch in bare_journal.read_entries() for entry in batch]
    assert b"called twice" not in entries[0].entry
    (read,) = await bare_journal.read_stream(executed.stream_id)
    assert read.reason == "she called twice"


def test_a_ciphertext_opens_only_in_its_stream_version_and_field(
    provider: FileKeyProvider,
) -> None:
    keys, here, there = StreamKeys(provider), uuid4(), uuid4()
    keys.mint(here)
    cipher = keys.cipher(here)
    sealed = seal(cipher, here, 3, "title", "secret")
    assert unseal(cipher, here, 3, "title", sealed) == "secret"
    for place in [(there, 3, "title"), (here, 4, "title"), (here, 3, "text")]:
        with pytest.raises(KeyUnavailable):
            unseal(cipher, *place, sealed)


def test_a_wrapped_key_opens_only_for_its_subject(provider: FileKeyProvider) -> None:
    subject = uuid4()
    wrapped = provider.wrap(subject, b"k" * 32)
    assert provider.unwrap(subject, wrapped, provider.kek_id) == b"k" * 32
    with pytest.raises(KeyUnavailable):
        provider.unwrap(uuid4(), wrapped, provider.kek_id)
    with pytest.raises(KeyUnavailable):
        provider.unwrap(subject, wrapped, "another")
