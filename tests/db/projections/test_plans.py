"""The hottest reads are answered from indexes: no big table is read from one end to the other."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import pytest

from app.database import BY_KEY, Database
from domain.case.ledger.interval import Part
from domain.case.lifecycle import Stage
from domain.identity import ActorKind, Caller, Post, Reach, Role
from domain.reach import Range
from domain.scope import Scope
from projections import (
    case_lists,
    cases,
    duplicates,
    events,
    evidence,
    fact_figures,
    overdue,
    responsibility,
    routing,
    survivors,
    timeline,
    worklists,
)
from projections.as_of import Moment
from projections.case_view import CasesView
from projections.cases import CaseFilter, CaseOrder, OrderField
from projections.control_facts import FactKind
from projections.control_view import ControlView
from projections.events import EventFilter
from projections.likeness import Request
from projections.responsibility import IntervalFilter
from projections.responsibility_view import NEVER, ResponsibilityView
from projections.statement import Statement
from projections.supervised import Asked
from projections.timeline_event import event_values
from projections.view import Connection
from projections.worklists import WorklistKind
from tests.benchmarks.many_cases import many_cases
from tests.db.projections.applying import apply
from tests.servers import Server

STAFF = Scope(every_case=True, own="clerk", internal=True)
RESIDENT = Scope(every_case=False, own="resident-7", internal=False)
UNIT = Range(units=frozenset({"unit-7"}))
OFFICER = Scope(
    every_case=False,
    own="officer-7",
    internal=True,
    units=UNIT.units,
    restricted=UNIT,
    confidential=UNIT,
)
BIG = {
    *CasesView.tables,
    *ResponsibilityView.tables,
    "watched_cases",
    *ControlView.tables,
}
FEW = {"cases_case_id_idx", "case_history_time_fork_fork_idx"}
"""Indexes of what is confidential, and of states that were written anew: few are."""

CLOCK_PLACE = ("time", "id", "name")
WORKLIST_PLACE = ("rank", "time", "id")

FILTERS = {
    "all": CaseFilter(),
    "one stage": CaseFilter(stages=[Stage.IN_PROGRESS]),
    "two stages": CaseFilter(stages=[Stage.ACCEPTED, Stage.IN_PROGRESS]),
    "one unit": CaseFilter(lead_units=["unit-7"]),
    "unit and stage": CaseFilter(lead_units=["unit-7"], stages=[Stage.IN_PROGRESS]),
    "one area": CaseFilter(areas=["grid-8"]),
    "a text": CaseFilter(text="漏水 1234"),
}


# People hold posts and stand in for each other: how many there are decides how they are found.
APPOINTED = """
INSERT INTO directory_appointments
    (code, position, person, valid_from, valid_to, known_from, known_to)
SELECT 'post-' || n || '#1', 'post-' || n, 'person-' || n, '2024-01-01', 'infinity', 1, $1
FROM generate_series(1, 1000) n
"""
DELEGATED = """
INSERT INTO directory_delegations
    (code, appointment, position, delegator, delegate, roles, valid_from, valid_to, known_from,
    known_to)
SELECT code || '.1', code, position, person, md5(code), '{OFFICER}', valid_from,
    valid_to, known_from, known_to
FROM directory_appointments
"""


@pytest.fixture(scope="module")
async def filled(server: Server) -> AsyncIterator[Connection]:
    """Three thousand cases; read by every test here, changed by none."""
    name = await server.copy()
    connection = await Database(server.service_dsn(name)).connect(
        # Three thousand cases are few enough to read whole; a plan for more is asked for.
        plan_cache_mode="force_custom_plan",
        enable_seqscan="off",
    )
    many = many_cases(3000)
    while batch := list(islice(many, 2000)):
        await apply(CasesView(), connection, batch)
        await apply(ResponsibilityView(), connection, batch)
    await connection.execute(APPOINTED, NEVER)
    await connection.execute(DELEGATED)
    await connection.execute("ANALYZE")
    yield connection
    await connection.close()
    await server.drop(name)


def nodes(plan: dict[str, Any], *, limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every node of a plan, and whether a limit above it stops it early."""
    limited = limited or plan["Node Type"] == "Limit"
    yield plan, limited
    for part in plan.get("Plans", ()):
        yield from nodes(part, limited=limited and plan["Node Type"] not in {"Sort", "Aggregate"})


