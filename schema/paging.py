"""Connections of the Relay specification, over the keyset pages that `projections` reads."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import argument, field

from projections.paging import Page

Item = TypeVar("Item")

First = Annotated[int | None, argument(description="How many from the front: 1 to 100.")]
After = Annotated[str | None, argument(description="Only what comes after this cursor.")]
Last = Annotated[int | None, argument(description="How many from the back: 1 to 100.")]
Before = Annotated[str | None, argument(description="Only what comes before this cursor.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies."""

    has_next_page: bool = field(description="Whether more follows, when paging forwards.")
    has_previous_page: bool = field(description="Whether more precedes, when paging backwards.")
    start_cursor: str | None = field(description="Cursor of the first item of the page.")
    end_cursor: str | None = field(description="Cursor of the last item of the page.")


@strawberry.type(description="An item of a page with its cursor.")
class Edge(Generic[Item]):
    """An item with its cursor."""

    node: Item = field(description="The item.")
    cursor: str = field(description="Where it lies in the list; opaque.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    """A page of a list. The whole is counted only where the count is asked for."""

    edges: list[Edge[Item]] = field(description="The items of the page with their cursors.")
    nodes: list[Item] = field(description="The items of the page.")
    page_info: PageInfo = field(description="Where the page lies in the list.")
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @field(description="How many items the whole list has.")
    async def total_count(self) -> int:
        return await self.count()


def connection_of(page: Page[Item], count: Callable[[], Awaitable[int]]) -> Connection[Item]:
    """The page as a connection; `count` is called where totalCount is asked for."""
    pairs = zip(page.rows, page.cursors, strict=True)
    return Connection(
        edges=[Edge(node=node, cursor=cursor) for node, cursor in pairs],
        nodes=list(page.rows),
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        ),
        count=count,
    )
