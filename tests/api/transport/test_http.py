"""GraphQL over HTTP: methods, media types, statuses; whatever is sent, the answer is coded."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.web.heads import BESIDE_THE_URL
from tests.api.transport.conftest import Serve, Service
from tests.api.transport.small_schema import SECRET

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

NEW = {"Accept": "application/graphql-response+json"}
OLD = {"Accept": "application/json"}
JSON = {"Content-Type": "application/json"}


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


async def send(service: Service, body: bytes, **headers: str) -> httpx.Response:
    return await service.client.post("/graphql", content=body, headers={**JSON, **headers})


async def test_a_query_is_answered(service: Service) -> None:
    response = await service.post("query Q($n: String!) { hello(name: $n) }", variables={"n": "x"})
    assert response.status_code == 200
    assert response.json() == {"data": {"hello": "hello x"}}


async def test_a_query_may_come_by_get(service: Service) -> None:
    response = await service.client.get(
        "/graphql",
        params={
            "query": "query A($n: String) { hello(name: $n) } query B { who }",
            "operationName": "A",
            "variables": '{"n": "你好"}',
            "extensions": "{}",
        },
    )
    assert response.json() == {"data": {"hello": "hello 你好"}}


async def test_a_mutation_by_get_is_refused(service: Service) -> None:
    response = await service.client.get("/graphql", params={"query": "mutation { change }"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert codes(response) == ["METHOD_NOT_ALLOWED"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(service: Service, method: str) -> None:
    response = await service.client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json",
        ),
        (
            "application/json;q=0.5, application/graphql-response+json; charset=utf-8",
            "application/graphql-response+json",
        ),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
async def test_the_answer_has_the_type_that_is_preferred(
    service: Service, accept: str | None, media_type: str
) -> None:
    request = service.client.build_request("POST", "/graphql", json={"query": "{ hello }"})
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    response = await service.client.send(request)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "x", ";;,q=", "*/*;q=y"])
async def test_what_cannot_be_sent_is_not_acceptable(service: Service, accept: str) -> None:
    response = await service.post("{ hello }", headers={"Accept": accept})
    assert response.status_code == 406
    assert codes(response) == ["NOT_ACCEPTABLE"]


@pytest.mark.parametrize(
    ("query", "members", "code"),
    [
        ("{", {}, "SYNTAX_ERROR"),
        ("", {}, "SYNTAX_ERROR"),
        ("{ nothing }", {}, "VALIDATION_FAILED"),
        ("query ($n: Int!) { number(value: $n) }", {}, "INVALID_VARIABLES"),
        ("query ($n: Int!) { number(value: $n) }", {"variables": {"n": "x"}}, "INVALID_VARIABLES"),
        ("query A { who } query B { who }", {}, "NO_SUCH_OPERATION"),
        ("query A { who }", {"operationName": "B"}, "NO_SUCH_OPERATION"),
        ("subscription { count(to: 1) }", {}, "SUBSCRIPTION_NEEDS_STREAM"),
    ],
)
async def test_what_cannot_run_is_400_to_new_clients_and_has_a_code(
    service: Service, query: str, members: dict[str, Any], code: str
) -> None:
    new = await service.post(query, **members, headers=NEW)
    assert new.status_code == 400
    assert set(codes(new)) == {code}
    assert "data" not in new.json()
    old = await service.post(query, **members, headers=OLD)
    assert old.status_code == (400 if code == "SUBSCRIPTION_NEEDS_STREAM" else 200)
    assert old.json() == new.json()


NESTED = b"[" * 100_000
OPENED = b'{"a":' * 100_000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "INVALID_JSON"),
        (b"{", "INVALID_JSON"),
        (b"null", "INVALID_REQUEST"),
        (b'"x"', "INVALID_REQUEST"),
        (b"1", "INVALID_REQUEST"),
        (b"true", "INVALID_REQUEST"),
        (b"[]", "BATCHING_NOT_SUPPORTED"),
        (b'[{"query": "{ hello }"}]', "BATCHING_NOT_SUPPORTED"),
        (b"{}", "INVALID_REQUEST"),
        (b'{"query": null}', "INVALID_REQUEST"),
        (b'{"query": 1}', "INVALID_REQUEST"),
        (b'{"query": ["{ hello }"]}', "INVALID_REQUEST"),
        (b'{"query": "{ hello }", "variables": []}', "INVALID_REQUEST"),
        (b'{"query": "{ hello }", "variables": "x"}', "INVALID_REQUEST"),
        (b'{"query": "{ hello }", "extensions": 1}', "INVALID_REQUEST"),
        (b'{"query": "{ hello }", "operationName": 1}', "INVALID_REQUEST"),
        (b'{"query": "\xff"}', "INVALID_JSON"),
        (b'{"query": "\xed\xa0\x80"}', "INVALID_JSON"),
        (b'{"query": "\\ud800"}', "INVALID_JSON"),
        (b'{"query": "{ hello }", "variables": {"n": "\\udc00"}}', "INVALID_JSON"),
        (b'\xef\xbb\xbf{"query": "{ hello }"}', "INVALID_JSON"),
        (b'{"query": "{ hello }", "variables": {"n": NaN}}', "INVALID_JSON"),
        (b'{"query": "{ hello }", "variables": {"n": 1e999}}', "INVALID_JSON"),
        (b'{"query": "{ hello }", "variables": {"n": ' + b"1" * 5000 + b"}}", "INVALID_JSON"),
        (b'{"query": "\x00"}', "INVALID_JSON"),
        (b'{"query": "\\u0000"}', "FORBIDDEN_CHARACTER"),
        (b'{"query": "{ hello }", "variables": {"n": ["\\u0000"]}}', "FORBIDDEN_CHARACTER"),
        (b'{"query": "{ hello }", "variables": {"\\u0000": 1}}', "FORBIDDEN_CHARACTER"),
        (b'{"query": "{ hello(name: \\"\\\\u0000\\") }"}', "FORBIDDEN_CHARACTER"),
        (b'{"query": "{ hello(name: \\"\\\\u{00}\\") }"}', "FORBIDDEN_CHARACTER"),
        (b'{"query": "{ hello(name: \\"\\\\ud800\\") }"}', "SYNTAX_ERROR"),
        (NESTED, "JSON_TOO_DEEP"),
        (OPENED, "JSON_TOO_DEEP"),
        (NESTED[:500] + b"]" * 500, "JSON_TOO_DEEP"),
        (b'{"query": "{ hello }", "variables": {"n": ' + b"[" * 64 + b"]" * 64 + b"}}",
         "JSON_TOO_DEEP"),
        (b'{"query": "' + b"{ thing " * 20_000 + b'"}', "QUERY_TOO_DEEP"),
        (b'{"query": "{' + b" hello" * 20_000 + b'}"}', "TOO_MANY_TOKENS"),
        (b'{"query": "{' + b" #\\n" * 20_000 + b'}"}', "TOO_MANY_TOKENS"),
        (b'{"query": "{ hello(name: ' + b"[" * 3_000 + b'"}', "QUERY_TOO_DEEP"),
        (b'{"query": "' + b" " * 1_100_000 + b'"}', "BODY_TOO_LARGE"),
    ],
)  # fmt: skip
async def test_a_hostile_body_gets_a_clean_answer(service: Service, body: bytes, code: str) -> None:
    response = await send(service, body, **NEW)
    assert 400 <= response.status_code < 500
    assert codes(response) == [code]


async def test_a_backslash_before_u0000_is_not_that_character(service: Service) -> None:
    response = await send(service, b'{"query": "{ hello(name: \\"\\\\\\\\u0000\\") }"}')
    assert response.json() == {"data": {"hello": "hello \\u0000"}}


async def test_a_number_beyond_64_bits_is_a_wrong_variable(service: Service) -> None:
    response = await service.post(
        "query ($n: Int!) { number(value: $n) }", variables={"n": 10**30}, headers=NEW
    )
    assert (response.status_code, codes(response)) == (400, ["INVALID_VARIABLES"])


HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@asynccontextmanager
async def half_sent(service: Service, start: bytes) -> AsyncIterator[Connection]:
    """A connection on which a POST request has begun."""
    host, port = service.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(HEAD + start)
        async with asyncio.timeout(60):
            yield reader, writer
    finally:
        writer.close()


async def pour(writer: asyncio.StreamWriter, chunk: bytes) -> None:
    while True:
        writer.write(chunk)
        await writer.drain()


async def test_a_body_without_an_end_is_cut_off(service: Service) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    async with half_sent(service, b"Transfer-Encoding: chunked\r\n\r\n") as (_, writer):
        with pytest.raises(ConnectionError):
            await pour(writer, chunk)
    assert (await service.post("{ hello }")).status_code == 200


@pytest.mark.parametrize("start", [b"X-Long: ", b""])
async def test_a_head_without_an_end_is_cut_off(serving: Serve, start: bytes) -> None:
    chunk = b"a" * 0x10000 if start else b"X-Short: a\r\n" * 0x1000
    async with serving(max_body_bytes=2048) as service:
        async with half_sent(service, start) as (_, writer):
            with pytest.raises(ConnectionError):
                await pour(writer, chunk)
        assert (await service.post("{ hello }")).status_code == 200


async def test_a_head_that_is_too_large_is_told_why(serving: Serve) -> None:
    start = b"X-Long: "
    rest = 2048 + BESIDE_THE_URL - len(HEAD + start) + 1
    async with (
        serving(max_body_bytes=2048) as service,
        half_sent(service, start) as (reader, writer),
    ):
        writer.write(b"a" * rest)
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 431")
    assert b"HEAD_TOO_LARGE" in answer


async def test_a_head_that_does_not_arrive_is_not_waited_for(serving: Serve) -> None:
    answered = b"Content-Length: 20\r\n\r\n" + b'{"query":"{ hello }"}'[:20]
    async with (
        serving(client_timeout_seconds=1) as service,
        half_sent(service, b"X-Never: ") as (began, _),
        half_sent(service, answered) as (idle, writer),
    ):
        writer.write(b"\r\n")  # what is no request is none that comes
        assert b"HEAD_TOO_SLOW" in await began.read()
        assert (await idle.read()).count(b"HTTP/1.1") == 1


async def test_a_body_that_does_not_arrive_is_not_waited_for(serving: Serve) -> None:
    announced = b"Content-Length: 10\r\n\r\n{"
    async with (
        serving(client_timeout_seconds=1) as service,
        half_sent(service, announced) as (reader, _),
    ):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"BODY_TOO_SLOW" in answer


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=gbk",
        "application/json-patch+json",
    ],
)
async def test_another_content_type_is_refused(service: Service, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await service.client.post(
        "/graphql", content=b'{"query": "{ hello }"}', headers=headers
    )
    assert (response.status_code, codes(response)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", "Application/JSON"])
async def test_json_may_name_its_encoding(service: Service, content_type: str) -> None:
    response = await send(service, b'{"query": "{ hello }"}', **{"Content-Type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("", 400, "INVALID_REQUEST"),
        ("?query=%FF", 400, "INVALID_REQUEST"),
        ("?query={hello}&query={who}", 400, "INVALID_REQUEST"),
        ("?" + "&".join(f"a{n}=1" for n in range(100)), 400, "INVALID_REQUEST"),
        ("?query={hello}&variables=[", 400, "INVALID_JSON"),
        ("?query={hello}&variables=[1]", 400, "INVALID_REQUEST"),
        ("?query={hello}&variables=" + quote("[" * 500 + "]" * 500), 400, "JSON_TOO_DEEP"),
        ("?query=" + quote('{hello(name:"\0")}'), 400, "FORBIDDEN_CHARACTER"),
    ],
)
async def test_a_hostile_url_gets_a_clean_answer(
    service: Service, url: str, status: int, code: str
) -> None:
    response = await service.client.get(f"/graphql{url}", headers=NEW)
    assert (response.status_code, codes(response)) == (status, [code])


async def test_the_url_has_a_limit_too(serving: Serve) -> None:
    async with serving(max_body_bytes=1024) as service:
        response = await service.client.get("/graphql?query=" + "x" * 1100)
    assert (response.status_code, codes(response)) == (414, ["BODY_TOO_LARGE"])


async def test_a_visitor_with_a_browser_is_sent_to_the_explorer(service: Service) -> None:
    response = await service.client.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["Location"]) == (307, "/")


async def test_what_nobody_expected_is_masked_and_has_an_id(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    response = await service.post("{ breaks hello }", headers=NEW)
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert response.json()["data"] == {"breaks": None, "hello": "hello world"}
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert error["extensions"]["errorId"] in error["message"]
    assert error["path"] == ["breaks"]
    assert SECRET not in response.text
    logged = "".join(capsys.readouterr())
    assert error["extensions"]["errorId"] in logged
    assert SECRET not in logged


async def test_an_answer_that_cannot_be_written_is_coded_too(service: Service) -> None:
    response = await service.post("{ odd }")
    assert (response.status_code, codes(response)) == (500, ["INTERNAL_ERROR"])
    assert response.json()["errors"][0]["extensions"]["errorId"] in response.text


async def test_data_that_became_null_is_still_data(service: Service) -> None:
    response = await service.post("{ breaksEverything }", headers=NEW)
    assert (response.status_code, response.json()["data"]) == (200, None)


async def test_a_refusal_keeps_its_code(service: Service) -> None:
    response = await service.post("{ refuses complains }")
    assert codes(response) == ["INVALID_INPUT", "CANNOT_BE"]
    assert response.json()["errors"][0]["extensions"]["path"] == ["id"]


async def test_validation_messages_stay_readable(service: Service) -> None:
    response = await service.post("{ helo }")
    assert response.json()["errors"][0] == {
        "message": "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?",
        "locations": [{"line": 1, "column": 3}],
        "extensions": {"code": "VALIDATION_FAILED"},
    }


async def test_errors_are_reported_up_to_a_limit(service: Service) -> None:
    response = await service.post("{" + " ".join(f"x{n}" for n in range(500)) + "}")
    assert len(response.json()["errors"]) == 11
    assert "limit" in response.json()["errors"][-1]["message"]


async def test_introspection_works_unless_it_is_forbidden(service: Service, serving: Serve) -> None:
    query = "{ __schema { queryType { name } } }"
    allowed = await service.post(query)
    assert allowed.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    async with serving(introspection=False) as closed:
        refused = await closed.post(query, headers=NEW)
        assert refused.status_code == 400
        assert set(codes(refused)) == {"INTROSPECTION_FORBIDDEN"}
        assert (await closed.post("{ __typename }")).json() == {"data": {"__typename": "Query"}}
        for query, variables in (
            ("{ helo }", {}),
            ("query ($w: Wish!) { wish(wish: $w) }", {"w": {"texd": "x"}}),
        ):
            unhelpful = await closed.post(query, variables=variables)
            assert "Did you mean" not in unhelpful.text


async def test_the_same_text_is_answered_alike_again(service: Service) -> None:
    query = "query A { hello } query B { who }"
    for _ in range(3):
        assert (await service.post(query, operationName="A")).json()["data"] == {
            "hello": "hello world"
        }
        assert (await service.post(query, operationName="B")).json()["data"] == {"who": "anonymous"}


async def test_answers_carry_security_headers(service: Service) -> None:
    headers = (await service.post("{ hello }")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"


async def test_requests_in_flight_are_json_all_the_way(service: Service) -> None:
    response = await service.post("{ hello thing { inner { name } } }")
    assert json.loads(response.content)["data"]["thing"] == {"inner": {"name": "thing"}}
