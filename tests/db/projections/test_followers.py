"""Following views go on where they stopped, one process at a time, and skip nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.views.followers import Followers, FollowerState
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.metric_view import MetricsView
from projections.totals import Dimension, totals
from projections.totals_view import TotalsView
from projections.view import Connection, Past, ResumableView
from tests.domain.people import INTAKE

EVERYTHING = Scope(every_case=True, own=None, internal=True)
PATIENCE: Final = 60


class Unlucky(TotalsView):
    """Fails on its first tries."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], past: Past
    ) -> None:
        await super().apply(connection, events, past)
        if self.failures:
            self.failures -= 1
            raise ZeroDivisionError


async def register(commands: CommandHandler, number: int) -> None:
    for n in range(number):
        case_id = uuid4()
        await commands.execute(
            RegisterCase(
                command_id=uuid4(),
                case_id=case_id,
                case_no=f"{n}-{case_id.hex[:12]}",
                channel=Channel.WEB,
            ),
            INTAKE,
        )


@asynccontextmanager
async def following(
    database: Database, journal: Journal, *views: ResumableView, pause: float = 0.01
) -> AsyncIterator[Followers]:
    followers = Followers(database, journal, views, pauses=(pause, pause))
    followers.start()
    try:
        yield followers
    finally:
        await followers.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event of its own
            await asyncio.sleep(0.01)


async def registered_cases(database: Database) -> int:
    connection = await database.connect()
    found = await totals(connection, EVERYTHING, [Dimension.STAGE])
    await connection.close()
    return sum(cell.cases for cell in found.cells)


def at(followers: Followers, position: int) -> Callable[[], bool]:
    return lambda: followers.status()[-1].position == position


async def test_a_view_catches_up_follows_and_goes_on(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    async with following(database, journal, TotalsView()) as followers:
        await until(at(followers, 4))
        await register(commands, 2)
        await until(at(followers, 6))
    await register(commands, 1)
    async with following(database, journal, TotalsView()) as followers:
        await until(at(followers, 7))
    assert await registered_cases(database) == 6


async def test_only_one_process_follows(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    async with (
        following(database, journal, TotalsView()) as first,
        following(database, journal, TotalsView()) as second,
    ):
        await register(commands, 5)
        await until(lambda: at(first, 6)() or at(second, 6)())
        states = {followers.status()[0].state for followers in (first, second)}
    assert states == {FollowerState.FOLLOWING, FollowerState.WAITING}
    assert await registered_cases(database) == 5


async def test_a_failing_batch_is_tried_again_and_counted_once(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    async with following(database, journal, Unlucky(2)) as followers:
        await until(at(followers, 4))
        assert not followers.problems()
    assert await registered_cases(database) == 3


async def test_a_view_that_keeps_failing_stops_says_so_and_skips_nothing(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    async with following(database, journal, Unlucky(99)) as followers:
        await until(lambda: followers.status()[0].state is FollowerState.STOPPED)
        status = followers.status()[0]
        assert (status.position, status.error) == (0, "ZeroDivisionError")
        assert "case_totals stopped at position 0" in followers.problems()[0]
    assert await registered_cases(database) == 0


async def test_a_view_that_fails_holds_up_no_other(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    async with following(database, journal, Unlucky(99), MetricsView(), pause=60) as followers:
        await until(at(followers, 4))
        await until(lambda: followers.status()[0].state is FollowerState.RETRYING)
        await register(commands, 2)
        await until(at(followers, 6))
        assert followers.status()[0].position == 0
