"""The inline view writes the same rows however the events are cut into batches."""

from app.database import Database
from domain.recorded import RecordedEvent
from projections.case_view import CasesView
from projections.view import Connection
from tests.db.projections.applying import apply
from tests.projections.recorded import (
    CASE,
    LATER,
    OTHER,
    Said,
    activity,
    hour,
    imported,
    recorded,
    registered,
)

ROWS = "SELECT to_jsonb(r) AS row FROM {} r ORDER BY to_jsonb(r)"


async def rows(connection: Connection) -> dict[str, list[str]]:
    return {
        table: [row["row"] for row in await connection.fetch(ROWS.format(table))]
        for table in CasesView.tables
    }


def events() -> list[RecordedEvent]:
    """A backdated case and an imported history, interleaved."""
    hours = [0, 1, 2, 1.5, 3, 0.5, 3, 4, 2.5, 5, 6, 7, 6.5]
    case: list[Said] = [registered(), *LATER]
    log: list[Said] = [imported(), *(activity(name) for name in "ABCABCABCABC")]
    log_hours = [2, 3, 1, 1, 5, 4, 0, 6, 6, 6, 2, 8, 7]
    made: list[RecordedEvent] = []
    for version in range(1, 14):
        for stream, said, times in ((CASE, case, hours), (OTHER, log, log_hours)):
            made.append(
                recorded(
                    said[version - 1],
                    version=version,
                    position=len(made) + 1,
                    occurred_at=hour(times[version - 1]),
                    stream_id=stream,
                )
            )
    return made


async def test_batches_do_not_matter(database: Database) -> None:
    connection = await database.connect()
    made = events()
    expected = None
    for cuts in [range(1, 26), (), (7,), (3, 13, 20)]:
        transaction = connection.transaction()
        await transaction.start()
        await apply(CasesView(), connection, made, cuts)
        found = await rows(connection)
        await transaction.rollback()
        expected = expected or found
        assert found == expected
    assert expected is not None
    assert len(expected["cases"]) == 2
    assert len(expected["timeline_events"]) == 26
    assert len(expected["log_activities"]) == 13
    await connection.close()
