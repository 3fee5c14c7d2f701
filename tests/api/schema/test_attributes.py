"""What objects know of themselves is read from them: answers are the library's nevertheless."""

import gc
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import pytest
import strawberry
from graphql import get_introspection_query
from strawberry.scalars import JSON

from app.web.execution import Execution
from app.web.limits import QueryLimits
from app.web.metrics import Metrics
from app.web.requests import Parameters
from schema.context import Context
from schema.executor import AttributeExecutor
from schema.languages.language import Language


@strawberry.enum
class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf:
    size: int | None
    colour: Colour | None = None


@strawberry.type
class Fruit(Named):
    seeds: list[Leaf]
    tags: list[str | None] | None = None


@strawberry.type
class Branch(Named):
    colour: Colour
    leaf: Leaf | None
    leaves: list[Leaf]
    fruits: list[Fruit]
    some: Named | None
    notes: JSON | None = None
    hidden: strawberry.Private[int] = 3

    @strawberry.field
    def picked(self) -> list[Fruit]:
        return self.fruits[:1]

    @strawberry.field
    async def carried(self) -> list[Fruit] | None:
        return self.fruits

    @strawberry.field
    def twice(self, of: int = 1) -> int:
        return 2 * of

    @strawberry.field
    async def later(self) -> "Branch | None":
        return self

    @strawberry.field
    def broken(self) -> int:
        raise ValueError("broken")


def branch(**other: Any) -> Branch:
    leaves = [Leaf(size=1, colour=Colour.RED), Leaf(size=None)]
    fruit = Fruit(name="pear", seeds=leaves, tags=["a", None])
    whole: dict[str, Any] = {
        "name": "first",
        "colour": Colour.GREEN,
        "leaf": leaves[0],
        "leaves": leaves,
        "fruits": [fruit, Fruit(name="plum", seeds=[])],
        "some": fruit,
        "notes": {"any": [1]},
    }
    return Branch(**whole | other)


@dataclass
class Root:
    found: Branch
    language: Language = Language.EN


@strawberry.type
class Query:
    @strawberry.field
    def branch(self, info: strawberry.Info[Root, None]) -> Branch | None:
        return info.context.found

    @strawberry.field
    async def branches(self, info: strawberry.Info[Root, None]) -> list[Branch]:
        return [branch(), info.context.found]


OURS = strawberry.Schema(Query, types=[Fruit], execution_context_class=AttributeExecutor)
THEIRS = strawberry.Schema(Query, types=[Fruit])

DOCUMENTS = (
    "{ branch { name colour leaf { size colour } leaves { colour } notes } }",
    "{ branches { b: name __typename twice(of: 4) name later { name leaf { size } } colour } }",
    """{ branch {
        fruits { name seeds { size __typename } tags } some { name ... on Fruit { tags } }
    } }""",
    """query ($no: Boolean = false) {
        branch { name @include(if: $no) leaves { size @skip(if: $no) } }
    }""",
    "{ branches { picked { name seeds { colour } } carried { name seeds { size } tags } } }",
    "{ branches { later { fruits { seeds { size } } later { colour leaves { size } } } } }",
    """{ branch { ...B broken leaf { ...L } } }
    fragment B on Branch { leaf { size } leaves { ...L } } fragment L on Leaf { colour }""",
)

UNFIT = (
    branch(),
    branch(name=None),
    branch(leaf=None, some=None, notes=None),
    branch(colour="blue"),
    branch(leaves=[Leaf(size="many"), None]),  # type: ignore[arg-type]
    branch(leaves=5),
    branch(leaves={4: Leaf(size=4)}.values()),
    branch(fruits=[Leaf(size=4)]),
    branch(fruits=[Fruit(name="fig", seeds=[Leaf(size=2**40)], tags=[object()])]),  # type: ignore[list-item]
    branch(leaf=ValueError("held")),
)


@pytest.mark.parametrize("found", UNFIT)
@pytest.mark.parametrize("document", DOCUMENTS)
async def test_an_answer_is_what_the_library_says(document: str, found: Branch) -> None:
    ours, theirs = [
        await schema.execute(document, context_value=Root(found)) for schema in (OURS, THEIRS)
    ]
    assert ours.data == theirs.data
    assert order(ours.data) == order(theirs.data)
    assert told(ours.errors) == told(theirs.errors)


async def test_the_schema_is_told_as_the_library_tells_it() -> None:
    ours, theirs = [
        await schema.execute(get_introspection_query(), context_value=Root(branch()))
        for schema in (OURS, THEIRS)
    ]
    assert ours.errors is None
    assert ours.data == theirs.data


def told(errors: Any) -> list[dict[str, Any]]:
    return [error.formatted for error in errors or ()]


def order(data: Any) -> Any:
    """The names of all fields, in their order."""
    if isinstance(data, dict):
        return [(name, order(value)) for name, value in data.items()]
    return [order(each) for each in data] if isinstance(data, list) else None


async def test_an_answer_leaves_nothing_to_the_garbage_collector() -> None:
    limits = QueryLimits(tokens=1000, depth=20, aliases=20, definitions=20, repeats=200, errors=5)
    execution = Execution(OURS, limits, Metrics(), introspection=True)
    asked = [execution.prepare(Parameters(document)) for document in DOCUMENTS[:-1]]
    context, left = cast("Context", Root(branch())), 1
    for _ in range(2):
        gc.collect()
        gc.disable()
        try:
            answers = [await execution.run(operation, context) for operation in asked]
            left = gc.collect()
        finally:
            gc.enable()
        assert not any("errors" in answer for answer in answers)
    assert left == 0
