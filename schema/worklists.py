"""Worklists: what waits for the caller, how many there are, and what comes and goes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import argument, field, mutation

from domain import refusal
from domain.watching import UnwatchCase, WatchCase
from projections.cases import case_by_id
from projections.paging import page_request
from projections.worklists import (
    Movement,
    WorklistKind,
    WorklistMovement,
    count_worklist,
    count_worklists,
    movements_after,
    worklist,
)
from schema import ids
from schema.case.group import CaseGroup
from schema.case.inputs.base import CaseInput
from schema.case.mutations.base import INPUT
from schema.case.result import CaseChanged, CaseResult
from schema.case.subscription import BATCH, WatchedAfter, start_of
from schema.case.types import Case, case_of
from schema.context import Context
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.scalars import Position

Kind = Annotated[WorklistKind, argument(description="Which list.")]


@strawberry.type(description="How many cases are in one of the caller's worklists.")
class WorklistCount:
    """How many cases are in a list."""

    kind: WorklistKind = field(description="Which list.")
    count: int = field(description="How many cases are in it now.")


@strawberry.type(description="A case came into a worklist, left it, or changed in it.")
class WorklistChange:
    """A change of a list."""

    position: Position = field(description="Of the event that did it: what to resume after.")
    kind: WorklistKind = field(description="Which list.")
    movement: Movement = field(description="What the event did.")
    case_id: strawberry.ID = field(description="The caseId of the case.")
    group: strawberry.Private[CaseGroup]
    uuid: strawberry.Private[UUID]

    @field(description="The case as it is now; null where the caller may see it no longer.")
    async def case(self) -> Case | None:
        state = await self.group.case(self.uuid)
        return None if state is None else case_of(state, self.group)


@strawberry.type
class WorklistQuery:
    """The queries of worklists."""

    @field(
        description="One of the caller's worklists, the most urgent cases first and of those the "
        "oldest."
    )
    async def worklist(
        self,
        info: Info,
        *,
        kind: Kind,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Case]:
        context = info.context
        wanted = page_request(first, after, last, before)
        async with context.reads.acquire() as connection:
            page = await worklist(connection, context.scope, context.caller, kind, wanted)
        group = CaseGroup(context, context.scope, {state.case_id for state in page.rows})
        cases = page.map(lambda state: case_of(state, group))
        return connection_of(cases, lambda: _count(context, kind))

    @field(description="How many cases are in each of the caller's worklists.")
    async def worklist_counts(self, info: Info) -> list[WorklistCount]:
        context = info.context
        async with context.reads.acquire() as connection:
            counts = await count_worklists(connection, context.scope, context.caller)
        return [WorklistCount(kind=kind, count=count) for kind, count in counts.items()]


async def _count(context: Context, kind: WorklistKind) -> int:
    async with context.reads.acquire() as connection:
        return await count_worklist(connection, context.scope, context.caller, kind)


@strawberry.input(
    description="Watch a case. It may have moved on: expectedVersion makes no difference."
)
class WatchCaseInput(CaseInput):
    """watchCase."""


@strawberry.input(description="Stop watching a case. expectedVersion makes no difference.")
class UnwatchCaseInput(CaseInput):
    """unwatchCase."""


@strawberry.type
class WorklistMutation:
    """What the caller watches."""

    @mutation(
        description="Watch a case: it is in the worklist WATCHED until unwatchCase. The events are "
        "those of the caller's own list, so there are none of the case."
    )
    async def watch_case(self, info: Info, given: Annotated[WatchCaseInput, INPUT]) -> CaseResult:
        return await _watch(info.context, WatchCase, given.common())

    @mutation(description="Stop watching a case.")
    async def unwatch_case(
        self, info: Info, given: Annotated[UnwatchCaseInput, INPUT]
    ) -> CaseResult:
        return await _watch(info.context, UnwatchCase, given.common())


async def _watch(
    context: Context, kind: type[WatchCase] | type[UnwatchCase], common: dict[str, Any]
) -> CaseChanged:
    """Whoever does not see a case, watches none: the list would tell that it is there."""
    async with context.reads.acquire() as connection:
        state = await case_by_id(connection, context.scope, common["case_id"])
    if state is None:
        raise refusal.NotFound(what="case")
    caller = context.caller
    command = kind(
        **common | {"expected_version": None},
        principal=caller.principal,
        reporter=caller.principal if caller.tracks == state.case_id else state.reporter,
    )
    executed = await context.commands.execute(command, caller)
    group = CaseGroup(context, context.scope, [state.case_id])
    return CaseChanged(case=case_of(state, group), events=[], position=Position(executed.position))


@strawberry.type
class WorklistSubscription:
    """The subscription of worklists."""

    @strawberry.subscription(
        description=(
            "What comes into a worklist of the caller, leaves it, and changes in it, in the order "
            "of positions: first what was recorded after `after`, then what is to come. Whose "
            "work it is follows the caller's posts at each moment; where those change, read the "
            "list anew."
        )
    )
    async def worklist_changed(
        self, info: Info, kind: Kind, after: WatchedAfter = None
    ) -> AsyncGenerator[WorklistChange, None]:
        start = await start_of(info.context, after)
        async with aclosing(_changes(info.context, kind, start)) as changes:
            async for change in changes:
                yield change


async def _changes(
    context: Context, kind: WorklistKind, position: int
) -> AsyncGenerator[WorklistChange, None]:
    """Everything after `position`, for ever; the caller's rights are those of each moment."""
    async for head in context.journal.follow(position):
        while position < head:
            then = context.renewed()
            found, read = await _read(then, kind, position, head)
            for each in found:
                now = context.renewed()
                if (now.scope, now.caller) != (then.scope, then.caller):
                    break  # with other rights, what is next may be another: read again
                yield _change(each, kind, now)
                position = each.position
            else:
                position = read


async def _read(
    context: Context, kind: WorklistKind, position: int, head: int
) -> tuple[list[WorklistMovement], int]:
    async with context.reads.acquire() as connection:
        return await movements_after(
            connection,
            context.scope,
            context.caller,
            kind,
            after_position=position,
            until_position=head,
            limit=BATCH,
        )


def _change(moved: WorklistMovement, kind: WorklistKind, context: Context) -> WorklistChange:
    """Each by itself: what hangs on an item is read when the item is delivered."""
    return WorklistChange(
        position=Position(moved.position),
        kind=kind,
        movement=moved.movement,
        case_id=strawberry.ID(ids.case_id(moved.case_id)),
        group=CaseGroup(context, context.scope, {moved.case_id}),
        uuid=moved.case_id,
    )
