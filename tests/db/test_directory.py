"""The directory in the journal, and in the memory of every process."""

import asyncio
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.directory import CurrentDirectory
from app.followed import FollowedAggregate, Following
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from domain.catalogue.state import CATALOGUE_STREAM, CaseTypeCatalogue
from domain.directory import DIRECTORY_STREAM, Directory, DirectoryCommand, administrator_roles
from domain.directory.people import (
    AppointPerson,
    DelegateAuthority,
    EndAppointment,
    RevokeDelegation,
)
from domain.directory.posts import ChangePosition
from domain.directory.units import ChangeUnit
from domain.identity import Post, Role
from domain.journal import ExportLog
from domain.refusal import NotPermitted, VersionConflict
from projections.directory_known import directory_known
from tests.db.projections.test_followers import until
from tests.domain.configuring import ANN, draft_catalogue
from tests.domain.office import ADMINISTRATOR, NOW, appointed, area, day, position, unit
from tests.domain.people import REGISTRAR
from tests.domain.scenario import ask

HALL = unit("hall")
KEEPER = position("keeper", "hall", roles=(Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN))


async def carry_out(commands: CommandHandler, *wanted: DirectoryCommand) -> None:
    for command in wanted:
        object.__setattr__(command, "command_id", uuid4())
        await commands.execute(command, ADMINISTRATOR)


async def until_known(directory: CurrentDirectory, code: str) -> None:
    async with asyncio.timeout(60):
        while not _knows(directory, code):  # noqa: ASYNC110 - what is followed has no event of it
            await asyncio.sleep(0.01)


def _knows(directory: CurrentDirectory, code: str) -> bool:
    known = directory.current()
    return known is not None and code in known.units


async def test_what_is_recorded_here_is_known_here_at_once(
    commands: CommandHandler, directory: CurrentDirectory
) -> None:
    assert directory.current() is None
    await carry_out(commands, HALL, KEEPER, appointed("keeper", "wang"))
    roles = frozenset(KEEPER.roles)
    known = directory.current()
    assert known is not None
    assert known.roles_of("wang", day(1)) == (Post("keeper", roles, "hall"),)


async def test_what_another_process_records_is_known_soon(
    database: Database, commands: CommandHandler, directory: CurrentDirectory
) -> None:
    await carry_out(commands, HALL)
    elsewhere = await Journal.open(database, FileKeyProvider("test", b"k" * 32))
    try:
        await carry_out(CommandHandler(elsewhere), unit("police"))
        await until_known(directory, "police")
    finally:
        await elsewhere.close()


async def test_administrators_begin_and_step_back(
    commands: CommandHandler, directory: CurrentDirectory
) -> None:
    assert directory.administrators == ("administrator",)
    both = {Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN}
    assert roles_of_administrator(directory, "administrator") == both
    assert roles_of_administrator(directory, "wang") == frozenset()
    await carry_out(commands, HALL, KEEPER, appointed("keeper", "wang"))
    assert roles_of_administrator(directory, "administrator") == frozenset()


def roles_of_administrator(directory: CurrentDirectory, person: str) -> frozenset[Role]:
    return administrator_roles(directory.current(), directory.administrators, person, NOW)


async def test_what_was_known_at_a_position_is_what_had_been_recorded_by_then(
    database: Database, commands: CommandHandler, journal: Journal
) -> None:
    await carry_out(
        commands,
        area("street", name_en="A street"),
        HALL,
        KEEPER,
        appointed("keeper", "wang", 0, 30),
        ask(ChangeUnit, code="hall", name_en="Town hall", valid_from=day(9)),
        appointed("keeper", "li", 30),
        ask(ChangePosition, code="keeper", roles=(Role.AUDITOR,), valid_from=day(12)),
        ask(EndAppointment, appointment="keeper#1", valid_to=day(20)),
        ask(
            DelegateAuthority,
            appointment="keeper#2",
            delegate="zhao",
            roles=(Role.AUDITOR,),
            valid_from=day(40),
            valid_to=day(50),
        ),
        ask(RevokeDelegation, delegation="keeper#2.1", valid_to=day(45)),
    )
    connection = await database.connect()
    replayed: Directory | None = None
    for recorded in await journal.read_stream(DIRECTORY_STREAM):
        replayed = recorded.event.mutate(replayed)
        assert replayed is not None
        known = await directory_known(connection, recorded.position)
        for kind in ("units", "areas", "positions", "appointments", "delegations"):
            timelines = getattr(known, kind)
            assert {code: list(each.pieces()) for code, each in timelines.items()} == {
                code: list(each.pieces()) for code, each in getattr(replayed, kind).items()
            }
        assert known.holder_of("keeper", day(10)) == replayed.holder_of("keeper", day(10))
        asked = ("keeper", "li", day(30), day(60))
        assert [*known.delegates_of(*asked)] == [*replayed.delegates_of(*asked)]
        for role in Role:
            assert known.posts_ever_with(role) == replayed.posts_ever_with(role)
    await connection.close()


async def test_only_a_keeper_of_the_directory_changes_it(commands: CommandHandler) -> None:
    with pytest.raises(NotPermitted):
        await commands.execute(HALL, REGISTRAR)


async def test_who_saw_an_older_directory_is_told(commands: CommandHandler) -> None:
    await carry_out(commands, HALL)
    late = unit("police", expected_version=1)
    with pytest.raises(VersionConflict) as conflict:
        await carry_out(commands, late)
    assert conflict.value.current_version == 2


async def test_a_name_is_sealed_in_its_entry_and_open_in_the_event(
    commands: CommandHandler, journal: Journal
) -> None:
    named = AppointPerson(
        command_id=uuid4(), position="keeper", person="p-0417", name="王芳", valid_from=day(0)
    )
    await carry_out(commands, HALL, KEEPER, named)
    recorded = (await journal.read_stream(DIRECTORY_STREAM))[-1]
    assert getattr(recorded.event, "name", None) == "王芳"
    entries = [entry async for batch in journal.read_entries() for entry in batch]
    assert "王芳".encode() not in b"".join(entry.entry for entry in entries)
    assert b"p-0417" in entries[-1].entry


async def test_a_command_asked_again_does_what_it_did(
    commands: CommandHandler, journal: Journal
) -> None:
    first = await commands.execute(HALL, ADMINISTRATOR)
    assert await commands.execute(HALL, ADMINISTRATOR) == first
    assert (await journal.head()).size == first.position


async def test_a_stream_that_cannot_be_followed_is_a_problem(
    commands: CommandHandler, journal: Journal
) -> None:
    wrong = FollowedAggregate(journal, DIRECTORY_STREAM, ExportLog)
    other = FollowedAggregate(journal, CATALOGUE_STREAM, CaseTypeCatalogue)
    following = Following(journal, wrong, other)
    await following.start()
    assert following.problems() == []
    await carry_out(commands, HALL)
    async with asyncio.timeout(60):
        while not following.problems():  # noqa: ASYNC110 - what is followed has no event of it
            await asyncio.sleep(0.01)
    assert "TypeError" in following.problems()[0]
    await commands.execute(draft_catalogue(), ANN)
    await until(lambda: other.version > 0)
    await following.close()
