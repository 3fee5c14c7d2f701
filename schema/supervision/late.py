"""The overdue board."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import field

from domain.calendar.state import WorkCalendars
from domain.case.clocks.measure import Light
from domain.vocabulary import ClockKind
from projections.overdue import LateClock, UnitLateness, late_cases
from projections.supervised import Asked
from schema.case.clocks import Clock, clock_of
from schema.case.group import CaseGroup
from schema.case.passage import CaseOfficer
from schema.case.types import Case, case_of
from schema.directory.types import OrgUnit, unit_of
from schema.supervision.figures import CaseFigure


@strawberry.type(description="A clock that is past due, or nearly, at the moment asked about.")
class OverdueClock:
    """A clock that is past due, or nearly."""

    clock: Clock = field(description="How it stands at that moment.")
    unit: OrgUnit | None = field(
        description="Whose it is: a clock that names no unit is the lead unit's, or null where it "
        "is that of whoever accepts, dispatches, decides or checks."
    )
    officer: CaseOfficer | None = field(description="Who handles the case for the lead unit.")
    case_uuid: strawberry.Private[UUID]
    group: strawberry.Private[CaseGroup]

    @field(description="The case, as it is at the moment asked about.")
    async def case(self) -> Case | None:
        state = await self.group.case(self.case_uuid)
        return None if state is None else case_of(state, self.group)


@strawberry.type(description="How much of a unit is past due, or nearly.")
class UnitOverdue:
    """How much of a unit is past due, or nearly."""

    unit: OrgUnit | None = field(description="Whose clocks; null: those of nobody.")
    red: int = field(description="How many clocks are past due.")
    yellow: int = field(description="How many are nearly due.")
    since: datetime = field(description="The earliest of their due times.")
    cases: CaseFigure = field(description="How many cases they are of.")


@dataclass(frozen=True)
class Board:
    """What is needed to show clocks of the board."""

    asked: Asked
    calendars: WorkCalendars | None
    group: CaseGroup

    def clock(self, late: LateClock) -> OverdueClock:
        """A clock as clients see it."""
        officer = (
            None
            if late.officer is None
            else CaseOfficer(principal=late.officer, post=late.officer_position)
        )
        return OverdueClock(
            clock=clock_of(late.clock, self.asked.at, self.calendars),
            unit=unit_of(late.unit),
            officer=officer,
            case_uuid=late.case_id,
            group=self.group,
        )


def unit_overdue(
    asked: Asked, found: UnitLateness, kinds: list[ClockKind] | None, lights: list[Light]
) -> UnitOverdue:
    """The count of one unit."""
    return UnitOverdue(
        unit=unit_of(found.unit),
        red=found.red,
        yellow=found.yellow,
        since=found.oldest,
        cases=CaseFigure(
            count=found.cases,
            case_count=found.cases,
            asked=asked,
            behind=lambda: late_cases(asked, found.unit, kinds, lights),
        ),
    )
