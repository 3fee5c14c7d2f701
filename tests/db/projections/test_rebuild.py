"""A view built anew from the journal is the view that was kept up to date inside the appends."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.views.rebuild import RebuildRefused, Rebuilt, outdated, rebuilding
from domain.case import (
    correction,
    handling,
    imported,
    intake,
    outcome,
    reopening,
    reporters,
    routing,
)
from domain.case.vocabulary import Attribute, Audience, Channel, Point, ResolutionOutcome
from domain.command import Command
from domain.identity import ActorKind, Caller, Role
from domain.refusal import Refusal
from projections.registry import VIEWS
from projections.view import ResumableView
from tests.db.projections.test_followers import at, following, register, until

STAFF: Final = frozenset(Role)
COLLEAGUES: Final = [Caller(name, ActorKind.PERSON, STAFF) for name in ("ann", "bob")]
BEGAN: Final = datetime.now(UTC) - timedelta(days=2)
CASES: Final = VIEWS["cases"]
TOTALS: Final = VIEWS["case_totals"]
METRICS: Final = VIEWS["metrics"]
CONTROL: Final = VIEWS["control"]
RESPONSIBILITY: Final = VIEWS["responsibility"]

Draft = tuple[type[Command], dict[str, Any]]
"""A command without what is the same for all of them."""

LATER: Final[list[Draft]] = [
    (intake.AcceptCase, {}),
    (correction.CorrectCase, {"title": "Noise after ten"}),
    (correction.CorrectCase, {"description": ""}),
    (
        reporters.AttachReporter,
        {"reporter_id": UUID(int=7), "details": reporters.ReporterDetails(name="Li Hua")},
    ),
    (routing.DispatchCase, {"lead_unit": "water", "co_units": ("police", "fire")}),
    (routing.DispatchCase, {"lead_unit": "environment"}),
    (routing.SignForCase, {}),
    (handling.RecordProgress, {"text": "Measured 62 dB."}),
    (handling.AddNote, {"text": "内部备注", "audience": Audience.INTERNAL}),
    (outcome.SubmitResolution, {"outcome": ResolutionOutcome.PARTLY, "measures": "Half of it."}),
    (outcome.VerifyResolution, {}),
    (outcome.VerifyResolution, {"ask_feedback": False}),
    (outcome.OrderRework, {"demand": "The other half."}),
    (outcome.CloseCase, {"public_reason": "Done"}),
    (reopening.ReopenCase, {"ground": "Loud again."}),
    (intake.WithdrawCase, {}),
]
"""In the order of a life, so that many are possible where they come."""

steps = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(LATER), st.sampled_from(COLLEAGUES), st.integers(0, 40)
    ),
    min_size=10,
    max_size=40,
)


def hour(number: int) -> datetime:
    return BEGAN + timedelta(hours=number)


async def opened(commands: CommandHandler) -> list[UUID]:
    """Two cases and an imported history whose times are not in order."""
    case_ids = []
    for point in (None, Point(39.9, 116.4)):
        case_id = uuid4()
        command = intake.RegisterCase(
            command_id=uuid4(),
            case_id=case_id,
            case_no=str(case_id),
            channel=Channel.HOTLINE,
            title="Noise at night",
            description="一家作坊夜里两点还在施工",
            point=point,
            occurred_at=hour(0),
        )
        await commands.execute(command, COLLEAGUES[0])
        case_ids.append(case_id)
    history = imported.ImportHistory(
        command_id=uuid4(),
        source="log",
        external_id=str(uuid4()),
        attributes=(Attribute("cost", "float", "1.50"),),
        activities=tuple(imported.Activity(f"step {n % 3}", hour(n % 5)) for n in range(9)),
    )
    executed = await commands.execute(history, COLLEAGUES[0])
    return [*case_ids, executed.stream_id]


async def rebuilt(
    database: Database, journal: Journal, view: ResumableView, *, accept_difference: bool = False
) -> Rebuilt:
    async with rebuilding(database, journal, view) as rebuild:
        return await rebuild.run(accept_difference=accept_difference)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8
)
@given(steps=steps)
async def test_rebuilt_is_what_was_kept_up_to_date(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    steps: list[tuple[int, Draft, Caller, int]],
) -> None:
    """The examples add to one journal, and are told in one session each."""
    case_ids = await opened(commands)
    for number, (kind, said), caller, when in steps:
        place: dict[str, Any] = {"case_id": case_ids[number], "occurred_at": hour(when)}
        try:
            await commands.execute(kind(command_id=uuid4(), **place, **said), caller)
        except Refusal:
            continue
    head = (await journal.head()).size
    for view in (TOTALS, METRICS, CONTROL):
        async with following(database, journal, view) as followers:
            await until(at(followers, head))
    for view in (CASES, RESPONSIBILITY, TOTALS, METRICS, CONTROL):
        result = await rebuilt(database, journal, view)
        assert result.same, result.tables
        assert result.switched
        # The ledger is where the last event was that concerned it.
        assert result.position == head or view is RESPONSIBILITY
        assert any(table.rebuilt_rows for table in result.tables)


async def test_appends_go_on_while_a_view_is_rebuilt(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 40)
    appends = asyncio.create_task(register(commands, 200))
    result = await rebuilt(database, journal, CASES)
    await appends
    await register(commands, 3)
    again = await rebuilt(database, journal, CASES)
    assert result.same
    assert again.same
    assert (again.position, again.tables[0].live_rows) == (244, 243)


async def test_a_view_that_follows_is_rebuilt_as_far_as_it_is(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    nowhere = await rebuilt(database, journal, TOTALS)
    await register(commands, 3)
    async with following(database, journal, TOTALS) as followers:
        await until(at(followers, 4))
    await register(commands, 2)
    behind = await rebuilt(database, journal, TOTALS)
    async with following(database, journal, TOTALS) as followers:
        await until(at(followers, 6))
    assert (nowhere.position, behind.position) == (0, 4)
    assert nowhere.same
    assert behind.same


async def change(database: Database, statement: str) -> None:
    connection = await database.connect()
    await connection.execute(statement)
    await connection.close()


async def stages(database: Database) -> set[str]:
    connection = await database.connect()
    found = {row["stage"] for row in await connection.fetch("SELECT stage FROM cases")}
    await connection.close()
    return found


async def test_a_difference_is_shown_and_switched_to_only_when_accepted(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 3)
    await change(database, "UPDATE cases SET stage = 'CLOSED' WHERE version = 1")
    refused = await rebuilt(database, journal, CASES)
    found = {table.table: (table.only_live, table.only_rebuilt) for table in refused.tables}
    assert found == dict.fromkeys(CASES.tables, (0, 0)) | {"cases": (3, 3)}
    assert not refused.switched
    assert await stages(database) == {"CLOSED"}
    accepted = await rebuilt(database, journal, CASES, accept_difference=True)
    assert accepted.switched
    assert await stages(database) == {"REGISTERED"}


async def test_the_tables_that_were_replaced_come_back_up_to_date(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    await register(commands, 2)
    await change(database, "UPDATE cases SET stage = 'CLOSED' WHERE version = 1")
    await rebuilt(database, journal, CASES, accept_difference=True)
    await register(commands, 2)
    async with rebuilding(database, journal, CASES) as rebuild:
        await rebuild.roll_back()
    assert await stages(database) == {"CLOSED", "REGISTERED"}
    await register(commands, 1)
    assert (await rebuilt(database, journal, CASES)).tables[0].live_rows == 5


async def test_there_is_nothing_to_roll_back_to_before_the_first_rebuild(
    database: Database, journal: Journal
) -> None:
    async with rebuilding(database, journal, CASES) as rebuild:
        with pytest.raises(RebuildRefused, match="no earlier tables of cases"):
            await rebuild.roll_back()


async def test_one_rebuild_at_a_time(database: Database, journal: Journal) -> None:
    async with rebuilding(database, journal, CASES):
        with pytest.raises(RebuildRefused, match="another rebuild"):
            await rebuilt(database, journal, TOTALS)


async def test_indexes_keep_their_names(database: Database, journal: Journal) -> None:
    names = """
        SELECT indexname, replace(indexdef, schemaname || '.', '') AS definition
        FROM pg_indexes WHERE schemaname = 'views' ORDER BY 1
    """
    connection = await database.connect()
    before = [tuple(row) for row in await connection.fetch(names)]
    await rebuilt(database, journal, CASES)
    after = [tuple(row) for row in await connection.fetch(names)]
    await connection.close()
    assert before == after


async def test_a_view_of_another_version_must_be_rebuilt(
    database: Database, journal: Journal
) -> None:
    connection = await database.connect()
    assert not await outdated(connection, list(VIEWS.values()))
    await connection.execute("UPDATE versions SET version = 0 WHERE view = 'cases'")
    assert "run `wardbook rebuild cases`" in (await outdated(connection, [CASES]))[0]
    await rebuilt(database, journal, CASES)
    assert not await outdated(connection, [CASES])
    await connection.close()
