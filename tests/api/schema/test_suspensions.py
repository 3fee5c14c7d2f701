"""Scenario 6: suspended three times and resumed, due exactly; and how long is one question."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.identity import Caller
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.api.schema.limits import limit_time
from tests.domain.configuring import work_calendar
from tests.domain.minute_walk import MINUTE, MinuteWalk
from tests.domain.people import AUDITOR, DISPATCHER, INTAKE, OFFICER, REGISTRAR, REPORTER

ZONE: Final = ZoneInfo("Asia/Shanghai")
"""That of a journal that says nothing else."""

WALK: Final = MinuteWalk(work_calendar(), ZONE)
BEGAN: Final = datetime(2026, 1, 5, 9, tzinfo=ZONE).astimezone(UTC)
"""A Monday, when work begins."""

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
RESTS: Final = (
    (BEGAN + 2 * HOUR, BEGAN + 5 * HOUR + 30 * MINUTE),
    (BEGAN + 1 * DAY, BEGAN + 3 * DAY + 4 * HOUR),
    (BEGAN + 4 * DAY + 7 * HOUR, BEGAN + 7 * DAY + 11 * MINUTE),
)
"""In a day; over two; over a weekend."""

EVER_SUSPENDED: Final = """
    query Q($id: ID!, $asOf: AsOf) { case(id: $id, asOf: $asOf) {
        hold
        suspensions {
            number state reason reasonEn began ended expectedResume
            requestedBy decidedBy stoppedClocks paused { clock seconds due }
        }
        extensions { days grantedDays late state due requestedBy }
    } }
