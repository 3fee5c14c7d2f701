"""Clocks over GraphQL: what runs and ran, now and then; amended explicitly; deadlines noticed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from app.commands import CommandHandler
from domain.case.clocks.deadlines import RaiseDeadline
from domain.identity import THE_SERVICE, Caller
from schema import ids
from tests.api.schema.asking import Api
from tests.api.schema.limits import another_calendar, limit_time
from tests.domain.people import AUDITOR, DISPATCHER, NEIGHBOUR, OFFICER, REGISTRAR, REPORTER
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

BEGAN: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
"""A Monday in Shanghai, when work begins; 40 hours of it are done on Friday at five."""

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
FRIDAY: Final = BEGAN + 4 * DAY + 8 * HOUR
WEDNESDAY: Final = (BEGAN + 2 * DAY).date()
PATIENCE: Final = 60.0

CLOCKS: Final = """
    name kind key number cycle unit { code } startedAt stoppedAt due firstDue breachedAt
    limit { amount unit begins ends } pausedIntervals { begin end } extensions
    consumedSeconds budgetSeconds percent light calendar policyVersion escalationVersion
"""
CASE: Final = f"""
    query Q($id: ID!, $asOf: AsOf) {{ case(id: $id, asOf: $asOf) {{
        clocks {{ {CLOCKS} }}
    }} }}
"""
NOTICES: Final = """
    subscription S($after: Position) { deadlineWarning(after: $after) {
        position type caseId clock kind unit { code } percent due effectiveAt case { caseNo }
    } }
