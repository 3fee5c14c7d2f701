"""What the schema says of itself is told once for each question, whoever asks."""

from typing import Any, cast

import msgspec
import pytest

from app.web.execution import Execution, encode
from app.web.introspection import SchemaAnswers
from app.web.limits import QueryLimits
from app.web.metrics import Metrics
from app.web.requests import Parameters
from schema.context import Context
from schema.languages.language import Language
from tests.api.transport.small_schema import SCHEMA

LIMITS = QueryLimits(tokens=1000, depth=20, aliases=20, definitions=20, repeats=200, errors=5)
TYPE = "query A($name: String!) { __type(name: $name) { name } } query B { __typename }"


class Asking:
    language = Language.EN


@pytest.fixture
def execution() -> Execution:
    return Execution(SCHEMA, LIMITS, Metrics(), introspection=True)


async def told(
    execution: Execution, query: str, operation: str | None = None, **variables: object
) -> tuple[object, Any]:
    """The data as it is, and as a client reads it."""
    prepared = execution.prepare(Parameters(query, operation, variables or None))
    result = await execution.run(prepared, cast("Context", Asking()))
    assert result.keys() == {"data"}
    return result["data"], msgspec.json.decode(encode(result))["data"]


async def test_the_same_question_has_the_same_answer_and_another_its_own(
    execution: Execution,
) -> None:
    first, thing = await told(execution, TYPE, "A", name="Thing")
    assert thing == {"__type": {"name": "Thing"}}
    for name, expected in (("Query", {"name": "Query"}), ("Nothing", None)):
        assert (await told(execution, TYPE, "A", name=name))[1] == {"__type": expected}
    assert (await told(execution, TYPE, "B"))[1] == {"__typename": "Query"}
    assert (await told(execution, TYPE, "A", name="Thing"))[0] is first


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename hello }",
        "{ ...All } fragment All on Query { __typename hello }",
        "query A { __typename } query B { hello }",
    ],
)
async def test_what_asks_for_anything_else_is_asked_each_time(
    execution: Execution, query: str
) -> None:
    name = "A" if "query A" in query else None
    (first, _), (again, _) = [await told(execution, query, name) for _ in range(2)]
    assert first == again
    assert first is not again


def test_no_more_is_remembered_than_is_said() -> None:
    answers = SchemaAnswers(most_bytes=100)
    one, other, third, long = (
        Parameters(text) for text in ("a" * 20, "b" * 20, "c" * 50, "d" * 99)
    )
    answers.remember(one, {})
    answers.remember(other, {})
    assert answers.given(one) is not None
    answers.remember(third, {})
    assert [answers.given(each) is not None for each in (other, one, third)] == [False, True, True]
    answers.remember(long, {})
    assert [answers.given(each) for each in (one, third, long)] == [None, None, None]
