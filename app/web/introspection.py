"""What the schema says of itself: the same to everybody, so it is told once for each question.

Keyed by what was asked, never by the identity of an object, which may be reused.
"""

from collections import OrderedDict
from typing import Final

import msgspec
from graphql import DocumentNode, FieldNode, OperationDefinitionNode

from app.web.requests import Parameters

_OF_THE_SCHEMA: Final = frozenset({"__schema", "__type", "__typename"})

_encode: Final = msgspec.json.Encoder().encode

Question = tuple[str, str | None, bytes]


def asks_only_of_the_schema(document: DocumentNode) -> bool:
    """Whether the root of each operation selects nothing else, and spreads no fragment."""
    return all(
        isinstance(selected, FieldNode) and selected.name.value in _OF_THE_SCHEMA
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        for selected in node.selection_set.selections
    )


class SchemaAnswers:
    """The answers given last, as the JSON that they are sent as.

    most_bytes: of all of them together with what was asked.
    """

    def __init__(self, most_bytes: int = 8_000_000) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._given: OrderedDict[Question, msgspec.Raw] = OrderedDict()

    def given(self, asked: Parameters) -> msgspec.Raw | None:
        """What was answered to exactly this; None: nothing that is remembered."""
        question = _question(asked)
        answer = self._given.get(question)
        if answer is not None:
            self._given.move_to_end(question)
        return answer

    def remember(self, asked: Parameters, data: object) -> msgspec.Raw:
        """The answer as JSON, kept until too much was asked since."""
        question, answer = _question(asked), msgspec.Raw(_encode(data))
        if question not in self._given:
            self._given[question] = answer
            self._bytes += _size(question, answer)
        while self._bytes > self._most_bytes:
            self._bytes -= _size(*self._given.popitem(last=False))
        return answer


def _question(asked: Parameters) -> Question:
    return asked.query, asked.operation_name, _encode(asked.variables)


def _size(question: Question, answer: msgspec.Raw) -> int:
    text, _, variables = question
    return len(text) + len(variables) + len(memoryview(answer))
