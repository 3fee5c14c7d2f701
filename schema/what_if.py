"""What if: cases told again under another SLA policy or calendar; nothing is recorded."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Final, TypeVar
from uuid import UUID

import strawberry
from strawberry import argument, field

from domain.case.clocks.retelling import Compared, Told, by_command, compared, only
from domain.command import Arrangements
from domain.configuration import ConfigurationOf, VersionContent, VersionState
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from projections.case_state import CaseState
from projections.cases import DEFAULT_ORDER, NO_FILTER, CaseFilter, cases_by_ids, list_cases
from projections.paging import MOST_PER_PAGE, PageRequest
from projections.routing import seen_from_inside
from schema import ids
from schema.case.criteria import CaseFilterArgument
from schema.case.group import CaseGroup
from schema.case.types import Case, case_of
from schema.context import Configuration, Context
from schema.directory.types import OrgUnit, unit_of
from schema.info import Info

MOST_CASES: Final = 1_000
"""Of a filter: more are not told again at once."""

AT_ONCE: Final = 20
"""Cases that are told again before others get their turn."""

Kept = TypeVar("Kept", bound=ConfigurationOf[VersionContent])
Version = Annotated[
    int | None,
    argument(description="The number of a version, of any state but a draft; left out: as it was."),
]


@strawberry.type(description="A clock as it is, and as it would be.")
class WhatIfClock:
    """A clock as it is, and as it would be."""

    name: str = field(description='Kind and key, as in "RESOLUTION".')
    kind: ClockKind = field(description="What is timed.")
    unit: OrgUnit | None = field(description="Whose it is; null: of whoever has the case.")
    started_at: datetime = field(description="When it started.")
    stopped_at: datetime | None = field(description="When it stopped; null while it runs.")
    due: datetime | None = field(description="When it is due; null: it is not timed.")
    would_be_due: datetime | None = field(
        description="When it would be due; null: it would not be timed."
    )
    late: bool = field(description="Whether it stopped late, or is past due.")
    would_be_late: bool = field(description="Whether it would have, or would be.")


@strawberry.type(description="The clocks of a case as they are, and as they would be.")
class WhatIfCase:
    """The clocks of a case as they are, and as they would be."""

    case: Case = field(description="The case, as it is now.")
    clocks: list[WhatIfClock] = field(description="In the order in which they started.")


@strawberry.type(description="How many clocks of a kind are late, and would be.")
class WhatIfFigure:
    """How many clocks of a kind are late, and would be."""

    kind: ClockKind = field(description="What is timed.")
    clocks: int = field(description="How many there are, or would be.")
    late: int = field(description="How many stopped late, or are past due.")
    would_be_late: int = field(description="How many would have, or would be.")


@strawberry.type(description="Cases told again under other versions. Nothing of it is recorded.")
class WhatIf:
    """Cases told again under other versions."""

    cases: int = field(description="How many cases were told again.")
    truncated: bool = field(
        description=f"Whether more matched: {MOST_CASES:,} are told again at once."
    )
    figures: list[WhatIfFigure] = field(description="By kind of clock.")
    told: list[WhatIfCase] = field(
        description="The cases, the first of them, in the order of their registration, newest "
        "first; with a filter those in which something would be otherwise."
    )


@strawberry.type
class WhatIfQuery:
    """What if."""

    @field(
        description="The same history under other versions of the SLA policy and of the work "
        "calendars, as if they had always been in force: of one case, or of those that match a "
        "filter and that the caller sees from inside."
    )
    async def what_if(
        self,
        info: Info,
        *,
        case_id: Annotated[
            strawberry.ID | None, argument(description="Only this case; instead of a filter.")
        ] = None,
        criteria: CaseFilterArgument = None,
        calendar_version: Version = None,
        policy_version: Version = None,
        first: Annotated[int, argument(description="Cases to show at most: 1 to 100.")] = 20,
    ) -> WhatIf:
        context = info.context
        if not 1 <= first <= MOST_PER_PAGE:
            raise InvalidInput(["first"], f"first is from 1 to {MOST_PER_PAGE}")
        under = arrangements(context.configuration, calendar_version, policy_version)
        if case_id is not None:
            one = ids.parse_current_case(case_id, "caseId")
            states, more = await _one(context, one), False
        else:
            states, more = await _matching(context, criteria.value() if criteria else NO_FILTER)
        told = await _tell(context, states, under)
        return _what_if(context, told, first, more=more, every=case_id is not None)


def arrangements(
    configuration: Configuration, calendar: int | None, policy: int | None
) -> Arrangements:
    """Those of the jurisdiction, with these versions in force at any time.

    Raises InvalidInput for a version that is not there or was never published.
    """
    return Arrangements(
        directory=configuration.directory,
        catalogue=configuration.catalogue,
        routing=configuration.routing,
        calendar=_in_force(configuration.calendar, calendar, "calendarVersion"),
        time_zone=configuration.time_zone,
        sla=_in_force(configuration.sla, policy, "policyVersion"),
        escalation=configuration.escalation,
    )


def _in_force(kept: Kept | None, number: int | None, name: str) -> Kept | None:
    if number is None:
        return kept
    record = None if kept is None else kept.record(number)
    if kept is None or record is None or record.state is VersionState.DRAFT:
        raise InvalidInput([name], f"{name} is no version that anybody proposed")
    return only(kept, number)


async def _one(context: Context, case_id: UUID) -> list[CaseState]:
    async with context.reads.acquire() as connection:
        found = await cases_by_ids(connection, context.scope, [case_id])
    return list(found.values())


async def _matching(context: Context, criteria: CaseFilter) -> tuple[list[CaseState], bool]:
    """The cases of a filter, and whether there are more."""
    found: list[CaseState] = []
    after: str | None = None
    async with context.reads.acquire() as connection:
        while len(found) < MOST_CASES:
            request = PageRequest(MOST_PER_PAGE, after=after)
            page = await list_cases(connection, context.scope, criteria, DEFAULT_ORDER, request)
            found += page.rows
            if not page.has_next:
                return found, False
            after = page.cursors[-1]
    return found, True


_Told = list[tuple[CaseState, Sequence[Compared]]]


async def _tell(context: Context, states: Sequence[CaseState], under: Arrangements) -> _Told:
    """What of them the caller sees from inside, told again."""
    told: _Told = []
    async with context.reads.acquire() as connection:
        inside = await seen_from_inside(
            connection, context.scope, [state.case_id for state in states]
        )
    seen = [state for state in states if state.case_id in inside]
    for begin in range(0, len(seen), AT_ONCE):
        batch = seen[begin : begin + AT_ONCE]
        streams = await context.journal.read_streams([state.case_id for state in batch])
        told += [
            (state, compared(by_command(streams.get(state.case_id, ())), under)) for state in batch
        ]
        await asyncio.sleep(0)
    return told


def _what_if(context: Context, told: _Told, first: int, *, more: bool, every: bool) -> WhatIf:
    group = CaseGroup(context, context.scope, [state.case_id for state, _ in told])
    shown = [(state, clocks) for state, clocks in told if every or any(map(_differs, clocks))]
    at = group.told_at
    return WhatIf(
        cases=len(told),
        truncated=more,
        figures=_figures([each for _, clocks in told for each in clocks], at),
        told=[
            WhatIfCase(case=case_of(state, group), clocks=[_clock(each, at) for each in clocks])
            for state, clocks in shown[:first]
        ],
    )


def _differs(each: Compared) -> bool:
    return _due(each)[0] != _due(each)[1]


def _due(each: Compared) -> tuple[datetime | None, datetime | None]:
    return each.now and each.now.clock.due, each.then and each.then.clock.due


def _late(each: Compared, at: datetime) -> tuple[bool, bool]:
    return (
        each.now is not None and each.now.is_late(at),
        each.then is not None and each.then.is_late(at),
    )


def _figures(clocks: Collection[Compared], at: datetime) -> list[WhatIfFigure]:
    counted: Counter[ClockKind] = Counter()
    late: Counter[ClockKind] = Counter()
    would_be: Counter[ClockKind] = Counter()
    for each in clocks:
        kind, (is_late, would_be_late) = _one_of(each).clock.kind, _late(each, at)
        counted[kind] += 1
        late[kind] += is_late
        would_be[kind] += would_be_late
    return [
        WhatIfFigure(kind=kind, clocks=counted[kind], late=late[kind], would_be_late=would_be[kind])
        for kind in ClockKind
        if counted[kind]
    ]


def _one_of(each: Compared) -> Told:
    told = each.now or each.then
    assert told is not None, "a clock is timed in one of both"  # noqa: S101
    return told


def _clock(each: Compared, at: datetime) -> WhatIfClock:
    one, (due, would_be_due), (late, would_be_late) = _one_of(each), _due(each), _late(each, at)
    return WhatIfClock(
        name=one.clock.name,
        kind=one.clock.kind,
        unit=unit_of(one.clock.unit),
        started_at=one.clock.started_at,
        stopped_at=one.stopped_at,
        due=due,
        would_be_due=would_be_due,
        late=late,
        would_be_late=would_be_late,
    )
