"""Reading the configuration: versions, types of cases, and routing explained."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.permissions import READ_CATALOGUE, READ_CONFIGURATION
from domain.routing_policy.route import route
from domain.wording import TITLE_LIMIT, optional
from projections.paging import page_request
from schema.configuration.case_types import CaseType, types_in
from schema.configuration.finding import (
    AtArgument,
    VersionArgument,
    catalogue_version,
    one_of,
    require,
    routing_version,
)
from schema.configuration.inputs import ExplainRoutingInput
from schema.configuration.result import (
    CALENDAR,
    CATALOGUE,
    ESCALATION_POLICY,
    METRIC_DEFINITIONS,
    ROUTING,
    SLA_POLICY,
)
from schema.configuration.routing import RoutingExplanation, explanation_of
from schema.configuration.versions import Parent, Search
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last

Code = Annotated[str, argument(name="code", description="The code of the type.")]
Asked = Annotated[
    ExplainRoutingInput, argument(name="input", description="What the case says about itself.")
]


@strawberry.type
class ConfigurationQuery:
    """The queries of every configuration."""

    catalogue = CATALOGUE.one()
    catalogues = CATALOGUE.all()

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

    routing_policy = ROUTING.one()
    routing_policies = ROUTING.all()

    calendar = CALENDAR.one()
    calendars = CALENDAR.all()

    sla_policy = SLA_POLICY.one()
    sla_policies = SLA_POLICY.all()

    escalation_policy = ESCALATION_POLICY.one()
    escalation_policies = ESCALATION_POLICY.all()

    metric_definitions = METRIC_DEFINITIONS.one()
    metric_definitions_versions = METRIC_DEFINITIONS.all()

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
