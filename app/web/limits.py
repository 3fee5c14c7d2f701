"""Limits of a GraphQL document, measured before validation so that its work is bounded too.

Validation compares every two fields of one selection set that share a response name, so a
document of a few thousand tokens can keep it busy for half a second: hence the limit of repeats.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from app.web.errors import Code, RequestRefused, refuse

_SCHEMA: Final = "__schema"
"""The one field whose answer is as long as all that there is to ask."""


@dataclass(frozen=True)
class QueryLimits:
    """What one document may hold.

    tokens: lexical tokens, and comments as many again. depth: fields within fields, fragments
    followed. aliases: in one operation, those of a fragment counted wherever it is spread.
    definitions: operations and fragments. repeats: pairs of fields with the same response name
    in one selection set, fragments followed. errors: how many are reported.
    """

    tokens: int
    depth: int
    aliases: int
    definitions: int
    repeats: int
    errors: int


@dataclass
class _Level:
    """One selection set with its inline fragments: the response names, and what is spread."""

    names: Counter[str] = field(default_factory=Counter)
    spreads: list[str] = field(default_factory=list)


@dataclass
class _Definition:
    """What one operation or fragment holds by itself. depth: of its deepest field.

    schemas: how often it asks for the whole schema.
    """

    depth: int = 0
    aliases: int = 0
    schemas: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)


class _Measure:
    """Totals over a document, each fragment measured once however often it is spread."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: _measure(node.selection_set)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._operations = [
            _measure(node.selection_set)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        self._depths: dict[str, int] = {}
        self._aliases: dict[str, int] = {}
        self._names: dict[str, Counter[str]] = {}

    @cached_property
    def depth(self) -> int:
        return max(map(self._depth, self._all()), default=0)

    @cached_property
    def aliases(self) -> int:
        return max(map(self._alias_count, self._all()), default=0)

    @cached_property
    def schemas(self) -> int:
        """As they are written: what is spread several times in one place is answered once."""
        return sum(definition.schemas for definition in self._all())

    @cached_property
    def repeats(self) -> int:
        """Pairs of equal response names, over all selection sets as they are written."""
        return sum(
            count * (count - 1) // 2
            for definition in self._all()
            for level in definition.levels
            for count in self._level_names(level).values()
        )

    def _all(self) -> Iterator[_Definition]:
        yield from self._operations
        yield from self._fragments.values()

    # A fragment that spreads itself is refused by validation; here it counts once. It is entered
    # into the dictionary before it is measured, which is what ends the recursion.

    def _depth(self, definition: _Definition) -> int:
        depth = definition.depth
        for name, at in definition.spreads:
            if name not in self._depths and name in self._fragments:
                self._depths[name] = 0
                self._depths[name] = self._depth(self._fragments[name])
            depth = max(depth, at + self._depths.get(name, 0))
        return depth

    def _alias_count(self, definition: _Definition) -> int:
        count = definition.aliases
        for name, _ in definition.spreads:
            if name not in self._aliases and name in self._fragments:
                self._aliases[name] = 0
                self._aliases[name] = self._alias_count(self._fragments[name])
            count += self._aliases.get(name, 0)
        return count

    def _level_names(self, level: _Level) -> Counter[str]:
        if not level.spreads:
            return level.names
        names = level.names.copy()
        for name in set(level.spreads):
            if name not in self._names and name in self._fragments:
                self._names[name] = Counter()
                self._names[name] = self._level_names(self._fragments[name].levels[0])
            names.update(self._names.get(name, ()))
        return names


def check_limits(document: DocumentNode, limits: QueryLimits) -> None:
    """Raises RequestRefused with the code of the first limit that the document breaks."""
    if len(document.definitions) > limits.definitions:
        raise _too_much(
            Code.TOO_MANY_DEFINITIONS,
            f"The document has more than {limits.definitions} operations and fragments.",
            limits.definitions,
        )
    measure = _Measure(document)
    if measure.depth > limits.depth:
        raise _too_much(
            Code.QUERY_TOO_DEEP,
            f"Fields are nested {measure.depth} deep; {limits.depth} are allowed.",
            limits.depth,
        )
    if measure.aliases > limits.aliases:
        raise _too_much(
            Code.TOO_MANY_ALIASES,
            f"The operation has more than {limits.aliases} aliases, those of fragments included.",
            limits.aliases,
        )
    if measure.schemas > 1:
        raise _too_much(Code.TOO_MANY_REPEATS, "Ask for the schema once in a document.", 1)
    if measure.repeats > limits.repeats:
        raise _too_much(
            Code.TOO_MANY_REPEATS,
            "The same fields are selected again and again in one place; select each once.",
            limits.repeats,
        )


def _too_much(code: Code, message: str, limit: int) -> RequestRefused:
    refused = refuse(code, message, limit=limit)
    refused.well_formed = True
    return refused


def _measure(selection_set: SelectionSetNode) -> _Definition:
    """Walk one definition without recursion: the parser allows deeper nesting than Python."""
    found = _Definition()
    waiting = [(selection_set, 1)]
    while waiting:
        current, depth = waiting.pop()
        level = _Level()
        found.levels.append(level)
        for selection in _without_inline_fragments(current):
            if isinstance(selection, FragmentSpreadNode):
                level.spreads.append(selection.name.value)
                found.spreads.append((selection.name.value, depth - 1))
                continue
            found.depth = max(found.depth, depth)
            found.aliases += selection.alias is not None
            found.schemas += selection.name.value == _SCHEMA
            level.names[(selection.alias or selection.name).value] += 1
            if selection.selection_set is not None:
                waiting.append((selection.selection_set, depth + 1))
    return found


def _without_inline_fragments(
    selection_set: SelectionSetNode,
) -> Iterator[FieldNode | FragmentSpreadNode]:
    """The selections of a set, those of its inline fragments in their place."""
    waiting = [iter(selection_set.selections)]
    while waiting:
        selection = next(waiting[-1], None)
        if selection is None:
            waiting.pop()
        elif isinstance(selection, InlineFragmentNode):
            waiting.append(iter(selection.selection_set.selections))
        elif isinstance(selection, FieldNode | FragmentSpreadNode):
            yield selection