def reads_whole(node: dict[str, Any], *, limited: bool) -> bool:
    """Whether a node reads a big table from one end to the other."""
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] in BIG
    if node.get("Index Name") in FEW:
        return False
    by_index = node["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    return by_index and "Index Cond" not in node and not limited


async def scanned_whole(
    connection: Connection, statement: Statement, values: dict[str, Any]
) -> list[str]:
    """What a plan reads whole."""
    explained = await connection.fetchval(
        f"EXPLAIN (FORMAT JSON) {statement.sql}", *(values[name] for name in statement.names)
    )
    return [
        f"{node['Node Type']} on {node.get('Relation Name', node.get('Index Name'))}"
        for node, limited in nodes(json.loads(explained)[0]["Plan"])
        if reads_whole(node, limited=limited)
    ]


def moments() -> dict[str, Moment | None]:
    middle = datetime(2025, 1, 1, tzinfo=UTC)
    return {
        "now": None,
        "as known then": Moment(10_000, middle, 20_000),
        "as it was": Moment(20_000, middle + timedelta(days=300), 20_000, middle),
        "as it was, as known then": Moment(10_000, middle, 20_000, middle - timedelta(days=9)),
    }


@pytest.mark.parametrize("scope", [STAFF, RESIDENT, OFFICER], ids=["staff", "resident", "officer"])
@pytest.mark.parametrize("moment", moments().values(), ids=moments().keys())
@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS.keys())
async def test_lists_of_cases(
    filled: Connection, wanted: CaseFilter, moment: Moment | None, scope: Scope
) -> None:
    order = CaseOrder(OrderField.REGISTERED_AT)
    axis, way = cases.axis_of(moment), cases.way_of(scope, wanted, moment)
    statement = case_lists.LISTS[axis, way, case_lists.Order[order.field], False]
    values = cases.list_values(scope, wanted, moment)
    values |= dict.fromkeys(("from_value", "from_id", "to_value", "to_id")) | {"limit": 21}
    assert await scanned_whole(filled, statement, values) == []


LOOKUPS = {
    "cases": cases.BY_IDS,
    "cases as known then": cases.BY_IDS_IN_VERSION_ORDER,
    "cases as it was": cases.BY_IDS_AS_IT_WAS,
    "timelines": timeline.TIMELINES[False],
    "counts of timelines": timeline.TIMELINE_COUNTS,
    "events of a command": timeline.OF_COMMAND,
    "evidence": evidence.EVIDENCE,
    "survivors": survivors.SURVIVORS,
    "routings": routing.ROUTINGS,
    "answers": routing.ANSWERS,
    "seen from inside": routing.INSIDE,
}


@pytest.mark.parametrize("statement", LOOKUPS.values(), ids=LOOKUPS.keys())
async def test_what_is_looked_up_has_one_plan_for_all_scopes(
    filled: Connection, statement: Statement
) -> None:
    any_values = ", ".join(["NULL"] * len(statement.names))
    async with filled.transaction():
        for name, value in BY_KEY.items():
            await filled.execute(f"SET LOCAL {name} = {value}")
        await filled.execute(f"PREPARE looked_up AS {statement.sql}")
        explained = await filled.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE looked_up ({any_values})")
        await filled.execute("DEALLOCATE looked_up")
    assert "$" in explained, "it was planned for these values"
    found = nodes(json.loads(explained)[0]["Plan"])
    assert not [node for node, limited in found if reads_whole(node, limited=limited)]


IDS = [UUID(int=number << 80 | 0x7000_8000_0000_0000_0000) for number in range(20)]
MANY = {"case_ids": IDS, "from_version": None, "to_version": None, "limit": 6}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (cases.BY_IDS, MANY),
        (timeline.TIMELINES[True], MANY),
        (timeline.TIMELINE_COUNTS, MANY),
        (timeline.BETWEEN, {"case_id": IDS[0], "first_version": 1, "last_version": 4}),
        (timeline.BY_POSITION, {"position": 5}),
    ],
    ids=["cases", "timelines", "counts", "between", "event"],
)
async def test_cases_and_timelines(
    filled: Connection, statement: Statement, said: dict[str, Any]
) -> None:
    values = event_values(STAFF) | said
    assert await scanned_whole(filled, statement, values) == []


@pytest.mark.parametrize(
    "wanted",
    [
        EventFilter(),
        EventFilter(stream_id=IDS[0]),
        EventFilter(topics=["case.dispatched"]),
        EventFilter(principal="clerk"),
        EventFilter(command_id=IDS[0]),
        EventFilter(correlation_id=IDS[0]),
        EventFilter(after_position=5000, until_position=6000),
    ],
    ids=lambda wanted: ",".join(k for k, v in vars(wanted).items() if v is not None) or "all",
)
async def test_events_of_the_journal(filled: Connection, wanted: EventFilter) -> None:
    values = event_values(STAFF) | events._criteria(wanted)
    values |= {"from_position": None, "to_position": None, "limit": 21}
    assert await scanned_whole(filled, events.EVENTS[False], values) == []


ANN = Caller(
    "ann",
    ActorKind.PERSON,
    frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.OFFICER}),
    reaches=(
        Reach(
            Post("clerk", frozenset({Role.REGISTRAR, Role.OFFICER}), "unit-7"),
            frozenset({"unit-7", "unit-8"}),
        ),
    ),
)
NARROW = Scope(every_case=False, own="ann", internal=True, units=frozenset({"unit-7", "unit-8"}))


