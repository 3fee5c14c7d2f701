"""The mutations that ask units and reporters for something."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.cohandling import ReplyCoHandling, RequestCoHandling
from domain.case.contact import RecordFirstContact
from domain.case.information import ReceiveInformation, RequestInformation
from schema.case.inputs import asking as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class AskingMutation:
    """Commands of `domain.case.cohandling`, `domain.case.contact`, `domain.case.information`."""

    @mutation(
        description="Ask another unit for its part; silence until the due time counts as consent."
    )
    async def request_co_handling(
        self, info: Info, given: Annotated[inputs.RequestCoHandlingInput, INPUT]
    ) -> CaseResult:
        command = RequestCoHandling(
            **given.common(),
            unit=given.unit,
            question=given.question,
        )
        return await carry_out(info.context, command)

    @mutation(description="Reply for a unit that was asked for its part.")
    async def reply_co_handling(
        self, info: Info, given: Annotated[inputs.ReplyCoHandlingInput, INPUT]
    ) -> CaseResult:
        command = ReplyCoHandling(
            **given.common(),
            unit=given.unit,
            reply=given.reply,
            agrees=given.agrees,
        )
        return await carry_out(info.context, command)

    @mutation(
        description="Record that the reporter was reached, once in a cycle, or that they were not."
    )
    async def record_first_contact(
        self, info: Info, given: Annotated[inputs.RecordFirstContactInput, INPUT]
    ) -> CaseResult:
        command = RecordFirstContact(
            **given.common(),
            way=given.way,
            result=given.result,
            reached=given.reached,
        )
        return await carry_out(info.context, command)

    @mutation(
        description="Ask the reporter, or a unit, for something that is needed; no clock stops."
    )
    async def request_information(
        self, info: Info, given: Annotated[inputs.RequestInformationInput, INPUT]
    ) -> CaseResult:
        command = RequestInformation(
            **given.common(),
            question=given.question,
            unit=given.unit,
        )
        return await carry_out(info.context, command)

    @mutation(description="Give what was asked, or take it down for whoever was asked.")
    async def receive_information(
        self, info: Info, given: Annotated[inputs.ReceiveInformationInput, INPUT]
    ) -> CaseResult:
        command = ReceiveInformation(
            **given.common(),
            number=given.number,
            answer=given.answer,
        )
        return await carry_out(info.context, command)
