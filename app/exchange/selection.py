"""Which cases and events an export takes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.case.lifecycle import Stage
from domain.refusal import NotFound
from domain.scope import Scope
from projections.as_of import AsOf, Moment, resolve
from projections.case_state import CaseState
from projections.cases import (
    CaseFilter,
    CaseOrder,
    OrderField,
    case_by_no,
    count_cases,
    list_cases,
)
from projections.paging import Page, PageRequest
from projections.view import Connection
from schema.context import Reads

CASES_PER_PAGE: Final = 250
IN_ORDER: Final = CaseOrder(OrderField.REGISTERED_AT, descending=False)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Every part that is given must hold; nothing given means everything.

    occurred_from, occurred_to: of the events, half open; a case without any such is left out.
    """

    source: str | None = None
    stages: tuple[Stage, ...] = ()
    types: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    case_no: str | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None

    @property
    def filters(self) -> dict[str, str]:
        """As recorded with the export."""
        given = {
            "source": self.source,
            "stage": ",".join(self.stages),
            "type": ",".join(self.types),
            "unit": ",".join(self.units),
            "case": self.case_no,
            "from": self.occurred_from.isoformat() if self.occurred_from else None,
            "to": self.occurred_to.isoformat() if self.occurred_to else None,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def names_cases(self) -> bool:
        """Whether it is anything that belongs to whole cases that is asked for."""
        return bool(self.filters.keys() - {"from", "to"})

    @property
    def bounds_time(self) -> bool:
        """Whether events are taken or left by when they occurred."""
        return self.occurred_from is not None or self.occurred_to is not None

    @property
    def criteria(self) -> CaseFilter:
        """The same for the list of cases."""
        every_stage = () if self.source else tuple(Stage)
        return CaseFilter(
            stages=self.stages or every_stage or None,
            type_codes=self.types or None,
            lead_units=self.units or None,
            source=self.source,
        )

    def keeps(self, occurred_at: datetime) -> bool:
        """Whether an event of that time is taken."""
        return (self.occurred_from is None or self.occurred_from <= occurred_at) and (
            self.occurred_to is None or occurred_at < self.occurred_to
        )


class SelectedCases:
    """The cases of a selection as they were when the journal had `through` entries."""

    def __init__(self, reads: Reads, scope: Scope, selection: Selection, through: int) -> None:
        self._reads = reads
        self._scope = scope
        self._selection = selection
        self._through = through

    async def count(self) -> int:
        """How many they are."""
        if self._selection.case_no is not None:
            return 1
        async with self._reads.acquire() as connection:
            moment = await self._moment(connection)
            return await count_cases(connection, self._scope, self._selection.criteria, moment)

    async def pages(self) -> AsyncIterator[Sequence[CaseState]]:
        """Page after page, by when they began. Raises NotFound for a case that is not there."""
        if self._selection.case_no is not None:
            yield [await self._named(self._selection.case_no)]
            return
        after: str | None = None
        while True:
            page = await self._page(PageRequest(CASES_PER_PAGE, after=after))
            yield page.rows
            if not page.has_next:
                return
            after = page.cursors[-1]

    async def _page(self, page: PageRequest) -> Page[CaseState]:
        async with self._reads.acquire() as connection:
            moment = await self._moment(connection)
            criteria = self._selection.criteria
            return await list_cases(connection, self._scope, criteria, IN_ORDER, page, moment)

    async def _named(self, case_no: str) -> CaseState:
        async with self._reads.acquire() as connection:
            moment = await self._moment(connection)
            case = await case_by_no(connection, self._scope, case_no, moment)
        if case is None:
            raise NotFound(what="case")
        return case

    async def _moment(self, connection: Connection) -> Moment | None:
        return await resolve(connection, AsOf(position=self._through))