"""


class Office:
    """A case that is handled from BEGAN on."""

    def __init__(self, api: Api, commands: CommandHandler) -> None:
        self.api = api
        self.commands = commands
        self.case_id = ""

    async def begin(self) -> None:
        await limit_time(self.api.commands, BEGAN - DAY)
        registered = await self.api.by(REPORTER).change(
            "registerCase", channel="WEB", title="A pit", occurredAt=BEGAN.isoformat()
        )
        self.case_id = registered["case"]["caseId"]
        await self.give(REGISTRAR, BEGAN, "acceptCase")
        await self.give(DISPATCHER, BEGAN + HOUR, "dispatchCase", leadUnit="roads")
        await self.give(OFFICER, BEGAN + 2 * HOUR, "signForCase")

    async def give(
        self, by: Caller, moment: datetime, command: str, **given: Any
    ) -> dict[str, Any]:
        said = {"caseId": self.case_id, "occurredAt": moment.isoformat(), **given}
        return await self.api.by(by).change(command, **said)

    async def clocks(self, by: Caller = AUDITOR, **as_of: Any) -> dict[str, dict[str, Any]]:
        asked = {"asOf": as_of} if as_of else {}
        answer = await self.api.by(by).ask(CASE, id=self.case_id, **asked)
        return {clock["name"]: clock for clock in answer["case"]["clocks"]}

    async def notice(self, clock: str, at: datetime) -> None:
        """The service notices what a clock has to say at a time."""
        command = RaiseDeadline(command_id=uuid4(), case_id=self.uuid, clock=clock, occurred_at=at)
        await self.commands.execute(command, THE_SERVICE)

    @property
    def uuid(self) -> UUID:
        return ids.parse_current_case(self.case_id, "id")


@pytest.fixture
async def office(api: Api, commands: CommandHandler) -> Office:
    made = Office(api, commands)
    await made.begin()
    return made


def written(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


async def test_how_a_clock_stands_is_told_now_and_then(office: Office) -> None:
    then = (await office.clocks(occurredAt=written(BEGAN + DAY)))["RESOLUTION"]
    assert then == {
        "name": "RESOLUTION",
        "kind": "RESOLUTION",
        "key": None,
        "number": 1,
        "cycle": 1,
        "unit": None,
        "startedAt": written(BEGAN),
        "stoppedAt": None,
        "due": written(FRIDAY),
        "firstDue": written(FRIDAY),
        "breachedAt": None,
        "limit": {
            "amount": 2400,
            "unit": "WORKING_MINUTES",
            "begins": "INSTANT",
            "ends": "INSTANT",
        },
        "pausedIntervals": [],
        "extensions": 0,
        "consumedSeconds": 8 * 3600,
        "budgetSeconds": 40 * 3600,
        "percent": 20,
        "light": "GREEN",
        "calendar": "office@1",
        "policyVersion": 1,
        "escalationVersion": None,
    }
    thursday = (await office.clocks(occurredAt=written(BEGAN + 4 * DAY)))["RESOLUTION"]
    assert (thursday["percent"], thursday["light"]) == (80, "YELLOW")
    now = await office.clocks()
    assert now["RESOLUTION"]["light"] == "RED"
    assert now["STAGE"]["unit"] == {"code": "roads"}
    assert set(await office.clocks(occurredAt=written(BEGAN))) == {"RESOLUTION"}


async def test_what_an_event_says_of_a_clock_is_spelled_as_the_clock_is(office: Office) -> None:
    query = "query ($id: ID!) { case(id: $id) { timeline(first: 3) { nodes { type payload } } } }"
    answer = await office.api.by(AUDITOR).ask(query, id=office.case_id)

    payloads = {each["type"]: each["payload"] for each in answer["case"]["timeline"]["nodes"]}
    (resolution,) = payloads["case.clocks_started"]["clocks"]
    assert (resolution["startedAt"], resolution["nextPercent"]) == (written(BEGAN), 100)


async def test_what_has_stopped_is_told_as_it_stood_then(office: Office) -> None:
    submitted = BEGAN + 3 * DAY
    said = {"outcome": "RESOLVED", "measures": "Filled"}
    await office.give(OFFICER, submitted, "submitResolution", **said)
    changed = await office.give(REGISTRAR, FRIDAY + DAY, "verifyResolution", askFeedback=False)

    clocks = await office.clocks()

    stage, resolution = clocks["STAGE"], clocks["RESOLUTION"]
    assert (stage["stoppedAt"], stage["light"], stage["breachedAt"]) == (
        written(submitted),
        "GREEN",
        None,
    )
    # Nobody had noticed: it was late from the moment on at which it was due.
    assert (resolution["stoppedAt"], resolution["light"], resolution["breachedAt"]) == (
        written(FRIDAY + DAY),
        "RED",
        written(FRIDAY),
    )
    breach = next(each for each in changed["events"] if each["type"] == "case.deadline_breached")
    assert breach["occurredAt"] == written(FRIDAY)
    then = await office.clocks(occurredAt=written(submitted + HOUR))
    assert (then["STAGE"]["stoppedAt"], then["RESOLUTION"]["stoppedAt"]) == (
        written(submitted),
        None,
    )


async def test_while_it_was_checked_the_clock_of_the_unit_had_stopped(office: Office) -> None:
    submitted = BEGAN + 3 * DAY
    said = {"outcome": "RESOLVED", "measures": "Filled"}
    await office.give(OFFICER, submitted, "submitResolution", **said)
    before = (await office.clocks())["STAGE"]
    reworked = submitted + 5 * HOUR
    await office.give(REGISTRAR, reworked, "orderRework", demand="Deeper")

    assert (await office.clocks())["STAGE"]["stoppedAt"] is None
    then = (await office.clocks(occurredAt=written(submitted + HOUR)))["STAGE"]
    assert then == before
    assert (then["stoppedAt"], then["pausedIntervals"]) == (written(submitted), [])


async def test_a_holiday_list_that_comes_later_moves_nothing_unless_it_is_amended(
    office: Office,
) -> None:
    """Scenario 5."""
    await another_calendar(office.api.commands, BEGAN, WEDNESDAY)
    before = (await office.clocks())["RESOLUTION"]
    position = (await office.api.journal.head()).size
    assert (before["due"], before["calendar"]) == (written(FRIDAY), "office@1")

    given = {"calendarVersion": 2, "reason": "Wednesday was given off"}
    changed = await office.api.by(REGISTRAR).change("amendClocks", caseId=office.case_id, **given)

    (event, *_) = changed["events"]
    assert event["type"] == "case.clocks_amended"
    assert event["payload"]["basis"] == "DECISION"
    monday = FRIDAY + 3 * DAY
    amended = (await office.clocks())["RESOLUTION"]
    assert (amended["due"], amended["firstDue"], amended["calendar"]) == (
        written(monday),
        written(FRIDAY),
        "office@2",
    )
    as_known_then = (await office.clocks(position=str(position)))["RESOLUTION"]
    assert (as_known_then["due"], as_known_then["calendar"]) == (written(FRIDAY), "office@1")
    again = await office.api.by(REGISTRAR).change("amendClocks", caseId=office.case_id, **given)
    assert again["events"] == []


WHAT_IF: Final = """
    query Q($id: ID, $filter: CaseFilter, $calendar: Int, $first: Int! = 20) {
        whatIf(caseId: $id, filter: $filter, calendarVersion: $calendar, first: $first) {
            cases truncated figures { kind clocks late wouldBeLate }
            told { case { caseId } clocks { name due wouldBeDue late wouldBeLate } }
        }
    }
