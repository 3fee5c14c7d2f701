"""The schema, put together."""

from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.case.deadlines import DeadlineSubscription
from schema.case.mutations import CaseMutation
from schema.case.queries import CaseQuery
from schema.case.result import VersionConflictHandler
from schema.case.routing import RoutingMetricsQuery
from schema.case.subscription import CaseSubscription
from schema.case.totals import CaseTotalsQuery
from schema.configuration.mutations import ConfigurationMutation
from schema.configuration.queries import ConfigurationQuery
from schema.directory.mutations import DirectoryMutation
from schema.directory.queries import DirectoryQuery
from schema.errors import (
    InvalidInputHandler,
    NotFoundHandler,
    NotPermittedHandler,
    RefusedHandler,
)
from schema.executor import AttributeExecutor
from schema.journal import JournalQuery
from schema.labels import LabelsQuery
from schema.log_facts import LogFactsQuery
from schema.masking import CodedErrors
from schema.metrics.queries import MetricQuery
from schema.nodes import NodeQuery
from schema.personal_data import PersonalDataQuery
from schema.public_cases import PublicCaseQuery
from schema.responsibility import ResponsibilityQuery
from schema.scalars import SCALARS
from schema.supervision.queries import SupervisionQuery
from schema.viewer import ViewerQuery
from schema.what_if import WhatIfQuery
from schema.worklists import WorklistMutation, WorklistQuery, WorklistSubscription


@strawberry.type(description="Everything that can be asked.")
class Query(
    NodeQuery,
    ViewerQuery,
    CaseQuery,
    CaseTotalsQuery,
    RoutingMetricsQuery,
    MetricQuery,
    JournalQuery,
    LogFactsQuery,
    ConfigurationQuery,
    DirectoryQuery,
    LabelsQuery,
    PersonalDataQuery,
    WorklistQuery,
    ResponsibilityQuery,
    PublicCaseQuery,
    SupervisionQuery,
    WhatIfQuery,
):
    """Everything that can be asked."""


@strawberry.type(description="Every command. A command never says which state to set.")
class Mutation(CaseMutation, ConfigurationMutation, DirectoryMutation, WorklistMutation):
    """Every command."""


@strawberry.type(description="Everything that can be watched.")
class Subscription(CaseSubscription, WorklistSubscription, DeadlineSubscription):
    """Everything that can be watched."""


# The first that fits an exception takes it: the one for any refusal comes last.
HANDLERS: Final = (
    InvalidInputHandler(),
    NotFoundHandler(),
    NotPermittedHandler(),
    VersionConflictHandler(),
    RefusedHandler(),
)


class WardbookSchema(strawberry.Schema):
    """A schema whose unexpected errors are logged once, by `CodedErrors`."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here."""


def build_schema() -> strawberry.Schema:
    """The schema of the service, with its scalars, refusals and errors."""
    return WardbookSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[CodedErrors],
        exception_handlers=HANDLERS,
        execution_context_class=AttributeExecutor,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