AT_HAND = """
    SELECT indexrelid::regclass::text AS name FROM pg_index
    WHERE indrelid = 'cases'::regclass
        AND pg_get_expr(indpred, indrelid) ~ 'VERIFYING|pending_decisions'
"""


async def beyond_hand(
    connection: Connection, statement: Statement, values: dict[str, Any]
) -> list[str]:
    """What a plan reads whole, beside the indexes of the few cases that are at hand."""
    explained = await connection.fetchval(
        f"EXPLAIN (FORMAT JSON) {statement.sql}", *(values[name] for name in statement.names)
    )
    at_hand = {row["name"].removeprefix("views.") for row in await connection.fetch(AT_HAND)}
    return [
        f"{node['Node Type']} by {node.get('Index Name')}"
        for node, limited in nodes(json.loads(explained)[0]["Plan"])
        if reads_whole(node, limited=limited) and node.get("Index Name") not in at_hand
    ]


@pytest.mark.parametrize("scope", [STAFF, NARROW], ids=["everything", "two units"])
@pytest.mark.parametrize("kind", WorklistKind)
async def test_worklists(filled: Connection, kind: WorklistKind, scope: Scope) -> None:
    values = worklists._values(scope, ANN, kind) | {"limit": 21}
    values |= dict.fromkeys(f"{end}_{part}" for end in ("from", "to") for part in WORKLIST_PLACE)
    for ascending in (True, False):
        statement = worklists.PAGES[kind, ascending]
        assert await beyond_hand(filled, statement, values) == []
    assert await beyond_hand(filled, worklists.COUNTS[kind], values) == []


@pytest.mark.parametrize("kind", WorklistKind)
async def test_changes_of_worklists(filled: Connection, kind: WorklistKind) -> None:
    values = worklists._values(NARROW, ANN, kind)
    values |= {"internal": True, "after_position": 900, "until_position": 1400, "limit": 50}
    assert await beyond_hand(filled, worklists.MOVED[kind], values) == []


@pytest.mark.parametrize("scope", [STAFF, NARROW], ids=["everything", "two units"])
@pytest.mark.parametrize("areas", [None, ["grid-8", "grid-9", "grid-10"]], ids=["anywhere", "near"])
@pytest.mark.parametrize("types", [None, ["noise", "pests"]], ids=["any type", "related"])
async def test_duplicates(
    filled: Connection, scope: Scope, areas: list[str] | None, types: list[str] | None
) -> None:
    request = Request("loud music", datetime(2024, 9, 1, tzinfo=UTC))
    values = duplicates.near_values(scope, duplicates.Sought(request, areas, types))
    assert await scanned_whole(filled, duplicates.NEAR, values) == []


@pytest.mark.parametrize("moment", moments().values(), ids=moments().keys())
@pytest.mark.parametrize(
    "wanted",
    [
        IntervalFilter(),
        IntervalFilter(case_id=IDS[0]),
        IntervalFilter(units=["unit-7"]),
        IntervalFilter(units=["unit-7"], parts=[Part.LEAD], since=datetime(2025, 1, 1, tzinfo=UTC)),
        IntervalFilter(person="ann"),
    ],
    ids=["all", "case", "unit", "unit and period", "person"],
)
async def test_the_ledgers(
    filled: Connection, wanted: IntervalFilter, moment: Moment | None
) -> None:
    values = responsibility._values(STAFF, moment) | responsibility._criteria(wanted)
    names = ("time", "id", "version", "since")
    values |= dict.fromkeys(f"{end}_{name}" for end in ("from", "to") for name in names)
    values |= {"limit": 21, "case_ids": IDS}
    statement = responsibility.LISTS[wanted.person is not None, False]
    assert await scanned_whole(filled, statement, values) == []
    assert await scanned_whole(filled, responsibility.OF_CASES, values) == []


@pytest.mark.parametrize("scope", [STAFF, OFFICER], ids=["staff", "officer"])
@pytest.mark.parametrize("then", moments().keys())
async def test_what_supervisors_read(filled: Connection, then: str, scope: Scope) -> None:
    asked = Asked(scope, datetime(2025, 1, 1, tzinfo=UTC), moments()[then])
    values = overdue._values(asked, None, overdue.LATE) | {"limit": 21}
    values |= dict.fromkeys(f"{end}_{part}" for end in ("from", "to") for part in CLOCK_PLACE)
    for pages in (overdue.FORWARDS, overdue.BACKWARDS):
        assert await scanned_whole(filled, pages[asked.axis], values) == []
    returns = fact_figures.Facts([FactKind.RETURN_REQUESTED], [fact_figures.FactBy.UNIT])
    values = fact_figures._values(asked, returns)
    for statement in (fact_figures.CELLS, fact_figures.OF_CELL.forwards):
        cell = dict.fromkeys(name for name in statement.names if name.startswith("cell_"))
        page = {"from_id": None, "to_id": None, "limit": 21}
        assert await scanned_whole(filled, statement, values | cell | page) == []
