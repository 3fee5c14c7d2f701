"""What a case asks of others, how it ended, and who is shown it, as far as the caller may see it.

What is not for the caller is not in the state that they are shown (`projections.shown`).
"""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.lifecycle import Stage
from domain.case.vocabulary import CasePart, VoidReason
from domain.vocabulary import Confidentiality
from projections.case_state import CaseState
from projections.handling import AnswerState, AppealState, CoReply
from schema.directory.types import OrgUnit, unit_of


@strawberry.type(description="That a unit was asked for its part.")
class CoHandlingRequest:
    """That a unit was asked for its part."""

    unit: OrgUnit = field(description="The unit.")
    asked_at: datetime = field(description="When it was asked last.")
    due: datetime = field(description="After which its silence counts as consent.")
    reply: CoReply = field(description="What became of it.")
    answered_at: datetime | None = field(description="When it replied, or was taken to agree.")


@strawberry.type(description="That something was asked.")
class InformationRequest:
    """That something was asked."""

    number: int = field(description="1, 2, 3 ... of the case; what receiveInformation takes.")
    unit: OrgUnit | None = field(description="The unit that was asked; null: the reporter.")
    asked_at: datetime = field(description="When.")
    state: AnswerState = field(description="What became of it.")
    received_at: datetime | None = field(description="When it came in.")


@strawberry.type(description="What the reporter was asked at the end of a cycle, and answered.")
class CaseFeedback:
    """What the reporter was asked, and answered."""

    due: datetime | None = field(description="Until when the answer is waited for.")
    visits: int = field(description="How often the reporter was not reached.")
    resolved: bool | None = field(description="Whether the reporter says that it is resolved.")
    satisfaction: int | None = field(description="From 1, very dissatisfied, to 5, very satisfied.")


@strawberry.type(description="That the reporter did not accept a rejection or a closing.")
class CaseAppeal:
    """That the reporter did not accept a decision."""

    number: int = field(description="1, 2, 3 ... of the case.")
    against: Stage = field(description="What was decided: REJECTED or CLOSED.")
    filed_at: datetime = field(description="When it was filed.")
    state: AppealState = field(description="What became of it.")
    decided_at: datetime | None = field(description="When another person decided.")


@strawberry.type(description="That parts of the case are shown to a unit until a time.")
class CaseShare:
    """That parts of the case are shown to a unit."""

    unit: OrgUnit = field(description="The unit.")
    parts: list[CasePart] = field(description="What of it.")
    since: datetime = field(description="Since when.")
    expires: datetime = field(description="Until when.")


@strawberry.type
class CaseHandling:
    """The fields of a case about what is asked, its ends and its shares."""

    state: strawberry.Private[CaseState]

    @field(
        description="The units that were asked for their part; empty where the caller does not "
        "see the case from inside."
    )
    def co_handling(self) -> list[CoHandlingRequest]:
        return [
            CoHandlingRequest(
                unit=OrgUnit(code=each.unit),
                asked_at=each.asked_at,
                due=each.due,
                reply=each.reply,
                answered_at=each.answered_at,
            )
            for each in self.state.details.co_handling
        ]

    @field(description="When the reporter was first reached in this cycle.")
    def first_contact_at(self) -> datetime | None:
        return self.state.details.first_contact_at

    @field(
        description="What was asked of the reporter and, for whoever sees the case from inside, "
        "of units."
    )
    def information_requests(self) -> list[InformationRequest]:
        return [
            InformationRequest(
                number=each.number,
                unit=unit_of(each.unit),
                asked_at=each.asked_at,
                state=each.state,
                received_at=each.received_at,
            )
            for each in self.state.details.information
        ]

    @field(description="The newest feedback of this cycle; null before the reporter is asked.")
    def feedback(self) -> CaseFeedback | None:
        feedback = self.state.details.feedback
        if feedback is None:
            return None
        return CaseFeedback(
            due=feedback.due,
            visits=feedback.visits,
            resolved=feedback.resolved,
            satisfaction=feedback.satisfaction,
        )

    @field(description="The appeals, in the order in which they were filed.")
    def appeals(self) -> list[CaseAppeal]:
        return [
            CaseAppeal(
                number=each.number,
                against=each.against,
                filed_at=each.filed_at,
                state=each.state,
                decided_at=each.decided_at,
            )
            for each in self.state.details.appeals
        ]

    @field(
        description="Why somebody requested that it be voided, while nobody has decided; null "
        "where the caller does not see the case from inside."
    )
    def void_requested(self) -> VoidReason | None:
        return self.state.details.void_requested

    @field(
        description="How few may see it; NORMAL where the caller does not see the case from inside."
    )
    def confidentiality(self) -> Confidentiality:
        return self.state.details.confidentiality

    @field(
        description="The units that are shown parts of it; empty where the caller does not see "
        "the case from inside."
    )
    def shares(self) -> list[CaseShare]:
        return [
            CaseShare(
                unit=OrgUnit(code=each.unit),
                parts=list(each.parts),
                since=each.since,
                expires=each.expires,
            )
            for each in self.state.details.shares
        ]
