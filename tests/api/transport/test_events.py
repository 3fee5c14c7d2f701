"""Subscriptions as server-sent events: graphql-sse, distinct connections."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.identity import LEEWAY_SECONDS
from tests.api.transport.conftest import OFFICER, Serve, Service, until
from tests.api.transport.small_schema import GATE, SECRET

EVENTS = {"Accept": "text/event-stream"}
COMPLETE = ("complete", None)


class Stream:
    """The events of a response. A comment is an event without a name."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._text = response.aiter_text()
        self._left = ""

    async def next(self, *, comments: bool = False) -> tuple[str, Any] | None:
        """The next event, or None when there are no more."""
        while True:
            while "\n\n" not in self._left:
                try:
                    self._left += await asyncio.wait_for(anext(self._text), 60)
                except StopAsyncIteration:
                    return None
            block, _, self._left = self._left.partition("\n\n")
            if block.startswith(":"):
                if comments:
                    return ("", None)
                continue
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            data = fields["data"]
            return fields["event"], json.loads(data) if data else None

    async def rest(self) -> list[tuple[str, Any]]:
        found = []
        while (event := await self.next()) is not None:
            found.append(event)
        return found


@asynccontextmanager
async def streaming(
    service: Service, query: str, headers: dict[str, str] | None = None, **members: Any
) -> AsyncIterator[Stream]:
    body = {"query": query, **members}
    async with service.client.stream(
        "POST", "/graphql", json=body, headers={**EVENTS, **(headers or {})}
    ) as response:
        yield Stream(response)


async def test_a_subscription_delivers_its_items_and_completes(service: Service) -> None:
    query = "subscription ($n: Int!) { count(to: $n) }"
    async with streaming(service, query, variables={"n": 2}) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert await stream.rest() == [
            ("next", {"data": {"count": 1}}),
            ("next", {"data": {"count": 2}}),
            COMPLETE,
        ]


async def test_a_subscription_may_come_by_get(service: Service) -> None:
    params = {"query": "subscription { count(to: 1) }"}
    response = await service.client.get("/graphql", params=params, headers=EVENTS)
    assert response.text.endswith(
        'event: next\ndata: {"data":{"count":1}}\n\nevent: complete\ndata: \n\n'
    )


@pytest.mark.parametrize(
    ("query", "data"), [("{ hello }", {"hello": "hello world"}),
                        ("mutation { change }", {"change": "changed"})],
)  # fmt: skip
async def test_a_query_or_mutation_has_one_result(
    service: Service, query: str, data: dict[str, str]
) -> None:
    async with streaming(service, query) as stream:
        assert await stream.rest() == [("next", {"data": data}), COMPLETE]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "SYNTAX_ERROR"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("query ($n: Int!) { number(value: $n) }", "INVALID_VARIABLES"),
        ("subscription { refuses }", "INVALID_INPUT"),
    ],
)
async def test_what_cannot_run_is_told_as_an_event(service: Service, query: str, code: str) -> None:
    async with streaming(service, query) as stream:
        assert stream.response.status_code == 200
        (name, result), last = await stream.rest()
    assert (name, last) == ("next", COMPLETE)
    assert result["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"null", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"query": "subscription { who }"}', {"Authorization": "Bearer x"}, 401),
    ],
)
async def test_what_is_not_a_request_is_refused_before_the_stream(
    service: Service, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = await service.client.post(
        "/graphql", content=body, headers={**EVENTS, "Content-Type": "application/json", **headers}
    )
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_mutation_by_get_is_refused(service: Service) -> None:
    params = {"query": "mutation { change }"}
    response = await service.client.get("/graphql", params=params, headers=EVENTS)
    assert response.status_code == 405


async def test_a_subscription_that_breaks_is_masked(service: Service) -> None:
    async with streaming(service, "subscription { breaks }") as stream:
        first, (_, broken), last = await stream.rest()
    assert (first, last) == (("next", {"data": {"breaks": 1}}), COMPLETE)
    assert broken["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    assert SECRET not in str(broken)


async def test_the_caller_is_known(service: Service) -> None:
    bearer = {"Authorization": service.bearer()}
    async with streaming(service, "subscription { who }", bearer) as stream:
        assert await stream.next() == ("next", {"data": {"who": "li.na"}})


async def test_a_token_that_expires_ends_the_stream(service: Service) -> None:
    lifetime = timedelta(seconds=2 - LEEWAY_SECONDS)
    bearer = {"Authorization": service.bearer(lifetime=lifetime)}
    async with streaming(service, "subscription { waits }", bearer) as stream:
        assert await stream.next() == ("next", {"data": {"waits": "waiting"}})
        (_, ended), last = await stream.rest()
    assert ended["errors"][0]["extensions"]["code"] == "EXPIRED_TOKEN"
    assert last == COMPLETE
    assert GATE.left == 1


async def test_silence_is_broken_by_comments(serving: Serve) -> None:
    async with (
        serving(keep_alive_seconds=1) as service,
        streaming(service, "subscription { waits }") as stream,
    ):
        assert await stream.next() is not None
        for _ in range(2):
            assert await stream.next(comments=True) == ("", None)
        GATE.opened.set()
        assert await stream.rest() == [("next", {"data": {"waits": "done"}}), COMPLETE]


async def test_a_client_that_goes_ends_its_subscription(service: Service) -> None:
    async with streaming(service, "subscription { waits }") as stream:
        await stream.next()
        await GATE.entered.wait()
    await until(lambda: GATE.left == 1)


async def test_a_slow_reader_slows_its_source_and_is_let_go(serving: Serve) -> None:
    async with (
        serving(client_timeout_seconds=1) as service,
        streaming(service, "subscription { floods }"),
    ):
        await until(lambda: service.application.state.streams.open == 1)
        await until(lambda: service.application.state.streams.open == 0)
    assert GATE.left < 2000


async def test_so_many_streams_may_be_open(serving: Serve) -> None:
    async with (
        serving(max_streams=1) as service,
        streaming(service, "subscription { waits }") as first,
    ):
        await first.next()
        refused = await service.post("subscription { waits }", headers=EVENTS)
    assert refused.status_code == 503
    assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"


async def test_nobody_alone_has_all_of_them(serving: Serve) -> None:
    async with (
        serving(max_streams_per_caller=1) as service,
        streaming(service, "subscription { waits }") as first,
    ):
        await first.next()
        refused = await service.post("subscription { waits }", headers=EVENTS)
        assert refused.status_code == 429
        assert refused.json()["errors"][0]["extensions"] == {"code": "TOO_MANY_STREAMS", "limit": 1}
        headers = {"Authorization": service.bearer(OFFICER)}
        async with streaming(service, "subscription { waits }", headers) as another:
            assert await another.next() == ("next", {"data": {"waits": "waiting"}})


async def test_a_stop_ends_a_stream_without_completing_it(serving: Serve) -> None:
    async with serving() as service, streaming(service, "subscription { waits }") as stream:
        assert await stream.next() == ("next", {"data": {"waits": "waiting"}})
        service.server.should_exit = True
        assert await stream.rest() == []


async def test_a_stop_waits_for_requests_in_flight(serving: Serve) -> None:
    async with serving() as service:
        answer = asyncio.ensure_future(service.post("mutation { changeSlowly }"))
        await GATE.entered.wait()
        service.server.should_exit = True
        await service.application.state.streams.stopping.wait()
        GATE.opened.set()
        assert (await answer).json() == {"data": {"changeSlowly": "changed"}}
