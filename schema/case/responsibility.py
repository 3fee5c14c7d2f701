"""The responsibility ledger of a case, for whoever sees it from inside."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import TypeVar

import strawberry
from strawberry import field

from domain.case.clocks.pinned import pinned_timetable
from domain.case.decisions import DecisionKind
from domain.case.ledger.account import Entry, account
from domain.case.ledger.interval import Interval, Part
from domain.case.ledger.posts import pieces_of
from domain.identity import Role
from domain.vocabulary import ClockKind
from projections.case_state import CaseState
from schema.case.group import CaseGroup
from schema.directory.types import OrgUnit, unit_of
from schema.scalars import Position


@strawberry.type(
    description="Who acted for the holder of a post 代行职责, by a delegation of the directory as "
    "it was known at the moment asked about. The holder answers all the same."
)
class ResponsibilityDelegate:
    """Who acted for the holder of a post."""

    person: str = field(description="Who acted for the holder, as tokens name them.")
    begin: datetime = field(description="Since when, within this part of the interval.")
    end: datetime | None = field(description="Until when; null while they do.")
    roles: list[Role] = field(
        description="The roles that were delegated, as long as the position has them; with one of "
        "them at least the step that was waited for could be taken."
    )
    delegation: str = field(description="The code of the delegation in the directory.")


@strawberry.type(
    description="Who held the post for a part of an interval. Persons are told by the directory as "
    "it was known at the moment asked about."
)
class ResponsibilityHolder:
    """Who held the post for a part of an interval."""

    unit: OrgUnit | None = field(description="The unit; null: not one in particular.")
    post: str | None = field(description="The position; null: not one in particular.")
    person: str | None = field(description="Who held it; null: nobody, or it is not known.")
    begin: datetime = field(description="Since when.")
    end: datetime | None = field(description="Until when; null while they do.")
    consumed_seconds: float = field(description="As of the interval, for this part of it.")
    lateness_seconds: float = field(description="As of the interval, for this part of it.")
    delegates: list[ResponsibilityDelegate] = field(
        description="Who acted for them meanwhile, in the order in which they began."
    )


@strawberry.type(
    description="From when to when somebody answered for the case. The intervals of a cycle follow "
    "each other from its acceptance to its end, one at a time."
)
class ResponsibilityInterval:
    """From when to when somebody answered for the case."""

    cycle: int = field(description="The cycle of the case.")
    part: Part = field(description="As what they answered.")
    decision: DecisionKind | None = field(description="What a DECIDER was to decide.")
    begin: datetime = field(description="Since when.")
    end: datetime | None = field(description="Until when; null while they do.")
    from_event: Position = field(description="The position of the event that began it.")
    to_event: Position | None = field(description="The position of the event that ended it.")
    afterwards: bool = field(
        description="Whether it became the dispatcher's by a later decision: a return that was "
        "upheld, or a merge that was reversed."
    )
    consumed_seconds: float = field(
        description="The time in it, in seconds as the RESOLUTION clock of the cycle counts them, "
        "around the clock without one; suspended time is not in it."
    )
    counted_seconds: float = field(
        description="The part of that in which the RESOLUTION clock ran: over a cycle it adds up "
        "to what that used."
    )
    budget_seconds: float | None = field(
        description="What was left at its beginning of the limit of its clock: STAGE, DISPATCH, "
        "APPROVAL, VERIFICATION or FEEDBACK; null where none ran."
    )
    lateness_seconds: float = field(
        description="Its share of what the case is late by: in proportion to what was consumed "
        "beyond budgets, the rest with whoever led when the limit was passed."
    )
    holders: list[ResponsibilityHolder] = field(
        description="Who held the post at each instant of it, in order."
    )

    @field(description="The unit that answered, at the end of it; null: not one in particular.")
    def unit(self) -> OrgUnit | None:
        return self.holders[-1].unit

    @field(description="The position that answered, at the end of it.")
    def post(self) -> str | None:
        return self.holders[-1].post

    @field(description="Who held it at the end of it; null: nobody, or it is not known.")
    def person(self) -> str | None:
        return self.holders[-1].person


Told = TypeVar("Told", bound=ResponsibilityInterval)


@strawberry.type
class CaseResponsibility:
    """The field of a case about who answered for it."""

    state: strawberry.Private[CaseState]
    group: strawberry.Private[CaseGroup]

    @field(
        description="Who answered for it from when to when, and whose time was used; empty where "
        "the caller does not see the case from inside."
    )
    async def responsibility(self) -> list[ResponsibilityInterval]:
        intervals = await self.group.intervals(self.state.case_id)
        found = await ledger_of(self.state, intervals, self.group)
        return [interval_of(entries, ResponsibilityInterval) for entries in found]


async def ledger_of(
    state: CaseState, intervals: Sequence[Interval], group: CaseGroup
) -> list[list[Entry]]:
    """What each interval of a case in a state comes to, as of the moment of its group."""
    running = next(
        (clock for clock in state.details.clocks if clock.kind is ClockKind.RESOLUTION), None
    )
    pieces = pieces_of(intervals, state.area, await group.directory(), group.told_at)
    calendars = group.context.configuration.calendar
    entries = account(pieces, running, partial(pinned_timetable, calendars=calendars))
    of_interval = groupby(entries, lambda entry: entry.piece.interval.key)
    return [list(each) for _, each in of_interval]


def interval_of(entries: Sequence[Entry], kind: type[Told], **more: object) -> Told:
    """One interval, of its entries. more: the fields that `kind` has beside those of all."""
    interval = entries[0].piece.interval
    budget = entries[0].budget
    return kind(
        cycle=interval.cycle,
        part=interval.holder.part,
        decision=interval.holder.decision,
        begin=interval.begin,
        end=interval.end,
        from_event=Position(interval.position),
        to_event=None if interval.end_position is None else Position(interval.end_position),
        afterwards=interval.is_afterwards,
        consumed_seconds=_seconds(entry.consumed for entry in entries),
        counted_seconds=_seconds(entry.counted for entry in entries),
        budget_seconds=None if budget is None else budget.total_seconds(),
        lateness_seconds=_seconds(entry.lateness for entry in entries),
        holders=[_holder(entry, goes_on=entry is entries[-1]) for entry in entries],
        **more,
    )


def _holder(entry: Entry, *, goes_on: bool) -> ResponsibilityHolder:
    """goes_on: it is the last of its interval, and so does if that does."""
    piece = entry.piece
    is_open = goes_on and piece.interval.end is None
    return ResponsibilityHolder(
        unit=unit_of(piece.unit),
        post=piece.post,
        person=piece.person,
        begin=piece.begin,
        end=None if is_open else piece.end,
        consumed_seconds=entry.consumed.total_seconds(),
        lateness_seconds=entry.lateness.total_seconds(),
        delegates=[
            ResponsibilityDelegate(
                person=each.person,
                begin=each.begin,
                end=None if is_open and each.end == piece.end else each.end,
                roles=list(each.roles),
                delegation=each.delegation,
            )
            for each in piece.delegates
        ],
    )


def _seconds(times: Iterable[timedelta]) -> float:
    return sum(times, timedelta()).total_seconds()
