"""Tracking: a case number and a tracking code open one case to whoever brought it."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field, mutation

from domain.case.tracking import ReissueTrackingCode
from schema import ids
from schema.case.inputs.base import CaseInput
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out_and_track
from schema.errors import CommandRefused, InvalidInput
from schema.info import Info


@strawberry.input(description="Exchange a tracking code for a token.")
class OpenTrackingInput:
    """openTracking."""

    case_no: str = field(description="The case's number, as it was told at registration.")
    tracking_code: str = field(
        description="The tracking code, as it was told at registration; hyphens and the case of "
        "letters do not matter."
    )


@strawberry.type(description="The code was right.")
class TrackingOpened:
    """The code was right."""

    token: str = field(
        description="A bearer token: with it the caller is the reporter of this one case, in "
        "queries, mutations and subscriptions."
    )
    expires_at: datetime = field(description="Until when it is valid.")
    case_id: strawberry.ID = field(description="The case's caseId.")


OpenTrackingAnswer = Annotated[
    TrackingOpened | CommandRefused | InvalidInput,
    strawberry.union(
        "OpenTrackingAnswer",
        description="A token; or the refusal, alike for a wrong code and for no such case.",
    ),
]


@strawberry.input(
    description="Give the reporter another tracking code; the one before no longer opens the case."
)
class ReissueTrackingCodeInput(CaseInput):
    """reissueTrackingCode."""


@strawberry.type
class TrackingMutation:
    """What is done with tracking codes."""

    @mutation(
        description="Exchange a case number and a tracking code for a token of the case's "
        "reporter. Anybody may try, a few times a minute."
    )
    async def open_tracking(
        self,
        info: Info,
        given: Annotated[
            OpenTrackingInput,
            argument(name="input", description="What was told at registration."),
        ],
    ) -> OpenTrackingAnswer:
        opened = await info.context.tracking.open(given.case_no, given.tracking_code)
        return TrackingOpened(
            token=opened.token,
            expires_at=opened.expires_at,
            case_id=strawberry.ID(ids.case_id(opened.case_id)),
        )

    @mutation(description="Give the reporter another tracking code.")
    async def reissue_tracking_code(
        self, info: Info, given: Annotated[ReissueTrackingCodeInput, INPUT]
    ) -> CaseResult:
        return await carry_out_and_track(info.context, ReissueTrackingCode(**given.common()))
