"""Limits of a document: each with a code, none fooled by fragments, the same on every transport."""

from collections.abc import AsyncIterator
from time import process_time
from typing import Final

import pytest
from graphql import get_introspection_query

from tests.api.transport.conftest import Service, serve, subscribed

MOST_CPU_SECONDS: Final = 1.0
"""What a document that exhausts a limit may take: a hundred times what it does."""

NEW = {"Accept": "application/graphql-response+json"}


@pytest.fixture(scope="module")
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with serve(
        tmp_path_factory.mktemp("strict"),
        max_depth=5,
        max_aliases=4,
        max_definitions=6,
        max_repeats=3,
        max_tokens=200,
    ) as service:
        yield service


def nested(depth: int) -> str:
    return "{ thing " + "{ inner " * (depth - 2) + "{ name }" + " }" * (depth - 1)


CYCLE = "fragment A on Thing { inner { ...B } } fragment B on Thing { inner { ...A } }"

REFUSED = [
    (nested(6), "QUERY_TOO_DEEP"),
    ("{ thing { ...A } } fragment A on Thing { inner { inner { inner { inner { name } } } } }",
     "QUERY_TOO_DEEP"),
    (("{ thing { ...A } } fragment A on Thing { inner { ...B } } "
     "fragment B on Thing { inner { ...C } } fragment C on Thing { inner { inner { name } } }"),
     "QUERY_TOO_DEEP"),
    ("{ thing { ... { inner { ... on Thing { inner { inner { inner { name } } } } } } } }",
     "QUERY_TOO_DEEP"),
    ("{ a: hello b: hello c: hello d: hello e: hello }", "TOO_MANY_ALIASES"),
    (("{ thing { ...A } } fragment A on Thing { a: inner { ...B } b: inner { ...B } } "
     "fragment B on Thing { c: name d: name }"), "TOO_MANY_ALIASES"),
    ("mutation { a: change b: change c: change d: change e: change }", "TOO_MANY_ALIASES"),
    ("{ hello hello hello hello }", "TOO_MANY_REPEATS"),
    (("{ hello ...A ...B ...C } fragment A on Query { hello } fragment B on Query { hello } "
     "fragment C on Query { hello }"), "TOO_MANY_REPEATS"),
    ("{ hello ... { hello ... { hello ... { hello } } } }", "TOO_MANY_REPEATS"),
    ("{ a: __schema { ...A } b: __schema { ...A } } fragment A on __Schema { types { name } }",
     "TOO_MANY_REPEATS"),
    ("{ a: __schema { types { name } } ...A } fragment A on Query { __schema { types { name } } }",
     "TOO_MANY_REPEATS"),
    (" ".join(f"query Q{n} {{ hello }}" for n in range(7)), "TOO_MANY_DEFINITIONS"),
    ("{" + " hello" * 200 + "}", "TOO_MANY_TOKENS"),
    ("{ hello }" + " #\n" * 201, "TOO_MANY_TOKENS"),
    ("{ thing { ...A } } " + CYCLE, "VALIDATION_FAILED"),
    ("{ ...A } fragment A on Query { ...A }", "VALIDATION_FAILED"),
]  # fmt: skip

ALLOWED = [
    nested(5),
    "{ thing { ...A } } fragment A on Thing { inner { inner { inner { name } } } }",
    "{ a: hello b: hello c: hello d: hello }",
    "{ hello hello hello }",
    "query A { hello } query B { a: hello } ",
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
async def test_a_document_beyond_a_limit_is_refused(strict: Service, query: str, code: str) -> None:
    response = await strict.post(query, headers=NEW)
    assert response.status_code == 400
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}


@pytest.mark.parametrize("query", ALLOWED)
async def test_a_document_at_the_limit_runs(strict: Service, query: str) -> None:
    response = await strict.post(query, operationName="A" if "query A" in query else None)
    assert "errors" not in response.json()


async def test_the_error_names_the_limit(strict: Service) -> None:
    response = await strict.post(nested(9))
    (error,) = response.json()["errors"]
    assert error["message"] == "Fields are nested 9 deep; 5 are allowed."
    assert error["extensions"] == {"code": "QUERY_TOO_DEEP", "limit": 5}


@pytest.mark.parametrize(("query", "code"), REFUSED)
async def test_limits_hold_over_events(strict: Service, query: str, code: str) -> None:
    response = await strict.post(query, headers={"Accept": "text/event-stream"})
    assert response.status_code == 200
    assert f'"code":"{code}"' in response.text
    assert response.text.endswith("event: complete\ndata: \n\n")


async def test_limits_hold_over_websocket(strict: Service) -> None:
    async with subscribed(strict) as socket:
        for number, (query, code) in enumerate(REFUSED):
            await socket.subscribe(str(number), query)
            message = await socket.receive()
            assert (message["type"], message["id"]) == ("error", str(number))
            assert {error["extensions"]["code"] for error in message["payload"]} == {code}


async def test_the_introspection_of_common_tools_is_within_the_limits(service: Service) -> None:
    query = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True,
        schema_description=True, input_value_deprecation=True,
    )  # fmt: skip
    assert "errors" not in (await service.post(query)).json()


@pytest.mark.parametrize(
    "query",
    [
        "{" + " hello" * 3_990 + "}",
        "{" + " thing { name }" * 990 + "}",
        "{" + " thing { inner { inner { name } } }" * 400 + "}",
        "{" + "".join(f" a{n}: hello" for n in range(1300)) + "}",
        "{ thing {" + " ...A" * 1300 + "} } fragment A on Thing { name }",
        "{" + "".join(f" ...F{n}" for n in range(90)) + "}"
        + "".join(f" fragment F{n} on Query {{ hello thing {{ name }} who }}" for n in range(90)),
        "{ ...F0 }" + "".join(
            f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(90)
        ) + " fragment F90 on Query { hello }",
        "query (" + "".join(f"$v{n}: Int " for n in range(900)) + ") { hello }",
        '{ hello(name: "' + "x" * 900_000 + '") }',
        "{ wish(wish: " + "{ wish: " * 90 + '{ text: "x" }' + "}" * 90 + ") }",
    ],
)  # fmt: skip
async def test_no_document_within_the_default_limits_keeps_the_service_busy(
    service: Service, query: str
) -> None:
    before = process_time()
    await service.post(query)
    # Of this process, service and client: whatever else keeps the machine busy does not count.
    assert process_time() - before < MOST_CPU_SECONDS
