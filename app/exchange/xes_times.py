"""Times as XES writes them: xs:dateTime, which is ISO 8601 in its extended form."""

import re
from datetime import UTC, datetime, tzinfo

_SHAPE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,12})?)?"
    r"(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
).fullmatch


class NaiveTime(ValueError):
    """A time without a zone, where none was named to read it in."""


def parse_time(text: str, zone: tzinfo | None = None) -> datetime:
    """The instant meant by `text`, in UTC, cut to microseconds.

    zone: in which a time without an offset is read; of an hour that comes twice, the first.
    Raises NaiveTime for such a time where `zone` is None, ValueError for what is no time.
    """
    text = text.strip()
    if not _SHAPE(text):
        raise ValueError("not an ISO 8601 date and time")
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        if zone is None:
            raise NaiveTime
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def is_time(text: str) -> bool:
    """Whether `text` is a date and time, with or without a zone."""
    try:
        parse_time(text, UTC)
    except ValueError:
        return False
    return True
