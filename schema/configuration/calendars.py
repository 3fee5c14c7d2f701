"""The work calendars: a version of them, each calendar in it, and its days."""

import calendar as months
import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Final

import strawberry
from strawberry import argument, field

from domain.calendar import content
from domain.calendar.content import CalendarVersion as VersionContent
from domain.calendar.years import Pattern
from domain.refusal import InvalidInput
from schema.configuration.finding import content_of
from schema.configuration.versions import ConfigurationVersion
from schema.context import Context
from schema.info import Info

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)

Month = Annotated[str, argument(name="month", description="A month like 2026-02.")]
Code = Annotated[str, argument(name="code", description="The code of a calendar.")]


@strawberry.type(description="A day on which nobody works, whatever the week says.")
class Holiday:
    """A holiday."""

    date: dt.date = field(description="The day.")
    name_zh: str = field(description="Its name in Chinese.")
    name_en: str = field(description="Its name in English.")


@strawberry.type(description="A day 调休 on which people work, whatever the week says.")
class MakeUpDay:
    """A make-up day."""

    date: dt.date = field(description="The day.")
    hours: list[str] = field(description="When people work, as 08:30-12:00.")


@strawberry.type(description="What a day is in a calendar.")
class CalendarDay:
    """A day."""

    date: dt.date = field(description="The day.")
    is_working_day: bool = field(description="Whether people work on it.")
    hours: list[str] = field(description="When people work, as 08:30-12:00, in local time.")
    holiday: Holiday | None = field(description="The holiday that it is.")
    is_make_up_day: bool = field(description="Whether it makes up for another day 调休.")


@strawberry.type(description="A work calendar 工作日历: when people work, in local time.")
class WorkCalendar:
    """A calendar."""

    calendar: strawberry.Private[content.WorkCalendar]
    pin: strawberry.Private[str]

    @field(description="Its code.")
    def code(self) -> str:
        return self.calendar.code

    @field(description="code@version, as it is kept beside whatever was computed by it.")
    def pinned_as(self) -> str:
        return self.pin

    @field(description="Its name in Chinese.")
    def label_zh(self) -> str:
        return self.calendar.label.zh

    @field(description="Its name in English.")
    def label_en(self) -> str:
        return self.calendar.label.en

    @field(description="When people work on each weekday, Monday first, as 08:30-12:00.")
    def week(self) -> list[list[str]]:
        return [_hours(pattern) for pattern in self.calendar.week]

    @field(description="The days on which nobody works, whatever the week says.")
    def holidays(self) -> list[Holiday]:
        return [_holiday(each) for each in self.calendar.holidays]

    @field(description="The days 调休 on which people work, whatever the week says.")
    def make_up_days(self) -> list[MakeUpDay]:
        days = self.calendar.make_up_days
        return [MakeUpDay(date=each.date, hours=_hours(each.pattern)) for each in days]

    @field(description="Each day of a month.")
    def days(self, month: Month) -> list[CalendarDay]:
        return [_day(self.calendar, day) for day in _days_of(month)]


@strawberry.type(description="A version of the work calendars 工作日历.")
class CalendarVersion(ConfigurationVersion):
    """A version of the work calendars."""

    @field(description="The jurisdiction's time zone, an IANA name.")
    async def time_zone(self, info: Info) -> str | None:
        version = await _content(info.context, self.row.number)
        return None if version is None else version.time_zone

    @field(description="The calendar that counts where no other is named.")
    async def default(self, info: Info) -> WorkCalendar | None:
        version = await _content(info.context, self.row.number)
        return None if version is None else _calendar(version, version.default)

    @field(description="Its calendars.")
    async def calendars(self, info: Info) -> list[WorkCalendar]:
        version = await _content(info.context, self.row.number)
        codes = [] if version is None else [each.code for each in version.calendars]
        found = (_calendar(version, code) for code in codes if version is not None)
        return [each for each in found if each is not None]

    @field(description="One of its calendars; null where it does not have it.")
    async def calendar(self, info: Info, code: Code) -> WorkCalendar | None:
        version = await _content(info.context, self.row.number)
        return None if version is None else _calendar(version, code)


async def _content(context: Context, number: int) -> VersionContent | None:
    return await content_of(context, lambda known: known.calendar, number)


def _calendar(version: VersionContent, code: str) -> WorkCalendar | None:
    found, table = version.calendar(code), version.timetable(code)
    if found is None or table is None:
        return None
    return WorkCalendar(calendar=found, pin=table.pin)


def _day(calendar: content.WorkCalendar, day: dt.date) -> CalendarDay:
    pattern, holiday = calendar.pattern(day), calendar.holiday(day)
    return CalendarDay(
        date=day,
        is_working_day=bool(pattern),
        hours=_hours(pattern),
        holiday=None if holiday is None else _holiday(holiday),
        is_make_up_day=calendar.is_make_up_day(day),
    )


def _holiday(holiday: content.Holiday) -> Holiday:
    return Holiday(date=holiday.date, name_zh=holiday.name.zh, name_en=holiday.name.en)


def _hours(pattern: Pattern) -> list[str]:
    return [str(interval) for interval in pattern]


def _days_of(month: str) -> Iterator[dt.date]:
    found = _MONTH.fullmatch(month)
    if found is None or found[1] == "0000":
        raise InvalidInput(["month"], "month is a month like 2026-03")
    year, number = int(found[1]), int(found[2])
    _, days = months.monthrange(year, number)
    return (dt.date(year, number, day) for day in range(1, days + 1))
