"""What work calendars must look like, whoever sends them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.calendar.content import WEEK, WorkCalendar
from domain.calendar.years import Pattern
from domain.catalogue.checks import check_label
from domain.refusal import InvalidInput
from domain.wording import stable_code

MOST_CALENDARS: Final = 50
MOST_DAYS: Final = 1_000
"""Holidays of one calendar, and make-up days."""

MOST_INTERVALS: Final = 24
"""Of one day."""

END_OF_DAY: Final = 24 * 60

Path = list[str]


def check_calendars(calendars: Sequence[WorkCalendar], default: str) -> None:
    """Refuse calendars that say nothing, or two things. Raises InvalidInput at the first fault."""
    if len(calendars) > MOST_CALENDARS:
        raise InvalidInput(["calendars"], f"calendars has more than {MOST_CALENDARS} calendars")
    codes: set[str] = set()
    for index, each in enumerate(calendars):
        path = ["calendars", str(index)]
        stable_code([*path, "code"], each.code)
        if each.code in codes:
            raise InvalidInput([*path, "code"], f"calendar {each.code} is there twice")
        codes.add(each.code)
        check_label(path, each.label)
        _check_week([*path, "week"], each.week)
        _check_days(path, each)
    if default not in codes:
        raise InvalidInput(["default"], "default is none of the calendars")


def _check_week(path: Path, week: Sequence[Pattern]) -> None:
    if len(week) != WEEK:
        raise InvalidInput(path, "week needs seven days, Monday first")
    for number, pattern in enumerate(week):
        _check_pattern([*path, str(number)], pattern)
    if not any(week):
        raise InvalidInput(path, "week needs a day on which somebody works")


def _check_pattern(path: Path, pattern: Pattern) -> None:
    if len(pattern) > MOST_INTERVALS:
        raise InvalidInput(path, f"a day has more than {MOST_INTERVALS} intervals")
    before = 0
    for number, interval in enumerate(pattern):
        if not before <= interval.begin < interval.end <= END_OF_DAY:
            raise InvalidInput(
                [*path, str(number)], "intervals are like 08:30-12:00, in order and apart"
            )
        before = interval.end


def _check_days(path: Path, calendar: WorkCalendar) -> None:
    """No day is said to be two things, or one thing twice."""
    said: set[date] = set()
    for number, holiday in enumerate(calendar.holidays):
        here = [*path, "holidays", str(number)]
        check_label(here, holiday.name)
        _check_day([*here, "date"], holiday.date, said)
    for number, day in enumerate(calendar.make_up_days):
        here = [*path, "makeUpDays", str(number)]
        _check_day([*here, "date"], day.date, said)
        _check_pattern([*here, "hours"], day.pattern)
        if not day.pattern:
            raise InvalidInput([*here, "hours"], "hours are needed of a make-up day")


def _check_day(path: Path, day: date, said: set[date]) -> None:
    if len(said) == MOST_DAYS:
        raise InvalidInput(path[:2], f"a calendar has more than {MOST_DAYS} special days")
    if day in said:
        raise InvalidInput(path, f"{day} is there twice")
    said.add(day)
