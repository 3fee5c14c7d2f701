"""What the loader of the benchmarks writes is what the service would have: not a benchmark."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.database import Database
from app.demo.loading import load
from app.journal.reader import Reader
from app.journal.verify import verify
from app.views.rebuild import rebuilding
from domain.case.intake import CaseRegistered
from projections.registry import INLINE_VIEWS
from tests.benchmarks.many_lives import multiply
from tests.db.test_demonstration import Running, running, seen_again
from tests.servers import Server

CASES, COPIES = 12, 40


@pytest.fixture(scope="module")
async def databases(server: Server) -> AsyncIterator[Iterator[Database]]:
    names = [await server.copy(), await server.copy()]
    yield map(Database, map(server.service_dsn, names))
    for name in names:
        await server.drop(name)


async def registrations(process: Running) -> list[CaseRegistered]:
    events = [each.event async for batch in process.journal.read() for each in batch]
    return [each for each in events if isinstance(each, CaseRegistered)]


@pytest.mark.parametrize("server", ["embedded"], indirect=True)
async def test_copies_are_cases_of_their_own_that_verify_and_rebuild(
    databases: Iterator[Database],
) -> None:
    few = seen_again(CASES)
    many = seen_again(COPIES)
    source, into = databases
    told: list[int] = []
    async with running(source, few) as first, running(into, many) as second:
        district = await first.district()
        await load(first, district)
        until = (await first.journal.head()).size
        await multiply(first.journal, until, second.journal, COPIES, district.ends, told.append)

        size = (await second.journal.head()).size
        assert size == 1 + sum(told)
        connection = await into.connect()
        found = await verify(Reader(second.journal.keys), connection)
        await connection.close()
        assert found.findings == []
        assert found.head.size == size
        for view in INLINE_VIEWS:
            async with rebuilding(into, second.journal, view) as rebuild:
                result = await rebuild.run(accept_difference=False)
            assert result.same, result.tables
        cases, copies = await registrations(first), await registrations(second)
        assert len(copies) >= COPIES
        assert {each.originator_id for each in cases}.isdisjoint(
            each.originator_id for each in copies
        )
        for name in ("case_no", "title", "timestamp"):
            assert len({getattr(each, name) for each in copies}) > 2 * len(cases), name
        assert {each.type_code for each in copies} == {each.type_code for each in cases}
