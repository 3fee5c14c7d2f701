"""Several processes on one journal, and one command asked for many times at once."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from rich.console import Console

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from domain.case.handling import AddNote
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller, Role
from tests.faults.conftest import open_journal
from tests.faults.ledger import Ledger, check
from tests.faults.processes import appending

STAFF = Caller("staff", ActorKind.PERSON, frozenset(Role))


def registration() -> RegisterCase:
    case_id = uuid4()
    return RegisterCase(
        command_id=uuid4(), case_id=case_id, case_no=case_id.hex, channel=Channel.WALK_IN
    )


@pytest.mark.parametrize(
    "commands", [150, pytest.param(5_000, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])]
)
async def test_two_processes_append_at_once(
    database: Database, journal: Journal, commands: int
) -> None:
    first = registration()
    ledger = Ledger()
    executed = await CommandHandler(journal).execute(first, STAFF)
    ledger.acknowledged[STAFF.principal, str(first.command_id)] = executed
    shared = first.case_id
    async with (
        appending(database, ledger, principal="one", workers=8, shared=shared) as one,
        appending(database, ledger, principal="other", workers=8, shared=shared) as other,
    ):
        await asyncio.gather(*(running.read(commands) for running in (one, other)))
        await asyncio.gather(*(running.stop() for running in (one, other)))
    assert ledger.open == []
    entries = await check(ledger, journal, database)
    notes = len(await journal.read_stream(shared)) - 1
    assert notes > 0
    Console().print(
        f"two processes: {entries} entries, {notes} of them on one case; {dict(ledger.unsure)}"
    )


async def at_once(commands: list[Command], handlers: list[CommandHandler]) -> Executed:
    """The one outcome of all these commands, asked of the handlers in turn."""
    asked = [handlers[n % len(handlers)].execute(one, STAFF) for n, one in enumerate(commands)]
    async with asyncio.timeout(60):
        outcomes = await asyncio.gather(*asked)
    assert len(set(outcomes)) == 1
    return outcomes[0]


def with_ids_of_its_own(command: RegisterCase) -> RegisterCase:
    """The same request once more: id and number of a case are chosen at each try."""
    case_id = uuid4()
    return replace(command, case_id=case_id, case_no=case_id.hex)


async def test_one_command_ten_times_at_once(database: Database, journal: Journal) -> None:
    """In one process and over two: one event, one outcome, whoever asks."""
    async with open_journal(database) as second:
        both = [CommandHandler(journal), CommandHandler(second)]
        case_id = (await at_once([registration()] * 10, both[:1])).stream_id
        note = AddNote(command_id=uuid4(), case_id=case_id, text="Once.")
        await at_once([note] * 10, both)
        first = registration()
        tries: list[Command] = [with_ids_of_its_own(first) for _ in range(10)]
        for handlers in (both, both[:1]):
            await at_once(tries, handlers)
        await at_once([registration()] * 10, both)
    topics = [event.topic for event in await journal.read_stream(case_id)]
    assert topics == ["case.registered", "case.note_added"]
    genesis = 1
    assert (await journal.head()).size == genesis + 4
