"""Whose a case is, and what it waits for, as far as the caller may see it."""

import strawberry
from strawberry import field

from domain.case.vocabulary import ExternalStatus, Step
from projections.case_state import CaseState
from schema.case.group import CaseGroup
from schema.directory.types import Area, OrgUnit, area_of, unit_of


@strawberry.type(description="Who handles a case for the lead unit.")
class CaseOfficer:
    """Who handles a case for the lead unit."""

    principal: str = field(description="Whom their token names.")
    post: str | None = field(description="The position of the lead unit that they do it in.")


@strawberry.type(description="That a case was given to a body outside.")
class Referral:
    """That a case was given to a body outside."""

    target: str = field(description="The code or name of that body.")
    status: ExternalStatus | None = field(
        description="What it said last; null: nothing yet, whatever arrived there."
    )


@strawberry.type
class CasePassage:
    """The fields of a case about its passage. None of them reads anything but the state."""

    state: strawberry.Private[CaseState]
    group: strawberry.Private[CaseGroup]

    @field(
        description="Who handles it for the lead unit; null while nobody was assigned, or where "
        "the caller does not see the case from inside."
    )
    async def officer(self) -> CaseOfficer | None:
        state = self.state
        if state.officer is None or not await self.group.is_inside(state.case_id):
            return None
        return CaseOfficer(principal=state.officer, post=state.officer_position)

    @field(
        description="Who was asked to take it over; null where nobody was, or where the caller "
        "does not see the case from inside."
    )
    async def hand_over_to(self) -> str | None:
        to = self.state.details.hand_over_to
        return to if to and await self.group.is_inside(self.state.case_id) else None

    @field(description="How often the lead unit asked to give it back in this cycle.")
    def returns(self) -> int:
        return self.state.details.returns

    @field(description="Whether its lead was fixed by arbitration, for this cycle.")
    def arbitrated(self) -> bool:
        return self.state.details.arbitrated

    @field(description="The unit that answers for it while it waits too long to be dispatched.")
    def fallback_unit(self) -> OrgUnit | None:
        return unit_of(self.state.details.fallback_unit)

    @field(description="Whether somebody proposed to reject it and nobody decided yet.")
    def rejection_proposed(self) -> bool:
        return self.state.details.rejection_proposed

    @field(description="The area whose grid worker was asked to look at the place.")
    def verification_area(self) -> Area | None:
        return area_of(self.state.details.verification_area)

    @field(description="Whether somebody looked at the place.")
    def field_verified(self) -> bool:
        return self.state.details.field_verified

    @field(description="The steps that an emergency let pass and that are not regularised.")
    def open_steps(self) -> list[Step]:
        return list(self.state.details.open_steps)

    @field(description="The body outside that it was given to; null where it is ours.")
    def referral(self) -> Referral | None:
        referral = self.state.details.referral
        if referral is None:
            return None
        return Referral(target=referral.target, status=referral.status)
