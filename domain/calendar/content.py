"""What a version of the work calendars says: several calendars by code, one of them the default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from domain.calendar.timetable import Timetable
from domain.calendar.years import Pattern
from domain.catalogue.content import Label
from domain.configuration import VersionContent

WEEK: Final = 7


@dataclass(frozen=True)
class Holiday:
    """A day on which nobody works, whatever the week says."""

    date: date
    name: Label


@dataclass(frozen=True)
class MakeUpDay:
    """A day 调休 on which people work, and when, whatever the week says."""

    date: date
    pattern: Pattern


@dataclass(frozen=True)
class WorkCalendar:
    """One calendar. week: the pattern of each weekday in local time, Monday first."""

    code: str
    label: Label
    week: tuple[Pattern, ...]
    holidays: tuple[Holiday, ...] = ()
    make_up_days: tuple[MakeUpDay, ...] = ()

    def pattern(self, day: date) -> Pattern:
        """When people work on a day; empty: they do not."""
        return self._special.get(day, self.week[day.weekday()])

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of that date, if it is one."""
        return self._holidays.get(day)

    def is_make_up_day(self, day: date) -> bool:
        """Whether it is worked on to make up for another."""
        return self._special.get(day, ()) != ()

    @cached_property
    def _holidays(self) -> Mapping[date, Holiday]:
        return {each.date: each for each in self.holidays}

    @cached_property
    def _special(self) -> Mapping[date, Pattern]:
        special: dict[date, Pattern] = dict.fromkeys(self._holidays, ())
        special.update((each.date, each.pattern) for each in self.make_up_days)
        return special


@dataclass(frozen=True)
class CalendarVersion(VersionContent):
    """The content of one version. time_zone: the jurisdiction's. default: code of a calendar."""

    time_zone: str
    default: str
    calendars: tuple[WorkCalendar, ...]

    def calendar(self, code: str) -> WorkCalendar | None:
        """The calendar with this code."""
        return self._by_code.get(code)

    def timetable(self, code: str | None = None) -> Timetable | None:
        """What is due when by a calendar; None: the default one. None where there is none."""
        return self._timetables.get(self.default if code is None else code)

    @cached_property
    def _by_code(self) -> Mapping[str, WorkCalendar]:
        return {each.code: each for each in self.calendars}

    @cached_property
    def _timetables(self) -> Mapping[str, Timetable]:
        return {
            each.code: Timetable(f"{each.code}@{self.number}", self.time_zone, each.pattern)
            for each in self.calendars
        }
