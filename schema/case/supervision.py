"""The supervision orders of a case, for whoever sees it from inside."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.clocks import notifying
from domain.case.regions import Supervision
from domain.identity import Role
from domain.vocabulary import OrderLevel
from projections import escalations
from projections.case_state import CaseState
from projections.escalations import EscalationGround
from projections.supervision import Order, OrderState
from schema import ids
from schema.case.group import CaseGroup
from schema.directory.types import OrgUnit, unit_of
from schema.node import Node
from schema.scalars import Position


@strawberry.type(
    description="A supervision order 督办单: what is demanded of a unit that is late. What was "
    "written in it stands in the timeline."
)
class SupervisionOrder(Node):
    """A supervision order."""

    number: int = field(description="1, 2, 3 ... of the case; what the commands take.")
    level: OrderLevel = field(description="How grave it is, by now.")
    state: OrderState = field(description="What became of it.")
    unit: OrgUnit = field(description="The unit that it is addressed to.")
    clock: str | None = field(
        description='The clock whose lateness it is about, as in "RESOLUTION"; null: a supervisor '
        "issued it."
    )
    issued_at: datetime = field(description="When it was issued.")
    due: datetime = field(description="Until when the reply is awaited.")
    needs_interview: bool = field(description="Whether it is released after an interview only.")
    escalated_at: datetime | None = field(description="When it last went up a level.")
    replied_at: datetime | None = field(description="When the unit replied since.")
    interviewed_at: datetime | None = field(description="When an interview was held since.")
    ended_at: datetime | None = field(
        description="When it was released, or the case ended over it; null while it is open."
    )


@strawberry.type(description="Who is told that a case goes up.")
class Notified:
    """Who is told."""

    role: Role = field(description="As what.")
    unit: OrgUnit | None = field(description="The unit of the post; null: there is none.")
    post: str | None = field(description="The post; null: there is not one in particular.")
    holder: str | None = field(
        description="Who held it then, by the name in their token; null: nobody did."
    )
    delegates: list[str] = field(
        description="Who exercised that role for them then as well, by delegation."
    )


@strawberry.type(
    description="That a case went up the ladder: it is that late, or something happened again."
)
class CaseEscalation:
    """One step up the ladder."""

    position: Position = field(description="The place of its event in the journal.")
    ground: EscalationGround = field(description="Why.")
    at: datetime = field(description="When that was reached.")
    recorded_at: datetime = field(description="When it was noticed and recorded.")
    clock: str | None = field(description='The clock that is late, as in "RESOLUTION".')
    percent: int | None = field(description="How much of its limit was used.")
    times: int | None = field(description="How often it happened.")
    level: OrderLevel | None = field(description="Of the supervision order for it.")
    unit: OrgUnit | None = field(description="The unit that it is about, where one is known.")
    notified: list[Notified] = field(description="Who is told.")


@strawberry.type
class CaseSupervision:
    """The fields of a case about its supervision."""

    state: strawberry.Private[CaseState]
    group: strawberry.Private[CaseGroup]

    @field(
        description="The gravest level of its open supervision orders; NONE where the caller does "
        "not see the case from inside."
    )
    def supervision(self) -> Supervision:
        return self.state.supervision

    @field(
        description="The supervision orders, in the order in which they were issued; empty where "
        "the caller does not see the case from inside."
    )
    def orders(self) -> list[SupervisionOrder]:
        state, moment = self.state, self.group.moment
        return [
            order_of(each, ids.order_id(state.case_id, each.number, state.version, moment))
            for each in state.details.orders
        ]

    @field(
        description="How far up it went, in the order of time; empty where the caller does not see "
        "the case from inside."
    )
    async def escalations(self) -> list[CaseEscalation]:
        return [escalation_of(each) for each in await self.group.escalations(self.state.case_id)]


def escalation_of(found: escalations.Escalation) -> CaseEscalation:
    """An escalation in GraphQL."""
    return CaseEscalation(
        position=Position(found.position),
        ground=found.ground,
        at=found.at,
        recorded_at=found.recorded_at,
        clock=found.clock,
        percent=found.percent,
        times=found.times,
        level=found.level,
        unit=unit_of(found.unit),
        notified=[_told(each) for each in found.notified],
    )


def _told(found: notifying.Notified) -> Notified:
    return Notified(
        role=found.role,
        unit=unit_of(found.unit),
        post=found.position,
        holder=found.holder,
        delegates=list(found.delegates),
    )


def order_of(order: Order, order_id: str) -> SupervisionOrder:
    """An order as a state of its case has it."""
    return SupervisionOrder(
        id=strawberry.ID(order_id),
        number=order.number,
        level=order.level,
        state=order.state,
        unit=OrgUnit(code=order.unit),
        clock=order.clock,
        issued_at=order.issued_at,
        due=order.due,
        needs_interview=order.interview,
        escalated_at=order.escalated_at,
        replied_at=order.replied_at,
        interviewed_at=order.interviewed_at,
        ended_at=order.ended_at,
    )
