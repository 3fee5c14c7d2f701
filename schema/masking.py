"""Errors of a request: a refusal keeps its code, what nobody expected is hidden and logged."""

import traceback
from typing import Final
from uuid import uuid4

import structlog
from graphql import GraphQLError
from strawberry.exceptions import StrawberryGraphQLError
from strawberry.extensions import MaskErrors
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from domain.refusal import InvalidInput, Refusal
from schema.context import Unavailable
from schema.languages.catalogue import sentence, template
from schema.languages.language import Language
from schema.languages.refusals import message_of

_LOG: Final = structlog.stdlib.get_logger(__name__)

_FRAMES: Final = 12
"""How many of the innermost places an error passed through are logged."""

_READABLE: Final = (
    GraphQLError,
    StrawberryGraphQLError,
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)
"""What GraphQL itself has to say about a request: it names no data but the client's own."""


class CodedErrors(MaskErrors):
    """Presents errors as clients see them: a refusal with its code, anything else by an id."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=_is_for_us)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        return presented(error, self.execution_context.context.language)


def presented(error: GraphQLError, language: Language) -> GraphQLError:
    """The error as clients see it; as it is where GraphQL itself has something to say."""
    if not _is_for_us(error):
        return error
    cause = _cause(error)
    if isinstance(cause, Refusal):
        return _located(error, message_of(cause, language), refusal_extensions(cause))
    if isinstance(cause, Unavailable):
        message = template(cause.code, language) or cause.message
        return _located(error, message, {"code": cause.code})
    error_id = str(uuid4())
    _log(error_id, error, cause)
    english = f"Something went wrong on our side. Quote error id {error_id}."
    message = sentence(english, language) or english
    return _located(error, message, {"code": "INTERNAL_ERROR", "errorId": error_id})


def refusal_extensions(refusal: Refusal) -> dict[str, object]:
    """The `extensions` of a refused query: the code, and the path of the argument it is about."""
    if isinstance(refusal, InvalidInput):
        return {"code": refusal.code, "path": refusal.path}
    return {"code": refusal.code, "facts": dict(refusal.facts)}


def _cause(error: BaseException) -> BaseException:
    """The innermost original error."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _is_for_us(error: GraphQLError) -> bool:
    return not isinstance(_cause(error), _READABLE)


def _located(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


def _log(error_id: str, error: GraphQLError, cause: BaseException) -> None:
    """Log where it happened. The error's own text may quote data, so it stays out."""
    _LOG.error(
        "unexpected error",
        error_id=error_id,
        error=type(cause).__qualname__,
        field=".".join(map(str, error.path or ())),
        frames=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)[-_FRAMES:]
        ],
    )
