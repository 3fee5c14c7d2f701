"""Each clock of a case has a row, from its start on and after it has stopped."""

from typing import Any, Final

import msgspec
import pytest

from app.database import Database
from domain.case.clocks.changing import breached, paused
from domain.case.clocks.deadlines import DeadlineBreached, DeadlineWarning
from domain.case.intake import CaseAccepted, CaseWithdrawn
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind
from projections.as_of import Moment
from projections.case_clocks import started_clocks
from projections.case_view import CasesView
from projections.view import Connection
from tests.db.projections.applying import apply, rolled_back
from tests.projections.recorded import CASE, Said, hour, recorded, registered
from tests.projections.timing import clock, started
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

STAGE: Final = clock(ClockKind.STAGE, unit="water")
AGAIN: Final = msgspec.structs.replace(STAGE, due=hour(12), first_due=hour(10))
HISTORY: Final[tuple[tuple[float, Said], ...]] = (
    (0, registered()),
    (0, started(clock(ClockKind.ACCEPTANCE))),
    (1, (CaseAccepted, {})),
    (1, started(clock(), STAGE)),
    (8, (DeadlineWarning, {"percent": 80, "clock": clock(raised=80, next_percent=100)})),
    (9, started(paused(clock(), hour(9)))),
    (10, (DeadlineBreached, {"percent": 100, "clock": breached(STAGE)})),
    (11, started(AGAIN, clock(ClockKind.STAGE, key="x", number=2))),
    (14, (CaseWithdrawn, {})),
    # What nobody had noticed before it stopped.
    (10, (DeadlineBreached, {"percent": 100, "clock": breached(clock(ClockKind.ACCEPTANCE))})),
)


def events() -> list[RecordedEvent]:
    return [
        recorded(said, version=version, position=10 * version, occurred_at=hour(at))
        for version, (at, said) in enumerate(HISTORY, 1)
    ]


async def rows(connection: Connection) -> list[dict[str, Any]]:
    found = await connection.fetch("SELECT * FROM case_clocks ORDER BY name, number")
    return [dict(row) for row in found]


@pytest.fixture
async def connection(database: Database) -> Any:
    async with rolled_back(database) as connection:
        yield connection


async def test_rows_are_the_same_however_the_events_were_cut(database: Database) -> None:
    found = []
    for cut in range(len(HISTORY)):
        async with rolled_back(database) as connection:
            await apply(CasesView(), connection, events(), [cut, cut + 2])
            found.append(await rows(connection))
    assert all(each == found[0] for each in found)


async def test_what_it_said_and_when_it_stopped_is_told(connection: Connection) -> None:
    await apply(CasesView(), connection, events())

    told = {
        row["name"]: (
            row["started_position"],
            row["due"],
            row["first_due"],
            (row["breached_at"], row["breached_position"]),
            (row["stopped_at"], row["stopped_position"]),
        )
        for row in await rows(connection)
    }
    assert told == {
        "ACCEPTANCE": (20, hour(10), None, (hour(10), 100), (hour(1), 30)),
        "RESOLUTION": (40, hour(10), None, (None, None), (hour(14), 90)),
        "STAGE": (40, hour(12), hour(10), (hour(10), 70), (hour(14), 90)),
        "STAGE/x": (80, hour(10), None, (None, None), (hour(14), 90)),
    }


async def test_as_of_a_moment_those_had_stopped_that_stopped_by_then(
    connection: Connection,
) -> None:
    await apply(CasesView(), connection, events())

    async def names(moment: Moment | None) -> list[str]:
        found = await started_clocks(connection, [CASE], moment)
        return [each.clock.name for each in found.get(CASE, []) if each.stopped_at]

    assert await names(None) == ["ACCEPTANCE", "RESOLUTION", "STAGE", "STAGE/x"]
    assert await names(Moment(80, None, 100)) == ["ACCEPTANCE"]
    assert await names(Moment(20, None, 100)) == []
    assert await names(Moment(100, None, 100, hour(0.5))) == []
