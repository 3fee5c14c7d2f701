"""The figure of everybody, of a whole month, unless it would tell of a few cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid5

import pytest

from app.database import Database
from domain.case.excluding import MetricExclusionApproved
from domain.case.routing import CaseDispatched
from domain.catalogue.content import Label
from domain.metric_definitions.content import (
    MetricDefinition,
    MetricDefinitionsVersion,
    MetricKind,
    Part,
)
from domain.metrics.vocabulary import ExclusionCause, Fact
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_view import CasesView
from projections.counted import MetricFilter, Wanted
from projections.everywhere import Everywhere, everywhere, is_month
from projections.metric_view import MetricsView
from tests.db.projections.applying import apply, rolled_back
from tests.projections.recorded import CASE, NOT_ROUTED, Said, hour, recorded, registered

LABEL: Final = Label(zh="指标", en="Metric")
RIGHT: Final = MetricDefinition(
    "right", LABEL, MetricKind.RATE, Fact.FIRST_DISPATCHED, Fact.NEVER_REDISPATCHED
)
COMPOSITE: Final = MetricDefinition(
    "composite", LABEL, MetricKind.COMPOSITE, parts=(Part("right", 1.0),)
)
VERSION: Final = MetricDefinitionsVersion(1, "Figures", None, (RIGHT, COMPOSITE))
MARCH: Final = Wanted(
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2024, 4, 1, tzinfo=UTC),
    hour(999),
    MetricFilter(units=["water"]),
)
OF_WATER: Final = Scope(every_case=False, own=None, internal=True, units=frozenset({"water"}))
EVERYTHING: Final = Scope(every_case=True, own=None, internal=True)


def cases(*, of_water: int, of_roads: int, left_out: int = 0) -> list[RecordedEvent]:
    """Cases of two units; so many of those of the water works are left out."""
    said: list[tuple[int, Said]] = []
    for number in range(of_water + of_roads):
        unit = "water" if number < of_water else "roads"
        said.append((number, registered(f"case-{number}")))
        dispatched = {**NOT_ROUTED, "lead_unit": unit, "co_units": ()}
        said.append((number, (CaseDispatched, dispatched)))
        if number < left_out:
            exclusion = {"metric": "right", "unit": "water", "ground": "The flood"}
            said.append((number, (MetricExclusionApproved, {**exclusion, "cause": CAUSE})))
    return [
        recorded(
            what,
            version=position,
            position=position,
            occurred_at=hour(0),
            stream_id=uuid5(CASE, str(number)),
        )
        for position, (number, what) in enumerate(said, 1)
    ]


CAUSE: Final = ExclusionCause.FORCE_MAJEURE


async def told(
    database: Database,
    events: Sequence[RecordedEvent],
    scope: Scope = OF_WATER,
    definition: MetricDefinition = RIGHT,
    wanted: Wanted = MARCH,
) -> Everywhere | None:
    async with rolled_back(database) as connection:
        for view in (CasesView(), MetricsView()):
            await apply(view, connection, events)
        return await everywhere(connection, scope, VERSION, definition, wanted)


async def test_somebody_may_compare_with_all_when_that_tells_of_no_few(
    database: Database,
) -> None:
    enough = cases(of_water=3, of_roads=5)
    assert await told(database, enough) == Everywhere(1.0, 8)
    assert await told(database, enough, definition=COMPOSITE) == Everywhere(1.0, 8)
    assert await told(database, cases(of_water=3, of_roads=4)) is None
    assert await told(database, cases(of_water=3, of_roads=4), definition=COMPOSITE) is None
    assert await told(database, cases(of_water=9, of_roads=0)) == Everywhere(1.0, 9)
    assert await told(database, cases(of_water=3, of_roads=1), EVERYTHING) is None
    assert await told(database, cases(of_water=4, of_roads=1), EVERYTHING) == Everywhere(1.0, 5)
    assert await told(database, []) is None
    assert await told(database, enough, wanted=replace(MARCH, position=len(enough))) is None
    assert await told(database, enough, wanted=replace(MARCH, end=hour(999))) is None


async def test_what_was_left_out_hides_nobody(database: Database) -> None:
    """Of nine one is left out; what the caller does not see are four all the same."""
    assert await told(database, cases(of_water=5, of_roads=4, left_out=1)) is None
    assert await told(database, cases(of_water=6, of_roads=5, left_out=6)) == Everywhere(1.0, 5)


@pytest.mark.parametrize(
    ("start", "end", "zone", "is_one"),
    [
        ("2024-03-01T00:00Z", "2024-04-01T00:00Z", "UTC", True),
        ("2024-12-01T00:00Z", "2025-01-01T00:00Z", "UTC", True),
        ("2024-02-29T16:00Z", "2024-03-31T16:00Z", "Asia/Shanghai", True),
        ("2024-03-01T05:00Z", "2024-04-01T04:00Z", "America/New_York", True),
        ("2024-03-01T00:00Z", "2024-04-01T00:00Z", "Asia/Shanghai", False),
        ("2024-03-01T00:00Z", "2024-03-31T00:00Z", "UTC", False),
        ("2024-03-01T00:00Z", "2024-05-01T00:00Z", "UTC", False),
        ("2024-03-02T00:00Z", "2024-04-01T00:00Z", "UTC", False),
        ("9999-12-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "Asia/Shanghai", False),
        ("0001-01-01T00:00:00+00:00", "0001-02-01T00:00:00+00:00", "America/New_York", False),
    ],
)
def test_a_month_is_that_of_local_time(start: str, end: str, zone: str, *, is_one: bool) -> None:
    period = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert is_month(Wanted(*period, hour(0), time_zone=zone)) is is_one
