"""Figures, held against a recomputation from the journal."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.metrics.figures import NOTHING_COUNTED
from domain.recorded import RecordedEvent
from projections.counted import Dimension, Wanted
from projections.metrics import tallies
from projections.view import Connection
from tests.db.projections.test_metrics import DEFINITIONS, EVERYTHING, alike, recomputed
from tests.db.projections.test_metrics_view import kept, reference

LONG: Final = timedelta(days=4000)


async def check_figures(
    connection: Connection, events: Sequence[RecordedEvent], now: datetime
) -> None:
    """What is counted of the cases, by unit, and the rows that it is counted from.

    events: all of the journal, in its order, as far as they were counted.
    """
    assert await kept(connection, events[-1].position) == reference(events)
    wanted = Wanted(now - LONG, now + LONG, now, by=Dimension.UNIT)
    for definition in DEFINITIONS:
        found = await tallies(connection, EVERYTHING, definition, wanted)
        shown = {cell.key: each for cell, each in found.items() if each != NOTHING_COUNTED}
        expected = recomputed(definition, wanted, events)
        assert shown.keys() == expected.keys(), definition.code
        for key, each in shown.items():
            assert alike(each, expected[key]), (definition.code, key)
