"""Asking the schema in process, as a caller: what a client sends and what it gets.

api.by(REGISTRAR).change("acceptCase", case) ; api.by(AUDITOR).ask("{ journal { position } }")
"""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import ExecutionResult

from app.directory import CurrentDirectory
from domain.identity import Caller
from domain.scope import scope_of
from projections.view import Connection
from schema.build import build_schema
from schema.context import (
    NOT_CONFIGURED,
    NOTHING_KEPT,
    NOTHING_OFFERED,
    CaseActions,
    Commands,
    Configuration,
    Context,
    JournalReader,
    PersonalDataReader,
    Reads,
)

CASE: Final = """
    id caseId caseNo version stage title description type { code } channel urgency
    location { area { code } point { latitude longitude precision } }
    leadUnit { code } coUnits { code } cycle outcome onBehalf relation isCurrent
    registeredAt acceptedAt closedAt
"""
EVENT: Final = """
    id position version type caseId occurredAt recordedAt
    actor { principal kind unit { code } post } authority policyVersion reason
    changes { field before after } payload commandId correlationId
"""
RESULT: Final = f"""
    __typename
    ... on CaseChanged {{ position case {{ {CASE} }} events {{ {EVENT} }} }}
    ... on CommandError {{ code message }}
    ... on CommandRefused {{ facts }}
    ... on InvalidInput {{ path }}
    ... on VersionConflict {{ currentVersion missed {{ {EVENT} }} }}
"""


REMEMBERED: Final = 400
"""Texts: more than the fields of the query, times the ways to aim at a case, and the mutations."""


def remembering_schema() -> strawberry.Schema:
    """The service's schema; a text is parsed and validated once, as the web layer does.

    Of a test that asks in process, that is most of the work.
    """
    schema = build_schema()
    schema.extensions = (
        lambda: ParserCache(REMEMBERED),
        lambda: ValidationCache(REMEMBERED),
        *schema.extensions,
    )
    return schema


class Answered(AssertionError):
    """A request that should have been refused was answered, or the other way round."""


@dataclass
class Asker:
    """One caller of the API."""

    schema: strawberry.Schema
    context: Context

    async def execute(self, query: str, **variables: object) -> ExecutionResult:
        return await self.schema.execute(
            query, variable_values=dict(variables), context_value=self.context
        )

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """The data of a query that must succeed."""
        result = await self.execute(query, **variables)
        if result.errors or result.data is None:
            raise Answered(result.errors)
        return result.data

    async def refused(self, query: str, **variables: object) -> dict[str, Any]:
        """The extensions of the one error of a query that must be refused."""
        result = await self.execute(query, **variables)
        if not result.errors or len(result.errors) != 1:
            raise Answered(result)
        return dict(result.errors[0].extensions or {})

    async def give(self, command: str, **given: object) -> dict[str, Any]:
        """The result of a mutation, with a command id of its own unless one is given."""
        given.setdefault("commandId", str(uuid4()))
        kind = command[0].upper() + command[1:]
        query = f"mutation M($i: {kind}Input!) {{ {command}(input: $i) {{ {RESULT} }} }}"
        answer: dict[str, Any] = (await self.ask(query, i=given))[command]
        return answer

    async def change(self, command: str, **given: object) -> dict[str, Any]:
        """The CaseChanged of a mutation that must be carried out."""
        result = await self.give(command, **given)
        if result["__typename"] != "CaseChanged":
            raise Answered(result)
        return result

    async def case(self, case_id: str, selection: str = CASE) -> dict[str, Any] | None:
        """The case as it is now."""
        query = f"query Q($id: ID!) {{ case(id: $id) {{ {selection} }} }}"
        answer: dict[str, Any] | None = (await self.ask(query, id=case_id))["case"]
        return answer

    @asynccontextmanager
    async def watch(
        self, selection: str = "position type", **arguments: object
    ) -> AsyncGenerator["Watched", None]:
        """A subscription to caseChanged, which ends with the block."""
        query = f"""
            subscription S($id: ID, $filter: CaseFilter, $after: Position) {{
                caseChanged(id: $id, filter: $filter, after: $after) {{ {selection} }}
            }}
        """
        results = await self.schema.subscribe(
            query, variable_values=dict(arguments), context_value=self.context
        )
        try:
            yield Watched(results)
        finally:
            await results.aclose()


@dataclass
class Watched:
    """The results of a subscription."""

    results: AsyncGenerator[Any, None]

    async def next(self) -> dict[str, Any]:
        """The next event."""
        result = await anext(self.results)
        if result.errors or result.data is None:
            raise Answered(result.errors)
        event: dict[str, Any] = result.data["caseChanged"]
        return event

    async def refused(self) -> dict[str, Any]:
        """The extensions of the error that ends it."""
        result = await anext(self.results)
        errors: list[GraphQLError] = result.errors or []
        if len(errors) != 1:
            raise Answered(result)
        return dict(errors[0].extensions or {})


@dataclass
class Api:
    """The API over a journal of its own."""

    schema: strawberry.Schema
    commands: Commands
    journal: JournalReader
    reads: Reads
    configuration: Configuration = NOT_CONFIGURED
    directory: CurrentDirectory | None = None
    personal_data: PersonalDataReader = NOTHING_KEPT
    actions: CaseActions = NOTHING_OFFERED

    def by(self, caller: Caller) -> Asker:
        """The API as this caller sees it."""
        return Asker(self.schema, self.context(caller))

    def context(self, caller: Caller) -> Context:
        return Context(
            caller,
            scope_of(caller),
            self.commands,
            self.journal,
            self.reads,
            configuration=self.configuration,
            personal_data=self.personal_data,
            actions=self.actions,
        )


def uuid(number: int) -> str:
    """A command id that a test can name."""
    return str(UUID(int=number))


class Counted(Api):
    """The same API, counting how often a connection is taken to read views."""

    def __init__(self, api: Api) -> None:
        super().__init__(api.schema, api.commands, api.journal, self)
        self.acquired = 0
        self._reads = api.reads

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        self.acquired += 1
        return self._reads.acquire()
