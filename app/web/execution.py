"""Runs operations on the schema: graphql-core's executor under Strawberry's types.

Strawberry's own `Schema.execute` would parse and validate each time and run its extensions
around every step; a prepared document goes straight to the executor instead.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, TypeGuard, cast

import msgspec
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import (
    Executor,
    create_source_event_stream,
    execute_root_selection_set,
    execute_subscription_event,
)
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from app.identity import InvalidToken, IssuerUnavailable
from app.web.contexts import Access
from app.web.documents import Documents, Prepared
from app.web.errors import Code, Formatted, RequestRefused, coded, refuse
from app.web.introspection import SchemaAnswers
from app.web.limits import QueryLimits
from app.web.metrics import Metrics
from app.web.requests import Parameters
from domain.refusal import Refusal
from schema.context import Context
from schema.languages.language import Language
from schema.languages.transport import translated
from schema.masking import presented

MOST_COERCION_ERRORS: Final = 10

# How graphql-core quotes the value of a variable.
_QUOTED: Final = re.compile(r"(, found: |(?<= value): ).*\Z", re.DOTALL)
_OF_AN_ENUM: Final = re.compile(r"\AValue '.*' does not exist in", re.DOTALL)

_IS_AWAITABLE: Final = cast(
    "Callable[[object], TypeGuard[Awaitable[object]]]", optimized_is_awaitable
)

Result = dict[str, object]
"""A response of the GraphQL specification, ready for JSON."""

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Operation:
    """What one request asks for, prepared."""

    prepared: Prepared
    parameters: Parameters
    type: OperationType

    @property
    def is_subscription(self) -> bool:
        """Whether it has more than one result."""
        return self.type is OperationType.SUBSCRIPTION


class Execution:
    """Prepares and runs operations, over every transport.

    introspection: whether the schema may be asked about itself; where not, messages about
        unknown names suggest none that exist.
    """

    def __init__(
        self, schema: Schema, limits: QueryLimits, metrics: Metrics, *, introspection: bool
    ) -> None:
        self._schema = schema._schema  # noqa: SLF001 - the graphql-core schema has no other name
        self._executor = cast("type[Executor[Context]]", schema.execution_context_class)
        self._documents = Documents(self._schema, limits, introspection=introspection)
        self._hide_suggestions = not introspection
        self._metrics = metrics
        self._of_the_schema = SchemaAnswers()

    def prepare(self, parameters: Parameters) -> Operation:
        """The operation that the parameters name. Raises RequestRefused."""
        prepared = self._documents.prepare(parameters.query)
        operation_type = prepared.operation_type(parameters.operation_name)
        return Operation(prepared, parameters, operation_type)

    async def run(self, operation: Operation, context: Context) -> Result:
        """The result of a query or mutation. Raises RequestRefused for wrong variables."""
        if operation.is_subscription:
            raise refuse(
                Code.SUBSCRIPTION_NEEDS_STREAM,
                "Subscribe over text/event-stream or a WebSocket (graphql-transport-ws).",
            )
        if operation.prepared.of_the_schema:
            return await self._told_of_the_schema(operation, context)
        return await self._executed(operation, context)

    async def _executed(self, operation: Operation, context: Context) -> Result:
        executor = self._build(operation, context)
        result = await _finished(execute_root_selection_set(executor))
        return self._formatted(operation, result, context.language)

    async def _told_of_the_schema(self, operation: Operation, context: Context) -> Result:
        """As executed, but everybody's question once: all of it takes 0.1 s."""
        told = self._of_the_schema.given(operation.parameters)
        if told is not None:
            self._metrics.operation(operation.type.value, "ok")
            return {"data": told}
        result = await self._executed(operation, context)
        if "errors" in result:
            return result
        return {"data": self._of_the_schema.remember(operation.parameters, result["data"])}

    async def stream(self, operation: Operation, access: Access) -> AsyncGenerator[Result, None]:
        """The results of a subscription, or the one of a query or mutation.

        Access is asked for the operation and again for every item. Raises ExpiredToken, or
        RequestRefused before the first result.
        """
        if not operation.is_subscription:
            yield await self.run(operation, access.context())
            return
        executor = self._build(operation, access.context())
        async with aclosing(await _source(executor, access.language)) as source:
            async for payload in source:
                item = executor.build_per_event_executor(payload)
                item.context_value = access.context()
                result = await _finished(execute_subscription_event(item))
                yield self._formatted(operation, result, access.language)

    def _build(self, operation: Operation, context: Context) -> Executor[Context]:
        parameters = operation.parameters
        variables = parameters.variables
        built = self._executor.build(
            self._schema,
            operation.prepared.document,
            context_value=context,
            raw_variable_values=None if variables is None else dict(variables),
            operation_name=parameters.operation_name,
            max_coercion_errors=MOST_COERCION_ERRORS,
            is_awaitable=_IS_AWAITABLE,
            hide_suggestions=self._hide_suggestions,
        )
        if isinstance(built, list):
            errors = [_coercion_error(error, context.language) for error in built]
            raise RequestRefused(errors, well_formed=True, translated=True)
        return built

    def _formatted(
        self, operation: Operation, result: ExecutionResult, language: Language
    ) -> Result:
        self._metrics.operation(operation.type.value, "errors" if result.errors else "ok")
        if result.errors:
            return {"data": result.data, "errors": formatted_errors(result.errors, language)}
        return {"data": result.data}


def formatted_errors(errors: list[GraphQLError], language: Language) -> list[Formatted]:
    """Errors of an execution as clients see them: expected ones coded, all others masked."""
    return [presented(error, language).formatted for error in errors]


def failure(error: Exception, language: Language) -> list[Formatted]:
    """What the client of a stream is told of the exception that ended it."""
    if isinstance(error, RequestRefused):
        return error.in_language(language)
    if isinstance(error, InvalidToken | IssuerUnavailable):
        return [translated({"message": str(error), "extensions": {"code": error.code}}, language)]
    located = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
    return formatted_errors([located], language)


def _coercion_error(error: GraphQLError, language: Language) -> Formatted:
    """A scalar may refuse a variable with any ValueError: its words are about the client's own."""
    if isinstance(error.original_error, Refusal):
        return presented(error, language).formatted
    told = coded(error, Code.INVALID_VARIABLES)
    return translated({**told, "message": without_value(error)}, language)


def without_value(error: GraphQLError) -> str:
    """What is wrong with a variable and where, without the value.

    It may be somebody's name in the wrong place, and messages of errors end up in logs.
    """
    cause = error.original_error
    reason = cause.message if isinstance(cause, GraphQLError) else str(cause or "")
    if not reason or not error.message.endswith(reason):
        return error.message
    place = error.message.removesuffix(reason)
    return place + _OF_AN_ENUM.sub("This does not exist in", _QUOTED.sub("", reason))


async def _source(executor: Executor[Context], language: Language) -> AsyncGenerator[object, None]:
    """The events behind a subscription. Raises RequestRefused where there are none to be had."""
    source = create_source_event_stream(executor)
    if executor.is_awaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        errors = formatted_errors(source.errors or [], language)
        raise RequestRefused(errors, well_formed=True, translated=True)
    return _generator(cast("AsyncIterable[object]", source))


async def _generator(events: AsyncIterable[object]) -> AsyncGenerator[object, None]:
    if isinstance(events, AsyncGenerator):
        async with aclosing(events):
            async for event in events:
                yield event
    else:
        async for event in events:
            yield event


async def _finished(
    result: ExecutionResult | Awaitable[ExecutionResult],
) -> ExecutionResult:
    return result if isinstance(result, ExecutionResult) else await result
