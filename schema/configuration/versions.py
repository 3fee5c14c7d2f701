"""Versions of the configuration: how far each has come; what catalogue and routing say."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.configuration import VersionState
from domain.routing_policy.content import RoutingVersion as RoutingContent
from domain.routing_policy.route import problems
from domain.wording import TITLE_LIMIT, optional
from projections.configuration import VersionRow
from projections.paging import page_request
from schema.configuration.case_types import CaseType, types_in
from schema.configuration.finding import content_of, one_of, sees_drafts
from schema.configuration.in_memory import connection_in_memory
from schema.configuration.routing import RoutingProblem, RoutingRule, problem_of, rule_of
from schema.context import Context
from schema.directory.types import OrgUnit
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last

Parent = Annotated[
    str | None,
    argument(
        name="parent", description="The types right below this one; the topmost ones by default."
    ),
]
Search = Annotated[
    str | None,
    argument(
        name="search",
        description="A text in code or label, in either language: then types of any depth, below "
        "`parent` where it is given.",
    ),
]
ProblemsAt = Annotated[
    datetime | None, argument(name="at", description="As of this time; now by default.")
]


@strawberry.interface(
    description="A version of the configuration: drafted, proposed, published by a second person, "
    "retired. Its content never changes."
)
class ConfigurationVersion:
    """What a version of each has."""

    row: strawberry.Private[VersionRow]

    @field(description="1, 2, 3 ... in the order of the drafts.")
    def number(self) -> int:
        return self.row.number

    @field(description="How far it has come.")
    def state(self) -> VersionState:
        return self.row.state

    @field(description="What it is called.")
    def title(self) -> str:
        return self.row.title

    @field(description="The pack it came from, as name@version.")
    def pack(self) -> str | None:
        return self.row.pack

    @field(description="Who drafted it; null where the caller may not see it.")
    def drafted_by(self, info: Info) -> str | None:
        return self.row.drafted_by if sees_drafts(info.context) else None

    @field(description="When it was drafted.")
    def drafted_at(self) -> datetime:
        return self.row.drafted_at

    @field(description="Who answers for it; null where the caller may not see it.")
    def proposed_by(self, info: Info) -> str | None:
        return self.row.proposed_by if sees_drafts(info.context) else None

    @field(description="When it was proposed.")
    def proposed_at(self) -> datetime | None:
        return self.row.proposed_at

    @field(description="Who published it as a second person; null where the caller may not see it.")
    def published_by(self, info: Info) -> str | None:
        return self.row.published_by if sees_drafts(info.context) else None

    @field(description="When it was published.")
    def published_at(self) -> datetime | None:
        return self.row.published_at

    @field(description="From when on it is in force, until a newer one is or it is retired.")
    def valid_from(self) -> datetime | None:
        return self.row.valid_from

    @field(description="Who retired it; null where the caller may not see it.")
    def retired_by(self, info: Info) -> str | None:
        return self.row.retired_by if sees_drafts(info.context) else None

    @field(description="When it was retired.")
    def retired_at(self) -> datetime | None:
        return self.row.retired_at


@strawberry.type(description="A version of the catalogue of matters 事项目录.")
class CatalogueVersion(ConfigurationVersion):
    """A version of the catalogue."""

    @field(description="Its types, in their order.")
    async def types(
        self,
        info: Info,
        *,
        parent: Parent = None,
        search: Search = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CaseType]:
        page = page_request(first, after, last, before)
        text = optional(["search"], search, TITLE_LIMIT)
        version = await content_of(info.context, lambda known: known.catalogue, self.row.number)
        return types_in(version, parent, text, page)


@strawberry.type(description="A version of the routing policy 派单规则.")
class RoutingVersion(ConfigurationVersion):
    """A version of the routing policy."""

    @field(description="The unit that takes what no rule fits.")
    async def fallback_unit(self, info: Info) -> OrgUnit | None:
        content = await _routing(info.context, self.row.number)
        return None if content is None else OrgUnit(code=content.fallback_unit)

    @field(description="Its rules, highest priority first.")
    async def rules(
        self,
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RoutingRule]:
        page = page_request(first, after, last, before)
        content = await _routing(info.context, self.row.number)
        rules = [] if content is None else list(content.rules)
        rules.sort(key=lambda rule: (-rule.priority, rule.id))
        return connection_in_memory("routingRules", rules, lambda rule: rule.id, page, rule_of)

    @field(description="What is wrong with it: its rules that cannot be evaluated at a time.")
    async def problems(self, info: Info, at: ProblemsAt = None) -> list[RoutingProblem]:
        content = await _routing(info.context, self.row.number)
        if content is None:
            return []
        moment, known = one_of(None, at), info.context.configuration
        catalogue = None if known.catalogue is None else known.catalogue.in_force(moment)
        return [problem_of(each) for each in problems(content, moment, known.directory, catalogue)]


async def _routing(context: Context, number: int) -> RoutingContent | None:
    return await content_of(context, lambda known: known.routing, number)
