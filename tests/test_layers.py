"""The import direction: domain <- projections <- schema <- app, and who may use which library."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("domain", "projections", "schema", "app")
LIBRARIES = {
    # msgspec for value objects that occur by the million (ARCHITECTURE.md).
    "domain": {"eventsourcing", "msgspec"},
    "projections": {"asyncpg", "eventsourcing", "msgspec"},  # the base class of domain events
    "schema": {"asyncpg", "graphql", "msgspec", "strawberry", "structlog", "uuid_utils"},
}
"""Beside the standard library. `app` may use everything."""


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_from_those_below_it(layer: str) -> None:
    below = set(LAYERS[: LAYERS.index(layer) + 1])
    breaches = [
        f"{place} imports {module}"
        for place, module in imports(layer)
        if (top := module.partition(".")[0]) in {*LAYERS, "tests", "migrations"}
        and top not in below
    ]
    assert breaches == []


@pytest.mark.parametrize("layer", sorted(LIBRARIES))
def test_a_layer_uses_only_its_libraries(layer: str) -> None:
    allowed = LIBRARIES[layer] | set(LAYERS) | sys.stdlib_module_names
    breaches = [
        f"{place} imports {module}"
        for place, module in imports(layer)
        if module.partition(".")[0] not in allowed
    ]
    assert breaches == []


def test_every_layer_has_modules_to_look_at() -> None:
    assert all(any(imports(layer)) for layer in LAYERS)


def imports(layer: str) -> Iterator[tuple[str, str]]:
    """(place, module) of every import below a folder, those inside functions included."""
    for path in sorted((ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Import(names=names):
                    yield from ((place, name.name) for name in names)
                case ast.ImportFrom(module=str(module), level=0):
                    yield place, module
                case ast.ImportFrom(level=level) if level:
                    yield place, f"{layer}.relative"
                case _:
                    pass
