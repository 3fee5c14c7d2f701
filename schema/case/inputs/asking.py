"""What the mutations take that ask units and reporters for something."""

import strawberry
from strawberry import field

from domain.case.vocabulary import ContactWay
from schema.case.inputs.base import CODE, TEXT, CaseInput


@strawberry.input(description="Ask another unit for its part; it helps from then on.")
class RequestCoHandlingInput(CaseInput):
    """requestCoHandling."""

    unit: str = field(description=f"The code of the unit{CODE}.")
    question: str = field(description=f"What is asked of it{TEXT}.")


@strawberry.input(description="Reply for a unit that was asked for its part.")
class ReplyCoHandlingInput(CaseInput):
    """replyCoHandling."""

    unit: str = field(description="The code of the unit that was asked.")
    reply: str = field(description=f"What it says{TEXT}.")
    agrees: bool = field(default=True, description="Whether it does its part.")


@strawberry.input(description="Record that the reporter was reached, or that they were not.")
class RecordFirstContactInput(CaseInput):
    """recordFirstContact."""

    way: ContactWay = field(description="How they were reached, or were to be.")
    result: str = field(description=f"What came of it{TEXT}.")
    reached: bool = field(
        default=True, description="Whether they were reached; an attempt is no first contact."
    )


@strawberry.input(description="Ask the reporter, or a unit, for something that is needed.")
class RequestInformationInput(CaseInput):
    """requestInformation."""

    question: str = field(description=f"What is asked{TEXT}.")
    unit: str | None = field(
        default=None, description=f"The code of the unit that is asked{CODE}; null: the reporter."
    )


@strawberry.input(description="Give what was asked, or take it down for whoever was asked.")
class ReceiveInformationInput(CaseInput):
    """receiveInformation."""

    number: int = field(description="The number of the request.")
    answer: str = field(description=f"What came in{TEXT}.")
