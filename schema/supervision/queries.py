"""The query of supervisors."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.case.clocks.measure import Light
from domain.vocabulary import ClockKind
from projections import as_of as moments
from projections.control_facts import FactKind
from projections.fact_figures import FactBy, FactCell, Facts, counted_to, delay_cells, fact_cells
from projections.open_cases import AgeingBy, WorkloadBy, ageing, open_orders, waiting, workload
from projections.overdue import LATE, count_late, late_by_unit, late_clocks
from projections.paging import page_request
from projections.supervised import Asked
from schema.as_of import AsOfArgument, as_of_value
from schema.case.group import CaseGroup
from schema.context import Context
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.period import PeriodInput
from schema.scalars import Position
from schema.supervision.criteria import SupervisionFilterInput
from schema.supervision.late import Board, OverdueClock, UnitOverdue, unit_overdue
from schema.supervision.open import (
    Ageing,
    OpenSupervisionOrders,
    WaitingDecisions,
    Workload,
    ageing_of,
    orders_of,
    waiting_of,
    workload_of,
)
from schema.supervision.periods import (
    ESCALATIONS,
    HAND_OVERS,
    ORDERS,
    RETURNS,
    ApprovalDelay,
    Escalation,
    UnitHandOvers,
    UnitOrders,
    UnitReturns,
    delays_of,
    escalations_of,
    facts_in,
    figures_by_unit,
)

Kinds = Annotated[
    list[ClockKind] | None, argument(name="clock", description="Only these kinds; all by default.")
]
Lights = Annotated[
    list[Light] | None,
    argument(name="light", description="Past due, or nearly; both by default."),
]
Period = Annotated[
    PeriodInput | None, argument(description="When it occurred; at any time by default.")
]


@strawberry.type(
    description="What supervisors steer by, of the cases within the reach of the caller's posts, "
    "as of one moment. Each figure leads to its cases."
)
class SupervisionFigures:
    """What supervisors steer by, as of one moment."""

    at: datetime = field(description="The time at which what is due is past due or not.")
    context: strawberry.Private[Context]
    asked: strawberry.Private[Asked]

    @field(
        description="The position up to which clocks and what happened in a period are counted; "
        "they follow the journal at a short distance. Open cases are counted to the moment itself."
    )
    async def position(self) -> Position:
        async with self.context.reads.acquire() as connection:
            counted = await counted_to(connection)
        moment = self.asked.moment
        return Position(counted if moment is None else min(counted, moment.position))

    @field(
        description="The clocks that are past due, the longest first, and then those nearly so: "
        "from the step of their ladder at 80 % on, where it has one."
    )
    async def overdue(
        self,
        *,
        kinds: Kinds = None,
        lights: Lights = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[OverdueClock]:
        context, asked = self.context, self.asked
        wanted, shown = page_request(first, after, last, before), lights or LATE
        async with context.reads.acquire() as connection:
            page = await late_clocks(connection, asked, wanted, kinds, shown)
        group = CaseGroup(context, asked.scope, {row.case_id for row in page.rows}, asked.moment)
        board = Board(asked, context.configuration.calendar, group)

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await count_late(connection, asked, kinds, shown)

        return connection_of(page.map(board.clock), count)

    @field(description="The same clocks counted by unit, in the order of the units' codes.")
    async def overdue_by_unit(
        self, kinds: Kinds = None, lights: Lights = None
    ) -> list[UnitOverdue]:
        asked, shown = self.asked, lights or list(LATE)
        async with self.context.reads.acquire() as connection:
            found = await late_by_unit(connection, asked, kinds, shown)
        return [unit_overdue(asked, each, kinds, shown) for each in found]

    @field(description="How old open cases are, in the order of the codes of what they are by.")
    async def ageing(
        self,
        by: Annotated[AgeingBy, argument(description="What to tell them apart by.")] = AgeingBy.ALL,
    ) -> list[Ageing]:
        async with self.context.reads.acquire() as connection:
            found = await ageing(connection, self.asked, by)
        return list(ageing_of(self.asked, by, found))

    @field(description="Whose work the open cases are, in the order of codes.")
    async def workload(
        self,
        by: Annotated[
            WorkloadBy, argument(description="Units, or positions in them.")
        ] = WorkloadBy.UNIT,
    ) -> list[Workload]:
        async with self.context.reads.acquire() as connection:
            found = await workload(connection, self.asked, by)
        return [workload_of(self.asked, by, each) for each in found]

    @field(description="The decisions that open cases wait for.")
    async def waiting_decisions(self) -> list[WaitingDecisions]:
        async with self.context.reads.acquire() as connection:
            found = await waiting(connection, self.asked)
        return [waiting_of(self.asked, each) for each in found]

    @field(description="退单与裁定: what units gave back in a period, and what became of it.")
    async def returns(self, period: Period = None) -> list[UnitReturns]:
        wanted = facts_in(period, RETURNS.values(), FactBy.UNIT)
        cells = await self._cells(wanted)
        figures = figures_by_unit(self.asked, wanted, cells, RETURNS)
        return [UnitReturns(unit=unit, **of_unit) for unit, of_unit in figures]

    @field(description="How cases changed hands in a period, by unit.")
    async def hand_overs(self, period: Period = None) -> list[UnitHandOvers]:
        wanted = facts_in(period, HAND_OVERS.values(), FactBy.UNIT)
        cells = await self._cells(wanted)
        figures = figures_by_unit(self.asked, wanted, cells, HAND_OVERS)
        return [UnitHandOvers(unit=unit, **of_unit) for unit, of_unit in figures]

    @field(description="How long the decisions taken in a period took, by sort and deciding unit.")
    async def approval_delays(self, period: Period = None) -> list[ApprovalDelay]:
        wanted = facts_in(period, [FactKind.DECIDED], FactBy.DECISION, FactBy.BY_UNIT)
        async with self.context.reads.acquire() as connection:
            cells = await delay_cells(connection, self.asked, wanted)
        return list(delays_of(self.asked, wanted, cells))

    @field(
        description="督办升级: the limits passed in a period, and what went up the ladder, for its "
        "lateness or because it was given back, reworked or reopened again."
    )
    async def escalations(self, period: Period = None) -> list[Escalation]:
        wanted = facts_in(period, ESCALATIONS, FactBy.UNIT, FactBy.CLOCK, FactBy.PERCENT)
        return list(escalations_of(self.asked, wanted, await self._cells(wanted)))

    @field(description="督办单: the supervision orders that nobody has released.")
    async def open_orders(self) -> list[OpenSupervisionOrders]:
        async with self.context.reads.acquire() as connection:
            found = await open_orders(connection, self.asked)
        return [orders_of(self.asked, each) for each in found]

    @field(description="What became of supervision orders in a period, by unit.")
    async def orders(self, period: Period = None) -> list[UnitOrders]:
        wanted = facts_in(period, ORDERS.values(), FactBy.UNIT)
        cells = await self._cells(wanted)
        figures = figures_by_unit(self.asked, wanted, cells, ORDERS)
        return [UnitOrders(unit=unit, **of_unit) for unit, of_unit in figures]

    async def _cells(self, wanted: Facts) -> list[FactCell]:
        async with self.context.reads.acquire() as connection:
            return list(await fact_cells(connection, self.asked, wanted))


@strawberry.type
class SupervisionQuery:
    """The query of supervisors."""

    @field(
        description="What is late, how old, how much and who decided when, now or as of a past "
        "moment, for the cases within the reach of the caller's posts."
    )
    async def supervision(
        self,
        info: Info,
        criteria: Annotated[
            SupervisionFilterInput | None,
            argument(name="filter", description="Which cases; all by default."),
        ] = None,
        as_of: AsOfArgument = None,
    ) -> SupervisionFigures:
        context = info.context
        async with context.reads.acquire() as connection:
            moment = await moments.resolve(connection, as_of_value(as_of))
        known = None if moment is None else moment.occurred_at or moment.recorded_at
        at = known or datetime.now(UTC)
        wanted, configuration = criteria or SupervisionFilterInput(), context.configuration
        asked = Asked(
            scope=context.scope,
            at=at,
            moment=moment,
            units=wanted.units(configuration, at),
            areas=wanted.areas(configuration, at),
            type_codes=wanted.types(configuration, at),
            channels=wanted.channel,
        )
        return SupervisionFigures(at=at, context=context, asked=asked)
