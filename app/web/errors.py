"""What the transport refuses, with stable codes. Codes of commands live in domain/refusal.py."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from graphql import GraphQLError

from schema.languages.language import Language
from schema.languages.transport import translated

Formatted = Mapping[str, Any]
"""One entry of a response's `errors`, ready for JSON."""


class Code(StrEnum):
    """Why a request could not run. Part of the contract: codes never change their meaning."""

    # The HTTP request or WebSocket message itself.
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    BODY_TOO_SLOW = "BODY_TOO_SLOW"
    HEAD_TOO_LARGE = "HEAD_TOO_LARGE"
    HEAD_TOO_SLOW = "HEAD_TOO_SLOW"
    INVALID_JSON = "INVALID_JSON"
    JSON_TOO_DEEP = "JSON_TOO_DEEP"
    INVALID_REQUEST = "INVALID_REQUEST"
    BATCHING_NOT_SUPPORTED = "BATCHING_NOT_SUPPORTED"
    FORBIDDEN_CHARACTER = "FORBIDDEN_CHARACTER"
    RANGE_NOT_SATISFIABLE = "RANGE_NOT_SATISFIABLE"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    TOO_MANY_OPERATIONS = "TOO_MANY_OPERATIONS"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    NO_SUCH_PAGE = "NO_SUCH_PAGE"
    # The document.
    SYNTAX_ERROR = "SYNTAX_ERROR"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    INTROSPECTION_FORBIDDEN = "INTROSPECTION_FORBIDDEN"
    TOO_MANY_TOKENS = "TOO_MANY_TOKENS"
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    TOO_MANY_DEFINITIONS = "TOO_MANY_DEFINITIONS"
    TOO_MANY_REPEATS = "TOO_MANY_REPEATS"
    # The operation and its variables.
    NO_SUCH_OPERATION = "NO_SUCH_OPERATION"
    INVALID_VARIABLES = "INVALID_VARIABLES"
    SUBSCRIPTION_NEEDS_STREAM = "SUBSCRIPTION_NEEDS_STREAM"
    # Its execution.
    INTERNAL_ERROR = "INTERNAL_ERROR"


class RequestRefused(Exception):
    """A request that cannot run, as its sender is told.

    status: of the HTTP response where it is its own; where GraphQL over HTTP says 200 to an
        older client (a document that does not parse or validate), `well_formed` is set.
    translated: whether the messages are in the sender's language already, not in English.
    """

    def __init__(
        self,
        errors: Sequence[Formatted],
        status: int = 400,
        *,
        headers: Mapping[str, str] | None = None,
        well_formed: bool = False,
        translated: bool = False,
    ) -> None:
        self.errors = errors
        self._translated = translated
        self.status = status
        self.headers = headers or {}
        self.well_formed = well_formed
        super().__init__(", ".join(str(error["message"]) for error in errors))

    def in_language(self, language: Language) -> list[Formatted]:
        """The errors as their sender reads them."""
        if self._translated:
            return list(self.errors)
        return [translated(error, language) for error in self.errors]

    @property
    def codes(self) -> list[str]:
        """The code of each error."""
        return [code_of(error) for error in self.errors]


NUL_FORBIDDEN: Final = "The character U+0000 cannot be stored; leave it out."


def refuse(
    code: Code | str,
    message: str,
    status: int = 400,
    *,
    headers: Mapping[str, str] | None = None,
    **facts: object,
) -> RequestRefused:
    """One coded error about the request as a whole."""
    error = {"message": message, "extensions": {"code": str(code), **facts}}
    return RequestRefused([error], status, headers=headers)


def code_of(error: Formatted) -> str:
    """The code of an error; of one that was never given any, `none`."""
    return str(error.get("extensions", {}).get("code", "none"))


def coded(error: GraphQLError, code: Code) -> Formatted:
    """An error of graphql-core, which knows no codes, with one; its own is kept."""
    extensions = {"code": code.value, **(error.extensions or {})}
    return {**error.formatted, "extensions": extensions}
