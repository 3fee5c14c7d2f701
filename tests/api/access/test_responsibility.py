"""Who answered for what: scenarios 1 and 13 of DOMAIN.md, and the ledgers as they are searched."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from domain.calendar.timetable import Limit, LimitUnit
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue, PublishCatalogue
from domain.directory.people import AppointPerson, DelegateAuthority, EndAppointment
from domain.identity import Role
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from projections.paging import write_cursor
from tests.api.access.conftest import TYPES, District
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

DAY: Final = 86_400
LIMITS: Final = {
    ClockKind.RESOLUTION: 8,
    ClockKind.DISPATCH: 1,
    ClockKind.STAGE: 3,
    ClockKind.APPROVAL: 0.5,
    ClockKind.VERIFICATION: 1,
}
BEGAN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)

INTERVALS: Final = """
    responsibility {
        cycle part decision unit { code } post person begin end fromEvent toEvent afterwards
        consumedSeconds countedSeconds budgetSeconds latenessSeconds
        holders {
            person begin end consumedSeconds delegates { person begin end roles delegation }
        }
    }
    clocks { name number due pausedIntervals { begin } budgetSeconds }
"""
FOUND: Final = """
    query Q($filter: ResponsibilityFilter, $first: Int, $after: String, $asOf: AsOf) {
        responsibilityIntervals(filter: $filter, first: $first, after: $after, asOf: $asOf) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes { part unit { code } person begin latenessSeconds case { caseId } }
        }
    }
