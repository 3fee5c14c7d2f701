"""A small district with known answers: what its supervisor sees, now and at past moments."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import strawberry

from app.database import Database
from app.journal import Journal
from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.deadlines import RaiseDeadline
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue, PublishCatalogue
from domain.escalation_policy.commands import (
    DraftEscalationPolicy,
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
)
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import THE_SERVICE
from domain.metrics.statistics import quantile
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from schema import ids
from tests.api.access.conftest import TYPES, District, standing_district
from tests.db.projections.control import taken_in
from tests.servers import SERVERS, Server

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

DAY = 24 * 60
RULES = tuple(
    ClockRule(kind, Limit(days * DAY, LimitUnit.WALL_MINUTES))
    for kind, days in (
        (ClockKind.DISPATCH, 1),
        (ClockKind.STAGE, 5),
        (ClockKind.RESOLUTION, 8),
        (ClockKind.APPROVAL, 1),
    )
)
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)


def on(days: float) -> str:
    """A time, in days since it all began; now is day ten."""
    return (BEGAN + timedelta(days=days)).isoformat()


class Told:
    """The district, with what happened in it."""

    def __init__(self, district: District, database: Database, journal: Journal) -> None:
        self.district = district
        self.database = database
        self.journal = journal
        self.cases: dict[str, str] = {}

    async def deadline(self, case_id: str, clock: str, day: float) -> None:
        """A clock says that a share of its limit is used, as the service notices."""
        uuid = ids.parse_current_case(case_id)
        at = BEGAN + timedelta(days=day)
        command = RaiseDeadline(command_id=uuid4(), case_id=uuid, clock=clock, occurred_at=at)
        await self.district.commands.execute(command, THE_SERVICE)

    async def case(self, name: str, day: float, unit: str | None = None, **said: Any) -> str:
        """A case that is accepted at once, and dispatched a tenth of a day later."""
        case_id = await self.district.registered(occurredAt=on(day), **said)
        self.cases[case_id] = name
        await self.by("chief-registrar", "acceptCase", case_id, day)
        if unit is not None:
            await self.by("chief-dispatcher", "dispatchCase", case_id, day + 0.1, leadUnit=unit)
        return case_id

    async def by(self, who: str, command: str, case_id: str, day: float, **said: Any) -> None:
        await self.district.by(who).change(command, caseId=case_id, occurredAt=on(day), **said)

    def names(self, connection: dict[str, Any]) -> list[str]:
        """The cases of a page, by name."""
        return sorted(self.cases[node["caseId"]] for node in connection["nodes"])

    async def asked(self, who: str | None, selection: str, **variables: Any) -> dict[str, Any]:
        found = await self.district.by(who).ask(
            f"""query Q($filter: SupervisionFilter, $asOf: AsOf) {{
                supervision(filter: $filter, asOf: $asOf) {{ {selection} }}
            }}""",
            **variables,
        )
        answer: dict[str, Any] = found["supervision"]
        return answer


@asynccontextmanager
async def a_district(server: Server, schema: strawberry.Schema) -> AsyncIterator[Told]:
    """A district of its own, which all tests here read and none changes."""
    async with standing_district(server, schema) as (district, database, journal):
        told = Told(district, database, journal)
        await happen(told)
        await taken_in(database, journal)
        yield told


@pytest.fixture(scope="module")
async def told(server: Server, schema: strawberry.Schema) -> AsyncIterator[Told]:
    async with a_district(server, schema) as told:
        yield told


async def happen(told: Told) -> None:
    """What happened to four cases.

    Late: dispatched to environment on day 0, signed, never resolved, ordered to be on day 6.
    Returned: dispatched to police on day 1, given back at once, upheld on day 3, later than it
    might be, and dispatched to environment-east then. Refused: of police, in another street; its
    return of day 6 is rejected on day 6.5. Waiting: accepted on day 8.5, with nobody.
    """
    order, began = told.district.order, BEGAN - timedelta(days=10)
    await order(DraftCatalogue, title="Matters of before", types=TYPES)
    await order(ProposeCatalogue, number=2)
    await order(PublishCatalogue, second=True, number=2, valid_from=began)
    await order(DraftSlaPolicy, title="Limits", rules=RULES)
    await order(ProposeSlaPolicy, number=1)
    await order(PublishSlaPolicy, second=True, number=1, valid_from=began)
    await order(DraftEscalationPolicy, title="Ladder", ladders=(Ladder((Rung(80),)),))
    await order(ProposeEscalationPolicy, number=1)
    await order(PublishEscalationPolicy, second=True, number=1, valid_from=began)
    late = await told.case("late", 0, "environment")
    await told.by("officer", "signForCase", late, 0.2)
    await told.deadline(late, "STAGE", 4.1)
    await told.deadline(late, "STAGE", 5.1)
    returned = await told.case("returned", 1, "police")
    await told.by("police-officer", "requestReturn", returned, 1.2, ground="Not ours")
    await told.by("chief-dispatcher", "upholdReturn", returned, 3)
    await told.by("chief-dispatcher", "dispatchCase", returned, 3.1, leadUnit="environment-east")
    refused = await told.case("refused", 5.8, "police", area="street-2")
    await told.by("police-officer", "requestReturn", refused, 6, ground="Not ours")
    await told.by("chief-dispatcher", "rejectReturn", refused, 6.5, ground="It is yours")
    await told.case("waiting", 8.5)
    await told.by("supervisor", "issueOrder", late, 6, level="ORANGE", demand="Measure at night")


CHIEF = "auditor"
"""Sees every case; the supervisor's post is about street-1, and the units of the centre."""

