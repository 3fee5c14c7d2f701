"""What a command on the configuration results in: the version, or why nothing changed."""

from typing import Annotated

import strawberry
from strawberry import field

from domain import refusal
from domain.command import Command
from domain.versioning import VersionCommand
from projections.configuration import Kind, VersionRow, version_by_number, version_drafted
from schema.case.result import VersionConflict
from schema.configuration.calendars import CalendarVersion
from schema.configuration.versions import CatalogueVersion, RoutingVersion
from schema.context import Context
from schema.errors import CommandRefused, InvalidInput, NotFound, NotPermitted
from schema.scalars import Position


@strawberry.type(description="The command on the catalogue was carried out, now or earlier.")
class CatalogueChanged:
    """The command was carried out."""

    version: CatalogueVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(description="The command on the routing policy was carried out, now or earlier.")
class RoutingChanged:
    """The command was carried out."""

    version: RoutingVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(description="The command on the work calendars was carried out, now or earlier.")
class CalendarChanged:
    """The command was carried out."""

    version: CalendarVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


CatalogueResult = Annotated[
    CatalogueChanged | CommandRefused | VersionConflict | NotPermitted | NotFound | InvalidInput,
    strawberry.union(
        "CatalogueResult", description="The version, or why the command was not carried out."
    ),
]
RoutingResult = Annotated[
    RoutingChanged | CommandRefused | VersionConflict | NotPermitted | NotFound | InvalidInput,
    strawberry.union(
        "RoutingResult", description="The version, or why the command was not carried out."
    ),
]
CalendarResult = Annotated[
    CalendarChanged | CommandRefused | VersionConflict | NotPermitted | NotFound | InvalidInput,
    strawberry.union(
        "CalendarResult", description="The version, or why the command was not carried out."
    ),
]


async def change_catalogue(context: Context, command: Command) -> CatalogueChanged:
    """Execute a command on the catalogue. Raises its refusal."""
    row, position = await _carry_out(context, command, Kind.CATALOGUE)
    return CatalogueChanged(version=CatalogueVersion(row=row), position=position)


async def change_routing(context: Context, command: Command) -> RoutingChanged:
    """Execute a command on the routing policy. Raises its refusal."""
    row, position = await _carry_out(context, command, Kind.ROUTING)
    return RoutingChanged(version=RoutingVersion(row=row), position=position)


async def change_calendar(context: Context, command: Command) -> CalendarChanged:
    """Execute a command on the work calendars. Raises its refusal."""
    row, position = await _carry_out(context, command, Kind.CALENDAR)
    return CalendarChanged(version=CalendarVersion(row=row), position=position)


async def _carry_out(context: Context, command: Command, kind: Kind) -> tuple[VersionRow, Position]:
    done = await context.commands.execute(command, context.caller)
    async with context.reads.acquire() as connection:
        if isinstance(command, VersionCommand):
            row = await version_by_number(connection, kind, command.number, all_versions=True)
        else:
            row = await version_drafted(connection, kind, done.first_version, done.last_version)
    if row is None:
        raise refusal.NotFound(what="version")
    return row, Position(done.position)
