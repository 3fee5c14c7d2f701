"""Working time and due times by one calendar: pure, exact, and quick to ask a million times.

DOMAIN.md section 7, rule 1: wall minutes, working minutes, working days, calendar days; from the
instant or the next day (次日起); due at an instant or at the end of the working day; a due date on
a day off moves to the next working day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from domain.calendar.years import (
    MINUTE,
    Day,
    Interval,
    Micros,
    Pattern,
    Year,
    instant,
    micros,
    year_of_work,
)

ALL_DAY: Final[Pattern] = (Interval(0, 1440),)
MONTHS: Final = 12
_FIRST_SURE: Final = 3
_LAST_SURE: Final = 29
"""Days of January and December that are in the same year everywhere on earth."""


class LimitUnit(StrEnum):
    """What a limit counts."""

    WALL_MINUTES = "WALL_MINUTES"
    WORKING_MINUTES = "WORKING_MINUTES"
    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"


class LimitBegins(StrEnum):
    """From when on it counts: at once, or from the beginning of the next local day 次日起."""

    INSTANT = "INSTANT"
    NEXT_DAY = "NEXT_DAY"


class LimitEnds(StrEnum):
    """When it is over: at an instant, or when work ends on a working day."""

    INSTANT = "INSTANT"
    END_OF_DAY = "END_OF_DAY"


@dataclass(frozen=True)
class Limit:
    """How long something may take. amount: at least 1, as whoever sets one is held to.

    With END_OF_DAY the day on which it begins to count is the first of the days; with INSTANT a
    day is over at the same time of a later one.
    """

    amount: int
    unit: LimitUnit
    begins: LimitBegins = LimitBegins.INSTANT
    ends: LimitEnds = LimitEnds.INSTANT


class Timetable:
    """One calendar of one version in one time zone.

    pin: code@version, to be kept beside whatever was computed by it.
    """

    def __init__(self, pin: str, time_zone: str, pattern: Callable[[date], Pattern]) -> None:
        self.pin = pin
        self.time_zone = time_zone
        self._zone = ZoneInfo(time_zone)
        self._pattern = pattern
        self._years: dict[int, Year] = {}

    def is_working(self, at: datetime) -> bool:
        """Whether people work at an instant."""
        return self._next_working(micros(at)) == micros(at)

    def next_working(self, at: datetime) -> datetime:
        """The first instant of work from `at` on."""
        return instant(self._next_working(micros(at)))

    def working_time(self, first: datetime, last: datetime) -> timedelta:
        """The working time from one instant to another; negative where the second is earlier."""
        if last < first:
            return -self.working_time(last, first)
        begin, end = self._local_year(first), self._local_year(last)
        worked = self._year(end).elapsed(micros(last)) - self._year(begin).elapsed(micros(first))
        if begin != end:
            worked += sum(self._year(year).total for year in range(begin, end))
        return timedelta(microseconds=worked)

    def after_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The first instant by which so many minutes (at least 1) were worked since `start`."""
        return self._worked(start, minutes * MINUTE)

    def after_working_time(self, start: datetime, worked: timedelta) -> datetime:
        """The first instant by which so much (more than nothing) was worked since `start`."""
        return self._worked(start, worked // timedelta(microseconds=1))

    def _worked(self, start: datetime, worked: Micros) -> datetime:
        year = self._local_year(start)
        wanted = self._year(year).elapsed(micros(start)) + worked
        while wanted > self._year(year).total:
            wanted -= self._year(year).total
            year += 1
        return instant(self._year(year).reached(wanted))

    def due(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that starts at an instant is over, in UTC."""
        begin = start if limit.begins is LimitBegins.INSTANT else self._next_day(start)
        match limit.unit:
            case LimitUnit.WALL_MINUTES:
                over = begin.astimezone(UTC) + timedelta(minutes=limit.amount)
                return self._or_end_of_day(over, limit.ends)
            case LimitUnit.WORKING_MINUTES:
                over = self.after_working_minutes(begin, limit.amount)
                return self._or_end_of_day(over, limit.ends)
            case LimitUnit.WORKING_DAYS:
                return self._after_working_days(begin, limit)
            case LimitUnit.CALENDAR_DAYS:
                return self._after_calendar_days(begin, limit)
            case _:
                assert_never(limit.unit)

    def _after_working_days(self, begin: datetime, limit: Limit) -> datetime:
        """It begins to count with the first moment of work."""
        local = instant(self._next_working(micros(begin))).astimezone(self._zone)
        if limit.ends is LimitEnds.END_OF_DAY:
            return instant(self._working_day(local.toordinal(), limit.amount - 1).closes)
        return self._at_time(self._working_day(local.toordinal(), limit.amount), local)

    def _after_calendar_days(self, begin: datetime, limit: Limit) -> datetime:
        local = begin.astimezone(self._zone)
        if limit.ends is LimitEnds.END_OF_DAY:
            last = local.toordinal() + limit.amount - 1
            return instant(self._working_day(last, 0).closes)
        wanted = local.toordinal() + limit.amount
        day = self._working_day(wanted, 0)
        if day.ordinal != wanted:
            return self._at_time(day, local)
        return self._combined(wanted, local.timetz())

    def _or_end_of_day(self, over: datetime, ends: LimitEnds) -> datetime:
        """The end of the first working day that is not over before that."""
        if ends is LimitEnds.INSTANT:
            return over
        ordinal = over.astimezone(self._zone).toordinal()
        day = self._working_day(ordinal, 0)
        if day.closes < micros(over):
            day = self._working_day(ordinal + 1, 0)
        return instant(day.closes)

    def _at_time(self, day: Day, local: datetime) -> datetime:
        """That time of a working day; where nobody works then, the next moment they do or did."""
        wanted = max(micros(self._combined(day.ordinal, local.timetz())), day.opens)
        if wanted >= day.closes:
            return instant(day.closes)
        return instant(min(self._next_working(wanted), day.closes))

    def _combined(self, ordinal: int, at: time) -> datetime:
        """A local time that was left out when clocks were set forward is as much later."""
        return datetime.combine(date.fromordinal(ordinal), at).astimezone(UTC)

    def _next_day(self, at: datetime) -> datetime:
        day = at.astimezone(self._zone).toordinal() + 1
        return self._combined(day, time(tzinfo=self._zone))

    def _next_working(self, at: Micros) -> Micros:
        year = self._local_year(instant(at))
        while (found := self._year(year).next_working(at)) is None:
            year += 1
        return found

    def _working_day(self, ordinal: int, further: int) -> Day:
        """The first working day from a date on, or the `further`th after that."""
        year = date.fromordinal(ordinal).year
        place = self._year(year).place(ordinal) + further
        while place >= len(self._year(year).days):
            place -= len(self._year(year).days)
            year += 1
        return self._year(year).days[place]

    def _local_year(self, at: datetime) -> int:
        """Asked for each instant: where no zone is in another year, none is looked at."""
        if at.tzinfo is UTC and (1 < at.month < MONTHS or _FIRST_SURE <= at.day <= _LAST_SURE):
            return at.year
        return at.astimezone(self._zone).year

    def _year(self, year: int) -> Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = year_of_work(self._zone, year, self._pattern)
        return known


def _all_day(_: date) -> Pattern:
    return ALL_DAY


AROUND_THE_CLOCK: Final = Timetable("24x7", "UTC", _all_day)
"""Where no calendar is in force: every minute counts, a day is one of UTC."""
