"""Working time by walking minute by minute: slow, and too plain to be wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from domain.calendar.content import WorkCalendar
from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MOST_DAYS = 40
HALF_ROUND = timedelta(hours=27)
"""Around noon in UTC there are all minutes of a date, wherever on earth."""


@dataclass(frozen=True)
class MinuteWalk:
    """The reference. Instants are whole minutes in UTC."""

    calendar: WorkCalendar
    zone: ZoneInfo

    def works(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        now = local.hour * 60 + local.minute
        return any(
            interval.begin <= now < interval.end for interval in self.calendar.pattern(local.date())
        )

    def date_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def working_minutes(self, first: datetime, last: datetime) -> int:
        return sum(self.works(minute) for minute in _minutes(first, last))

    def after(self, start: datetime, minutes: int) -> datetime:
        for minute in _minutes(start):
            minutes -= self.works(minute)
            if minutes == 0:
                return minute + MINUTE
        raise AssertionError("too far")

    def next_working(self, start: datetime) -> datetime:
        return next(minute for minute in _minutes(start) if self.works(minute))

    def due(self, start: datetime, limit: Limit) -> datetime:
        begin = start
        if limit.begins is LimitBegins.NEXT_DAY:
            today = self.date_of(start)
            begin = next(each for each in _minutes(start) if self.date_of(each) > today)
        if limit.unit is LimitUnit.WALL_MINUTES:
            return self._maybe_end(begin + limit.amount * MINUTE, limit.ends)
        if limit.unit is LimitUnit.WORKING_MINUTES:
            return self._maybe_end(self.after(begin, limit.amount), limit.ends)
        if limit.unit is LimitUnit.WORKING_DAYS:
            begin = self.next_working(begin)
            further = limit.amount - (limit.ends is LimitEnds.END_OF_DAY)
            day = next(islice(self._days_from(self.date_of(begin)), further, None))
            if limit.ends is LimitEnds.END_OF_DAY:
                return self._close(day)
            return self._same_time(day, begin)
        today = self.date_of(begin)
        if limit.ends is LimitEnds.END_OF_DAY:
            return self._close(next(self._days_from(today + (limit.amount - 1) * DAY)))
        wanted = today + limit.amount * DAY
        day = next(self._days_from(wanted))
        return self._same_time(day, begin) if day > wanted else self._at(wanted, begin)

    def _maybe_end(self, over: datetime, ends: LimitEnds) -> datetime:
        if ends is LimitEnds.INSTANT:
            return over
        closes = (self._close(day) for day in self._days_from(self.date_of(over)))
        return next(close for close in closes if close >= over)

    def _days_from(self, first: date) -> Iterator[date]:
        """The days on which there is a minute of work."""
        days = (first + number * DAY for number in range(MOST_DAYS))
        return (day for day in days if self._worked(day))

    def _worked(self, day: date) -> list[datetime]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        around = _minutes(noon - HALF_ROUND, noon + HALF_ROUND)
        if not self.calendar.pattern(day):
            return []
        return [each for each in around if self.date_of(each) == day and self.works(each)]

    def _close(self, day: date) -> datetime:
        return self._worked(day)[-1] + MINUTE

    def _at(self, day: date, like: datetime) -> datetime:
        local = like.astimezone(self.zone)
        return local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)

    def _same_time(self, day: date, like: datetime) -> datetime:
        wanted, worked = self._at(day, like), self._worked(day)
        later = [minute for minute in worked if minute >= wanted]
        return later[0] if later else worked[-1] + MINUTE


def _minutes(first: datetime, last: datetime | None = None) -> Iterator[datetime]:
    end = first + MOST_DAYS * DAY if last is None else last
    while first < end:
        yield first
        first += MINUTE
