"""Service requests of Boston: every fact of the table comes out of GraphQL, as of any time.

The facts are recomputed from the file by `tests.exchange.boston`, which knows nothing of ours. A
table of the same shape is always checked; the real one of ../shared/data where it is laid: a
folder without it fails in CI, no folder at all is skipped and told.
"""

import asyncio
import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from app.database import Database
from app.exchange.csv_mapping import read_mapping
from app.exchange.import_report import ImportReport
from app.timers import TimerWorker
from app.views.followers import Followers
from projections.registry import FOLLOWING_VIEWS
from tests.conftest import ROOT
from tests.db.exchange.conftest import Desk
from tests.domain.people import AUDITOR
from tests.exchange.boston import (
    COLUMNS,
    EXTRACTED,
    Case,
    Planned,
    cases,
    last_of,
    write_boston,
    written_at,
)

DATA: Final = ROOT.parent / "shared" / "data"
SOURCE: Final = "boston-311"
LISTED: Final = 5_000
"""Rows up to which each is compared by itself, and not only counted."""
AGREE: Final = 0.99
"""Of the real rows, how many must carry the flag that their own times lead to: it is set by hand
and by other clocks than ours now and then."""

COUNT: Final = """
    query ($filter: CaseFilter, $asOf: AsOf) {
      cases(first: 1, filter: $filter, asOf: $asOf) { totalCount }
    }
"""
LIST: Final = """
    query ($after: String, $asOf: AsOf) {
      cases(first: 100, after: $after, filter: {source: "boston-311"}, asOf: $asOf,
          orderBy: {field: CASE_NO, direction: ASC}) {
        nodes {
          externalId registeredAt dueAt closedAt late channel publicationState stage
          type { code }
          location { area { code } point { latitude longitude } }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
"""
FACTS: Final = 'query { logFacts(source: "boston-311") { cases events activities } }'


TOTALS: Final = """
    query ($filter: CaseTotalsFilter) {
      caseTotals(by: [AREA], filter: $filter) { position cells { area { code } cases } }
    }
"""
PATIENCE: Final = 60.0


async def count(desk: Desk, at: datetime | None, **criteria: Any) -> int:
    answer = await desk.api.by(AUDITOR).ask(
        COUNT, filter={"source": SOURCE, **criteria}, asOf=as_of(at)
    )
    found: int = answer["cases"]["totalCount"]
    return found


def as_of(at: datetime | None) -> dict[str, str] | None:
    return None if at is None else {"occurredAt": at.isoformat()}


async def listed(desk: Desk, at: datetime) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = None
    while True:
        answer = await desk.api.by(AUDITOR).ask(LIST, after=after, asOf=as_of(at))
        found += answer["cases"]["nodes"]
        page = answer["cases"]["pageInfo"]
        if not page["hasNextPage"]:
            return found
        after = page["endCursor"]


def shown(case: Case, at: datetime) -> dict[str, Any]:
    """What GraphQL has to say of a request as it was."""
    point = case.point and {"latitude": case.point[0], "longitude": case.point[1]}
    area = case.neighborhood and {"code": case.neighborhood}
    return {
        "externalId": case.external_id,
        "registeredAt": written(case.opened),
        "dueAt": written(case.due),
        "closedAt": written(case.closed) if case.is_closed(at) else None,
        "late": case.is_late(at),
        "channel": case.channel,
        "publicationState": "PUBLIC",
        "stage": "IMPORTED",
        "type": case.type and {"code": case.type},
        "location": {"area": area, "point": point} if area or point else None,
    }


