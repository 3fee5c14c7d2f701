"""Counts of cases: they follow the journal, and add up to it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.database import Database
from app.journal import Journal
from app.views.followers import Followers
from projections.registry import FOLLOWING_VIEWS
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, REGISTRAR, REPORTER

CELLS = "stage type { code } unit { code } channel area { code } month cases"
TOTALS = f"""
query Q($by: [CaseTotalsDimension!]!, $filter: CaseTotalsFilter) {{
    caseTotals(by: $by, filter: $filter) {{ position cells {{ {CELLS} }} }}
}}
"""
PATIENCE = 60.0


@pytest.fixture
async def counted(
    api: Api, desk: Desk, database: Database, journal: Journal
) -> AsyncIterator[None]:
    """Four cases, all of them counted."""
    march, april = "2026-03-15T00:00:00Z", "2026-04-15T00:00:00Z"
    await desk.registered(typeCode="light", area="a1", occurredAt=march)
    await desk.registered(typeCode="light", area="a2", channel="WEB", occurredAt=april)
    await desk.accepted(area="a1", occurredAt=march)
    await desk.dispatched(unit="roads", typeCode="road", area="a1", occurredAt=april)
    followers = Followers(database, journal, FOLLOWING_VIEWS)
    followers.start()
    head = (await journal.head()).size
    try:
        async with asyncio.timeout(PATIENCE):
            while int((await totals(api))["position"]) < head:
                pass
        yield
    finally:
        await followers.close()


async def totals(api: Api, *by: str, **given: object) -> dict[str, Any]:
    answer = await api.by(AUDITOR).ask(TOTALS, by=by, filter=given or None)
    found: dict[str, Any] = answer["caseTotals"]
    return found


async def cells(api: Api, *by: str, **given: object) -> list[tuple[Any, ...]]:
    """The cells as (what was asked for ..., how many)."""
    names = [dimension.lower() for dimension in by]
    found = (await totals(api, *by, **given))["cells"]
    for cell in found:
        assert all(cell[name] is None for name in set(cell) - {*names, "cases"})
    return [(*(_code(cell[name]) for name in names), cell["cases"]) for cell in found]


def _code(value: Any) -> Any:
    return value["code"] if isinstance(value, dict) else value


@pytest.mark.usefixtures("counted")
async def test_cases_are_counted_by_each_dimension(api: Api) -> None:
    assert await cells(api) == [(4,)]
    assert await cells(api, "STAGE") == [("ACCEPTED", 1), ("DISPATCHED", 1), ("REGISTERED", 2)]
    assert await cells(api, "TYPE") == [("light", 2), ("road", 1), (None, 1)]
    assert await cells(api, "UNIT") == [("roads", 1), (None, 3)]
    assert await cells(api, "CHANNEL") == [("HOTLINE", 3), ("WEB", 1)]
    assert await cells(api, "AREA", "MONTH") == [
        ("a1", "2026-03", 2),
        ("a1", "2026-04", 1),
        ("a2", "2026-04", 1),
    ]


@pytest.mark.usefixtures("counted")
async def test_the_cases_that_are_counted_can_be_narrowed(api: Api) -> None:
    assert await cells(api, "AREA", stage=["REGISTERED"]) == [("a1", 1), ("a2", 1)]
    assert await cells(api, "STAGE", type=["road"], unit=["roads"]) == [("DISPATCHED", 1)]
    assert await cells(api, "MONTH", area=["a1"], channel=["HOTLINE"]) == [
        ("2026-03", 2),
        ("2026-04", 1),
    ]
    assert await cells(api, monthFrom="2026-04", monthTo="2026-12") == [(2,)]
    assert await cells(api, monthTo="2026-03") == [(2,)]


@pytest.mark.usefixtures("counted")
async def test_whoever_may_not_see_every_case_gets_no_counts(api: Api) -> None:
    answer = await api.by(REPORTER).ask(TOTALS, by=["STAGE"])
    assert answer["caseTotals"]["cells"] == []


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ("by: [STAGE, STAGE]", ["by"]),
        ('by: [STAGE], filter: {monthFrom: "2026-13"}', ["filter", "monthFrom"]),
        ('by: [STAGE], filter: {monthTo: "2026"}', ["filter", "monthTo"]),
    ],
)
async def test_totals_that_cannot_be(api: Api, arguments: str, path: list[str]) -> None:
    query = f"{{ caseTotals({arguments}) {{ position }} }}"
    assert (await api.by(REGISTRAR).refused(query))["path"] == path
