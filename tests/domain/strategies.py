"""Hypothesis strategies for commands and events, from their type hints."""

from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateCreated, AggregateEvent
from hypothesis import strategies as st

from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit
from domain.case import CaseCommand
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Attribute
from domain.command import Command
from domain.event import AGGREGATE_OF
from domain.identity import Role
from tests.domain.people import person
from tests.domain.scenario import BEGAN, CASE, NOW

texts: Final = st.sampled_from(
    ["", " ", "Noise", "噪音 😀", "x\x00", "\ud800", "a" * 201, "b" * 5_001]
) | st.text(max_size=20)
"""What a caller may send, what cannot be stored included."""

storable_texts: Final = st.text(st.characters(codec="utf-8"), max_size=20)

moments: Final = st.sampled_from(
    [BEGAN - timedelta(days=1), BEGAN, BEGAN + timedelta(days=9), NOW, NOW + timedelta(days=1)]
)

# RFC 3339 knows offsets of whole minutes, unlike the local mean times of the past.
times: Final = st.datetimes(
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda offset: timezone(timedelta(minutes=offset)))
)

attributes: Final[st.SearchStrategy[Attribute]] = st.deferred(
    lambda: st.builds(
        Attribute,
        key=storable_texts,
        type=st.sampled_from(["string", "date", "int", "float", "boolean", "id", "list"]),
        value=st.none() | storable_texts,
        children=st.lists(attributes, max_size=2).map(tuple),
    )
)

limits: Final = st.builds(
    Limit,
    st.integers(1, 1000),
    st.sampled_from(LimitUnit),
    st.sampled_from(LimitBegins),
    st.sampled_from(LimitEnds),
)

callers: Final = st.builds(
    lambda name, roles: person(name, *roles),
    st.sampled_from(["resident", "officer", "registrar"]),
    st.sets(st.sampled_from(Role), min_size=1, max_size=4) | st.just(set(Role)),
)


def of_type(hint: Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values of one field's type."""
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*(of_type(argument, text) for argument in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(of_type(get_args(hint)[0], text), max_size=3).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(storable_texts, storable_texts, max_size=2)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: text,
        int: st.integers(-2, 2**53),
        bool: st.booleans(),
        float: st.floats(-200, 200),
        UUID: st.just(CASE),
        NoneType: st.none(),
        datetime: times,
        date: st.dates(),
        timedelta: st.timedeltas(timedelta(), timedelta(days=100)),
        Attribute: attributes,
        Limit: limits,
    }
    return simple[hint] if hint in simple else instances(hint, text)


def instances(kind: type[Any], text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    of = msgspec.structs.fields(kind) if issubclass(kind, msgspec.Struct) else fields(kind)
    return st.builds(kind, **{f.name: of_type(hints[f.name], text) for f in of})


def commands(kind: type[Command]) -> st.SearchStrategy[Command]:
    """Commands with any content on the case of the scenarios, mostly at a sensible time."""
    hints = get_type_hints(kind)
    said = {f.name: of_type(hints[f.name], texts) for f in fields(kind)}
    circumstances: dict[str, st.SearchStrategy[Any]] = {
        "command_id": st.uuids(),
        "expected_version": st.none(),
        "occurred_at": st.none() | moments,
        "correlation_id": st.none(),
    }
    return st.builds(kind, **{**said, **circumstances})


on_a_case: Final = st.one_of(*(commands(kind) for kind in get_args(CaseCommand)))
registrations: Final = commands(RegisterCase)


def events(kind: type[AggregateEvent]) -> st.SearchStrategy[AggregateEvent]:
    """Events of one class, as they may be stored."""
    hints = get_type_hints(kind)
    place: dict[str, st.SearchStrategy[Any]] = {
        "originator_id": st.uuids(),
        "originator_version": st.integers(1, 2**31 - 1),
        "timestamp": times,
    }
    if issubclass(kind, AggregateCreated):
        place["originator_topic"] = st.just(AGGREGATE_OF[kind])
    names = [field.name for field in fields(kind) if field.name not in place]
    said = {name: of_type(hints[name], storable_texts) for name in names}
    return st.builds(kind, **place, **said)
