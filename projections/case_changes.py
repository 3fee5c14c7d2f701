"""What differs between two states of a case, field by field, as GraphQL tells it."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

import msgspec

from domain.case.vocabulary import Point
from projections.case_details import NONE, Details
from projections.case_state import CaseState, Effect, utc


class FieldChange(msgspec.Struct, frozen=True, gc=False):
    """One field before and after. field: its GraphQL name; values: as in JSON."""

    field: str
    before: object
    after: object


@cache
def camel_case(name: str) -> str:
    """lead_unit -> leadUnit: the name of a field in GraphQL."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@cache
def _shown_as(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """Each field of a kind of value, and what it is called in GraphQL."""
    return tuple((name, camel_case(name)) for name in kind.__struct_fields__)


# The reporter never changes, and is not shown with what did.
_NOT_COMPARED: Final = frozenset(
    {"case_id", "version", "position", "updated_at", "reporter", "details"}
)
_COMPARED: Final = {
    name: camel_case(name) for name in CaseState.__struct_fields__ if name not in _NOT_COMPARED
}
# What waits for whom is no change of the case itself: `projections.worklists` tells of it.
_DETAILS: Final = {
    name: camel_case(name) for name in Details.__struct_fields__ if name != "pending_decisions"
}


def difference(before: CaseState | None, after: CaseState | None) -> list[FieldChange]:
    """The fields in which two states of one case differ, in the order of CaseState.

    A field that is empty in a state, and every field of a state that is None, counts as null.
    """
    changes = []
    for name, shown in _COMPARED.items():
        was, now = getattr(before, name, None), getattr(after, name, None)
        if was != now:
            changes.append(FieldChange(shown, as_json(was), as_json(now)))
    return [*changes, *_detail_changes(_details(before), _details(after))]


def changes_by(changed: Effect, before: CaseState) -> list[FieldChange]:
    """`difference` for an event with this effect, looking only at what it sets."""
    changes = []
    for name, now in changed.items():
        was = getattr(before, name)
        if name == "details":
            changes += _detail_changes(was, now)
        elif was != now:
            changes.append(FieldChange(_COMPARED[name], as_json(was), as_json(now)))
    return changes


def _details(state: CaseState | None) -> Details:
    return NONE if state is None else state.details


def _detail_changes(before: Details, after: Details) -> list[FieldChange]:
    if before == after:
        return []
    return [
        FieldChange(shown, as_json(was), as_json(now))
        for name, shown in _DETAILS.items()
        for was, now in _differing(name, getattr(before, name), getattr(after, name))
    ]


def _differing(name: str, was: object, now: object) -> Iterator[tuple[object, object]]:
    """What differs, once, or nothing. Of many clocks, which differ at nearly every event, those."""
    if was == now:
        return
    if name == "clocks" and isinstance(was, tuple) and isinstance(now, tuple):
        gone = tuple(each for each in was if each not in now)
        yield gone, tuple(each for each in now if each not in was)
    else:
        yield was, now


def as_json(value: object) -> object:
    """A value of a state as JSON holds it: times in UTC, a point by its parts."""
    return value if value is None or isinstance(value, (str, int)) else _written_out(value)


def _written_out(value: object) -> object:
    match value:
        case datetime():
            return utc(value).isoformat().replace("+00:00", "Z")
        case tuple():
            return [as_json(item) for item in value]
        case Point():
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case msgspec.Struct():
            return {shown: as_json(getattr(value, name)) for name, shown in _shown_as(type(value))}
        case UUID():
            return str(value)
        case _:
            return value