"""


def on(days: float) -> str:
    """A time, in days since it all began."""
    return (BEGAN + timedelta(days=days)).isoformat()


def days(text: str | None) -> float | None:
    """When that is, in days since it all began."""
    return None if text is None else round((datetime.fromisoformat(text) - BEGAN) / DAY_LONG, 6)


DAY_LONG: Final = timedelta(days=1)


class Told:
    """The district, and who did what in it."""

    def __init__(self, district: District) -> None:
        self.district = district

    async def by(self, who: str, command: str, case_id: str, day: float, **said: Any) -> None:
        await self.district.by(who).change(command, caseId=case_id, occurredAt=on(day), **said)

    async def accepted(self, **said: Any) -> str:
        case_id = await self.district.registered(occurredAt=on(0), **said)
        await self.by("chief-registrar", "acceptCase", case_id, 0)
        return case_id

    async def case(self, case_id: str, who: str = "auditor", **as_of: object) -> dict[str, Any]:
        query = f"query Q($id: ID!, $asOf: AsOf) {{ case(id: $id, asOf: $asOf) {{ {INTERVALS} }} }}"
        answer = await self.district.by(who).ask(query, id=case_id, asOf=as_of or None)
        found: dict[str, Any] = answer["case"]
        return found

    async def search(self, who: str = "supervisor", **asked: Any) -> list[dict[str, Any]]:
        """Every interval that is found, two at a time, the newest first."""
        nodes: list[dict[str, Any]] = []
        after = None
        while True:
            answer = await self.district.by(who).ask(FOUND, first=2, after=after, **asked)
            page = answer["responsibilityIntervals"]
            nodes += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                assert page["totalCount"] == len(nodes)
                return nodes


@pytest.fixture
async def told(district: District) -> Told:
    before = BEGAN - timedelta(days=5)
    await district.order(DraftCatalogue, title="Matters of before", types=TYPES)
    await district.order(ProposeCatalogue, number=2)
    await district.order(PublishCatalogue, second=True, number=2, valid_from=before)
    rules = tuple(
        ClockRule(kind, Limit(int(limit * 24 * 60), LimitUnit.WALL_MINUTES))
        for kind, limit in LIMITS.items()
    )
    await district.order(DraftSlaPolicy, title="Limits", rules=rules)
    await district.order(ProposeSlaPolicy, number=1)
    await district.order(PublishSlaPolicy, second=True, number=1, valid_from=before)
    return Told(district)


ARGUED: Final[tuple[tuple[str, str, float, dict[str, Any]], ...]] = (
    ("chief-dispatcher", "dispatchCase", 0.5, {"leadUnit": "police"}),
    ("police-officer", "requestReturn", 0.6, {"ground": "Not ours"}),
    ("chief-dispatcher", "upholdReturn", 1.6, {}),
    ("chief-dispatcher", "dispatchCase", 2, {"leadUnit": "environment"}),
    ("officer", "requestReturn", 2.1, {"ground": "Nor ours"}),
    ("chief-dispatcher", "rejectReturn", 3, {"ground": "It is"}),
    ("officer", "requestArbitration", 3.5, {"ground": "It is not"}),
    ("chief-registrar", "arbitrateResponsibility", 5.5, {"leadUnit": "police", "ground": "-"}),
)
HANDLED: Final[tuple[tuple[str, str, float, dict[str, Any]], ...]] = (
    ("police-officer", "signForCase", 6, {}),
    ("police-officer", "submitResolution", 12, {"outcome": "RESOLVED", "measures": "Mended"}),
    ("chief-registrar", "verifyResolution", 13, {"askFeedback": False}),
)


@pytest.fixture
async def argued(told: Told) -> str:
    """Returned twice and then arbitrated: thirteen days, where eight are allowed."""
    case_id = await told.accepted()
    for who, command, day, said in ARGUED:
        await told.by(who, command, case_id, day, **said)
    again = await told.district.by("police-officer").give(
        "requestReturn", caseId=case_id, ground="No", occurredAt=on(5.6)
    )
    assert again["code"] == "ALREADY_ARBITRATED"
    for who, command, day, said in HANDLED:
        await told.by(who, command, case_id, day, **said)
    return case_id


async def test_returned_twice_then_arbitrated(told: Told, argued: str) -> None:
    """Scenario 1: the lead is fixed, the clock never stopped, lateness is split as decided."""
    case = await told.case(argued)
    found = case["responsibility"]
    assert [
        (
            each["part"],
            each["unit"] and each["unit"]["code"],
            days(each["begin"]),
            days(each["end"]),
        )
        for each in found
    ] == [
        ("DISPATCHER", "centre", 0, 0.5),
        ("DISPATCHER", "centre", 0.5, 0.6),
        ("DECIDER", "centre", 0.6, 1.6),
        ("DISPATCHER", "centre", 1.6, 2),
        ("LEAD", "environment", 2, 2.1),
        ("DECIDER", "centre", 2.1, 3),
        ("LEAD", "environment", 3, 3.5),
        ("DECIDER", "centre", 3.5, 5.5),
        ("LEAD", "police", 5.5, 12),
        ("CHECKER", "centre", 12, 13),
    ]
    decided = [each["decision"] for each in found if each["part"] == "DECIDER"]
    assert decided == ["RETURN", "RETURN", "ARBITRATION"]
    assert [each["afterwards"] for each in found] == [False, True] + [False] * 8
    assert {each["person"] for each in found if each["part"] == "DISPATCHER"} == {
        "chief-dispatcher"
    }
    check_lateness(case)
    await check_the_past(told, argued)
    await check_who_reads_it(told, argued)
    await check_search(told, argued)


def check_lateness(case: dict[str, Any]) -> None:
    """Five days: split by what each used beyond their budgets; the clock never stood still."""
    found, clocks = case["responsibility"], {each["name"]: each for each in case["clocks"]}
    assert clocks["RESOLUTION"]["pausedIntervals"] == []
    assert days(clocks["RESOLUTION"]["due"]) == 8
    assert sum(each["countedSeconds"] for each in found) == 13 * DAY
    assert sum(each["latenessSeconds"] for each in found) == 5 * DAY
    beyond = [max(0, each["consumedSeconds"] - each["budgetSeconds"]) / DAY for each in found]
    # The unit had what was left of the eight days when the case was given to it.
    assert [round(each, 6) for each in beyond] == [0, 0, 0.5, 0, 0, 0.4, 0, 1.5, 4, 0]
    for each, excess in zip(found, beyond, strict=True):
        assert each["latenessSeconds"] == pytest.approx(5 * DAY * excess / 6.4, abs=0.001)


async def check_the_past(told: Told, argued: str) -> None:
    """Before the decision it was the unit's."""
    then = (await told.case(argued, occurredAt=on(0.8)))["responsibility"]
    assert [(each["part"], days(each["begin"]), days(each["end"])) for each in then] == [
        ("DISPATCHER", 0, 0.5),
        ("LEAD", 0.5, 0.6),
        ("DECIDER", 0.6, None),
    ]
    # Who decides is not known before they do: the post for the smallest area then.
    assert (then[-1]["post"], then[-1]["consumedSeconds"]) == ("dispatcher", 0.2 * DAY)
    known = (await told.case(argued, version=5))["responsibility"]
    assert [each["part"] for each in known] == ["DISPATCHER", "LEAD"]


async def test_an_appointment_changes_in_the_middle(told: Told) -> None:
    """Scenario 13: the ledger names the holder at each instant, as known now and as known then."""
    case_id = await told.accepted()
    await told.by("chief-dispatcher", "dispatchCase", case_id, 1, leadUnit="environment")
    await told.by("unit_leader", "assignOfficer", case_id, 2, officer="officer")
    before = await told.district.by("auditor").ask("{ journal { position } }")
    await told.district.order(EndAppointment, appointment="officer#1", valid_to=moment(5))
    await told.district.order(
        AppointPerson, position="officer", person="successor", valid_from=moment(6)
    )
    await told.by("successor", "signForCase", case_id, 7)
    led = (await told.case(case_id))["responsibility"][-1]
    assert [
        (each["person"], days(each["begin"]), days(each["end"])) for each in led["holders"]
    ] == [
        ("officer", 2, 5),
        (None, 5, 6),
        ("successor", 6, None),
    ]
    assert (led["person"], led["post"]) == ("successor", "officer")
    assert sum(each["consumedSeconds"] for each in led["holders"]) == led["consumedSeconds"]
    # What was known then: nobody had said that the officer would leave.
    known = await told.case(case_id, position=before["journal"]["position"])
    assert [each["person"] for each in known["responsibility"][-1]["holders"]] == ["officer"]
    was = await told.case(case_id, occurredAt=on(5.5))
    assert was["responsibility"][-1]["person"] is None
    await check_search_by_person(told, case_id)


