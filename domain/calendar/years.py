"""The working time of one year of a calendar, laid out for looking up.

Working is whoever has a local clock that shows a time within the pattern of the local date: where
clocks are set forward an hour of work falls away, where they are set back it comes twice. All
instants are whole microseconds since 1970 in UTC, so that nothing is rounded.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

Micros = int

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FIRST_DAY: Final = EPOCH.toordinal()
_MARGIN: Final = 2
"""Days around a year in UTC that hold all of the year in any time zone."""


@dataclass(frozen=True)
class Interval:
    """From begin until before end, minutes of the local day: 0 <= begin < end <= 1440."""

    begin: int
    end: int

    def __str__(self) -> str:
        """As in "08:30-12:00"."""
        return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (self.begin, self.end))


HOURS: Final = r"^([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])$"
"""An interval as it is written: "08:30-12:00"; a day ends at 24:00."""


def interval_of(text: str) -> Interval:
    """The interval that is written like that. Raises ValueError where the text is no HOURS."""
    found = re.fullmatch(HOURS, text)
    if found is None:
        raise ValueError(text)
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    return Interval(begin_hour * 60 + begin_minute, end_hour * 60 + end_minute)


Pattern = tuple[Interval, ...]
"""When people work on a day, in order and apart; empty: they do not."""


class Day(NamedTuple):
    """A working day: the number of its date (`date.toordinal`), its first and last instant."""

    ordinal: int
    opens: Micros
    closes: Micros


class Stretch(NamedTuple):
    """A stretch of time in which a zone has one offset from UTC."""

    begin: Micros
    end: Micros
    offset: Micros


class Year:
    """The working time of one local year. Instants asked about lie in that year."""

    def __init__(self, pieces: list[tuple[Micros, Micros, int]]) -> None:
        """pieces: begin, end and date of each piece of working time."""
        self._begins: list[Micros] = []
        self._ends: list[Micros] = []
        self._worked: list[Micros] = []
        self.total: Micros = 0
        self._lay_out(pieces)
        self.days = _days(pieces)
        self._ordinals = [day.ordinal for day in self.days]

    def elapsed(self, at: Micros) -> Micros:
        """The working time of the year before an instant."""
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return 0
        beyond = max(0, self._ends[place] - at)
        return self._worked[place] - beyond

    def reached(self, worked: Micros) -> Micros:
        """The first instant by which so much was worked, more than none and at most the total."""
        place = bisect_left(self._worked, worked)
        return self._ends[place] - (self._worked[place] - worked)

    def next_working(self, at: Micros) -> Micros | None:
        """The first instant of work from `at` on; None: there is none in this year any more."""
        place = bisect_right(self._ends, at)
        return max(at, self._begins[place]) if place < len(self._begins) else None

    def place(self, ordinal: int) -> int:
        """How many working days of the year lie before a date."""
        return bisect_left(self._ordinals, ordinal)

    def _lay_out(self, pieces: list[tuple[Micros, Micros, int]]) -> None:
        """Pieces that touch are one: around the clock a year is a single stretch of work."""
        for begin, end, _ in sorted(pieces):
            self.total += end - begin
            if self._ends and self._ends[-1] == begin:
                self._ends[-1], self._worked[-1] = end, self.total
                continue
            self._begins.append(begin)
            self._ends.append(end)
            self._worked.append(self.total)


def year_of_work(zone: tzinfo, year: int, pattern: Callable[[date], Pattern]) -> Year:
    """The working time of the dates of one year."""
    days = {
        first.toordinal(): pattern(first) for first in _dates(date(year, 1, 1), date(year, 12, 31))
    }
    return Year([piece for stretch in offsets(zone, year) for piece in _pieces(stretch, days)])


def micros(at: datetime) -> Micros:
    """The instant as microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def instant(at: Micros) -> datetime:
    """The instant in UTC."""
    return EPOCH + timedelta(microseconds=at)


@lru_cache(maxsize=1024)
def offsets(zone: tzinfo, year: int) -> tuple[Stretch, ...]:
    """The stretches of one offset that hold a local year, found by looking at every hour.

    The library tells no list of changes. Two within one hour that undo each other would be
    missed; there has never been such a thing.
    """
    begin = (date(year, 1, 1).toordinal() - _FIRST_DAY - _MARGIN) * DAY
    end = (date(year, 12, 31).toordinal() - _FIRST_DAY + 1 + _MARGIN) * DAY
    found: list[Stretch] = []
    since, offset = begin, _offset(zone, begin)
    for hour in range(begin + HOUR, end + HOUR, HOUR):
        there = _offset(zone, hour)
        if there != offset:
            change = _change(zone, hour - HOUR, hour, offset)
            found.append(Stretch(since, change, offset))
            since, offset = change, there
    return (*found, Stretch(since, end, offset))


def _change(zone: tzinfo, low: Micros, high: Micros, offset: Micros) -> Micros:
    """The second at which the offset is no longer that of `low`."""
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: tzinfo, at: Micros) -> Micros:
    return (zone.utcoffset(instant(at).astimezone(zone)) or timedelta()) // _MICROSECOND


def _pieces(stretch: Stretch, days: dict[int, Pattern]) -> Iterator[tuple[Micros, Micros, int]]:
    begin, end = stretch.begin + stretch.offset, stretch.end + stretch.offset
    for number in range(begin // DAY, -(-end // DAY)):
        ordinal = number + _FIRST_DAY
        for interval in days.get(ordinal, ()):
            opens = max(begin, number * DAY + interval.begin * MINUTE)
            closes = min(end, number * DAY + interval.end * MINUTE)
            if opens < closes:
                yield opens - stretch.offset, closes - stretch.offset, ordinal


def _days(pieces: list[tuple[Micros, Micros, int]]) -> list[Day]:
    """The dates with work on them, in order, each from its first to its last instant."""
    found: dict[int, Day] = {}
    for begin, end, ordinal in sorted(pieces):
        known = found.get(ordinal)
        found[ordinal] = Day(ordinal, begin if known is None else known.opens, end)
    return [found[ordinal] for ordinal in sorted(found)]


def _dates(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