OVERDUE = """overdue(first: 10) {
    totalCount nodes { clock { kind percent light } unit { code } case { caseId } }
}"""


def board(told: Told, answer: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    nodes = answer["overdue"]["nodes"]
    assert answer["overdue"]["totalCount"] == len(nodes)
    return [(told.cases[node["case"]["caseId"]], *node["clock"].values()) for node in nodes]


async def test_the_board_shows_what_is_late_the_longest_first(told: Told) -> None:
    assert board(told, await told.asked(CHIEF, OVERDUE)) == [
        ("late", "STAGE", 198, "RED"),
        ("late", "RESOLUTION", 125, "RED"),
        ("returned", "STAGE", 138, "RED"),
        ("returned", "RESOLUTION", 112, "RED"),
        ("waiting", "DISPATCH", 150, "RED"),
        ("refused", "STAGE", 82, "YELLOW"),
    ]
    of_units = await told.asked(
        CHIEF,
        "overdueByUnit { unit { code } red yellow since cases { count cases(first: 9) "
        "{ totalCount nodes { caseId } } } }",
    )
    counted = [
        (
            each["unit"] and each["unit"]["code"],
            each["red"],
            each["yellow"],
            each["cases"]["count"],
            told.names(each["cases"]["cases"]),
        )
        for each in of_units["overdueByUnit"]
    ]
    assert counted == [
        ("environment", 2, 0, 1, ["late"]),
        ("environment-east", 2, 0, 1, ["returned"]),
        ("police", 0, 1, 1, ["refused"]),
        (None, 1, 0, 1, ["waiting"]),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (4, []),
        (5, [("late", "STAGE", 98, "YELLOW")]),
        (6, [("late", "STAGE", 118, "RED")]),
        (8.0, [("late", "STAGE", 158, "RED"), ("late", "RESOLUTION", 100, "YELLOW")]),
    ],
)
async def test_the_board_as_it_was_on_a_day(
    told: Told, day: float, expected: list[tuple[str, str, int, str]]
) -> None:
    then = await told.asked(CHIEF, OVERDUE, asOf={"occurredAt": on(day)})
    assert [row for row in board(told, then) if row[0] == "late"] == expected


async def test_the_board_as_known_at_a_position_is_judged_when_that_was_recorded(
    told: Told,
) -> None:
    """Everything was recorded on day ten; the first event of the first case told of no clock."""
    late = next(iter(told.cases))
    query = "query Q($id: ID!) { case(id: $id) { timeline(first: 9) { nodes { position type } } } }"
    timeline = (await told.district.by(CHIEF).ask(query, id=late))["case"]["timeline"]["nodes"]
    begun = {each["type"]: each["position"] for each in timeline}
    before = await told.asked(CHIEF, OVERDUE, asOf={"position": begun["case.registered"]})
    assert board(told, before) == []
    accepted = await told.asked(CHIEF, OVERDUE, asOf={"position": begun["case.dispatched"]})
    assert board(told, accepted) == [("late", "RESOLUTION", 125, "RED")]