def written(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat().replace("+00:00", "Z")


async def check(desk: Desk, report: ImportReport, facts: Sequence[Case]) -> None:
    """Everything that can be counted, now and as of several times."""
    assert report.taken + report.present + report.extended == len(facts)
    closed_late = sum(case.closed is not None and case.is_late(case.closed) for case in facts)
    assert (report.due, report.ended, report.late) == (
        sum(case.due is not None for case in facts),
        sum(case.closed is not None for case in facts),
        closed_late,
    )
    assert await count(desk, None) == len(facts)
    assert await count(desk, None, publication=["PUBLIC"]) == len(facts)
    assert await count(desk, None, closed=False) == sum(case.closed is None for case in facts)
    times = sorted(case.opened for case in facts)
    for at in (times[0], *(times[len(times) * part // 10] for part in (1, 3, 5, 9)), times[-1]):
        there = [case for case in facts if case.is_there(at)]
        closed = sum(case.is_closed(at) for case in there)
        assert await count(desk, at) == len(there)
        assert await count(desk, at, closed=True) == closed
        assert await count(desk, at, closed=False) == len(there) - closed
        assert await count(desk, at, late=True) == sum(case.is_late(at) for case in there)
    await check_groups(desk, facts, times[len(times) // 2])


async def check_groups(desk: Desk, facts: Sequence[Case], at: datetime) -> None:
    """By source, type and neighborhood: open as of a time."""
    still_open = [case for case in facts if case.is_there(at) and not case.is_closed(at)]
    for name, key in (("channel", "channel"), ("type", "type"), ("area", "neighborhood")):
        groups = Counter(getattr(case, key) for case in still_open)
        for value, number in groups.most_common(25):
            if value is not None:
                found = await count(desk, at, closed=False, **{name: [value]})
                assert found == number, (name, value)


async def check_each(desk: Desk, facts: Sequence[Case], at: datetime) -> None:
    expected = {case.external_id: shown(case, at) for case in facts if case.is_there(at)}
    found = {each["externalId"]: each for each in await listed(desk, at)}
    assert found == expected


@pytest.fixture
def table(tmp_path: Path) -> tuple[Path, Planned]:
    path = tmp_path / "311.csv"
    return path, write_boston(path, 2_000)


async def test_a_table_of_the_same_shape_comes_in_and_is_answered_for(
    desk: Desk, table: tuple[Path, Planned]
) -> None:
    path, planned = table

    report = await desk.bring_in_table(path, read_mapping(SOURCE))

    assert [(each.line, each.column, each.code) for each in report.refusals] == planned.refused
    assert report.traces == planned.rows
    facts = list(cases(path, {line for line, _, _ in planned.refused}))
    assert len({case.channel for case in facts}) == 8
    await check(desk, report, facts)
    await check_each(desk, facts, EXTRACTED)
    await check_each(desk, facts, datetime(2022, 6, 1, tzinfo=UTC))
    # The flag that is published with each request is what its times lead to.
    assert [case.external_id for case in facts if case.is_late(EXTRACTED) != case.is_overdue] == []
    answer = await desk.api.by(AUDITOR).ask(FACTS)
    closed = sum(case.closed is not None for case in facts)
    assert answer["logFacts"] == {
        "cases": len(facts),
        "events": len(facts) + closed,
        "activities": 2,
    }


async def test_totals_follow(desk: Desk, table: tuple[Path, Planned], database: Database) -> None:
    path, planned = table
    await desk.bring_in_table(path, read_mapping(SOURCE))
    facts = list(cases(path, {line for line, _, _ in planned.refused}))
    followers = Followers(database, desk.journal, FOLLOWING_VIEWS)
    followers.start()
    try:
        async with asyncio.timeout(PATIENCE):
            while int((await totals(desk))["position"]) < await desk.size():
                pass
        still_open = await totals(desk, source=SOURCE, closed=False, publication=["PUBLIC"])
        ours = await totals(desk, publication=["PUBLIC"])
    finally:
        await followers.close()

    expected = Counter(case.neighborhood for case in facts if case.closed is None)
    found = {cell["area"] and cell["area"]["code"]: cell["cases"] for cell in still_open["cells"]}
    assert found == expected
    assert ours["cells"] == [], "imported cases count where they are asked for"


async def test_what_the_city_published_is_not_what_we_released(
    desk: Desk, table: tuple[Path, Planned]
) -> None:
    await desk.bring_in_table(table[0], read_mapping(SOURCE))

    answer = await desk.api.by(AUDITOR).ask(
        "{ publicCases(first: 5) { totalCount nodes { caseNo } } }"
    )

    assert answer["publicCases"] == {"totalCount": 0, "nodes": []}


async def totals(desk: Desk, **criteria: Any) -> dict[str, Any]:
    answer = await desk.api.by(AUDITOR).ask(TOTALS, filter=criteria or None)
    found: dict[str, Any] = answer["caseTotals"]
    return found


async def breached(desk: Desk, until: datetime) -> int:
    """How many targets were missed before a time, as the journal says."""
    query = """
        query ($filter: EventFilter) { events(first: 1, filter: $filter) { totalCount } }
    """
    wanted = {"type": ["case.deadline_breached"], "occurred": {"to": until.isoformat()}}
    answer = await desk.api.by(AUDITOR).ask(query, filter=wanted)
    found: int = answer["events"]["totalCount"]
    return found


async def check_breaches(desk: Desk, database: Database, facts: Sequence[Case]) -> None:
    """Each target that was missed is a fact with its own time: what the table leads to.

    The import says so of what was closed there after it was due, the worker of what is open.
    """
    connection = await database.connect()
    try:
        await TimerWorker(database, desk.journal, desk.commands).act(connection)
    finally:
        await connection.close()
    missed = [
        max(case.due, case.opened)
        for case in facts
        if case.due is not None and (case.closed is None or case.closed > case.due)
    ]
    opened = sorted(case.opened for case in facts)
    for at in (*(opened[len(opened) * part // 5] for part in range(5)), EXTRACTED):
        assert await breached(desk, at) == sum(due < at for due in missed)
    assert await breached(desk, EXTRACTED) == sum(case.is_late(EXTRACTED) for case in facts)


async def test_what_was_late_there_is_a_fact_here(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "311.csv"
    planned = write_boston(path, 300)
    await desk.bring_in_table(path, read_mapping(SOURCE))
    facts = list(cases(path, {line for line, _, _ in planned.refused}))
    assert last_of(facts) < written_at(facts) <= EXTRACTED
    assert [case for case in facts if case.is_late(written_at(facts)) != case.is_overdue] == []
    await check_breaches(desk, database, facts)


async def test_again_and_rehearsed_it_is_all_here(desk: Desk, table: tuple[Path, Planned]) -> None:
    path, planned = table
    mapping = read_mapping(SOURCE)
    rehearsed = await desk.bring_in_table(path, mapping, dry_run=True)
    size = await desk.size()
    first = await desk.bring_in_table(path, mapping)
    after = await desk.size()

    second = await desk.bring_in_table(path, mapping)

    assert (rehearsed.taken, rehearsed.recorded) == (first.taken, first.recorded)
    assert rehearsed.refusals == first.refusals == second.refusals
    assert size + first.recorded == after == await desk.size()
    assert (second.present, second.taken, second.recorded) == (first.taken, 0, 0)
    assert size == 1, "a rehearsal records nothing"
    assert first.taken == planned.rows - len(planned.refused)


async def test_what_a_crew_writes_into_the_title_keeps_no_request_open(desk: Desk) -> None:
    waiting = dict.fromkeys(COLUMNS, "") | {
        "case_enquiry_id": "1",
        "open_dt": "2022-05-01 10:00:00",
        "ontime": "ONTIME",
        "case_status": "Open",
        "case_title": "Lamp out",
        "queue": "Lamps",
    }
    done = {"closed_dt": "2022-05-03 10:00:00", "case_status": "Closed", "queue": "Poles"}
    mapping = read_mapping(SOURCE)
    await desk.bring_in_table(_table(waiting), mapping)

    report = await desk.bring_in_table(
        _table(waiting | done | {"case_title": 'PRINTED: left on "the" desk'}), mapping
    )

    assert (report.extended, report.refusals) == (1, [])
    assert await count(desk, None, closed=True) == 1


def _table(row: dict[str, str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([list(row), list(row.values())])
    return out.getvalue()


def header(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.readline()


def real_table() -> Path:
    """The table of the real requests. Skips or fails where there is none."""
    if not DATA.is_dir():
        pytest.skip(f"NOT CHECKED against the real requests: there is no folder {DATA.name}")
    found = sorted(path for path in DATA.rglob("*.csv") if "case_enquiry_id" in header(path))
    if not found:
        missing = f"NOT CHECKED: {DATA.name} has no table with a column case_enquiry_id"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found[0]


OVERDUE: Final = [63, 195]
"""Of the real sample, as of its end: closed after they were due, and open then and past due.

In order of size: which is which was not told. Of a hundred other requests of the same month twelve
were open and overdue, and five had been closed late.
"""


@pytest.mark.timeout(1800)
async def test_every_fact_of_the_real_requests_comes_out(desk: Desk, database: Database) -> None:
    path = real_table()

    report = await desk.bring_in_table(path, read_mapping(SOURCE))

    assert report.refused < report.traces * (1 - AGREE), report.refusals[:20]
    facts = list(cases(path, {each.line for each in report.refusals}))
    await check(desk, report, facts)
    ends = [last_of(facts), written_at(facts)]
    for end in ends if len(facts) <= LISTED else ():
        await check_each(desk, facts, end)
    closed = [case for case in facts if case.closed is not None]
    agreeing = sum(case.is_late(ends[-1]) == case.is_overdue for case in closed)
    assert agreeing >= len(closed) * AGREE
    await check_breaches(desk, database, facts)
    late = [overdue(facts, end) for end in ends]
    assert [await breached(desk, end) for end in ends] == list(map(sum, late))
    # Its end is the last thing in it, or when the city judged what it calls overdue.
    assert OVERDUE in [sorted(each) for each in late]


def overdue(facts: Sequence[Case], at: datetime) -> tuple[int, int]:
    """How many were closed late, and how many are open and late, as of a time."""
    late = [case for case in facts if case.is_late(at)]
    still_open = sum(not case.is_closed(at) for case in late)
    return len(late) - still_open, still_open
