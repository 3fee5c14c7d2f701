"""Executes selections: what an object knows of itself is read from it.

graphql-core makes a path, a resolver's view of the request and a dozen calls of every field. Nearly
all fields of an answer are attributes of objects that come by the dozen, or follow from those: here
a selection is made into one function, once for each answer, and called for each object.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from operator import attrgetter
from typing import Any, Final, NoReturn

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

Read = Callable[[Any], Any]
"""Makes of an object the value of a field, or of a value what the answer says for it."""

Reads = list[tuple[str, Read | None]]
"""How each field of a selection is read, by its name in the answer; None: by the library."""

_MADE_OF: Final = "strawberry-definition"
"""In the extensions of what Strawberry makes for graphql-core: what it was made of."""

_NAMES: Final = "wardbook-names"
"""In the extensions of an enumeration: what its members are called in answers."""


def _asked_for(_values: object) -> NoReturn:
    raise NotImplementedError("resolvers here await what they need themselves")


_HELPERS: Final = GraphQLResolveInfoHelpers(gather=_asked_for, track=_asked_for)


class _Unfit(Exception):
    """The value does not fit its field. The library is to say why, and where."""


class AttributeExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which is left with what needs more than the object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library has it
        super().__init__(*args, **kwargs)
        # The library's own hold the executor that holds them: a circle, in which all that an
        # answer was made of would wait for the garbage collector.
        self.async_helpers = _HELPERS
        # By the identity of a selection, which is kept here so that no other can have it.
        self._known: dict[int, tuple[GroupedFieldSet, Reads]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,  # noqa: ANN401 - as the library has it
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,  # noqa: ANN401 - as the library has it
    ) -> AwaitableOrValue[dict[str, Any]]:
        """The fields of one object, in the order in which they are asked for."""
        found: dict[str, Any] = {}
        others: GroupedFieldSet = {}
        try:
            for name, read in self._reads(parent_type, grouped_field_set):
                found[name] = None if read is None else read(source_value)
                if read is None:
                    others[name] = grouped_field_set[name]
        except Exception:  # noqa: BLE001 - it happens again below, and is told with its place
            others = grouped_field_set
        if not others:
            return found
        resolved = super().execute_fields(parent_type, source_value, path, others, position_context)
        return found | resolved if isinstance(resolved, dict) else _later(found, resolved)

    def complete_list_value(  # noqa: PLR0917 - as the library has it
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401 - as the library has it
        position_context: Any,  # noqa: ANN401 - as the library has it
    ) -> AwaitableOrValue[list[Any]]:
        """A list that a resolver gave."""
        read = self._shown(return_type, field_details_list)
        if read is not None:
            with suppress(Exception):  # as above
                found: list[Any] = read(result)
                return found
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _reads(self, parent_type: GraphQLObjectType, asked: GroupedFieldSet) -> Reads:
        known = self._known.get(id(asked))
        if known is None:
            reads = [(name, self._field(parent_type, fields)) for name, fields in asked.items()]
            known = self._known[id(asked)] = (asked, reads)
        return known[1]

    def _field(self, parent_type: GraphQLObjectType, asked: FieldDetailsList) -> Read | None:
        field = parent_type.fields.get(asked[0].node.name.value)
        known = field and _known_of_itself(field)
        value = field and known and self._value(field.type, asked)
        return _of(known, value) if known and value else None

    def _value(self, kind: GraphQLOutputType, asked: FieldDetailsList) -> Read | None:
        """What is answered for a value of that type; None: the library knows."""
        required = is_non_null_type(kind)
        shown = self._shown(kind.of_type if is_non_null_type(kind) else kind, asked)
        return shown and _checked(shown, required=required)

    def _shown(self, kind: GraphQLOutputType, asked: FieldDetailsList) -> Read | None:
        if is_leaf_type(kind):
            return _leaf(kind)
        if is_list_type(kind):
            each = self._value(kind.of_type, asked)
            return each and _list(each)
        return self._object(kind, asked) if is_object_type(kind) else None

    def _object(self, kind: GraphQLObjectType, asked: FieldDetailsList) -> Read | None:
        """None also where a field below has a resolver."""
        selected = self.collect_subfields(kind, asked).grouped_field_set
        reads = [(name, read) for name, read in self._reads(kind, selected) if read is not None]
        return _object(kind, reads) if len(reads) == len(selected) else None


def _known_of_itself(field: GraphQLField) -> Read | None:
    """Reads an attribute, or asks the object for what it needs nothing and nobody else for."""
    made_of = field.extensions.get(_MADE_OF)
    if not isinstance(made_of, StrawberryField) or made_of.extensions:
        return None
    resolver = made_of.base_resolver
    if resolver is None:
        return attrgetter(made_of.python_name)
    alone = [*resolver.signature.parameters] == ["self"] and not resolver.is_async
    return resolver if alone else None


def _of(known: Read, value: Read) -> Read:
    return lambda source: value(known(source))


def _checked(shown: Read, *, required: bool) -> Read:
    def value(given: object) -> object:
        if given is not None:
            return shown(given)
        if required:
            raise _Unfit
        return None

    return value


def _leaf(kind: GraphQLLeafType) -> Read:
    if not is_enum_type(kind) or _MADE_OF not in kind.extensions:  # those of the library itself
        return kind.coerce_output_value
    names = kind.extensions.get(_NAMES)
    if names is None:
        # Strawberry looks a member up by comparing it with all.
        members = kind.extensions[_MADE_OF].wrapped_cls
        names = {member: kind.coerce_output_value(member) for member in members}
        kind.extensions[_NAMES] = names
    return names.__getitem__


def _list(each: Read) -> Read:
    def items(given: Iterable[object]) -> list[object]:
        if not isinstance(given, list | tuple):
            raise _Unfit
        return [each(item) for item in given]

    return items


def _object(kind: GraphQLObjectType, reads: list[tuple[str, Read]]) -> Read:
    def fields(given: object) -> dict[str, object]:
        return {name: read(given) for name, read in reads}

    def fields_of_kind(given: object) -> dict[str, object]:
        if type(given) is not made_of:
            raise _Unfit
        return fields(given)

    # Where it has interfaces the library asks which of their types it is.
    made_of = kind.extensions[_MADE_OF].origin
    return fields if kind.is_type_of is None else fields_of_kind


async def _later(found: dict[str, Any], resolved: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return found | await resolved
