"""A client's developer reads the schema, not the code: every part of it says what it is."""

from collections.abc import Iterator
from typing import Final, get_args

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from domain.case.lifecycle import LIFECYCLE
from domain.catalogue.commands import CatalogueCommand
from domain.permissions import BY_SERVICE, PERMISSIONS
from domain.routing_policy.commands import RoutingCommand
from schema.print import printed

SCHEMA = build_schema(printed())
TYPES = [
    each
    for name, each in sorted(SCHEMA.type_map.items())
    if not is_introspection_type(each) and not is_specified_scalar_type(each)
]


CONFIGURING = {kind.NAME for kind in (*get_args(CatalogueCommand), *get_args(RoutingCommand))}

NO_COMMAND = {"openTracking"}
"""It changes nothing, but what it takes belongs into no address, and so it is no query."""


def result_of(mutation: GraphQLField) -> GraphQLNamedType:
    return SCHEMA.type_map[str(mutation.type).rstrip("!")]


def parts_of(kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Every part of a type that a description belongs to, by name."""
    yield kind.name, kind.description
    if isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            yield f"{kind.name}.{name}", value.description
    if isinstance(kind, GraphQLInputObjectType):
        for name, given in kind.fields.items():
            yield f"{kind.name}.{name}", given.description
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field.description
            for argument, given_argument in field.args.items():
                yield f"{kind.name}.{name}({argument})", given_argument.description


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_part_of_a_type_is_described(kind: GraphQLNamedType) -> None:
    assert [name for name, description in parts_of(kind) if not description] == []


@pytest.mark.parametrize(
    "kind", [kind for kind in TYPES if isinstance(kind, GraphQLScalarType)], ids=str
)
def test_every_scalar_names_its_specification(kind: GraphQLScalarType) -> None:
    assert kind.specified_by_url is not None
    assert kind.specified_by_url.startswith("https://")


def test_every_mutation_takes_one_input_and_returns_a_union() -> None:
    assert SCHEMA.mutation_type is not None
    for name, mutation in SCHEMA.mutation_type.fields.items():
        assert list(mutation.args) == ["input"], name
        assert isinstance(result_of(mutation), GraphQLUnionType), name


def test_every_input_of_a_mutation_carries_what_every_command_carries() -> None:
    assert SCHEMA.mutation_type is not None
    common = {"commandId", "expectedVersion", "occurredAt", "reason"}
    # Watching is about a case, and changes none.
    on_a_case = LIFECYCLE.keys() | {"watchCase", "unwatchCase"}
    for name, mutation in SCHEMA.mutation_type.fields.items():
        if name in NO_COMMAND:
            continue
        given = SCHEMA.type_map[str(mutation.args["input"].type).rstrip("!")]
        assert isinstance(given, GraphQLInputObjectType)
        assert common <= set(given.fields), name
        assert ("caseId" in given.fields) is (name in on_a_case), name
        assert "stage" not in given.fields, f"{name} sets a state"


@pytest.mark.parametrize(
    "result", [kind for kind in TYPES if kind.name.endswith("Result")], ids=str
)
def test_every_refusal_implements_command_error(result: GraphQLUnionType) -> None:
    error = SCHEMA.type_map["CommandError"]
    (changed,) = [each.name for each in result.types if each.name.endswith("Changed")]
    refusals = {each.name for each in result.types} - {changed}
    implementations = SCHEMA.get_implementations(error)  # type: ignore[arg-type]
    assert refusals == {each.name for each in implementations.objects}


OVER_HTTP: Final = {"addEvidence"}
"""Commands that bring a file with them: `POST /cases/{caseId}/evidence`."""


def test_each_command_is_a_mutation_and_each_mutation_a_permission() -> None:
    assert SCHEMA.mutation_type is not None
    commands = {"registerCase", *LIFECYCLE, *CONFIGURING} - BY_SERVICE - OVER_HTTP
    assert commands <= set(SCHEMA.mutation_type.fields)
    assert set(SCHEMA.mutation_type.fields) - NO_COMMAND <= set(PERMISSIONS)
