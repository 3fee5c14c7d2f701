"""Requests made from the schema itself: every field, with arguments that aim at one case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

DEEPEST: Final = 6

LITERALS: Final = {
    "Int": "1",
    "Float": "1.5",
    "Boolean": "true",
    "UUID": '"00000000-0000-4000-8000-000000000009"',
    "DateTime": '"2024-03-01T09:00:00Z"',
    "Date": '"2024-03-01"',
    "Position": '"1"',
    "JSON": "{}",
    "String": '"x"',
    "ID": '"x"',
}
"""A value of each scalar; `Aim` says what ids and numbers of cases are."""


@dataclass(frozen=True)
class Aim:
    """The case that requests aim at.

    named: argument or input field -> literal; `field.argument` of one field alone. deepest: how
    many types deep the selection goes.
    """

    named: Mapping[str, str]
    deepest: int = DEEPEST

    def literal(self, name: str, kind: GraphQLInputType) -> str:
        """A value for an argument or an input field."""
        if isinstance(kind, GraphQLNonNull):
            return self.literal(name, kind.of_type)
        if name in self.named and not isinstance(kind, GraphQLInputObjectType):
            value = self.named[name]
            return f"[{value}]" if isinstance(kind, GraphQLList) else value
        if isinstance(kind, GraphQLList):
            return f"[{self.literal(name, kind.of_type)}]"
        if isinstance(kind, GraphQLEnumType):
            return str(next(iter(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return "{" + ", ".join(self._members(kind)) + "}"
        return LITERALS.get(kind.name, '"x"')

    def _members(self, kind: GraphQLInputObjectType) -> Iterator[str]:
        for name, field in kind.fields.items():
            if is_required_input_field(field) or name in self.named:
                yield f"{name}: {self.literal(name, field.type)}"

    def arguments(self, field: str, arguments: Mapping[str, GraphQLArgument]) -> str:
        """What a field is asked with: everything required, and whatever names the case."""
        given = [
            f"{name}: {self.named.get(f'{field}.{name}') or self.literal(name, argument.type)}"
            for name, argument in arguments.items()
            if is_required_argument(argument) or name in self.named
        ]
        return f"({', '.join(given)})" if given else ""


def field_of(name: str, field: GraphQLField, aim: Aim, schema: GraphQLSchema) -> str:
    """A request for one field with everything below it."""
    return f"{name}{aim.arguments(name, field.args)} {_selection(field.type, aim, schema, ())}"


def _selection(
    kind: GraphQLOutputType, aim: Aim, schema: GraphQLSchema, above: tuple[str, ...]
) -> str:
    named: Any = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
        members = schema.get_possible_types(named)
        parts = [
            f"... on {each.name} {_members(each, aim, schema, above)}"
            for each in members
            if each.name not in above
        ]
        return "{ __typename " + " ".join(parts) + " }"
    assert isinstance(named, GraphQLObjectType)
    return _members(named, aim, schema, above)


def _members(
    kind: GraphQLObjectType, aim: Aim, schema: GraphQLSchema, above: tuple[str, ...]
) -> str:
    parts = ["__typename"]
    for name, field in kind.fields.items():
        below: Any = get_named_type(field.type)
        if not is_leaf_type(below) and (
            len(above) >= aim.deepest or below.name in {*above, kind.name}
        ):
            continue
        selection = _selection(field.type, aim, schema, (*above, kind.name))
        # Types of one union may have fields of one name and different types.
        parts.append(f"{kind.name}_{name}: {name}{aim.arguments(name, field.args)} {selection}")
    return "{ " + " ".join(parts) + " }"
