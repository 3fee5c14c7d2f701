"""A figure, and the cases behind it."""

from collections.abc import Callable

import strawberry
from strawberry import field

from projections.paging import page_request
from projections.supervised import Asked, CaseSet, cases_in
from schema.case.group import CaseGroup
from schema.case.types import Case, case_of
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of


@strawberry.type(
    description="A figure. What it counts is said by its field; the cases that it comes from can "
    "be paged through, each once, as they are at the moment of the figure."
)
class CaseFigure:
    """A figure, and the cases behind it."""

    count: int = field(description="How many.")
    case_count: int = field(description="How many different cases that is about.")
    asked: strawberry.Private[Asked]
    behind: strawberry.Private[Callable[[], CaseSet]]

    @field(description="The cases that it comes from, in the order of their ids.")
    async def cases(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Case]:
        context, asked = info.context, self.asked
        wanted = page_request(first, after, last, before)
        async with context.reads.acquire() as connection:
            page = await cases_in(connection, asked, self.behind(), wanted)
        ids = [state.case_id for state in page.rows]
        group = CaseGroup(context, asked.scope, ids, asked.moment)

        async def count() -> int:
            return self.case_count

        return connection_of(page.map(lambda state: case_of(state, group)), count)
