"""What a command on a case results in: the case as it is now, or why nothing changed."""

from dataclasses import replace
from typing import Annotated

import strawberry
from strawberry import field
from strawberry.schema.exception_handlers import ExceptionHandler
from strawberry.types.field import StrawberryField

from domain import refusal
from domain.command import Command, Executed
from domain.identity import ActorKind
from domain.scope import Scope
from projections.cases import case_by_id
from projections.timeline import events_between, events_of_command
from schema.case.group import CaseGroup
from schema.case.types import Case, CaseEvent, case_of, event_of, events_of
from schema.context import Context
from schema.errors import CommandError, CommandRefused, InvalidInput, NotFound, NotPermitted
from schema.info import Info
from schema.languages import message_of
from schema.scalars import Position


@strawberry.type(description="The command was carried out, now or by an earlier try with its id.")
class CaseChanged:
    """The command was carried out."""

    case: Case = field(description="The case as it is now.")
    events: list[CaseEvent] = field(
        description="What the command caused; none where it was so already."
    )
    position: Position = field(
        description="The journal's position of the last of these events: what a reader waits for."
    )
    tracking_code: str | None = field(
        default=None,
        description="Of registerCase and reissueTrackingCode: what opens the case, with its "
        "number, to whoever brought it (openTracking). Nobody can look it up later.",
    )


@strawberry.type(description="The case has moved on since the version that the client saw.")
class VersionConflict(CommandError):
    """The case has moved on."""

    current_version: int = field(description="The version of the case now.")
    missed: list[CaseEvent] = field(
        description="What happened since, as far as the caller may see it."
    )


CaseResult = Annotated[
    CaseChanged | CommandRefused | VersionConflict | NotPermitted | NotFound | InvalidInput,
    strawberry.union(
        "CaseResult", description="The changed case, or why the command was not carried out."
    ),
]


class VersionConflictHandler(ExceptionHandler[refusal.VersionConflict, VersionConflict]):
    """What met another version than expected."""

    async def handle(
        self, exception: refusal.VersionConflict, *, field: StrawberryField, info: Info
    ) -> VersionConflict:
        context = info.context
        async with context.reads.acquire() as connection:
            missed = await events_between(
                connection,
                context.scope,
                exception.stream_id,
                min(exception.expected_version, exception.current_version) + 1,
                exception.current_version,
            )
        return VersionConflict(
            code=exception.code,
            message=message_of(exception, context.language),
            current_version=exception.current_version,
            missed=events_of(missed, context, context.scope),
        )


async def carry_out_and_track(context: Context, command: Command) -> CaseChanged:
    """`carry_out`, with the tracking code that the command gave the case, while that opens it."""
    changed = await carry_out(context, command)
    code = await context.tracking.code_of(changed.case.state.case_id, changed.position)
    return replace(changed, tracking_code=code)


async def carry_out(context: Context, command: Command) -> CaseChanged:
    """Execute a command on a case. Raises its refusal, which a handler makes part of the result."""
    executed = await context.commands.execute(command, context.caller)
    changed = await _changed(context, context.scope, executed)
    if changed is None:
        changed = await _changed(context, _author_of(executed), executed)
        # A stranger who repeats a registration is the reporter, by the code they are shown again.
        brought = command.CREATES and context.caller.kind is ActorKind.ANONYMOUS
        if changed is None or not (brought or changed.case.version == executed.last_version):
            raise refusal.NotFound(what="case")
    return changed


def _author_of(executed: Executed) -> Scope:
    """What whoever gave a command sees of its case, where what they did took it out of their sight.

    As if it were their own, that case alone; once something else happened to it, no longer.
    """
    return Scope(every_case=False, own=None, internal=False, tracked=executed.stream_id)


async def _changed(context: Context, scope: Scope, executed: Executed) -> CaseChanged | None:
    case_id = executed.stream_id
    async with context.by_key.acquire() as connection:
        state = await case_by_id(connection, scope, case_id)
        recorded = await events_of_command(connection, scope, executed)
    if state is None:
        return None
    group = CaseGroup(context, scope, {case_id, *(each.stream_id for each in recorded)})
    return CaseChanged(
        case=case_of(state, group),
        events=[event_of(each, group) for each in recorded],
        position=Position(executed.position),
    )
