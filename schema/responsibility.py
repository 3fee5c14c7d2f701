"""Who answered for what, when and for how long: the ledgers of all cases within reach."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import argument, field

from domain.case.ledger.account import Entry
from domain.case.ledger.interval import Part
from domain.permissions import READ_METRICS, permitted
from domain.wording import CODE_LIMIT, NAME_LIMIT, optional
from projections import as_of as moments
from projections.paging import page_request
from projections.responsibility import (
    Found,
    IntervalFilter,
    count_intervals,
    list_intervals,
)
from schema import ids
from schema.as_of import AsOfArgument, as_of_value
from schema.case.group import CaseGroup
from schema.case.responsibility import ResponsibilityInterval, interval_of, ledger_of
from schema.case.types import Case, case_of
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.period import PeriodInput


@strawberry.input(
    name="ResponsibilityFilter",
    description="Which intervals; every part that is given must hold, and of a list one is enough.",
)
class ResponsibilityFilterInput:
    """Which intervals."""

    case_id: strawberry.ID | None = field(default=None, description="Of this case.")
    unit: list[str] | None = field(
        default=None,
        description="In which one of these units led, stood in, or took the step that was to be "
        "taken. Who answers by a role alone, and has not acted yet, is of no unit here.",
    )
    person: str | None = field(
        default=None,
        description="In which this person held the post at some time, or acted for whoever did.",
    )
    part: list[Part] | None = field(default=None, description="In which they answered as this.")
    period: PeriodInput | None = field(
        default=None, description="That have any time in common with this period."
    )

    def value(self) -> IntervalFilter:
        """The filter of the read function. Raises InvalidInput."""
        period = self.period or PeriodInput()
        return IntervalFilter(
            case_id=None
            if self.case_id is None
            else ids.parse_case(self.case_id, "filter").case_id,
            units=None if self.unit is None else [_code(each) for each in self.unit],
            person=optional(["filter", "person"], self.person, NAME_LIMIT),
            parts=self.part,
            since=period.since,
            until=period.until,
        )


def _code(given: str) -> str:
    return optional(["filter", "unit"], given, CODE_LIMIT) or ""


Wanted = Annotated[
    ResponsibilityFilterInput | None,
    argument(name="filter", description="Which intervals; all by default."),
]


@strawberry.type(description="An interval of the ledger of a case, with the case.")
class AnsweredInterval(ResponsibilityInterval):
    """An interval with its case."""

    case: Case = field(description="The case, as of the moment asked about.")


@strawberry.type
class ResponsibilityQuery:
    """The query of the ledger."""

    @field(
        description="Who answered for what and when, of the cases within the reach of the caller's "
        "posts, the newest interval first; now or as of a past moment. For those who accept, "
        "dispatch, lead a unit, supervise or audit; null for others, with the refusal."
    )
    async def responsibility_intervals(
        self,
        info: Info,
        *,
        wanted: Wanted = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[AnsweredInterval] | None:
        context = info.context
        permitted(context.caller, READ_METRICS, None)
        criteria = IntervalFilter() if wanted is None else wanted.value()
        page_wanted = page_request(first, after, last, before)
        async with context.reads.acquire() as connection:
            moment = await moments.resolve(connection, as_of_value(as_of))
            page = await list_intervals(connection, context.scope, criteria, page_wanted, moment)
        case_ids = {row.case_id for row in page.rows}
        ledgers = await _ledgers(CaseGroup(context, context.scope, case_ids, moment))

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await count_intervals(connection, context.scope, criteria, moment)

        return connection_of(page.map(ledgers.interval), count)


class _Ledgers:
    """The ledgers of the cases of a page, each accounted for as a whole."""

    def __init__(self, group: CaseGroup) -> None:
        self._group = group
        self._cases: dict[UUID, Case] = {}
        self._entries: dict[tuple[UUID, tuple[int, int]], Sequence[Entry]] = {}

    async def read(self) -> None:
        for case_id in self._group.case_ids:
            state = await self._group.case(case_id)
            if state is None:
                continue
            self._cases[case_id] = case_of(state, self._group)
            intervals = await self._group.intervals(case_id)
            for entries in await ledger_of(state, intervals, self._group):
                self._entries[case_id, entries[0].piece.interval.key] = entries

    def interval(self, found: Found) -> AnsweredInterval:
        entries = self._entries[found.case_id, found.interval.key]
        return interval_of(entries, AnsweredInterval, case=self._cases[found.case_id])


async def _ledgers(group: CaseGroup) -> _Ledgers:
    ledgers = _Ledgers(group)
    await ledgers.read()
    return ledgers
