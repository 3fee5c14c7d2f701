"""Work calendars over the API: drafted, published by a second person, and read day by day."""

from typing import Any

import pytest

from domain.identity import Caller
from tests.api.schema.asking import Api
from tests.api.schema.office import ANN, BO, Office
from tests.domain.people import ANONYMOUS, DISPATCHER, REGISTRAR, REPORTER

OFFICE = ["08:30-12:00", "13:30-17:30"]
OFFICES: dict[str, Any] = {
    "code": "office",
    "labelZh": "机关",
    "labelEn": "Offices",
    "week": [OFFICE] * 5 + [[], []],
    "holidays": [{"date": "2026-02-16", "nameZh": "春节", "nameEn": "Spring Festival"}],
    "makeUpDays": [{"date": "2026-02-14", "hours": ["09:00-24:00"]}],
}
DRAFT: dict[str, Any] = {"title": "2026", "default": "office", "calendars": [OFFICES]}
DAY = "date isWorkingDay hours holiday { nameZh nameEn } isMakeUpDay"


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api, "number state timeZone")


@pytest.fixture
async def published(office: Office) -> None:
    await office.give("draft", "Calendar", **DRAFT)
    await office.give("propose", "Calendar", number=1)
    done = await office.give(
        "publish", "Calendar", BO, number=1, validFrom="2026-01-01T00:00:00+08:00"
    )
    assert done["version"]["state"] == "PUBLISHED"


@pytest.mark.usefixtures("published")
async def test_a_version_goes_from_draft_to_retirement(office: Office) -> None:
    retired = await office.give("retire", "Calendar", number=1)
    assert retired["version"]["state"] == "RETIRED"
    assert (await office.api.by(REPORTER).ask("{ calendar { number } }")) == {"calendar": None}


async def test_whoever_proposed_it_does_not_publish_it(office: Office) -> None:
    await office.give("draft", "Calendar", **DRAFT)
    await office.give("propose", "Calendar", number=1)
    assert (await office.give("publish", "Calendar", number=1))["code"] == "TWO_PERSONS"


@pytest.mark.parametrize("caller", [REGISTRAR, REPORTER, ANONYMOUS])
@pytest.mark.parametrize("command", ["draft", "propose", "publish", "retire"])
async def test_only_whoever_keeps_the_configuration_may(
    office: Office, caller: Caller, command: str
) -> None:
    given = DRAFT if command == "draft" else {"number": 1}
    refused = await office.give(command, "Calendar", caller, **given)
    assert refused["__typename"] == "NotPermitted"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"week": [["8:30-12:00"]] * 7}, ["calendars", "0", "week", "0", "0"]),
        ({"week": [["12:00-08:30"]] * 7}, ["calendars", "0", "week", "0", "0"]),
        ({"week": [OFFICE] * 6}, ["calendars", "0", "week"]),
        (
            {"makeUpDays": [{"date": "2026-02-14", "hours": ["9"]}]},
            ["calendars", "0", "makeUpDays", "0", "hours", "0"],
        ),
    ],
)
async def test_a_fault_in_a_draft_is_located(
    office: Office, wrong: dict[str, Any], path: list[str]
) -> None:
    draft = {**DRAFT, "calendars": [{**OFFICES, **wrong}]}
    refused = await office.give("draft", "Calendar", **draft)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


async def test_who_may_not_draft_learns_nothing_of_faults(office: Office) -> None:
    draft = {**DRAFT, "calendars": [{**OFFICES, "week": [["x"]]}]}
    refused = await office.give("draft", "Calendar", REPORTER, **draft)
    assert refused["__typename"] == "NotPermitted"


@pytest.mark.parametrize("day", ["2026-02-30", "2026-2-3", "20260203", 5])
async def test_a_day_that_does_not_exist_is_no_date(office: Office, day: object) -> None:
    holiday = {"date": day, "nameZh": "x", "nameEn": "x"}
    draft = {**DRAFT, "calendars": [{**OFFICES, "holidays": [holiday]}]}
    query = "mutation M($i: DraftCalendarInput!) { draftCalendar(input: $i) { __typename } }"
    result = await office.api.by(ANN).execute(query, i=draft)
    assert result.data is None
    assert "day" in str(result.errors)


@pytest.mark.usefixtures("published")
class TestReading:
    async def test_anybody_reads_the_days_of_a_month(self, api: Api) -> None:
        query = f"""{{ calendar(at: "2026-03-01T00:00:00Z") {{
            number default {{ code pinnedAs labelZh week days(month: "2026-02") {{ {DAY} }} }}
        }} }}"""
        calendar = (await api.by(ANONYMOUS).ask(query))["calendar"]["default"]
        assert (calendar["code"], calendar["pinnedAs"]) == ("office", "office@1")
        assert calendar["week"] == OFFICES["week"]
        days = {each.pop("date"): each for each in calendar["days"]}
        assert len(days) == 28
        plain = {"holiday": None, "isMakeUpDay": False}
        assert days["2026-02-13"] == {"isWorkingDay": True, "hours": OFFICE, **plain}
        assert days["2026-02-15"] == {"isWorkingDay": False, "hours": [], **plain}
        assert days["2026-02-16"]["holiday"] == {"nameZh": "春节", "nameEn": "Spring Festival"}
        assert days["2026-02-14"]["isMakeUpDay"]
        assert days["2026-02-14"]["hours"] == ["09:00-24:00"]

    async def test_a_calendar_is_found_by_its_code(self, api: Api) -> None:
        query = """{ calendar(version: 1) {
            timeZone office: calendar(code: "office") { holidays { date } makeUpDays { date } }
            other: calendar(code: "other") { code } calendars { code labelEn }
        } }"""
        found = (await api.by(REPORTER).ask(query))["calendar"]
        assert found["office"]["holidays"] == [{"date": "2026-02-16"}]
        assert found["office"]["makeUpDays"] == [{"date": "2026-02-14"}]
        assert found["other"] is None
        assert found["calendars"] == [{"code": "office", "labelEn": "Offices"}]

    @pytest.mark.parametrize("month", ["2026-13", "2026-2", "0000-01", "x"])
    async def test_a_month_is_a_month(self, api: Api, month: str) -> None:
        query = f'{{ calendar(version: 1) {{ default {{ days(month: "{month}") {{ date }} }} }} }}'
        assert (await api.by(REPORTER).refused(query))["path"] == ["month"]

    async def test_drafts_are_for_those_who_may_see_them(self, api: Api, office: Office) -> None:
        await office.give("draft", "Calendar", **{**DRAFT, "title": "Secret"})
        query = "{ calendars(first: 9) { totalCount nodes { title draftedBy } } }"
        seen = (await api.by(REPORTER).ask(query))["calendars"]
        assert seen == {"totalCount": 1, "nodes": [{"title": "2026", "draftedBy": None}]}
        seen = (await api.by(DISPATCHER).ask(query))["calendars"]
        assert [each["title"] for each in seen["nodes"]] == ["2026", "Secret"]
