"""The view of who watches what: the same however it was cut, and built anew beside the live one."""

from uuid import UUID, uuid4

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from domain.identity import Caller
from domain.watching import UnwatchCase, WatchCase
from projections.watching import WatchingView, watched_among
from tests.db.projections.applying import apply, rolled_back
from tests.db.projections.test_rebuild import rebuilt
from tests.domain.people import OFFICER, REPORTER

ONE, OTHER = UUID(int=1), UUID(int=2)
ROWS = "SELECT principal, case_id, since, until FROM watched_cases ORDER BY since"
STEPS = (
    (WatchCase, ONE, OFFICER),
    (WatchCase, ONE, REPORTER),
    (WatchCase, OTHER, OFFICER),
    (UnwatchCase, ONE, OFFICER),
    (WatchCase, ONE, OFFICER),
)


async def watch(
    commands: CommandHandler, kind: type[WatchCase | UnwatchCase], case_id: UUID, who: Caller
) -> None:
    me = who.principal
    command = kind(command_id=uuid4(), case_id=case_id, principal=me, reporter=me)
    await commands.execute(command, who)


async def test_each_watches_their_own_cases(
    database: Database, commands: CommandHandler, journal: Journal
) -> None:
    for step in STEPS:
        await watch(commands, *step)
    async with rolled_back(database) as connection:
        both = [ONE, OTHER]
        assert await watched_among(connection, "officer", both) == {ONE, OTHER}
        assert await watched_among(connection, "resident", both) == {ONE}
        assert await watched_among(connection, "resident", [OTHER]) == set()
        live = [tuple(row) for row in await connection.fetch(ROWS)]
        assert [row[3] is None for row in live] == [False, True, True, True]
        newest = await WatchingView().position(connection)
        assert newest == live[-1][2]
        await connection.execute("DELETE FROM watched_cases")
        assert await WatchingView().position(connection) == 0
        events = [event async for batch in journal.read() for event in batch]
        await apply(WatchingView(), connection, events, cuts=[3, 5])
        assert [tuple(row) for row in await connection.fetch(ROWS)] == live


async def test_it_is_built_anew_as_it_is(
    database: Database, commands: CommandHandler, journal: Journal
) -> None:
    for step in STEPS:
        await watch(commands, *step)
    result = await rebuilt(database, journal, WatchingView())
    (table,) = result.tables
    assert table.live_rows == table.rebuilt_rows == len(STEPS) - 1