"""


async def handled(api: Api) -> str:
    """A case that its unit handles since BEGAN."""
    await limit_time(api.commands, BEGAN - DAY)
    registered = await api.by(REPORTER).change(
        "registerCase", channel="WEB", title="A pit in the road", occurredAt=BEGAN.isoformat()
    )
    case_id: str = registered["case"]["caseId"]
    await at(api, REGISTRAR, case_id, BEGAN, "acceptCase")
    await at(api, DISPATCHER, case_id, BEGAN, "dispatchCase", leadUnit="roads")
    await at(api, OFFICER, case_id, BEGAN, "signForCase")
    return case_id


async def at(
    api: Api, by: Caller, case_id: str, moment: datetime, command: str, **given: Any
) -> dict[str, Any]:
    said = {"caseId": case_id, "occurredAt": moment.isoformat(), **given}
    return await api.by(by).change(command, **said)


async def rest(api: Api, case_id: str, begin: datetime, end: datetime) -> dict[str, Any]:
    """It rests from one moment to another. What is told of its resumption."""
    later = (end + HOUR).isoformat()
    given = {"suspensionReason": "SOIL", "expectedResume": later, "ground": "Frozen soil"}
    await at(api, OFFICER, case_id, begin, "requestSuspension", **given)
    await at(api, DISPATCHER, case_id, begin, "approveSuspension")
    resumed = await at(api, OFFICER, case_id, end, "resumeCase")
    (event,) = resumed["events"]
    return dict(event["payload"])


def walked(rests: Sequence[tuple[datetime, datetime]]) -> datetime:
    """When 40 hours of work are done that lie in none of the rests."""
    now, left = BEGAN, 40 * 60
    while left:
        left -= WALK.works(now) and not any(begin <= now < end for begin, end in rests)
        now += MINUTE
    return now


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_suspended_three_times_it_is_due_to_the_minute(api: Api) -> None:
    case_id = await handled(api)
    for number, (begin, end) in enumerate(RESTS, 1):
        told = await rest(api, case_id, begin, end)
        assert moment(told["due"]) == walked(RESTS[:number])

    found = (await api.by(AUDITOR).ask(EVER_SUSPENDED, id=case_id))["case"]
    assert found["hold"] == "NONE"
    suspensions = found["suspensions"]
    assert [(moment(each["began"]), moment(each["ended"])) for each in suspensions] == [*RESTS]
    assert {(each["reason"], each["reasonEn"], each["state"]) for each in suspensions} == {
        ("SOIL", "soil", "RESUMED")
    }
    assert {(each["requestedBy"], each["decidedBy"]) for each in suspensions} == {
        (OFFICER.principal, DISPATCHER.principal)
    }
    for each, (begin, end) in zip(suspensions, RESTS, strict=True):
        assert each["stoppedClocks"] == ["RESOLUTION", "STAGE"]
        assert {stood["clock"]: stood["seconds"] for stood in each["paused"]} == {
            "RESOLUTION": 60 * WALK.working_minutes(begin, end),
            "STAGE": (end - begin).total_seconds(),
        }
    await check_the_past(api, case_id)


async def check_the_past(api: Api, case_id: str) -> None:
    """So it was at any moment too."""
    begin, _ = RESTS[0]

    async def then(**as_of: object) -> dict[str, Any]:
        found: dict[str, Any] = await api.by(AUDITOR).ask(EVER_SUSPENDED, id=case_id, asOf=as_of)
        return dict(found["case"])

    resting = await then(occurredAt=(begin + HOUR).isoformat())
    assert resting["hold"] == "SUSPENDED"
    (suspension,) = resting["suspensions"]
    assert (suspension["state"], suspension["ended"]) == ("SUSPENDED", None)
    before = await then(occurredAt=(begin - HOUR).isoformat())
    assert (before["hold"], before["suspensions"]) == ("NONE", [])
    filtered = "query Q { cases(first: 5, filter: {hold: [SUSPENDED]}) { totalCount } }"
    assert (await api.by(AUDITOR).ask(filtered))["cases"]["totalCount"] == 0


async def test_the_reporter_is_told_why_and_until_when_and_not_by_whom(api: Api) -> None:
    case_id = await handled(api)
    await rest(api, case_id, *RESTS[0])
    asked = BEGAN + 6 * HOUR
    given = {"suspensionReason": "PAPERS", "expectedResume": (asked + DAY).isoformat()}
    await at(api, OFFICER, case_id, asked, "requestSuspension", ground="Papers", **given)
    await at(api, OFFICER, case_id, asked, "requestExtension", days=3, ground="More to dig")
    await at(api, DISPATCHER, case_id, asked + HOUR, "approveExtension", days=2)

    seen = (await api.by(REPORTER).ask(EVER_SUSPENDED, id=case_id))["case"]
    (suspension,) = seen["suspensions"]
    assert (suspension["reasonEn"], suspension["requestedBy"]) == ("soil", None)
    (extension,) = seen["extensions"]
    assert (extension["grantedDays"], extension["late"], extension["requestedBy"]) == (
        2,
        False,
        None,
    )
    timeline = """query Q($id: ID!) { case(id: $id) { timeline(first: 50) { nodes {
        type payload } } } }"""
    nodes = (await api.by(REPORTER).ask(timeline, id=case_id))["case"]["timeline"]["nodes"]
    told = {node["type"]: node["payload"] for node in nodes}
    assert told["case.suspended"] == {
        "suspensionReason": "SOIL",
        "label": {"zh": "soil类", "en": "soil"},
        "expectedResume": (RESTS[0][1] + HOUR).isoformat().replace("+00:00", "Z"),
    }
    assert told["case.resumed"].keys() == {"due"}
    assert told["case.extension_approved"].keys() == {"days", "due"}
    assert "case.suspension_requested" not in told
    assert "case.extension_requested" not in told


async def test_who_decides_finds_it_among_what_waits_for_them(api: Api, desk: Desk) -> None:
    case_id = await desk.limited()
    await api.by(OFFICER).change("requestExtension", caseId=case_id, days=5, ground="More to do")
    waiting = """{ worklist(kind: AWAITING_MY_APPROVAL, first: 5) { nodes { caseId } } }"""

    async def waits_for(caller: Caller) -> list[str]:
        nodes = (await api.by(caller).ask(waiting))["worklist"]["nodes"]
        return [node["caseId"] for node in nodes]

    assert case_id in await waits_for(DISPATCHER)
    assert case_id not in await waits_for(INTAKE)
    await api.by(DISPATCHER).change("denyExtension", caseId=case_id, ground="It is enough")
    assert case_id not in await waits_for(DISPATCHER)
