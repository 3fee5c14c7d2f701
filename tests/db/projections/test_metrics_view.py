"""The rows of the view are those of the histories, now and as of any position."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.metrics.rows import History, Row
from domain.recorded import RecordedEvent
from projections.metric_view import MetricsView
from projections.view import Connection, OutOfStep
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.counting import counted_journals, recounted
from tests.projections.recorded import hour, recorded, registered

AS_OF = """
WITH every AS (
    SELECT *, NULL::bigint AS until_position FROM metric_facts
    UNION ALL SELECT * FROM metric_facts_past
)
SELECT population, instance, unit, facts, excluded, area, type_code, channel, source,
    confidential, began_at, due_at, ended_at, decided_by
FROM every WHERE from_position <= $1 AND (until_position IS NULL OR $1 < until_position)
"""
TABLES = MetricsView.tables

Shown = tuple[Any, ...]


def shown(history: History, row: Row) -> Shown:
    return (
        row.population,
        row.instance,
        row.unit,
        row.facts,
        history.excluded(row),
        history.area,
        history.type_code,
        history.channel,
        history.source,
        history.confidential,
        row.began,
        row.due,
        row.ended,
        row.by,
    )


def reference(events: Sequence[RecordedEvent]) -> Counter[Shown]:
    """The rows, folded anew."""
    return Counter(
        shown(history, row) for history in recounted(events) for row in history.rows.values()
    )


async def kept(connection: Connection, position: int) -> Counter[Shown]:
    """The rows as of a position, as the view has them."""
    rows = await connection.fetch(AS_OF, position)
    return Counter(
        tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in rows
    )


async def contents(connection: Connection) -> list[list[str]]:
    return [
        sorted(str(row) for row in await connection.fetch(f"SELECT * FROM {table}"))  # noqa: S608
        for table in TABLES
    ]


@settings(in_database, max_examples=12)
@given(events=counted_journals(), cuts=st.lists(st.integers(1, 30), max_size=3))
async def test_what_is_kept_is_what_a_recomputation_comes_to(
    database: Database, events: list[RecordedEvent], cuts: list[int]
) -> None:
    async with rolled_back(database) as connection:
        await apply(MetricsView(), connection, events, cuts)
        await apply(MetricsView(), connection, events[-2:])  # told again: counted once
        for position in (len(events), len(events) * 2 // 3, len(events) // 3, 0):
            assert await kept(connection, position) == reference(events[:position])
        in_batches = await contents(connection)
        assert await MetricsView().position(connection) == len(events)
    async with rolled_back(database) as connection:
        await apply(MetricsView(), connection, events)
        assert await contents(connection) == in_batches


async def test_a_hole_is_no_batch(database: Database) -> None:
    async with rolled_back(database) as connection:
        with pytest.raises(OutOfStep):
            await apply(
                MetricsView(),
                connection,
                [recorded(registered(), version=1, position=2, occurred_at=hour(0))],
            )
