"""Worklists of people in posts: what is in them, how much, and what comes and goes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from projections.worklists import WorklistKind
from tests.api.access.conftest import District
from tests.api.schema.asking import Answered
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

LIST = """
    query Q($kind: WorklistKind!, $first: Int, $last: Int, $after: String, $before: String) {
        worklist(kind: $kind, first: $first, last: $last, after: $after, before: $before) {
            totalCount nodes { caseId } pageInfo { hasNextPage endCursor startCursor }
        }
    }
"""
CHANGES = """
    subscription S($kind: WorklistKind!, $after: Position) {
        worklistChanged(kind: $kind, after: $after) {
            position kind movement caseId case { caseId stage }
        }
    }
"""


async def listed(district: District, who: str, kind: str) -> list[str]:
    """The cases in a list, which counts as many."""
    asked = district.by(who)
    found = (await asked.ask(LIST, kind=kind, first=100))["worklist"]
    counts = (await asked.ask("{ worklistCounts { kind count } }"))["worklistCounts"]
    assert {each["kind"] for each in counts} == set(WorklistKind)
    (count,) = [each["count"] for each in counts if each["kind"] == kind]
    assert found["totalCount"] == len(found["nodes"]) == count
    return [node["caseId"] for node in found["nodes"]]


async def watch(district: District, who: str, case_id: str, verb: str = "watch") -> dict[str, Any]:
    return await district.by(who).give(f"{verb}Case", caseId=case_id)


async def is_watched(district: District, who: str, case_id: str) -> bool:
    case = await district.by(who).case(case_id, "watched")
    assert case is not None
    watched: bool = case["watched"]
    return watched


@asynccontextmanager
async def changes(
    district: District, who: str, kind: str, after: str
) -> AsyncGenerator[AsyncGenerator[dict[str, Any], None], None]:
    results = await district.api.schema.subscribe(
        CHANGES,
        variable_values={"kind": kind, "after": after},
        context_value=district.context(who),
    )

    async def items() -> AsyncGenerator[dict[str, Any], None]:
        async for result in results:
            if result.errors or result.data is None:
                raise Answered(result.errors)
            yield result.data["worklistChanged"]

    try:
        yield items()
    finally:
        await results.aclose()


async def head(district: District) -> str:
    position: str = (await district.by("auditor").ask("{ journal { position } }"))["journal"][
        "position"
    ]
    return position


async def test_a_unit_has_what_it_leads_or_helps_with(district: District) -> None:
    ours = await district.dispatched()
    assert await listed(district, "officer", "UNIT") == [ours]
    assert await listed(district, "police-officer", "UNIT") == [ours]
    assert await listed(district, "east-officer", "UNIT") == []
    withdrawn = await district.dispatched()
    await district.by("resident").change("withdrawCase", caseId=withdrawn)
    assert await listed(district, "officer", "UNIT") == [ours]


async def test_a_case_is_unassigned_until_somebody_has_it(district: District) -> None:
    case_id = await district.registered()
    assert await listed(district, "chief-dispatcher", "UNASSIGNED") == []
    await district.by("chief-registrar").change("acceptCase", caseId=case_id)
    assert await listed(district, "chief-dispatcher", "UNASSIGNED") == [case_id]
    await district.by("chief-dispatcher").change("dispatchCase", caseId=case_id)
    assert await listed(district, "officer", "UNASSIGNED") == [case_id]
    assert await listed(district, "resident", "UNASSIGNED") == []
    await district.by("officer").change("signForCase", caseId=case_id)
    assert await listed(district, "officer", "UNASSIGNED") == []


async def test_mine_are_those_that_i_handle(district: District) -> None:
    case_id = await district.dispatched()
    assert await listed(district, "officer", "MINE") == []
    await district.by("unit_leader").change(
        "assignOfficer", caseId=case_id, officer="officer", position="officer"
    )
    assert await listed(district, "officer", "MINE") == [case_id]
    assert await listed(district, "unit_leader", "MINE") == []


async def test_what_is_watched_is_a_list_of_ones_own(district: District) -> None:
    case_id = await district.dispatched()
    changed = await watch(district, "officer", case_id)
    assert changed["case"]["caseId"] == case_id
    assert changed["events"] == []
    assert await listed(district, "officer", "WATCHED") == [case_id]
    assert await is_watched(district, "officer", case_id)
    assert await listed(district, "unit_leader", "WATCHED") == []
    assert not await is_watched(district, "unit_leader", case_id)
    again = await watch(district, "officer", case_id)
    assert int(again["position"]) >= int(changed["position"])
    await watch(district, "officer", case_id, "unwatch")
    assert await listed(district, "officer", "WATCHED") == []
    assert not await is_watched(district, "officer", case_id)


async def test_nobody_watches_what_they_do_not_see(district: District) -> None:
    case_id = await district.dispatched()
    for verb in ("watch", "unwatch"):
        assert (await watch(district, "east-officer", case_id, verb))["__typename"] == "NotFound"


async def test_who_changes_nothing_watches_only_what_they_brought_as_residents(
    district: District,
) -> None:
    case_id = await district.dispatched()
    for verb in ("watch", "unwatch"):
        assert (await watch(district, "auditor", case_id, verb))["__typename"] == "NotPermitted"
    assert await listed(district, "auditor", "WATCHED") == []
    own = await district.registered("auditor")
    assert (await watch(district, "auditor", own))["__typename"] == "CaseChanged"
    assert await listed(district, "auditor", "WATCHED") == [own]


async def test_a_decision_waits_for_whoever_may_take_it_and_did_not_ask(
    district: District,
) -> None:
    case_id = await district.registered()
    assert await listed(district, "chief-registrar", "AWAITING_MY_APPROVAL") == [case_id]
    assert await listed(district, "chief-dispatcher", "AWAITING_MY_APPROVAL") == []
    await district.by("chief-registrar").change("acceptCase", caseId=case_id)
    await district.by("chief-dispatcher").change("dispatchCase", caseId=case_id)
    assert await listed(district, "chief-registrar", "AWAITING_MY_APPROVAL") == []
    await district.by("officer").change("requestReturn", caseId=case_id, ground="Not ours")
    assert await listed(district, "chief-dispatcher", "AWAITING_MY_APPROVAL") == [case_id]
    assert await listed(district, "chief-registrar", "AWAITING_MY_APPROVAL") == []
    await district.by("chief-dispatcher").change("rejectReturn", caseId=case_id, ground="It is")
    assert await listed(district, "chief-dispatcher", "AWAITING_MY_APPROVAL") == []


async def test_a_list_is_paged_most_urgent_and_oldest_first(district: District) -> None:
    normal = [await district.dispatched() for _ in range(2)]
    urgent = await district.dispatched(urgency="URGENT")
    emergency = await district.dispatched(urgency="EMERGENCY")
    expected = [emergency, urgent, *normal]
    assert await listed(district, "officer", "UNIT") == expected
    asked = district.by("officer")
    found: list[str] = []
    after = None
    while True:
        page = (await asked.ask(LIST, kind="UNIT", first=1, after=after))["worklist"]
        found += [node["caseId"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == expected
    last = (await asked.ask(LIST, kind="UNIT", last=2, before=after))["worklist"]
    assert [node["caseId"] for node in last["nodes"]] == expected[1:3]


@pytest.mark.parametrize("cursor", ["x", "W10", None])
async def test_a_cursor_is_of_its_list(district: District, cursor: str | None) -> None:
    await district.dispatched()
    asked = district.by("officer")
    if cursor is None:
        page = (await asked.ask(LIST, kind="UNIT", first=1))["worklist"]
        cursor = page["pageInfo"]["endCursor"]
    refused = await asked.refused(LIST, kind="MINE", first=1, after=cursor)
    assert refused["code"] == "INVALID_INPUT"


async def test_a_subscription_tells_what_comes_goes_and_changes(district: District) -> None:
    start = await head(district)
    case_id = await district.dispatched()
    await district.by("officer").change("signForCase", caseId=case_id)
    await district.by("resident").change("withdrawCase", caseId=case_id)
    async with changes(district, "officer", "UNIT", start) as items:
        moved = [await anext(items) for _ in range(3)]
    assert [each["movement"] for each in moved] == ["ENTERED", "CHANGED", "LEFT"]
    assert {each["caseId"] for each in moved} == {case_id}
    assert moved[0]["case"] == {"caseId": case_id, "stage": "WITHDRAWN"}
    async with changes(district, "officer", "UNIT", moved[0]["position"]) as items:
        assert await anext(items) == moved[1]


async def test_a_case_that_is_seen_no_longer_leaves_without_being_shown(
    district: District,
) -> None:
    case_id = await district.dispatched()
    start = await head(district)
    await district.by("officer").change("requestReturn", caseId=case_id, ground="Not ours")
    await district.by("chief-dispatcher").change("upholdReturn", caseId=case_id)
    async with changes(district, "officer", "UNIT", start) as items:
        moved = [await anext(items) for _ in range(2)]
    assert [each["movement"] for each in moved] == ["CHANGED", "LEFT"]
    assert moved[1]["case"] is None


async def test_watching_itself_moves_a_case(district: District) -> None:
    case_id = await district.dispatched()
    start = await head(district)
    await watch(district, "officer", case_id)
    await district.by("officer").change("signForCase", caseId=case_id)
    await watch(district, "officer", case_id, "unwatch")
    await district.by("officer").change("recordProgress", caseId=case_id, text="There")
    await watch(district, "officer", case_id)
    async with changes(district, "officer", "WATCHED", start) as items:
        moved = [(await anext(items))["movement"] for _ in range(4)]
    assert moved == ["ENTERED", "CHANGED", "LEFT", "ENTERED"]


async def test_a_reporter_is_not_told_that_something_internal_happened(
    district: District,
) -> None:
    case_id = await district.dispatched()
    await watch(district, "resident", case_id)
    start = await head(district)
    officer = district.by("officer")
    await officer.change("signForCase", caseId=case_id)
    await officer.change("addNote", caseId=case_id, text="Between us", audience="INTERNAL")
    await officer.change("addNote", caseId=case_id, text="We come", audience="REPORTER")
    async with changes(district, "resident", "WATCHED", start) as items:
        first, second = [await anext(items) for _ in range(2)]
    assert int(second["position"]) == int(first["position"]) + 2
