"""Pages of lists that are in memory, by keys that stand for their items."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from domain.refusal import InvalidInput
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from schema.paging import Connection, connection_of

Row = TypeVar("Row")
Shown = TypeVar("Shown")


def page_of(
    kind: str, rows: Sequence[Row], key_of: Callable[[Row], str], page: PageRequest
) -> Page[Row]:
    """A page of `rows`, in their order. Raises InvalidInput for a cursor of another list."""
    places = {key_of(row): place for place, row in enumerate(rows)}

    def place_of(argument: str, cursor: str | None, default: int) -> int:
        if cursor is None:
            return default
        (key,) = read_cursor(kind, cursor, argument, [str])
        if str(key) not in places:
            raise InvalidInput([argument], "not a cursor of this list")
        return places[str(key)]

    begin = place_of("after", page.after, -1) + 1
    end = place_of("before", page.before, len(rows))
    scanned = list(rows[begin:end])
    if page.backward:
        scanned.reverse()
    return cut(page, scanned[: page.limit + 1], lambda row: write_cursor(kind, key_of(row)))


def connection_in_memory(
    kind: str,
    rows: Sequence[Row],
    key_of: Callable[[Row], str],
    page: PageRequest,
    show: Callable[[Row], Shown],
) -> Connection[Shown]:
    """The page as a connection of what is shown of each row."""

    async def count() -> int:
        return len(rows)

    return connection_of(page_of(kind, rows, key_of, page).map(show), count)
