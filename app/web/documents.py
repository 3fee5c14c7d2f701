"""Documents: parsed, measured and validated once per text, then remembered.

Keyed by the text itself: a key made of an object's identity may be reused for another object.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from app.web.errors import NUL_FORBIDDEN, Code, RequestRefused, coded, refuse
from app.web.introspection import asks_only_of_the_schema
from app.web.limits import QueryLimits, check_limits

_MAYBE_NUL: Final = re.compile(r"\\u(?:0000|\{0+\})")
_MOST_CHARACTERS_PER_TOKEN: Final = 50
_TOO_DEEP: Final = "nested too deeply"
_PARSING_STOPPED: Final = "Parsing aborted."
_INTROSPECTION: Final = "introspection has been disabled"


@dataclass(frozen=True)
class Prepared:
    """A valid document, and the type of each of its operations by name.

    of_the_schema: it asks for nothing but what the schema says of itself.
    """

    document: DocumentNode
    operations: Mapping[str | None, OperationType]
    of_the_schema: bool

    def operation_type(self, name: str | None) -> OperationType:
        """The type of the operation to run: the named one, or the only one."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise _well_formed(Code.NO_SUCH_OPERATION, "Say operationName: there are several.")
        if name not in self.operations:
            raise _well_formed(Code.NO_SUCH_OPERATION, "The document has no such operation.")
        return self.operations[name]


class Documents:
    """Prepares documents for one schema.

    introspection: whether the schema may be asked about itself; where not, error messages
        suggest no names either. most, most_characters: how many documents are remembered, and
        how long they may be together.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: QueryLimits,
        *,
        introspection: bool,
        most: int = 1000,
        most_characters: int = 300_000,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._hide_suggestions = not introspection
        self._rules = (
            specified_rules
            if introspection
            else (*specified_rules, NoSchemaIntrospectionCustomRule)
        )
        self._most = most
        self._most_characters = most_characters
        self._characters = 0
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, text: str) -> Prepared:
        """The document of a text. Raises RequestRefused: it does not parse, or is not valid."""
        prepared = self._remembered.get(text)
        if prepared is not None:
            self._remembered.move_to_end(text)
            return prepared
        document = self._parse(text)
        check_limits(document, self._limits)
        self._validate(document)
        prepared = Prepared(document, _operations(document), asks_only_of_the_schema(document))
        self._remember(text, prepared)
        return prepared

    def _parse(self, text: str) -> DocumentNode:
        if "\0" in text:
            raise _well_formed(Code.FORBIDDEN_CHARACTER, NUL_FORBIDDEN)
        most = self._limits.tokens
        try:
            document = parse(
                text,
                max_lexical_tokens=most,
                max_comments=most,
                max_source_length=most * _MOST_CHARACTERS_PER_TOKEN,
            )
        except GraphQLError as error:
            raise RequestRefused([coded(error, _syntax_code(error))], well_formed=True) from None
        if _MAYBE_NUL.search(text) and _has_nul(document):
            raise _well_formed(Code.FORBIDDEN_CHARACTER, NUL_FORBIDDEN)
        return document

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._limits.errors,
            hide_suggestions=self._hide_suggestions,
        )
        if errors:
            formatted = [coded(error, _validation_code(error)) for error in errors]
            raise RequestRefused(formatted, well_formed=True)

    def _remember(self, text: str, prepared: Prepared) -> None:
        self._remembered[text] = prepared
        self._characters += len(text)
        while len(self._remembered) > self._most or self._characters > self._most_characters:
            forgotten, _ = self._remembered.popitem(last=False)
            self._characters -= len(forgotten)


def _well_formed(code: Code, message: str) -> RequestRefused:
    refused = refuse(code, message)
    refused.well_formed = True
    return refused


def _syntax_code(error: GraphQLError) -> Code:
    """The library knows no codes: its sentences tell the limits from mere mistakes."""
    if _TOO_DEEP in error.message:
        return Code.QUERY_TOO_DEEP
    return Code.TOO_MANY_TOKENS if _PARSING_STOPPED in error.message else Code.SYNTAX_ERROR


def _validation_code(error: GraphQLError) -> Code:
    if _INTROSPECTION in error.message:
        return Code.INTROSPECTION_FORBIDDEN
    return Code.VALIDATION_FAILED


def _operations(document: DocumentNode) -> dict[str | None, OperationType]:
    return {
        node.name.value if node.name else None: node.operation
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    }


class _NulSeeker(Visitor):
    found = False

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        self.found = self.found or "\0" in node.value


def _has_nul(document: DocumentNode) -> bool:
    seeker = _NulSeeker()
    visit(document, seeker)
    return seeker.found
