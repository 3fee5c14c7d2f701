"""The parts of the contract that every configuration has: four mutations, two queries, one result.

They differ in names, words and content alone; each is put together here from those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Final, Protocol, TypeVar

import strawberry
from strawberry import argument, field, mutation
from strawberry.types.field import StrawberryField

from domain import refusal
from domain.command import Command
from domain.permissions import READ_CATALOGUE, READ_CONFIGURATION
from domain.versioning import ProposeVersion, PublishVersion, RetireVersion, VersionCommand
from projections.configuration import (
    Kind,
    VersionRow,
    count_versions,
    list_versions,
    version_by_number,
    version_drafted,
    version_in_force,
)
from projections.paging import page_request
from schema.case.result import VersionConflict
from schema.configuration.finding import (
    AtArgument,
    VersionArgument,
    one_of,
    require,
    sees_drafts,
)
from schema.configuration.inputs import PublishVersionInput, VersionInput
from schema.configuration.versions import ConfigurationVersion
from schema.context import Context
from schema.errors import CommandRefused, InvalidInput, NotFound, NotPermitted
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.scalars import Position

_INPUT: Final = argument(name="input", description="The command's own fields.")
_REFUSED: Final = (CommandRefused, VersionConflict, NotPermitted, NotFound, InvalidInput)


Given = TypeVar("Given")


class Drafting(Protocol):
    """The input of a draft, which makes its command."""

    def command(self) -> Command:
        """The command."""
        ...


@dataclass(frozen=True)
class ConfigurationKind:
    """One configuration in the contract.

    what: it in a sentence. version: the type of its versions. changed: what a command results in
    that was carried out, made of a version and a position. result: the name of the union of that
    and the refusals. for_staff: it is read by those who see drafts alone.
    """

    kind: Kind
    what: str
    version: type[ConfigurationVersion]
    changed: Callable[..., object]
    result: str
    for_staff: bool = False

    def draft(self, given: type[Drafting]) -> StrawberryField:
        """The mutation by which a version is written down."""
        return self._mutation(
            given,
            lambda said: said.command(),
            f"Write a version of {self.what} down; the same content again is no new one.",
        )

    def propose(self, command: type[ProposeVersion], given: type[VersionInput]) -> StrawberryField:
        """The mutation by which somebody answers for a draft."""
        words = f"Answer for a draft of {self.what} and ask for its publication."
        return self._mutation(given, lambda said: command(**said.step()), words)

    def publish(
        self, command: type[PublishVersion], given: type[PublishVersionInput]
    ) -> StrawberryField:
        """The mutation by which a second person puts a version in force."""
        words = f"Put a version of {self.what} in force that somebody else proposed."
        return self._mutation(given, lambda said: command(**said.step()), words)

    def retire(self, command: type[RetireVersion], given: type[VersionInput]) -> StrawberryField:
        """The mutation that ends a version."""
        words = f"End a version of {self.what}; where it was in force, the one before it is."
        return self._mutation(given, lambda said: command(**said.step()), words)

    def one(self) -> StrawberryField:
        """The query for one version: by number, or the one in force at a time."""

        async def found(
            info: Info, version: VersionArgument = None, at: AtArgument = None
        ) -> object:
            require(info.context, self._permission)
            row = await self._found(info.context, version, at)
            return None if row is None else self.version(row=row)

        found.__annotations__["return"] = self.version | None
        words = f"A version of {self.what}: by number, or the one in force at a time."
        return field(found, description=f"{words} {self._readers}")

    def all(self) -> StrawberryField:
        """The query for its versions by number."""

        async def found(
            info: Info,
            *,
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
        ) -> object:
            require(info.context, self._permission)
            page = page_request(first, after, last, before)
            everything = sees_drafts(info.context)
            async with info.context.reads.acquire() as connection:
                rows = await list_versions(connection, self.kind, page, all_versions=everything)

            async def count() -> int:
                async with info.context.reads.acquire() as connection:
                    return await count_versions(connection, self.kind, all_versions=everything)

            return connection_of(rows.map(lambda row: self.version(row=row)), count)

        versions = Connection[self.version]  # type: ignore[name-defined]  # found here
        found.__annotations__["return"] = versions | None if self.for_staff else versions
        words = f"The versions of {self.what} by number"
        if self.for_staff:
            return field(found, description=f"{words}. {self._readers}")
        words = f"{words}; those that were published, for callers who may not see drafts"
        return field(found, description=f"{words}.")

    @property
    def _permission(self) -> str:
        return READ_CONFIGURATION if self.for_staff else READ_CATALOGUE

    @property
    def _readers(self) -> str:
        if self.for_staff:
            return "For those who dispatch, supervise, audit or keep the catalogue."
        return "Null where there is none that the caller may see."

    def _mutation(
        self, given: type[Given], command_of: Callable[[Given], Command], description: str
    ) -> StrawberryField:
        async def carried_out(info: Info, given: Given) -> object:
            return await self._carry_out(info.context, command_of(given))

        words = "The version, or why the command was not carried out."
        result = strawberry.union(self.result, description=words)
        carried_out.__annotations__ |= {
            "given": Annotated[given, _INPUT],
            "return": Annotated[reduce(or_, (self.changed, *_REFUSED)), result],
        }
        return mutation(carried_out, description=description)

    async def _carry_out(self, context: Context, command: Command) -> object:
        """Execute a command. Raises its refusal."""
        done = await context.commands.execute(command, context.caller)
        async with context.reads.acquire() as connection:
            if isinstance(command, VersionCommand):
                row = await version_by_number(
                    connection, self.kind, command.number, all_versions=True
                )
            else:
                versions = (done.first_version, done.last_version)
                row = await version_drafted(connection, self.kind, *versions)
        if row is None:
            raise refusal.NotFound(what="version")
        return self.changed(version=self.version(row=row), position=Position(done.position))

    async def _found(
        self, context: Context, version: VersionArgument, at: AtArgument
    ) -> VersionRow | None:
        moment = one_of(version, at)
        async with context.reads.acquire() as connection:
            if version is None:
                return await version_in_force(connection, self.kind, moment)
            everything = sees_drafts(context)
            return await version_by_number(connection, self.kind, version, all_versions=everything)
