"""Who a reporter is lies under a key of the person: it opens for nobody else, and can go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.errors import KeyUnavailable, PersonKeyLost
from app.journal.keys import FileKeyProvider, StreamKeys
from app.journal.mapper import seal, unseal
from domain.case.intake import RegisterCase
from domain.case.reporters import AttachReporter, ReporterAttached, ReporterDetails
from domain.identity import ActorKind, Caller, Role
from domain.personal_data import Category, Keeping, person_id
from domain.refusal import Refusal
from tests.db.journal.making import STAFF, append_of, new_event, registration
from tests.servers import Server

RESIDENT = Caller("resident", ActorKind.PERSON, frozenset({Role.REPORTER}))
LI_HUA = ReporterDetails(name="Li Hua", contact="555 0199")
KEYS = "SELECT subject FROM journal.keys ORDER BY subject"

SetState = Callable[[UUID, str], Awaitable[None]]


@pytest.fixture
async def set_state(server: Server, database_name: str) -> AsyncIterator[SetState]:
    """Changes the state of a key, as whoever owns the journal can."""
    connection = await asyncpg.connect(server.admin_dsn, database=database_name)
    await connection.execute("SET ROLE wardbook_owner")

    async def change(subject: UUID, state: str) -> None:
        await connection.execute(
            "UPDATE journal.keys SET state = $2, "
            "wrapped = CASE WHEN $2 = 'destroyed' THEN NULL ELSE wrapped END WHERE subject = $1",
            subject,
            state,
        )

    yield change
    await connection.close()


def with_reporter(details: ReporterDetails = LI_HUA) -> RegisterCase:
    return replace(registration(), reporter_id=uuid4(), reporter=details)


async def registered(
    handler: CommandHandler, by: Caller = STAFF, details: ReporterDetails = LI_HUA
) -> tuple[UUID, UUID]:
    """A case with a reporter: its id, and theirs."""
    command = with_reporter(details)
    await handler.execute(command, by)
    assert command.reporter_id is not None
    return command.case_id, person_id(by.principal) if by is RESIDENT else command.reporter_id


async def subjects(database: Database) -> set[UUID]:
    connection = await database.connect()
    try:
        return {row["subject"] for row in await connection.fetch(KEYS)}
    finally:
        await connection.close()


async def test_registered_and_named_in_one_transaction(
    handler: CommandHandler, bare_journal: Journal, database: Database
) -> None:
    command = with_reporter()
    executed = await handler.execute(command, STAFF)
    assert (executed.first_version, executed.last_version) == (1, 2)
    assert await subjects(database) == {command.case_id, command.reporter_id}
    stored = [entry for batch in [e async for e in bare_journal.read_entries()] for entry in batch]
    assert not any(b"Li Hua" in entry.entry or b"0199" in entry.entry for entry in stored)


async def test_it_opens_with_the_key_of_the_person(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id, reporter_id = await registered(handler)
    found = await bare_journal.reporter(case_id, reporter_id)
    assert found.keeping is Keeping.ACTIVE
    assert found.values == {Category.NAME: "Li Hua", Category.CONTACT: "555 0199"}


async def test_a_replay_does_not_open_it(handler: CommandHandler, bare_journal: Journal) -> None:
    case_id, reporter_id = await registered(handler)
    _, read = await bare_journal.read_stream(case_id)
    assert isinstance(read.event, ReporterAttached)
    assert read.event.reporter_id == reporter_id
    assert read.event.categories == (Category.NAME, Category.CONTACT)
    assert (read.event.name, read.event.contact, read.event.address) == (None, None, None)


async def test_what_is_said_later_counts_category_by_category(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id, reporter_id = await registered(handler)
    more = ReporterDetails(contact="555 0200", address="12 Elm Street")
    command = AttachReporter(command_id=uuid4(), case_id=case_id, reporter_id=uuid4(), details=more)
    await handler.execute(command, STAFF)
    assert (await bare_journal.reporter(case_id, reporter_id)).values == {
        Category.NAME: "Li Hua",
        Category.CONTACT: "555 0200",
        Category.ADDRESS: "12 Elm Street",
    }


async def test_of_another_person_nothing_of_the_first_is_shown(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    case_id, first = await registered(handler)
    command = AttachReporter(
        command_id=uuid4(),
        case_id=case_id,
        reporter_id=uuid4(),
        details=ReporterDetails(name="Wu Gang"),
        another=True,
    )
    await handler.execute(command, STAFF)
    second = await bare_journal.reporter(case_id, command.reporter_id)
    assert second.values == {Category.NAME: "Wu Gang"}
    assert "Wu Gang" not in (await bare_journal.reporter(case_id, first)).values.values()


async def test_another_process_reads_it(
    handler: CommandHandler, database: Database, provider: FileKeyProvider
) -> None:
    case_id, reporter_id = await registered(handler)
    other = await Journal.open(database, provider)
    try:
        found = await other.reporter(case_id, reporter_id)
    finally:
        await other.close()
    assert found.values[Category.NAME] == "Li Hua"


class TestOnePerson:
    async def test_has_one_key_on_all_their_cases(
        self, handler: CommandHandler, bare_journal: Journal, database: Database
    ) -> None:
        first, person = await registered(handler, RESIDENT)
        second, same = await registered(handler, RESIDENT, ReporterDetails(contact="555 0200"))
        assert person == same
        assert await subjects(database) == {first, second, person}
        found = await bare_journal.reporter(second, person)
        assert found.values == {Category.CONTACT: "555 0200"}

    async def test_many_at_once_in_two_processes_agree_on_the_key(
        self,
        handler: CommandHandler,
        bare_journal: Journal,
        database: Database,
        provider: FileKeyProvider,
    ) -> None:
        other = await Journal.open(database, provider)
        try:
            handlers = [handler, CommandHandler(other)] * 8
            cases = await asyncio.gather(*(registered(each, RESIDENT) for each in handlers))
        finally:
            await other.close()
        (person,) = {person for _, person in cases}
        for case_id, _ in cases:
            assert (await bare_journal.reporter(case_id, person)).values == {
                Category.NAME: "Li Hua",
                Category.CONTACT: "555 0199",
            }

    async def test_what_was_sealed_under_a_key_that_lost_is_not_recorded(
        self, handler: CommandHandler, bare_journal: Journal
    ) -> None:
        _, person = await registered(handler, RESIDENT)
        (known,) = (await bare_journal.keys_of_persons([person])).values()
        lost = replace(known.wrapped, wrapped=b"another")
        size = (await bare_journal.head()).size
        with pytest.raises(PersonKeyLost):
            await bare_journal.append(replace(append_of(new_event(uuid4(), 1)), persons=(lost,)))
        assert (await bare_journal.head()).size == size


class TestAKeyThatIsClosed:
    @pytest.mark.parametrize(
        ("state", "keeping"), [("sealed", Keeping.SEALED), ("destroyed", Keeping.ERASED)]
    )
    async def test_opens_nothing_and_gets_no_successor(
        self,
        handler: CommandHandler,
        bare_journal: Journal,
        database: Database,
        set_state: SetState,
        state: str,
        keeping: Keeping,
    ) -> None:
        case_id, person = await registered(handler, RESIDENT)
        await set_state(person, state)
        keys = await subjects(database)

        found = await bare_journal.reporter(case_id, person)
        assert (found.keeping, found.values) == (keeping, {})
        assert len(await bare_journal.read_stream(case_id)) == 2
        with pytest.raises(Refusal) as refused:
            await handler.execute(with_reporter(), RESIDENT)
        assert refused.value.code == "PERSONAL_DATA_CLOSED"
        assert refused.value.facts == {"state": keeping.value}
        assert await subjects(database) == keys

    async def test_that_was_sealed_only_opens_again(
        self, handler: CommandHandler, bare_journal: Journal, set_state: SetState
    ) -> None:
        case_id, person = await registered(handler, RESIDENT)
        await set_state(person, "sealed")
        await set_state(person, "active")
        assert (await bare_journal.reporter(case_id, person)).values[Category.NAME] == "Li Hua"

    async def test_does_not_take_back_what_a_command_did_before(
        self, handler: CommandHandler, set_state: SetState
    ) -> None:
        command = with_reporter()
        first = await handler.execute(command, RESIDENT)
        await set_state(person_id(RESIDENT.principal), "destroyed")
        again = replace(command, case_id=uuid4(), reporter_id=uuid4())
        assert await handler.execute(again, RESIDENT) == first


async def test_a_key_that_never_was_is_not_made_by_reading(
    handler: CommandHandler, bare_journal: Journal, database: Database
) -> None:
    case_id, _ = await registered(handler)
    keys = await subjects(database)
    found = await bare_journal.reporter(case_id, uuid4())
    assert (found.keeping, found.values) == (Keeping.ERASED, {})
    assert await subjects(database) == keys


def test_a_ciphertext_is_bound_to_its_subject(provider: FileKeyProvider) -> None:
    keys, stream, person = StreamKeys(provider), uuid4(), uuid4()
    keys.mint(person)
    sealed = seal(keys.cipher(person), stream, 2, "name", "Li Hua", subject=person)
    with pytest.raises(KeyUnavailable):
        unseal(keys.cipher(person), stream, 2, "name", sealed)