async def test_a_page_goes_on_where_the_one_before_ended(told: Told) -> None:
    page = """overdue(first: 2, after: $after) {
        nodes { clock { due } } pageInfo { hasNextPage endCursor }
    }"""
    query = f"query Q($after: String, $asOf: AsOf) {{ supervision(asOf: $asOf) {{ {page} }} }}"
    for moment, number in ((None, 6), ({"occurredAt": on(9.95)}, 6)):
        found: list[str] = []
        after = None
        while True:
            answer = await told.district.by(CHIEF).ask(query, after=after, asOf=moment)
            part = answer["supervision"]["overdue"]
            found += [node["clock"]["due"] for node in part["nodes"]]
            after = part["pageInfo"]["endCursor"]
            if not part["pageInfo"]["hasNextPage"]:
                break
        assert found == sorted(found)
        assert len(found) == number
    refused = await told.district.by(CHIEF).refused(query, after="x")
    assert refused["code"] == "INVALID_INPUT"


FIGURES = """
    ageing(by: UNIT) { unit { code } bands { fromDays toDays open { count } } }
    workload {
        unit { code } open { count } dueSoon { count } overdue { count } suspended { count }
    }
    returns(period: $period) { unit { code }
        dispatched { count caseCount cases(first: 9) { totalCount nodes { caseId } } }
        requested { count } upheld { count } rejected { count }
        arbitrationRequested { count } arbitratedElsewhere { count } arbitratedAgainst { count }
    }
    handOvers(period: $period) { unit { code } dispatchedAnew { count } handedOver { count } }
    approvalDelays(period: $period) {
        decision decidedBy { code } decided { count } medianSeconds p90Seconds longestSeconds
    }
"""


async def figures(told: Told, who: str, **variables: Any) -> dict[str, Any]:
    query = f"""query Q($filter: SupervisionFilter, $asOf: AsOf, $period: Period) {{
        supervision(filter: $filter, asOf: $asOf) {{ {FIGURES} }}
    }}"""
    answer: dict[str, Any] = (await told.district.by(who).ask(query, **variables))["supervision"]
    return answer


def by_unit(rows: list[dict[str, Any]], *names: str) -> dict[str | None, tuple[int, ...]]:
    return {
        row["unit"] and row["unit"]["code"]: tuple(row[name]["count"] for name in names)
        for row in rows
    }


RETURNED = ("dispatched", "requested", "upheld", "rejected")


async def test_figures_of_a_period_are_what_happened_in_it(told: Told) -> None:
    all_of_it = await figures(told, CHIEF)
    assert by_unit(all_of_it["returns"], *RETURNED) == {
        "environment": (1, 0, 0, 0),
        "environment-east": (1, 0, 0, 0),
        "police": (2, 2, 1, 1),
    }
    (police,) = [each for each in all_of_it["returns"] if each["unit"]["code"] == "police"]
    assert told.names(police["dispatched"]["cases"]) == ["refused", "returned"]
    assert by_unit(all_of_it["handOvers"], "dispatchedAnew", "handedOver") == {"police": (1, 0)}
    (returns,) = all_of_it["approvalDelays"]
    assert (returns["decision"], returns["decidedBy"]["code"]) == ("RETURN", "centre")
    assert returns["decided"]["count"] == 2
    took = [0.5 * 86400, 1.8 * 86400]
    quantiles = (returns["medianSeconds"], returns["p90Seconds"], returns["longestSeconds"])
    assert quantiles == tuple(quantile(took, share) for share in (0.5, 0.9, 1))
    week = await figures(told, CHIEF, period={"from": on(4), "to": on(7)})
    assert by_unit(week["returns"], *RETURNED) == {"police": (1, 1, 0, 1)}
    assert week["handOvers"] == []


async def test_figures_as_of_a_past_day_know_nothing_later(told: Told) -> None:
    then = await figures(told, CHIEF, asOf={"occurredAt": on(2)})
    assert by_unit(then["returns"], *RETURNED) == {
        "environment": (1, 0, 0, 0),
        "police": (1, 1, 0, 0),
    }
    assert then["approvalDelays"] == []
    assert by_unit(then["workload"], "open", "overdue") == {"environment": (1, 0), "police": (1, 0)}


async def test_open_cases_by_age_and_by_whose_work_they_are(told: Told) -> None:
    now = await figures(told, CHIEF)
    ages = {
        (each["unit"] and each["unit"]["code"], band["fromDays"], band["toDays"]): count
        for each in now["ageing"]
        for band in each["bands"]
        if (count := band["open"]["count"])
    }
    assert ages == {
        ("environment", 7, 15): 1,
        ("environment-east", 7, 15): 1,
        ("police", 3, 7): 1,
        (None, 1, 3): 1,
    }
    assert by_unit(now["workload"], "open", "dueSoon", "overdue", "suspended") == {
        "environment": (1, 0, 1, 0),
        "environment-east": (1, 0, 1, 0),
        "police": (1, 1, 0, 0),
        None: (1, 1, 1, 0),
    }


