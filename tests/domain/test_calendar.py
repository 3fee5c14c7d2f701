"""What work calendars must look like, and how a large version is recorded."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.calendar import commands
from domain.calendar.checks import MOST_CALENDARS, MOST_DAYS, MOST_INTERVALS
from domain.calendar.content import Holiday, MakeUpDay
from domain.calendar.state import WorkCalendars
from domain.calendar.years import Interval
from domain.command import Arrangements, circumstances
from domain.refusal import InvalidInput
from tests.domain.configuring import ANN, NOW, Configuring, draft_calendar, label, work_calendar

OPEN = (Interval(9 * 60, 17 * 60),)
NEW_YEAR = date(2026, 1, 1)
HOLIDAY = Holiday(NEW_YEAR, label("New year"))


def kept(made: Configuring) -> WorkCalendars:
    assert isinstance(made.kept, WorkCalendars)
    return made.kept


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"code": "no code"}, "code"),
        ({"label": label("")}, "labelEn"),
        ({"week": (OPEN,) * 6}, "week"),
        ({"week": ((),) * 7}, "week"),
        ({"week": ((Interval(0, 1441),),) * 7}, "week.0.0"),
        ({"week": ((Interval(-1, 5),),) * 7}, "week.0.0"),
        ({"week": (OPEN, (Interval(60, 60),), *((),) * 5)}, "week.1.0"),
        ({"week": (OPEN, (Interval(60, 90), Interval(89, 95)), *((),) * 5)}, "week.1.1"),
        (
            {"week": (tuple(Interval(n, n + 1) for n in range(MOST_INTERVALS + 1)), *((),) * 6)},
            "week.0",
        ),
        ({"holidays": (HOLIDAY, HOLIDAY)}, "holidays.1.date"),
        ({"holidays": (replace(HOLIDAY, name=label("")),)}, "holidays.0.labelEn"),
        (
            {"holidays": (HOLIDAY,), "make_up_days": (MakeUpDay(NEW_YEAR, OPEN),)},
            "makeUpDays.0.date",
        ),
        ({"make_up_days": (MakeUpDay(NEW_YEAR, ()),)}, "makeUpDays.0.hours"),
        ({"make_up_days": (MakeUpDay(NEW_YEAR, (Interval(5, 4),)),)}, "makeUpDays.0.hours.0"),
    ],
)
def test_a_calendar_that_hangs_together_badly_is_refused(wrong: dict[str, Any], path: str) -> None:
    made = Configuring("Calendar")
    with pytest.raises(InvalidInput) as refused:
        made.given(draft_calendar(work_calendar(**wrong)))
    assert ".".join(refused.value.path) == f"calendars.0.{path}"


def test_too_many_special_days_are_refused() -> None:
    days = (date.fromordinal(NEW_YEAR.toordinal() + number) for number in range(MOST_DAYS + 1))
    holidays = tuple(Holiday(day, label("x")) for day in days)
    with pytest.raises(InvalidInput) as refused:
        Configuring("Calendar").given(draft_calendar(work_calendar(holidays=holidays)))
    assert refused.value.path == ["calendars", "0"]


def test_one_of_the_calendars_is_the_default() -> None:
    made = Configuring("Calendar")
    with pytest.raises(InvalidInput) as refused:
        made.given(draft_calendar(default="hotline"))
    assert refused.value.path == ["default"]
    made.given(draft_calendar(work_calendar("office"), work_calendar("hotline"), default="hotline"))
    version = kept(made).content(1)
    assert version is not None
    assert [version.timetable(code).pin for code in (None, "office")] == ["hotline@1", "office@1"]  # type: ignore[union-attr]
    assert version.timetable("nobody") is None
    assert version.calendar("office") == work_calendar("office")


def test_calendars_are_told_apart_and_not_too_many() -> None:
    made = Configuring("Calendar")
    with pytest.raises(InvalidInput, match="office is there twice"):
        made.given(draft_calendar(work_calendar(), work_calendar()))
    many = [work_calendar(f"c{number}") for number in range(MOST_CALENDARS + 1)]
    with pytest.raises(InvalidInput, match="more than"):
        made.given(draft_calendar(*many, default="c0"))


def test_a_large_version_is_recorded_in_parts_and_is_one() -> None:
    days = [date.fromordinal(NEW_YEAR.toordinal() + number) for number in range(300)]
    holidays = tuple(Holiday(day, label("a day off")) for day in days)
    made_up = (MakeUpDay(date(2025, 12, 27), OPEN),)
    calendars = [
        work_calendar(f"c{number}", holidays=holidays, make_up_days=made_up) for number in range(4)
    ]
    made = Configuring("Calendar")
    events = made.given(draft_calendar(*calendars, default="c3"))
    assert events.count("CalendarDraftExtended") >= 1
    version = kept(made).content(1)
    assert version is not None
    assert version.calendars == tuple(calendars)


def test_the_time_zone_is_the_jurisdictions() -> None:
    command = draft_calendar()
    assert isinstance(command, commands.CalendarCommand)
    by = circumstances(command, ANN, NOW, Arrangements(time_zone="Asia/Shanghai"))
    version = commands.decide(None, command, by).content(1)
    assert version is not None
    table = version.timetable()
    assert table is not None
    assert (version.time_zone, table.time_zone) == ("Asia/Shanghai", "Asia/Shanghai")
