"""A figure with all that has to be known to trust it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.case.vocabulary import Channel
from domain.metric_definitions.content import MetricDefinition as Definition
from domain.metrics.figures import Figure
from domain.scope import Scope
from projections.as_of import Moment
from projections.counted import Cell, Dimension, Wanted
from projections.metric_cases import Behind, Which, count_behind, left_out_of, rows_behind
from projections.paging import page_request
from projections.view import Connection as Reading
from schema.case.group import CaseGroup
from schema.configuration.case_types import CaseType, type_of
from schema.context import Context
from schema.directory.types import Area, OrgUnit, area_of, unit_of
from schema.metrics.rows import MetricExclusion, MetricRow
from schema.paging import After, Before, Connection, First, Last, connection_of

WhichRows = Annotated[
    Which, argument(description="Those counted, with or without the numerator, or left out.")
]


@dataclass(frozen=True)
class Asked:
    """What was asked of every metric, and by whom."""

    context: Context
    scope: Scope
    wanted: Wanted
    moment: Moment | None
    turns: asyncio.Lock = dataclass_field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """A connection. What hangs on hundreds of figures is read in turn: others read as well."""
        async with self.turns, self.context.reads.acquire() as connection:
            yield connection


@strawberry.type(
    description="A figure. Beside its value it says how much it rests on, how sure it is, what was "
    "left out of it by whom, and which cases it comes from."
)
class MetricFigure:
    """A figure."""

    asked: strawberry.Private[Asked]
    definition: strawberry.Private[Definition]
    cell: strawberry.Private[Cell]
    figure: strawberry.Private[Figure]

    def _key(self, by: Dimension) -> str | None:
        return self.cell.key if self.asked.wanted.by is by else None

    @field(description="The appraised unit, where figures are by unit; null: nobody had the case.")
    def unit(self) -> OrgUnit | None:
        return unit_of(self._key(Dimension.UNIT))

    @field(description="The area, where figures are by area.")
    def area(self) -> Area | None:
        return area_of(self._key(Dimension.AREA))

    @field(description="The case type, where figures are by type.")
    def type(self) -> CaseType | None:
        return type_of(self._key(Dimension.TYPE))

    @field(description="The channel, where figures are by channel.")
    def channel(self) -> Channel | None:
        key = self._key(Dimension.CHANNEL)
        return None if key is None else Channel(key)

    @field(
        description="Who decided, where figures are by approver: a position, or without one the "
        "person. Null for what nobody decides."
    )
    def approver(self) -> str | None:
        return self._key(Dimension.APPROVER)

    @field(name="from", description="When its period begins, where there are several.")
    def begin(self) -> datetime | None:
        return self.cell.begin

    @field(description="The figure; null where nothing was counted. Shares are from 0 to 1.")
    def value(self) -> float | None:
        return self.figure.value

    @field(description="How many it rests on: of a rate the denominator.")
    def n(self) -> int:
        return self.figure.n

    @field(description="How many of those are meant, where the kind counts them.")
    def numerator(self) -> int | None:
        return self.figure.hits

    @field(description="The lower end of the 95 % interval (Wilson) of a rate.")
    def low(self) -> float | None:
        return None if self.figure.bounds is None else self.figure.bounds.low

    @field(description="The upper end of the interval.")
    def high(self) -> float | None:
        return None if self.figure.bounds is None else self.figure.bounds.high

    @field(description="Nine of ten are no more than this, where the value is a median.")
    def p90(self) -> float | None:
        return self.figure.p90

    @field(description="The code of the band that the value lies in, where the metric has bands.")
    def band(self) -> str | None:
        return self.figure.band

    @field(description="Whether it may be ranked: it rests on enough, and is not told in bands.")
    def may_rank(self) -> bool:
        return self.figure.may_rank

    @field(description="How many were left out of it.")
    def excluded(self) -> int:
        return self.figure.excluded

    @field(description="Who left them out, and why.")
    async def exclusions(self) -> list[MetricExclusion]:
        async with self.asked.reading() as connection:
            found = await left_out_of(connection, self.asked.scope, self._behind(Which.EXCLUDED))
        return [
            MetricExclusion(approved_by=each.by, cause=each.cause, rows=each.rows) for each in found
        ]

    @field(
        description="What it counts, by time. A composite counts nothing itself; ask for its parts."
    )
    async def drill_down(
        self,
        which: WhichRows = Which.COUNTED,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[MetricRow]:
        asked, behind = self.asked, self._behind(which)
        wanted = page_request(first, after, last, before)
        async with asked.reading() as connection:
            page = await rows_behind(connection, asked.scope, behind, wanted)
        ids = {row.case_id for row in page.rows}
        group = CaseGroup(asked.context, asked.scope, ids, asked.moment)

        async def count() -> int:
            async with asked.reading() as connection:
                return await count_behind(connection, asked.scope, behind)

        return connection_of(page.map(lambda row: MetricRow(row=row, group=group)), count)

    def _behind(self, which: Which) -> Behind:
        return Behind(self.definition, self.asked.wanted, self.cell, which)
