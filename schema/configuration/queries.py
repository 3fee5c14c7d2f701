"""Reading the configuration: versions, types of cases, and routing explained."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.permissions import READ_CATALOGUE, READ_CONFIGURATION
from domain.routing_policy.route import route
from domain.wording import TITLE_LIMIT, optional
from projections.configuration import (
    Kind,
    VersionRow,
    count_versions,
    list_versions,
    version_by_number,
    version_in_force,
)
from projections.paging import Page, PageRequest, page_request
from schema.configuration.calendars import CalendarVersion
from schema.configuration.case_types import CaseType, types_in
from schema.configuration.finding import (
    AtArgument,
    VersionArgument,
    catalogue_version,
    one_of,
    require,
    routing_version,
    sees_drafts,
)
from schema.configuration.inputs import ExplainRoutingInput
from schema.configuration.routing import RoutingExplanation, explanation_of
from schema.configuration.versions import CatalogueVersion, Parent, RoutingVersion, Search
from schema.context import Context
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of

Code = Annotated[str, argument(name="code", description="The code of the type.")]
Asked = Annotated[
    ExplainRoutingInput, argument(name="input", description="What the case says about itself.")
]


@strawberry.type
class ConfigurationQuery:
    """The queries of catalogue, routing policy and work calendars."""

    @field(
        description="A version of the catalogue: by number, or the one in force at a time. Null "
        "where there is none that the caller may see."
    )
    async def catalogue(
        self, info: Info, version: VersionArgument = None, at: AtArgument = None
    ) -> CatalogueVersion | None:
        require(info.context, READ_CATALOGUE)
        row = await _version(info.context, Kind.CATALOGUE, version, at)
        return None if row is None else CatalogueVersion(row=row)

    @field(
        description="The versions of the catalogue by number; those that were published, for "
        "callers who may not see drafts."
    )
    async def catalogues(
        self,
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CatalogueVersion]:
        require(info.context, READ_CATALOGUE)
        page = page_request(first, after, last, before)
        found = await _versions(info.context, Kind.CATALOGUE, page)

        async def count() -> int:
            return await _count(info.context, Kind.CATALOGUE)

        return connection_of(found.map(lambda row: CatalogueVersion(row=row)), count)

    @field(
        description="Types of cases: the topmost ones, those right below one, or those that have a "
        "text in code or label."
    )
    async def case_types(
        self,
        info: Info,
        *,
        parent: Parent = None,
        search: Search = None,
        version: VersionArgument = None,
        at: AtArgument = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CaseType]:
        require(info.context, READ_CATALOGUE)
        page = page_request(first, after, last, before)
        text = optional(["search"], search, TITLE_LIMIT)
        return types_in(catalogue_version(info.context, version, at), parent, text, page)

    @field(description="One type of case; null where the catalogue does not have it.")
    async def case_type(
        self, info: Info, code: Code, version: VersionArgument = None, at: AtArgument = None
    ) -> CaseType | None:
        require(info.context, READ_CATALOGUE)
        content = catalogue_version(info.context, version, at)
        if content is None or content.type(code) is None:
            return None
        return CaseType(code=code, pinned=content.number)

    @field(
        description="A version of the routing policy: by number, or the one in force at a time. "
        "For those who dispatch, supervise, audit or keep the catalogue."
    )
    async def routing_policy(
        self, info: Info, version: VersionArgument = None, at: AtArgument = None
    ) -> RoutingVersion | None:
        require(info.context, READ_CONFIGURATION)
        row = await _version(info.context, Kind.ROUTING, version, at)
        return None if row is None else RoutingVersion(row=row)

    @field(description="The versions of the routing policy by number.")
    async def routing_policies(
        self,
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RoutingVersion]:
        require(info.context, READ_CONFIGURATION)
        page = page_request(first, after, last, before)
        found = await _versions(info.context, Kind.ROUTING, page)

        async def count() -> int:
            return await _count(info.context, Kind.ROUTING)

        return connection_of(found.map(lambda row: RoutingVersion(row=row)), count)

    @field(
        description="A version of the work calendars: by number, or the one in force at a time. "
        "Null where there is none that the caller may see."
    )
    async def calendar(
        self, info: Info, version: VersionArgument = None, at: AtArgument = None
    ) -> CalendarVersion | None:
        require(info.context, READ_CATALOGUE)
        row = await _version(info.context, Kind.CALENDAR, version, at)
        return None if row is None else CalendarVersion(row=row)

    @field(
        description="The versions of the work calendars by number; those that were published, for "
        "callers who may not see drafts."
    )
    async def calendars(
        self,
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CalendarVersion]:
        require(info.context, READ_CATALOGUE)
        page = page_request(first, after, last, before)
        found = await _versions(info.context, Kind.CALENDAR, page)

        async def count() -> int:
            return await _count(info.context, Kind.CALENDAR)

        return connection_of(found.map(lambda row: CalendarVersion(row=row)), count)

    @field(
        description="Where a case would go and why: a question, of which nothing is recorded. Null "
        "where there is no such routing policy, or none in force."
    )
    async def explain_routing(self, info: Info, given: Asked) -> RoutingExplanation | None:
        require(info.context, READ_CONFIGURATION)
        known, case, moment = info.context.configuration, given.case(), one_of(None, given.at)
        policy = routing_version(
            info.context, given.version, None if given.version is not None else moment
        )
        if policy is None:
            return None
        catalogue = None if known.catalogue is None else known.catalogue.in_force(moment)
        return explanation_of(route(policy, case, moment, known.directory, catalogue))


async def _version(
    context: Context, kind: Kind, version: VersionArgument, at: AtArgument
) -> VersionRow | None:
    moment = one_of(version, at)
    async with context.reads.acquire() as connection:
        if version is None:
            return await version_in_force(connection, kind, moment)
        return await version_by_number(connection, kind, version, all_versions=sees_drafts(context))


async def _versions(context: Context, kind: Kind, page: PageRequest) -> Page[VersionRow]:
    async with context.reads.acquire() as connection:
        return await list_versions(connection, kind, page, all_versions=sees_drafts(context))


async def _count(context: Context, kind: Kind) -> int:
    async with context.reads.acquire() as connection:
        return await count_versions(connection, kind, all_versions=sees_drafts(context))