def moment(day: float) -> datetime:
    return BEGAN + timedelta(days=day)


async def test_a_delegation_in_the_middle(told: Told) -> None:
    """Scenario 13 with people away: beside the holder, who still answers, is who acted for them."""
    case_id = await told.accepted()
    await told.by("chief-dispatcher", "dispatchCase", case_id, 1, leadUnit="environment")
    await told.by("unit_leader", "assignOfficer", case_id, 2, officer="officer")
    before = await told.district.by("auditor").ask("{ journal { position } }")
    await told.district.order(EndAppointment, appointment="officer#1", valid_to=moment(6))
    await told.district.order(
        AppointPerson, position="officer", person="successor", valid_from=moment(6)
    )
    for appointment, delegate, role, since, until in (
        ("officer#1", "cousin", Role.OFFICER, 3, 4),
        ("officer#2", "deputy", Role.OFFICER, 7.5, 25),
        ("chief-dispatcher#1", "clerk", Role.DISPATCHER, 0.5, 1.5),
    ):
        await told.district.order(
            DelegateAuthority,
            appointment=appointment,
            delegate=delegate,
            roles=(role,),
            valid_from=moment(since),
            valid_to=moment(until),
        )
    await told.by("deputy", "signForCase", case_id, 8)

    async def acted(**as_of: str) -> list[tuple[Any, ...]]:
        found = (await told.case(case_id, **as_of))["responsibility"]
        return [
            (holder["person"], each["person"], days(each["begin"]), days(each["end"]))
            for interval in found
            for holder in interval["holders"]
            for each in holder["delegates"]
        ]

    everything = [
        ("chief-dispatcher", "clerk", 0.5, 1),
        ("officer", "cousin", 3, 4),
        ("successor", "deputy", 7.5, None),
    ]
    assert await acted() == everything
    assert await acted(occurredAt=on(3.5)) == [everything[0], ("officer", "cousin", 3, None)]
    assert await acted(position=before["journal"]["position"]) == []
    led = (await told.case(case_id))["responsibility"][-1]
    assert [each["person"] for each in led["holders"]] == ["officer", "successor"]
    (deputy,) = led["holders"][-1]["delegates"]
    assert (deputy["roles"], deputy["delegation"]) == (["OFFICER"], "officer#2.1")
    for person, part in (("deputy", "LEAD"), ("cousin", "LEAD"), ("clerk", "DISPATCHER")):
        [found] = await told.search(filter={"person": person})
        assert (found["part"], found["case"]["caseId"]) == (part, case_id)
    assert await told.search(filter={"person": "deputy"}, asOf={"occurredAt": on(7)}) == []
    assert await told.search(filter={"person": "deputy"}, asOf=before["journal"]) == []


async def check_search_by_person(told: Told, case_id: str) -> None:
    """Who answered for what, when: whoever held the post at any time of it is found by it."""
    for person, expected in (("successor", 1), ("officer", 1), ("chief-dispatcher", 1), ("x", 0)):
        assert len(await told.search(filter={"person": person})) == expected, person
    # Before the successor came, nothing was theirs.
    as_of = {"occurredAt": on(5.5)}
    assert await told.search(filter={"person": "successor"}, asOf=as_of) == []
    [led] = await told.search(filter={"part": ["LEAD"], "person": "successor"})
    assert led["case"]["caseId"] == case_id


async def check_search(told: Told, argued: str) -> None:
    """Who answered for what, when, and for how long."""
    everything = await told.search()
    assert [each["begin"] for each in everything] == sorted(
        (each["begin"] for each in everything), reverse=True
    )
    assert len(everything) == 10
    assert sum(each["latenessSeconds"] for each in everything) == 5 * DAY
    by_unit = await told.search(filter={"unit": ["police"]})
    assert [(each["part"], days(each["begin"])) for each in by_unit] == [("LEAD", 5.5)]
    decided = await told.search(filter={"part": ["DECIDER"], "unit": ["centre"]})
    assert [days(each["begin"]) for each in decided] == [3.5, 2.1, 0.6]
    period = {"from": on(2.5), "to": on(3.6)}
    within = await told.search(filter={"period": period, "caseId": argued})
    assert [days(each["begin"]) for each in within] == [3.5, 3, 2.1]
    then = await told.search(filter={"unit": ["police"]}, asOf={"occurredAt": on(1)})
    assert [days(each["begin"]) for each in then] == [0.5]
    for cursor in ("x", write_cursor("responsibility", "2026-03-01T00:00:00Z", argued, 0, 1)):
        refused = await told.district.by("supervisor").refused(FOUND, first=1, after=cursor)
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["after"])


async def check_who_reads_it(told: Told, argued: str) -> None:
    """It is for whoever sees the case from inside, lists for whoever supervises."""
    assert (await told.case(argued, "resident"))["responsibility"] == []
    assert len((await told.case(argued, "police-officer"))["responsibility"]) == 10
    for who in ("resident", "officer", None):
        refused = await told.district.by(who).refused(FOUND, first=1)
        assert refused["code"] == "NOT_PERMITTED"
