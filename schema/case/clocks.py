"""The clocks of a case, for whoever sees it from inside."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import strawberry
from strawberry import field

from domain.calendar.state import WorkCalendars
from domain.calendar.timetable import LimitBegins, LimitEnds, LimitUnit
from domain.case.clocks import clock as running
from domain.case.clocks.changing import at_rest
from domain.case.clocks.measure import Light, percent, standing
from domain.case.clocks.pinned import pinned_timetable
from domain.vocabulary import ClockKind
from projections.case_clocks import StartedClock
from projections.case_state import CaseState
from schema.case.group import CaseGroup
from schema.directory.types import OrgUnit, unit_of


@strawberry.type(description="How long something may take.")
class ClockLimit:
    """How long something may take."""

    amount: int = field(description="How many of the unit.")
    unit: LimitUnit = field(description="What it counts.")
    begins: LimitBegins = field(description="From when on it counts.")
    ends: LimitEnds = field(description="When it is over.")


@strawberry.type(description="A time in which a clock stood still.")
class ClockPause:
    """A time in which a clock stood still."""

    begin: datetime = field(description="Since when.")
    end: datetime | None = field(description="Until when; null while it does.")


@strawberry.type(
    description="Something that is timed of a case, while it runs and after it has stopped. How it "
    "stands is told as of the moment asked about, or as of when it stopped."
)
class Clock:
    """Something that is timed of a case."""

    name: str = field(description='Kind and key, as in "RESOLUTION" or "CO_REPLY/police".')
    kind: ClockKind = field(description="What is timed.")
    key: str | None = field(
        description="What tells it from others of its kind, as the code of the unit that was asked."
    )
    number: int = field(description="Which of that name it is in the life of the case: 1, 2, 3 ...")
    cycle: int = field(description="In which cycle of the case it started.")
    unit: OrgUnit | None = field(description="Whose it is; null: of whoever has the case.")
    started_at: datetime = field(description="When it started.")
    stopped_at: datetime | None = field(description="When it stopped; null while it runs.")
    limit: ClockLimit = field(description="How long it may take.")
    due: datetime = field(description="When it is due.")
    first_due: datetime = field(description="When it was due at first, before anything moved that.")
    paused_intervals: list[ClockPause] = field(description="When it stood still.")
    extensions: int = field(description="How often it was extended.")
    consumed_seconds: float = field(
        description="How much is used: seconds of working time where the limit is in that, else of "
        "the wall; without the pauses."
    )
    budget_seconds: float = field(description="How much may be used, in the same seconds.")
    percent: int = field(description="How much of it is used, in whole percent.")
    light: Light = field(description="How it stands.")
    breached_at: datetime | None = field(
        description="When its limit was passed, once that is recorded."
    )
    calendar: str = field(
        description='The calendar that it counts by and its version, as in "office@3".'
    )
    policy_version: int = field(description="The version of the SLA policy that set the limit.")
    escalation_version: int | None = field(
        description="The version of the escalation policy by which it goes up; null without one."
    )


def clock_of(
    clock: running.Clock,
    at: datetime,
    calendars: WorkCalendars | None,
    stopped_at: datetime | None = None,
) -> Clock:
    """A clock as it stands at an instant."""
    table = pinned_timetable(clock.calendar, calendars)
    limit, stands = clock.limit, standing(clock, at, table)
    return Clock(
        name=clock.name,
        kind=clock.kind,
        key=clock.key or None,
        number=clock.number,
        cycle=clock.cycle,
        unit=unit_of(clock.unit),
        started_at=clock.started_at,
        stopped_at=stopped_at,
        limit=ClockLimit(
            amount=limit.amount, unit=limit.unit, begins=limit.begins, ends=limit.ends
        ),
        due=clock.due,
        first_due=clock.first_due or clock.due,
        paused_intervals=[ClockPause(begin=each.begin, end=each.end) for each in clock.pauses],
        extensions=clock.extensions,
        consumed_seconds=stands.consumed.total_seconds(),
        budget_seconds=stands.budget.total_seconds(),
        percent=int(percent(clock, at, table)),
        light=stands.light,
        breached_at=clock.breached_at,
        calendar=clock.calendar,
        policy_version=clock.policy,
        escalation_version=clock.escalation,
    )


def clocks_of(
    clocks: Sequence[running.Clock],
    started: Sequence[StartedClock],
    at: datetime,
    calendars: WorkCalendars | None,
) -> Iterator[Clock]:
    """Those that run at a moment and those that had stopped by then."""
    for each in started:
        clock, stopped_at = each.clock, each.stopped_at
        if any(map(clock.is_same, clocks)):
            continue
        if stopped_at is None:
            rested = at_rest(clock, at, pinned_timetable(clock.calendar, calendars))
            if rested is None:
                continue
            clock, stopped_at = rested
        yield clock_of(clock, stopped_at, calendars, stopped_at)
    for clock in clocks:
        yield clock_of(clock, at, calendars)


@strawberry.type
class CaseClocks:
    """The field of a case about its clocks."""

    state: strawberry.Private[CaseState]
    group: strawberry.Private[CaseGroup]

    @field(
        description="Everything that is and was timed of it, in the order in which it started; "
        "empty where the caller does not see the case from inside."
    )
    async def clocks(self) -> list[Clock]:
        group, case_id = self.group, self.state.case_id
        if not await group.is_inside(case_id):
            return []
        started = await group.started_clocks(case_id)
        calendars = group.context.configuration.calendar
        found = clocks_of(self.state.details.clocks, started, group.told_at, calendars)
        return sorted(found, key=lambda clock: (clock.started_at, clock.name, clock.number))
