"""Local times of a table, as instants: by the rules of a named zone, daylight saving included.

- An hour that comes twice, when clocks are put back: the earlier one, unless a column says which.
- An hour that never was, when clocks are put forward: refused, or for a column where the mapping
  says so (as for due times that a program computed) read by the clock before the change, so that
  02:30 is the instant that clocks then called 03:30.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# The format nearly all tables have, as the standard library reads it: a twentieth of the cost.
_ISO = {
    "%Y-%m-%d %H:%M:%S": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII).fullmatch,
    "%Y-%m-%dT%H:%M:%S": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII).fullmatch,
    "%Y-%m-%d %H:%M": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.ASCII).fullmatch,
    "%Y-%m-%d": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch,
}

Reader = Callable[[str], datetime]


class NotATime(ValueError):
    """A text in none of the formats, or a time outside the years 1 to 9999."""


class NeverWas(ValueError):
    """A local time that clocks passed over."""


def reader_of(formats: Sequence[str]) -> Reader:
    """Reads a text by the first format that fits (strptime's directives). Raises NotATime."""
    ways = [_way(each) for each in formats]

    def read(text: str) -> datetime:
        for way in ways:
            try:
                return way(text)
            except ValueError:
                continue
        raise NotATime

    return read


def _way(form: str) -> Reader:
    shape = _ISO.get(form)
    if shape is None:
        return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the zone comes next

    def read(text: str) -> datetime:
        if shape(text) is None:
            raise ValueError
        return datetime.fromisoformat(text)

    return read


def instant(time: datetime, zone: ZoneInfo, *, later: bool, lenient: bool) -> datetime:
    """The instant in UTC of a time as it was read.

    time: with an offset of its own it is taken at that; else it is local in `zone`.
    later: of an hour that comes twice, the second. lenient: an hour that never was is read on.
    Raises NeverWas, NotATime.
    """
    try:
        if time.tzinfo is not None:
            return time.astimezone(UTC)
        local = time.replace(tzinfo=zone, fold=int(later))
        found = local.astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) == time:
            return found
        if lenient:
            return time.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        raise NotATime from None
    raise NeverWas
