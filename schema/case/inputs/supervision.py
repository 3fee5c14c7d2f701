"""What the mutations of supervision orders take."""

import strawberry
from strawberry import field

from domain.vocabulary import OrderLevel
from schema.case.inputs.base import CODE, TEXT, CaseInput


@strawberry.input(description="Demand of a unit that it puts something right.")
class IssueOrderInput(CaseInput):
    """issueOrder."""

    level: OrderLevel = field(description="How grave it is.")
    demand: str = field(description=f"What is demanded{TEXT}.")
    unit: str | None = field(
        default=None,
        description=f"The code of the unit{CODE}; null: the one that leads the case.",
    )


@strawberry.input
class OrderInput(CaseInput):
    """What every command on an order takes."""

    number: int = field(description="The number of the order within the case.")


@strawberry.input(description="Reply for the unit that an order is addressed to.")
class ReplyToOrderInput(OrderInput):
    """replyToOrder."""

    reply: str = field(description=f"What the unit says{TEXT}.")
    remedial_plan: str | None = field(
        default=None,
        description=f"What is put right, how and until when{TEXT}; ORANGE and RED orders need it.",
    )


@strawberry.input(
    description="Raise an order by a level: it waits for another reply, in the time of an order. "
    "One that is RED is repeated."
)
class EscalateOrderInput(OrderInput):
    """escalateOrder."""

    demand: str | None = field(default=None, description=f"What is demanded beside{TEXT}.")


@strawberry.input(description="Record that the holder of a post was called in over an order.")
class RecordInterviewInput(OrderInput):
    """recordInterview."""

    position: str = field(
        description=f"The code of the position, of the unit that the order is addressed to{CODE}."
    )
    record: str = field(description=f"What was said{TEXT}.")


@strawberry.input(description="Release an order: what it demanded is done.")
class ReleaseOrderInput(OrderInput):
    """releaseOrder."""

    finding: str = field(description=f"What was found{TEXT}.")
