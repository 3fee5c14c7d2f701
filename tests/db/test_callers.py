"""Who a token's caller is, by the directory that this process follows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.callers import recogniser
from app.commands import CommandHandler
from app.directory import CurrentDirectory
from domain.directory.people import AppointPerson, EndAppointment
from domain.directory.posts import CreatePosition
from domain.directory.units import EstablishUnit
from domain.directory.vocabulary import UnitKind
from domain.identity import ActorKind, Caller, Role
from tests.domain.people import person

ADMINISTRATOR = person("administrator", Role.DIRECTORY_ADMIN)
CLAIMED = Caller("li.na", ActorKind.PERSON, frozenset({Role.SUPERVISOR}))


async def test_a_change_in_the_directory_counts_at_once(
    commands: CommandHandler, directory: CurrentDirectory
) -> None:
    recognise = recogniser(directory)
    assert recognise(CLAIMED) == CLAIMED
    since = datetime.now(UTC) - timedelta(days=1)
    for command in (
        EstablishUnit(
            command_id=uuid4(),
            code="water",
            kind=UnitKind.GOVERNMENT,
            name_en="Water",
            valid_from=since,
        ),
        CreatePosition(
            command_id=uuid4(),
            code="clerk",
            unit="water",
            title_en="Clerk",
            roles=(Role.OFFICER,),
            valid_from=since,
        ),
        AppointPerson(command_id=uuid4(), position="clerk", person="li.na", valid_from=since),
    ):
        await commands.execute(command, ADMINISTRATOR)
    assert recognise(CLAIMED).roles == {Role.OFFICER, Role.REPORTER}
    assert recognise(CLAIMED).unit == "water"
    end = EndAppointment(command_id=uuid4(), appointment="clerk#1")
    await commands.execute(end, ADMINISTRATOR)
    assert recognise(CLAIMED).roles == {Role.REPORTER}
