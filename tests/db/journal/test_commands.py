"""Commands: idempotent by their id, decided on the newest state, in conflict only when asked."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from domain.case.correction import CorrectCase
from domain.case.handling import AddNote
from domain.case.vocabulary import Audience
from domain.identity import ANONYMOUS, ActorKind, Caller, Role
from domain.refusal import (
    CommandIdReused,
    NotFound,
    NotPermitted,
    VersionConflict,
    WrongStage,
)
from tests.db.journal.making import STAFF, acceptance, registered, registration


async def test_the_same_id_and_input_again_returns_the_first_outcome(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    command = acceptance(await registered(handler))
    first = await handler.execute(command, STAFF)
    assert await handler.execute(command, STAFF) == first
    assert (await bare_journal.head()).size == 2


async def test_a_registration_retried_is_the_same_case(handler: CommandHandler) -> None:
    first = registration()
    again = replace(first, case_id=uuid4(), case_no="another")
    assert await handler.execute(first, STAFF) == await handler.execute(again, STAFF)


async def test_the_same_id_with_another_input_is_refused(handler: CommandHandler) -> None:
    command = registration()
    await handler.execute(command, STAFF)
    with pytest.raises(CommandIdReused):
        await handler.execute(replace(command, title="Something else"), STAFF)


async def test_ten_times_at_once_is_once(handler: CommandHandler, bare_journal: Journal) -> None:
    command = registration()
    copies = [replace(command, case_id=uuid4()) for _ in range(10)]
    outcomes = await asyncio.gather(*(handler.execute(copy, STAFF) for copy in copies))
    assert len(set(outcomes)) == 1
    assert (await bare_journal.head()).size == 1


async def test_a_refusal_does_not_use_the_id_up(handler: CommandHandler) -> None:
    case_id = await registered(handler)
    note = AddNote(command_id=uuid4(), case_id=uuid4(), text="x", audience=Audience.INTERNAL)
    with pytest.raises(NotFound):
        await handler.execute(note, STAFF)
    assert (await handler.execute(replace(note, case_id=case_id), STAFF)).last_version == 2


async def test_a_stale_expected_version_is_a_conflict(handler: CommandHandler) -> None:
    case_id = await registered(handler)
    await handler.execute(acceptance(case_id, expected_version=1), STAFF)
    correction = CorrectCase(
        command_id=uuid4(), case_id=case_id, expected_version=1, title="Lamp out"
    )
    with pytest.raises(VersionConflict) as conflict:
        await handler.execute(correction, STAFF)
    assert (conflict.value.expected_version, conflict.value.current_version) == (1, 2)


async def test_what_is_already_so_records_nothing(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id = await registered(handler, title="Lamp out")
    same = CorrectCase(command_id=uuid4(), case_id=case_id, title="Lamp out")
    executed = await handler.execute(same, STAFF)
    assert (executed.first_version, executed.last_version) == (2, 1)
    assert (await bare_journal.head()).size == 1


async def test_notes_by_two_processes_at_once_never_conflict(
    handler: CommandHandler, database: Database, provider: FileKeyProvider, bare_journal: Journal
) -> None:
    case_id = await registered(handler)
    other_journal = await Journal.open(database, provider)
    other = CommandHandler(other_journal)
    try:
        notes = [
            AddNote(command_id=uuid4(), case_id=case_id, text=str(n), audience=Audience.INTERNAL)
            for n in range(20)
        ]
        await asyncio.gather(
            *(who.execute(note, STAFF) for note in notes[:10] for who in (handler,)),
            *(who.execute(note, STAFF) for note in notes[10:] for who in (other,)),
        )
    finally:
        await other_journal.close()
    events = await bare_journal.read_stream(case_id)
    assert [event.version for event in events] == list(range(1, 22))


async def test_another_processs_change_is_seen_before_a_refusal(
    handler: CommandHandler, database: Database, provider: FileKeyProvider
) -> None:
    case_id = await registered(handler)
    other_journal = await Journal.open(database, provider)
    try:
        await CommandHandler(other_journal).execute(acceptance(case_id), STAFF)
    finally:
        await other_journal.close()
    with pytest.raises(WrongStage) as refused:
        await handler.execute(acceptance(case_id), STAFF)
    assert refused.value.facts["stage"] == "ACCEPTED"


async def test_what_is_already_so_only_in_memory_is_not_so(
    handler: CommandHandler, database: Database, provider: FileKeyProvider
) -> None:
    case_id = await registered(handler, title="Lamp out")
    correction = CorrectCase(command_id=uuid4(), case_id=case_id, title="Lamp in")
    other_journal = await Journal.open(database, provider)
    try:
        await CommandHandler(other_journal).execute(correction, STAFF)
    finally:
        await other_journal.close()
    again = CorrectCase(command_id=uuid4(), case_id=case_id, title="Lamp out")
    assert (await handler.execute(again, STAFF)).last_version == 3


@pytest.mark.parametrize(
    "caller",
    [
        ANONYMOUS,
        Caller("auditor", ActorKind.PERSON, frozenset({Role.AUDITOR})),
        Caller("officer", ActorKind.PERSON, frozenset({Role.OFFICER})),
    ],
    ids=lambda caller: str(caller.principal),
)
async def test_nobody_accepts_without_the_right(
    caller: Caller, handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id = await registered(handler)
    with pytest.raises(NotPermitted):
        await handler.execute(acceptance(case_id), caller)
    assert (await bare_journal.head()).size == 1


async def test_a_case_in_memory_whose_key_is_not_is_changed_all_the_same(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id = await registered(handler)
    await handler.execute(acceptance(case_id), STAFF)
    bare_journal.keys.forget(case_id)
    note = AddNote(command_id=uuid4(), case_id=case_id, text="x", audience=Audience.INTERNAL)
    assert (await handler.execute(note, STAFF)).last_version == 3


async def test_a_blank_reason_is_no_reason(handler: CommandHandler, bare_journal: Journal) -> None:
    executed = await handler.execute(replace(registration(), reason="  "), STAFF)
    assert [event.reason for event in await bare_journal.read_stream(executed.stream_id)] == [None]
