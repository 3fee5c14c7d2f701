"""Keyset paging, both directions, with opaque cursors that carry what the next page starts from."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from domain.refusal import InvalidInput

MOST_PER_PAGE = 100
CURSOR_LENGTH = 400

Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True)
class PageRequest:
    """Which page: `limit` rows after `after` and before `before`, from the end if `backward`."""

    limit: int
    backward: bool = False
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in the order of the list, each with its cursor (same length, same order).

    has_previous of a page asked for forwards, and has_next of one asked for backwards, only say
    that a cursor was given on that side, as the Relay specification allows.
    """

    rows: Sequence[Row]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool

    def map(self, change: Callable[[Row], Other]) -> "Page[Other]":
        """The same page with each row changed."""
        rows = [change(row) for row in self.rows]
        return Page(rows, self.cursors, self.has_next, self.has_previous)


def page_request(
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    *,
    most: int = MOST_PER_PAGE,
) -> PageRequest:
    """What the four Relay arguments ask for; exactly one of `first` and `last`, 1 to `most`."""
    if first is not None and last is not None:
        raise InvalidInput(["last"], "give either first or last, not both")
    if first is None and last is None:
        raise InvalidInput(["first"], f"first or last is needed, 1 to {most}")
    name, limit = ("first", first) if first is not None else ("last", last)
    if limit is None or not 1 <= limit <= most:
        raise InvalidInput([name], f"{name} must be 1 to {most}")
    return PageRequest(limit, backward=first is None, after=after, before=before)


def cut(page: PageRequest, fetched: Sequence[Row], cursor_of: Callable[[Row], str]) -> Page[Row]:
    """A page from up to limit + 1 fetched rows, which come in scanning order."""
    rows = list(fetched[: page.limit])
    more = len(fetched) > page.limit
    if page.backward:
        rows.reverse()
    return Page(
        rows=rows,
        cursors=[cursor_of(row) for row in rows],
        has_next=page.before is not None if page.backward else more,
        has_previous=more if page.backward else page.after is not None,
    )


def write_cursor(kind: str, *values: str | int) -> str:
    """An opaque cursor of a list of this kind."""
    text = json.dumps([kind, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(kind: str, cursor: str, argument: str, types: Sequence[type]) -> list[str | int]:
    """The values in a cursor that `write_cursor` made for the same kind; else InvalidInput."""
    invalid = InvalidInput([argument], "not a cursor of this list in this order")
    if len(cursor) > CURSOR_LENGTH * 4:
        raise invalid
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise invalid from None
    if not isinstance(values, list) or not values or values.pop(0) != kind:
        raise invalid
    if [type(value) for value in values] != list(types) or not all(map(_is_storable, values)):
        raise invalid
    return values


def aware(text: str) -> datetime:
    """A time in a cursor. Raises ValueError where it is none, has no offset or no UTC."""
    time = datetime.fromisoformat(text)
    if time.utcoffset() is None:
        raise ValueError
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError from error


def _is_storable(value: str | int) -> bool:
    """Whether the database has such a value: no surrogate, no NUL, 64 bits."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    return -(2**63) <= value < 2**63
