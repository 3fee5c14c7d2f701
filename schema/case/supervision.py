"""The supervision orders of a case, for whoever sees it from inside."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.regions import Supervision
from domain.vocabulary import OrderLevel
from projections.case_state import CaseState
from projections.supervision import Order, OrderState
from schema import ids
from schema.case.group import CaseGroup
from schema.directory.types import OrgUnit
from schema.node import Node


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