async def test_orders_escalations_and_what_is_waited_for(told: Told) -> None:
    behind = "{ count caseCount cases(first: 9) { totalCount nodes { caseId } } }"
    asked = f"""
        openOrders {{ unit {{ code }} level open {behind} unanswered {behind} overdue {behind} }}
        orders {{ unit {{ code }} issued {behind} replied {behind} released {behind} }}
        escalations {{ unit {{ code }} clock percent escalated {behind} }}
        waitingDecisions {{ decision unit {{ code }} since waiting {behind} }}
    """
    now = await told.asked(CHIEF, asked)
    unit = {"code": "environment"}
    (order,) = now["openOrders"]
    assert (order["unit"], order["level"]) == (unit, "ORANGE")
    assert [order[each]["count"] for each in ("open", "unanswered", "overdue")] == [1, 1, 1]
    (orders,) = now["orders"]
    assert [orders[each]["count"] for each in ("issued", "replied", "released")] == [1, 0, 0]
    assert [
        (
            each["unit"],
            each["clock"],
            each["percent"],
            told.names(each["escalated"]["cases"]),
        )
        for each in now["escalations"]
    ] == [(unit, "STAGE", 100, ["late"]), (None, "APPROVAL", 100, ["returned"])]
    (waiting,) = now["waitingDecisions"]
    assert (waiting["decision"], waiting["unit"]) == ("ORDER_REPLY", unit)
    assert datetime.fromisoformat(waiting["since"]) == BEGAN + timedelta(days=6)
    for figure in (order["overdue"], orders["issued"], waiting["waiting"]):
        assert told.names(figure["cases"]) == ["late"]
        assert figure["caseCount"] == figure["cases"]["totalCount"] == figure["count"]
    before = await told.asked(CHIEF, asked, asOf={"occurredAt": on(2)})
    assert not any(rows for name, rows in before.items() if name != "waitingDecisions")
    (waiting,) = before["waitingDecisions"]
    assert (waiting["decision"], told.names(waiting["waiting"]["cases"])) == (
        "RETURN",
        ["returned"],
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"unit": ["environment"]}, {"environment", "environment-east"}),
        ({"area": ["street-1"]}, {"environment", "environment-east", None}),
        ({"area": ["whole"], "unit": ["police"]}, {"police"}),
        ({"type": ["noise.night"]}, set()),
        ({"channel": ["HOTLINE"]}, set()),
    ],
)
async def test_a_filter_takes_what_lies_below(
    told: Told, wanted: dict[str, Any], expected: set[str | None]
) -> None:
    found = await figures(told, CHIEF, filter=wanted)
    assert set(by_unit(found["workload"], "open")) == expected


EVERYTHING = """
    position at
    overdue(first: 100) { totalCount nodes { clock { kind } } }
    overdueByUnit { red }
    ageing { bands { open { count cases(first: 9) { totalCount nodes { caseId } } } } }
    workload(by: POSITION) { open { count cases(first: 9) { nodes { caseId } } } }
    waitingDecisions { decision waiting { count } }
    returns { dispatched { count cases(first: 9) { nodes { caseId } } } }
    handOvers { dispatchedAnew { count } }
    approvalDelays { decided { count } }
    escalations { escalated { count } }
    openOrders { open { count } }
    orders { issued { count } }
"""


@pytest.mark.parametrize("day", [None, 9.5])
async def test_nobody_counts_what_they_do_not_see(told: Told, day: float | None) -> None:
    """The resident brought every case and sees none from inside; a unit counts its own."""
    moment = None if day is None else {"occurredAt": on(day)}
    for who in ("resident", "volunteer", None):
        found = await told.asked(who, EVERYTHING, asOf=moment)
        assert found.pop("at")
        assert found.pop("position")
        assert found.pop("overdue") == {"totalCount": 0, "nodes": []}
        assert not any(found.values())
    of_police = await told.asked("police-officer", EVERYTHING, asOf=moment)
    figures_seen = [row["open"] for row in of_police["workload"]]
    figures_seen += [row["dispatched"] for row in of_police["returns"]]
    assert [told.names(figure["cases"]) for figure in figures_seen] == [["refused"]] * 2
    assert [figure["count"] for figure in figures_seen] == [1, 1]


async def test_a_figure_known_at_a_position_says_so(told: Told) -> None:
    head = (await told.district.by(CHIEF).ask("{ journal { position } }"))["journal"]["position"]
    assert (await told.asked(CHIEF, "position"))["position"] == head
    assert (await told.asked(CHIEF, "position", asOf={"position": "7"}))["position"] == "7"
