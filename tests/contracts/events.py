"""The contract of the stored events: topic -> class version -> fields and their types.

Entries are kept for ever, so every shape that was ever released stays in `events.json`, and the
code can read it: by decoding it as it is, or by its upcasts. `make contracts` adds what is new.
A shape that no journal holds yet may be cut out of the file by hand before.
"""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, TypedDict, Union, get_args, get_origin, get_type_hints

import msgspec
from eventsourcing.domain import AggregateCreated, AggregateEvent

import domain
from domain.event import EVENT_TYPES, Recorded

FILE: Final = Path(__file__).with_suffix(".json")
PLACE: Final = frozenset(field.name for field in fields(AggregateCreated))


class Shape(TypedDict):
    """One version of an event. protected: the fields encrypted under the key of the stream."""

    fields: dict[str, str]
    protected: list[str]


class Contract(TypedDict):
    """events: topic -> class version -> shape. enums: name -> the values a field may have."""

    enums: dict[str, list[str]]
    events: dict[str, dict[str, Shape]]


def domain_events() -> dict[str, type[AggregateEvent]]:
    """topic -> class of every event in `domain/`, not of those that tests define."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    return {
        topic: kind
        for topic, kind in sorted(EVENT_TYPES.items())
        if kind.__module__.startswith("domain.")
    }


def version_of(kind: type[AggregateEvent]) -> int:
    assert issubclass(kind, Recorded)
    return kind.class_version


def shape_of(kind: type[AggregateEvent]) -> Shape:
    assert issubclass(kind, Recorded)
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in PLACE]
    return {
        "fields": {name: type_text(hints[name]) for name in names},
        "protected": sorted(kind.PROTECTED),
    }


def type_text(hint: Any, within: tuple[object, ...] = ()) -> str:
    """A type as one line; value objects are written out, so that theirs are part of the shape."""
    if hint is NoneType:
        return "None"
    if hint is Ellipsis:
        return "..."
    arguments = [type_text(argument, within) for argument in get_args(hint)]
    if get_origin(hint) in {Union, UnionType}:
        return " | ".join(arguments)
    name: str = hint.__name__
    if arguments:
        return f"{name}[{', '.join(arguments)}]"
    if is_value_object(hint) and hint not in within:
        hints = get_type_hints(hint)
        inner = (*within, hint)
        content = (f"{field}: {type_text(hints[field], inner)}" for field in fields_of(hint))
        return f"{name}({', '.join(content)})"
    return name


def is_value_object(hint: Any) -> bool:
    """Whether a type has fields of its own."""
    return is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, msgspec.Struct))


def fields_of(kind: Any) -> tuple[str, ...]:
    """The names of a value object's fields."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    names: tuple[str, ...] = kind.__struct_fields__
    return names


def enums_of(hint: Any, within: tuple[object, ...] = ()) -> dict[str, list[str]]:
    """Every enumeration that a type mentions."""
    found: dict[str, list[str]] = {}
    if isinstance(hint, type) and issubclass(hint, Enum):
        found[hint.__name__] = [member.value for member in hint]
    elif is_value_object(hint) and hint not in within:
        for inner in get_type_hints(hint).values():
            found |= enums_of(inner, (*within, hint))
    for argument in get_args(hint):
        found |= enums_of(argument, within)
    return found


def in_code() -> Contract:
    events = domain_events()
    enums: dict[str, list[str]] = {}
    for kind in events.values():
        for field in fields(kind):
            enums |= enums_of(get_type_hints(kind)[field.name])
    return {
        "enums": dict(sorted(enums.items())),
        "events": {
            topic: {str(version_of(kind)): shape_of(kind)} for topic, kind in events.items()
        },
    }


def released() -> Contract:
    contract: Contract = json.loads(FILE.read_text())
    return contract


def breaches(contract: Contract, code: Contract) -> list[str]:
    """What in the code would leave stored entries unreadable."""
    found = []
    for topic, versions in contract["events"].items():
        if topic not in code["events"]:
            found.append(f"{topic}: its entries are stored, and the event is gone")
            continue
        ((current, shape),) = code["events"][topic].items()
        newest = max(map(int, versions))
        if int(current) < newest:
            found.append(f"{topic}: version {newest} is stored, the code knows {current}")
        elif current in versions and versions[current] != shape:
            found.append(f"{topic}: changed; raise class_version and write an upcast")
    for name, values in contract["enums"].items():
        lost = set(values) - set(code["enums"].get(name, []))
        if lost:
            found.append(f"{name}: {', '.join(sorted(lost))} may be stored, and the code lost it")
    return found


def missing_upcasts(events: Mapping[str, type[AggregateEvent]]) -> list[str]:
    """Steps from one version to the next that an event class has no method for."""
    return [
        f"{topic}: upcast_v{version}_v{version + 1}"
        for topic, kind in events.items()
        for version in range(1, version_of(kind))
        if not callable(getattr(kind, f"upcast_v{version}_v{version + 1}", None))
    ]


def merged(contract: Contract, code: Contract) -> Contract:
    """The contract with what is new in the code; what was released stays."""
    events = contract["events"] | {
        topic: code["events"][topic] | contract["events"].get(topic, {}) for topic in code["events"]
    }
    return {
        "enums": dict(sorted((contract["enums"] | code["enums"]).items())),
        "events": dict(sorted(events.items())),
    }