"""


async def test_what_would_be_so_under_another_calendar_is_told_and_not_recorded(
    office: Office,
) -> None:
    await another_calendar(office.api.commands, BEGAN + 300 * DAY, WEDNESDAY)
    # Verified on Friday evening: too late, but with Wednesday off it would not have been.
    said = {"outcome": "RESOLVED", "measures": "Filled"}
    await office.give(OFFICER, FRIDAY, "submitResolution", **said)
    await office.give(REGISTRAR, FRIDAY + HOUR, "verifyResolution", askFeedback=False)
    size = (await office.api.journal.head()).size

    async def told(by: Caller = AUDITOR, **asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = (await office.api.by(by).ask(WHAT_IF, **asked))["whatIf"]
        return found

    one = await told(id=office.case_id, calendar=2)
    (case,) = one["told"]
    assert case["case"]["caseId"] == office.case_id
    assert {
        "name": "RESOLUTION",
        "due": written(FRIDAY),
        "wouldBeDue": written(FRIDAY + 3 * DAY),
        "late": True,
        "wouldBeLate": False,
    } in case["clocks"]
    figure = {"kind": "RESOLUTION", "clocks": 1, "late": 1, "wouldBeLate": 0}
    assert figure in one["figures"]
    assert await told(filter={"closed": True}, calendar=2) == one
    as_it_is = await told(calendar=1)
    assert (as_it_is["cases"], as_it_is["truncated"], as_it_is["told"]) == (1, False, [])
    for stranger in (REPORTER, NEIGHBOUR):
        hidden = await told(stranger, id=office.case_id)
        assert (hidden["cases"], hidden["told"]) == (0, [])
    for wrong in ({"calendar": 7}, {"first": 0}):
        refused = await office.api.by(AUDITOR).refused(WHAT_IF, **wrong)
        assert refused["code"] == "INVALID_INPUT"
    assert (await office.api.journal.head()).size == size


async def test_what_cannot_be_amended_is_refused_and_its_reporter_sees_no_clock(
    office: Office,
) -> None:
    for given, code in (
        ({"calendarVersion": 1}, "AMENDMENT_WITHOUT_REASON"),
        ({"calendarVersion": 9, "reason": "So"}, "NOT_FOUND"),
        ({"policyVersion": 9, "reason": "So"}, "NOT_FOUND"),
    ):
        said: dict[str, Any] = {"caseId": office.case_id, **given}
        assert (await office.api.by(REGISTRAR).give("amendClocks", **said))["code"] == code
    assert await office.clocks(REPORTER) == {}


async def test_notices_come_in_order_and_resume_and_only_to_whoever_sees_the_case(
    office: Office,
) -> None:
    await office.notice("RESOLUTION", FRIDAY)
    await office.give(OFFICER, FRIDAY + HOUR, "addNote", text="Late")
    await office.notice("STAGE", BEGAN + HOUR + 7 * DAY)

    async with asyncio.timeout(PATIENCE):
        first = await notice(office.api, AUDITOR, "0")
        second = await notice(office.api, AUDITOR, first["position"])

    assert {name: first[name] for name in ("type", "clock", "percent", "due", "effectiveAt")} == {
        "type": "case.deadline_breached",
        "clock": "RESOLUTION",
        "percent": 100,
        "due": written(FRIDAY),
        "effectiveAt": written(FRIDAY),
    }
    assert first["case"]["caseNo"]
    assert (second["clock"], second["unit"]) == ("STAGE", {"code": "roads"})
    for stranger in (REPORTER, NEIGHBOUR):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await notice(office.api, stranger, "0")


async def notice(api: Api, by: Caller, after: str) -> dict[str, Any]:
    """The next one that somebody is told."""
    asker = api.by(by)
    results = await asker.schema.subscribe(
        NOTICES, variable_values={"after": after}, context_value=asker.context
    )
    try:
        result = await anext(results)
    finally:
        await results.aclose()
    assert result.data is not None, result.errors
    found: dict[str, Any] = result.data["deadlineWarning"]
    return found
