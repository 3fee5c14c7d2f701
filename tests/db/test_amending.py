"""The clocks of many cases amended at once: each by an event of its own, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from app.amending import Amender, Wanted
from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.journal import Journal
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.vocabulary import Channel
from domain.identity import ActorKind, Caller, Role
from tests.api.schema.limits import another_calendar, limit_time
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

REGISTRAR: Final = Caller("registrar", ActorKind.PERSON, frozenset({Role.REGISTRAR}))
INTAKE: Final = Caller("intake", ActorKind.PERSON, frozenset({Role.INTAKE}))
TODAY: Final = datetime.now(UTC)
OFF: Final = tuple(date.fromordinal(TODAY.toordinal() + number) for number in range(1, 8))


def wanted(version: int = 2, **said: Any) -> Wanted:
    return Wanted("A week off", calendar_version=version, **said)


async def registered(commands: CommandHandler, area: str | None = None, **said: Any) -> UUID:
    case_id = uuid4()
    usual = {"case_no": str(case_id), "channel": Channel.HOTLINE, "area": area}
    await commands.execute(
        RegisterCase(command_id=uuid4(), case_id=case_id, **{**usual, **said}), INTAKE
    )
    await commands.execute(AcceptCase(command_id=uuid4(), case_id=case_id), REGISTRAR)
    return case_id


async def test_each_case_is_amended_once_and_a_rehearsal_records_nothing(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    configuration: CurrentConfiguration,
) -> None:
    before = await registered(commands)
    await limit_time(commands, TODAY - timedelta(days=1))
    east, west = [await registered(commands, area) for area in ("east", "west")]
    await another_calendar(commands, TODAY + timedelta(days=300), *OFF)
    size, told = (await journal.head()).size, list[int]()

    async with database.pool(2) as reads:
        amender = Amender(journal, commands, configuration, reads, REGISTRAR)
        rehearsed = await amender.run(wanted(), told.append, dry_run=True)
        assert (await journal.head()).size == size
        first = await amender.run(wanted(areas=("east",)), told.append, dry_run=False)
        second = await amender.run(wanted(), told.append, dry_run=False)
        again = await amender.run(wanted(), told.append, dry_run=False)
        strange = await amender.run(wanted(7), told.append, dry_run=False)

    assert (rehearsed.cases, rehearsed.amended) == (2, 2)
    assert (first.cases, first.amended) == (1, 1)
    assert (second.amended, second.unchanged) == (1, 1)
    assert (again.amended, again.unchanged) == (0, 2)
    assert strange.refused == {"NOT_FOUND": 2}
    assert told == [2, 1, 2, 2, 2]
    for case_id, number in ((before, 0), (east, 1), (west, 1)):
        topics = [each.topic for each in await journal.read_stream(case_id)]
        assert topics.count("case.clocks_amended") == number
