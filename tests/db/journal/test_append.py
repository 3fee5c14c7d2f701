"""What every store of ours must do when events are appended to it."""

import asyncio
from uuid import uuid4

import pytest

from app.database import Database
from app.journal import Journal
from app.journal.envelope import StoredEntry, decode_entry
from app.journal.errors import (
    AlreadyAppended,
    EntryTooLarge,
    JournalClosed,
    StreamConflict,
)
from app.journal.keys import FileKeyProvider
from tests.db.journal.making import append_of, new_event


async def entries_of(journal: Journal) -> list[StoredEntry]:
    return [entry async for batch in journal.read_entries() for entry in batch]


async def test_positions_follow_commits_without_a_hole(bare_journal: Journal) -> None:
    appends = [append_of(new_event(uuid4(), 1)) for _ in range(300)]
    done = await asyncio.gather(*(bare_journal.append(append) for append in appends))
    assert sorted(one.position for one in done) == list(range(1, 301))
    assert [entry.position for entry in await entries_of(bare_journal)] == list(range(1, 301))


async def test_one_append_may_hold_several_streams(bare_journal: Journal) -> None:
    one, other = uuid4(), uuid4()
    events = (new_event(one, 1), new_event(other, 1), new_event(one, 2))
    done = await bare_journal.append(append_of(*events))
    assert (done.stream_id, done.first_version, done.last_version) == (one, 1, 2)
    assert done.position == 3


async def test_a_conflict_in_one_stream_undoes_the_whole_append(bare_journal: Journal) -> None:
    known, fresh = uuid4(), uuid4()
    await bare_journal.append(append_of(new_event(known, 1)))
    with pytest.raises(StreamConflict) as conflict:
        await bare_journal.append(append_of(new_event(fresh, 1), new_event(known, 1)))
    assert (conflict.value.stream_id, conflict.value.current) == (known, 1)
    assert (await bare_journal.head()).size == 1


async def test_a_conflict_fails_alone_in_its_batch(bare_journal: Journal) -> None:
    stream_id = uuid4()
    good = [append_of(new_event(uuid4(), 1)) for _ in range(20)]
    clashing = [append_of(new_event(stream_id, 1)) for _ in range(5)]
    results = await asyncio.gather(
        *(bare_journal.append(append) for append in [*good, *clashing]), return_exceptions=True
    )
    assert not any(isinstance(result, BaseException) for result in results[:20])
    assert sum(isinstance(result, StreamConflict) for result in results[20:]) == 4
    assert (await bare_journal.head()).size == 21


async def test_a_gap_in_the_versions_is_a_conflict(bare_journal: Journal) -> None:
    with pytest.raises(StreamConflict):
        await bare_journal.append(append_of(new_event(uuid4(), 2)))


async def test_a_command_id_is_recorded_once(bare_journal: Journal) -> None:
    command_id = uuid4()
    first = await bare_journal.append(append_of(new_event(uuid4(), 1), command_id=command_id))
    with pytest.raises(AlreadyAppended) as again:
        await bare_journal.append(append_of(new_event(uuid4(), 1), command_id=command_id))
    assert again.value.first == first
    assert again.value.input_hash == b"input"
    outcome = await bare_journal.outcome("tester", command_id)
    assert outcome is not None
    assert outcome.first == first


async def test_a_command_id_belongs_to_its_principal(bare_journal: Journal) -> None:
    command_id = uuid4()
    for principal in ("one", "other"):
        append = append_of(new_event(uuid4(), 1), principal=principal, command_id=command_id)
        await bare_journal.append(append)
    assert (await bare_journal.head()).size == 2


async def test_a_conflict_does_not_use_the_command_id_up(bare_journal: Journal) -> None:
    command_id, stream_id = uuid4(), uuid4()
    await bare_journal.append(append_of(new_event(stream_id, 1)))
    with pytest.raises(StreamConflict):
        await bare_journal.append(append_of(new_event(stream_id, 1), command_id=command_id))
    done = await bare_journal.append(append_of(new_event(stream_id, 2), command_id=command_id))
    assert done.first_version == 2


async def test_entries_say_when_and_chain_to_the_one_before(bare_journal: Journal) -> None:
    stream_id = uuid4()
    for version in range(1, 6):
        await bare_journal.append(append_of(new_event(stream_id, version)))
    entries = await entries_of(bare_journal)
    decoded = [decode_entry(entry.entry) for entry in entries]
    assert decoded[0].previous is None
    assert [one.previous for one in decoded[1:]] == [e.leaf_hash.hex() for e in entries[:-1]]
    times = [one.recorded_at for one in decoded]
    assert times == sorted(times)
    assert times == [entry.recorded_at for entry in entries]


async def test_an_entry_over_64_kib_is_refused_alone(bare_journal: Journal) -> None:
    large = new_event(uuid4(), 1, payload=b'{"text":"' + b"x" * 65_536 + b'"}')
    small = append_of(new_event(uuid4(), 1))
    results = await asyncio.gather(
        bare_journal.append(append_of(large)), bare_journal.append(small), return_exceptions=True
    )
    assert isinstance(results[0], EntryTooLarge)
    assert not isinstance(results[1], BaseException)
    assert (await bare_journal.head()).size == 1


async def test_closing_finishes_what_was_queued(
    database: Database, provider: FileKeyProvider
) -> None:
    journal = await Journal.open(database, provider)
    appends = [
        asyncio.create_task(journal.append(append_of(new_event(uuid4(), 1)))) for _ in range(600)
    ]
    await asyncio.sleep(0)
    await journal.close()
    done = await asyncio.gather(*appends)
    assert sorted(one.position for one in done) == list(range(1, 601))
    with pytest.raises(JournalClosed):
        await journal.append(append_of(new_event(uuid4(), 1)))


async def test_two_processes_share_one_journal(
    database: Database, provider: FileKeyProvider, bare_journal: Journal
) -> None:
    other = await Journal.open(database, provider)
    shared = uuid4()
    try:
        results = await asyncio.gather(
            *(
                journal.append(append_of(new_event(stream, 1)))
                for stream in [*(uuid4() for _ in range(200)), shared]
                for journal in (bare_journal, other)
            ),
            return_exceptions=True,
        )
    finally:
        await other.close()
    conflicts = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(conflict, StreamConflict) for conflict in conflicts)
    assert len(conflicts) == 201
    assert [e.position for e in await entries_of(bare_journal)] == list(range(1, 202))
