"""Many commands decided ahead of their recording: each on what those before it decided."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.commands import CommandHandler, Spare
from app.database import Database
from app.genesis import Demonstration, ensure_open
from app.journal import Journal
from app.journal.errors import SimulatedTimeRefused
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from domain.case.handling import AddNote
from domain.case.intake import RejectCase
from domain.case.reporters import ReporterDetails
from domain.command import Command
from domain.identity import Caller
from domain.personal_data import Category
from domain.refusal import NotPermitted, WrongStage
from projections.registry import INLINE_VIEWS
from tests.db.journal.making import STAFF, acceptance, registration
from tests.db.journal.test_simulated_times import LONG_AGO

STRANGER = Caller("stranger", STAFF.kind, frozenset())


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    demonstration = Demonstration(LONG_AGO, "a test")
    await ensure_open(journal, CommandHandler(journal), Settings(), demonstration)
    yield journal
    await journal.close()


def hourly(*commands: Command, caller: Caller = STAFF) -> list[tuple[Command, Caller, datetime]]:
    return [(each, caller, LONG_AGO + timedelta(hours=n)) for n, each in enumerate(commands, 1)]


async def test_a_case_goes_through_several_commands_in_one_batch(
    journal: Journal, commands: CommandHandler
) -> None:
    first, second = registration(), registration()
    before, _ = journal.appended
    await commands.execute_in_order(
        hourly(
            first,
            second,
            acceptance(first.case_id),
            acceptance(second.case_id),
            AddNote(command_id=uuid4(), case_id=first.case_id, text="Seen."),
        )
    )
    assert journal.appended[0] == before + 1
    events = await journal.read_stream(first.case_id)
    assert [event.topic for event in events] == [
        "case.registered",
        "case.accepted",
        "case.note_added",
    ]
    hours = [(event.recorded_at - LONG_AGO) / timedelta(hours=1) for event in events]
    assert hours == [1, 3, 5]


async def test_the_same_person_may_bring_several_of_them(
    journal: Journal, commands: CommandHandler
) -> None:
    person, details = uuid4(), ReporterDetails(name="Lin")
    brought = [
        replace(registration(), reporter_id=person, reporter=details, on_behalf=True)
        for _ in range(3)
    ]
    await commands.execute_in_order(hourly(*brought))
    for each in brought:
        said = await journal.reporter(each.case_id, person)
        assert said.values == {Category.NAME: "Lin"}


async def test_after_a_refusal_nothing_that_was_only_decided_is_believed(
    journal: Journal, commands: CommandHandler
) -> None:
    case = registration()
    rejection = RejectCase(
        command_id=uuid4(), case_id=case.case_id, legal_basis="Not ours", remedy="Another door"
    )
    accepted = acceptance(case.case_id)
    with pytest.raises(WrongStage):
        await commands.execute_in_order(hourly(case, accepted, rejection))
    assert (await journal.head()).size == 1
    await commands.execute_in_order(hourly(case, accepted))
    assert len(await journal.read_stream(case.case_id)) == 2


async def test_what_is_spare_is_passed_over_where_there_is_nothing_to_do(
    journal: Journal, commands: CommandHandler
) -> None:
    case, note = registration(), AddNote(command_id=uuid4(), case_id=uuid4(), text="Seen.")
    again = acceptance(case.case_id)
    asked = hourly(case, acceptance(case.case_id), again, replace(note, case_id=case.case_id))
    with pytest.raises(WrongStage):
        await commands.execute_in_order(asked)
    spare = [Spare(each) if each[0] is again else each for each in asked]
    await commands.execute_in_order(spare)
    events = await journal.read_stream(case.case_id)
    assert [event.version for event in events] == [1, 2, 3]
    assert again.command_id not in {event.command_id for event in events}


async def test_nobody_decides_ahead_without_the_right(commands: CommandHandler) -> None:
    with pytest.raises(NotPermitted):
        await commands.execute_in_order(hourly(acceptance(uuid4()), caller=STRANGER))


async def test_what_the_journal_refuses_is_told_and_forgotten(
    journal: Journal, commands: CommandHandler
) -> None:
    case = registration()
    late = [(case, STAFF, datetime.now(UTC) + timedelta(days=1))]
    with pytest.raises(SimulatedTimeRefused):
        await commands.execute_in_order(late)
    await commands.execute_in_order(hourly(case))
    assert len(await journal.read_stream(case.case_id)) == 1
