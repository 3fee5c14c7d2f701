"""Who still sees a confidential case, in lists, counts, totals, events and commands alike."""

import asyncio
from typing import Any, Final

import pytest

from app.database import Database
from app.journal import Journal
from projections.totals_view import TotalsView
from tests.api.access.conftest import District
from tests.api.access.test_scope import PATIENCE, seen_by
from tests.db.projections.test_followers import at, following, until

EVERYBODY: Final = (
    "auditor",
    "chief-dispatcher",
    "chief-registrar",
    "dispatcher",
    "registrar",
    "supervisor",
    "evaluator",
    "intake",
    "grid_worker",
    "officer",
    "unit_leader",
    "east-officer",
    "police-officer",
    "resident",
    "neighbour",
    None,
)
CLEARED: Final = {
    "NORMAL": {
        "auditor",
        "chief-dispatcher",
        "chief-registrar",
        "dispatcher",
        "registrar",
        "supervisor",
        "evaluator",
        "intake",
        "grid_worker",
        "officer",
        "unit_leader",
        "police-officer",
        "resident",
    },
    "RESTRICTED": {
        "auditor",
        "chief-dispatcher",
        "chief-registrar",
        "dispatcher",
        "registrar",
        "supervisor",
        "evaluator",
        "officer",
        "unit_leader",
        "police-officer",
        "resident",
    },
    "CONFIDENTIAL": {
        "auditor",
        "chief-registrar",
        "registrar",
        "supervisor",
        "officer",
        "unit_leader",
        "resident",
    },
}


async def put(district: District, case_id: str, level: str, by: str = "chief-registrar") -> Any:
    return await district.by(by).change("setConfidentiality", caseId=case_id, level=level)


@pytest.mark.parametrize("level", CLEARED)
async def test_the_level_says_whom_it_leaves(district: District, level: str) -> None:
    case_id = await district.dispatched()  # led by environment, helped by police, in street-1
    await put(district, case_id, "RESTRICTED")
    await put(district, case_id, level)
    listed = {name for name in EVERYBODY if case_id in await seen_by(district, name)}
    found = {name for name in EVERYBODY if await district.by(name).case(case_id)}
    assert listed == found == CLEARED[level]
    for name in ("police-officer", "intake", "dispatcher", "officer"):
        answer = await district.by(name).give("addNote", caseId=case_id, text="Hello")
        there = name in CLEARED[level]
        assert answer["__typename"] == ("CaseChanged" if there else "NotFound"), name


async def test_who_made_it_confidential_is_shown_that_and_then_no_more(district: District) -> None:
    case_id = await district.dispatched()
    changed = await put(district, case_id, "CONFIDENTIAL", by="dispatcher")
    assert changed["case"]["caseId"] == case_id
    assert await district.by("dispatcher").case(case_id) is None
    refused = await district.by("dispatcher").give(
        "setConfidentiality", caseId=case_id, level="NORMAL"
    )
    assert refused["__typename"] == "NotFound"


async def test_its_reporter_does_not_learn_of_it(district: District) -> None:
    case_id = await district.dispatched()
    await put(district, case_id, "CONFIDENTIAL")
    wanted = """
        confidential confidentiality
        timeline(first: 50) { nodes { type } }
    """
    own = await district.by("resident").case(case_id, wanted)
    staff = await district.by("officer").case(case_id, wanted)
    assert own is not None
    assert staff is not None
    assert (own["confidential"], own["confidentiality"]) == (False, "NORMAL")
    assert (staff["confidential"], staff["confidentiality"]) == (True, "CONFIDENTIAL")
    kinds = {event["type"] for event in own["timeline"]["nodes"]}
    assert "case.confidentiality_changed" not in kinds


async def test_it_goes_out_of_sight_of_an_open_subscription(district: District) -> None:
    case_id = await district.dispatched()
    head = str((await district.api.journal.head()).size)
    helper = district.by("police-officer")
    async with asyncio.timeout(PATIENCE), helper.watch("type", after=head) as watched:
        await district.by("officer").change("signForCase", caseId=case_id)
        assert (await watched.next())["type"] == "case.signed_for"
        await put(district, case_id, "CONFIDENTIAL")
        await district.by("officer").change("recordProgress", caseId=case_id, text="Alone")
        other = await district.dispatched("police", by="neighbour")
        await district.by("police-officer").change("signForCase", caseId=other)
        kinds = [(await watched.next())["type"] for _ in range(3)]
    assert kinds == ["case.registered", "case.accepted", "case.routing_decided"]


async def test_totals_count_it_for_whoever_sees_it(
    district: District, database: Database, journal: Journal
) -> None:
    hidden, _ = await district.dispatched(), await district.dispatched()
    await put(district, hidden, "CONFIDENTIAL")
    head = (await journal.head()).size
    async with following(database, journal, TotalsView()) as followers:
        await until(at(followers, head))
    query = "{ caseTotals(by: [UNIT]) { cells { cases } } }"
    counted = {
        name: sum(
            cell["cases"] for cell in (await district.by(name).ask(query))["caseTotals"]["cells"]
        )
        for name in ("auditor", "chief-registrar", "chief-dispatcher")
    }
    assert counted == {"auditor": 2, "chief-registrar": 2, "chief-dispatcher": 1}
