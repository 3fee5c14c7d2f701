"""Subscriptions over graphql-transport-ws: the protocol, access, limits, signs of life, the end."""

import asyncio
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.identity import LEEWAY_SECONDS
from tests.api.transport.conftest import OFFICER, Serve, Service, connected, subscribed, until
from tests.api.transport.small_schema import GATE, SECRET

ORIGIN = "https://portal.example.org"


def lasting(seconds: int) -> timedelta:
    """A lifetime after which a token is refused in so many seconds."""
    return timedelta(seconds=seconds - LEEWAY_SECONDS)


async def test_a_subscription_delivers_its_items_and_completes(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", "subscription ($n: Int!) { count(to: $n) }", variables={"n": 2})
        assert [await socket.receive() for _ in range(3)] == [
            {"id": "a", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "a", "type": "next", "payload": {"data": {"count": 2}}},
            {"id": "a", "type": "complete"},
        ]


async def test_queries_and_mutations_run_too(service: Service) -> None:
    async with subscribed(service) as socket:
        for query, data in (("{ hello }", {"hello": "hello world"}),
                            ("mutation { change }", {"change": "changed"})):  # fmt: skip
            await socket.subscribe("same id", query)
            assert (await socket.receive())["payload"] == {"data": data}
            assert await socket.receive() == {"id": "same id", "type": "complete"}


async def test_operations_run_beside_each_other(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("slow", "{ waits }")
        await socket.subscribe("quick", "{ hello }")
        assert (await socket.receive())["id"] == "quick"
        await socket.receive()
        GATE.opened.set()
        assert (await socket.receive())["payload"] == {"data": {"waits": "done"}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "SYNTAX_ERROR"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("subscription { count }", "VALIDATION_FAILED"),
        ("query ($n: Int!) { number(value: $n) }", "INVALID_VARIABLES"),
        ("query A { hello } query B { who }", "NO_SUCH_OPERATION"),
        ("subscription { refuses }", "INVALID_INPUT"),
    ],
)
async def test_what_cannot_run_is_an_error_and_the_connection_lives(
    service: Service, query: str, code: str
) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", query)
        message = await socket.receive()
        assert (message["id"], message["type"]) == ("a", "error")
        assert message["payload"][0]["extensions"]["code"] == code
        await socket.subscribe("a", "{ hello }")
        assert (await socket.receive())["type"] == "next"


async def test_a_subscription_that_breaks_is_masked(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", "subscription { breaks }")
        assert (await socket.receive())["payload"] == {"data": {"breaks": 1}}
        (error,) = (await socket.receive())["payload"]
        assert error["extensions"]["code"] == "INTERNAL_ERROR"
        assert SECRET not in str(error)


async def test_complete_ends_a_subscription_at_its_source(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", "subscription { waits }")
        await socket.receive()
        await GATE.entered.wait()
        await socket.send(id="a", type="complete")
        await socket.subscribe("b", "{ hello }")
        assert (await socket.receive())["id"] == "b"
        assert GATE.left == 1


async def test_a_client_that_goes_ends_its_subscriptions(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", "subscription { waits }")
        await socket.receive()
        await GATE.entered.wait()
    await until(lambda: GATE.left == 1)
    assert service.application.state.streams.open == 0


async def test_pings_are_answered(service: Service) -> None:
    async with connected(service) as socket:
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


# Who may connect.


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_the_token_comes_with_the_first_message(service: Service, name: str) -> None:
    async with connected(service) as socket:
        await socket.send(type="connection_init", payload={name: service.bearer()})
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe("a", "subscription { who }")
        assert (await socket.receive())["payload"] == {"data": {"who": "li.na"}}


async def test_the_token_may_come_with_the_opening_request(service: Service) -> None:
    headers = {"Authorization": service.bearer()}
    async with connected(service, additional_headers=headers) as socket:
        await socket.send(type="connection_init")
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe("a", "{ who }")
        assert (await socket.receive())["payload"] == {"data": {"who": "li.na"}}


@pytest.mark.parametrize(
    "payload",
    [
        {"Authorization": "Bearer x"},
        {"Authorization": ""},
        {"Authorization": None},
        {"Authorization": ["Bearer x"]},
        {"Authorization": "x", "authorization": "y"},
    ],
)
async def test_an_invalid_token_closes_with_4403(
    service: Service, payload: dict[str, object]
) -> None:
    async with connected(service) as socket:
        await socket.send(type="connection_init", payload=payload)
        code, reason = await socket.closed()
    assert code == 4403
    assert str(reason).startswith("INVALID_TOKEN")


async def test_an_expired_token_closes_with_4403(service: Service) -> None:
    async with connected(service) as socket:
        bearer = service.bearer(lifetime=lasting(-60))
        await socket.send(type="connection_init", payload={"Authorization": bearer})
        code, reason = await socket.closed()
    assert code == 4403
    assert str(reason).startswith("EXPIRED_TOKEN")


async def test_a_token_that_expires_ends_the_connection(service: Service) -> None:
    async with subscribed(service, service.bearer(lifetime=lasting(2))) as socket:
        await socket.subscribe("a", "subscription { waits }")
        assert (await socket.receive())["type"] == "next"
        code, reason = await socket.closed()
    assert code == 4403
    assert str(reason).startswith("EXPIRED_TOKEN")
    assert GATE.left == 1


async def test_nothing_runs_before_the_connection_is_acknowledged(service: Service) -> None:
    async with connected(service) as socket:
        await socket.subscribe("a", "{ hello }")
        assert (await socket.closed())[0] == 4401


async def test_another_page_may_not_connect_unless_a_setting_says_so(
    service: Service, serving: Serve
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connected(service, origin=ORIGIN):
            pass
    assert refused.value.response.status_code == 403
    async with connected(service, origin=service.url) as socket:
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}
    async with serving(cors_origins=(ORIGIN,)) as open_service:
        async with connected(open_service, origin=ORIGIN) as socket:
            await socket.send(type="ping")
            assert await socket.receive() == {"type": "pong"}
        with pytest.raises(InvalidStatus):
            async with connected(open_service, origin="https://elsewhere.example.org"):
                pass


# What breaks the protocol.


@pytest.mark.parametrize(
    "message",
    [
        "x", "null", "1", "[]", "{}", '{"type": null}', '{"type": "start"}', '{"type": ["ping"]}',
        "[" * 100_000, '{"a":' * 100_000, '{"type": "ping", "payload": "\\ud800"}',
        '{"type": "ping", "payload": "\\u0000"}', '{"type": "connection_init", "payload": []}',
        '{"type": "connection_init", "payload": 1}', b"{}", b"\xff",
    ],
)  # fmt: skip
async def test_what_is_not_a_message_closes_with_4400(
    service: Service, message: str | bytes
) -> None:
    async with connected(service) as socket:
        await socket.connection.send(message)
        assert (await socket.closed())[0] == 4400


@pytest.mark.parametrize("operation_id", [None, 1, "", ["a"]])
async def test_an_operation_needs_an_id(service: Service, operation_id: object) -> None:
    async with subscribed(service) as socket:
        await socket.send(id=operation_id, type="subscribe", payload={"query": "{ hello }"})
        assert (await socket.closed())[0] == 4400


@pytest.mark.parametrize(
    "payload", [None, 1, "x", [], {}, {"query": 1}, {"query": "{ hello }", "variables": [1]}]
)
async def test_a_payload_that_is_no_request_is_an_error(service: Service, payload: object) -> None:
    async with subscribed(service) as socket:
        await socket.send(id="a", type="subscribe", payload=payload)
        assert (await socket.receive())["type"] == "error"


async def test_an_id_in_use_closes_with_4409(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.subscribe("a", "subscription { waits }")
        await socket.subscribe("a", "{ hello }")
        assert (await socket.closed())[0] == 4409


async def test_a_second_initialisation_closes_with_4429(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.send(type="connection_init")
        assert (await socket.closed())[0] == 4429


@pytest.mark.parametrize("subprotocols", [None, ["graphql-ws"]])
async def test_another_protocol_closes_with_4406(
    service: Service, subprotocols: list[str] | None
) -> None:
    async with connected(service, subprotocols=subprotocols) as socket:
        assert (await socket.closed())[0] == 4406


# Limits.


async def test_a_message_over_the_limit_closes_with_1009(serving: Serve) -> None:
    async with serving(max_body_bytes=1024) as service:
        for size in (1100, 100_000):
            async with subscribed(service) as socket:
                await socket.connection.send('{"type": "ping", "payload": "' + "x" * size + '"}')
                assert (await socket.closed())[0] == 1009


async def test_so_many_operations_run_on_one_connection(serving: Serve) -> None:
    async with serving(max_operations_per_connection=2) as service, subscribed(service) as socket:
        for operation_id in "ab":
            await socket.subscribe(operation_id, "subscription { waits }")
            await socket.receive()
        await socket.subscribe("c", "{ hello }")
        message = await socket.receive()
        assert (message["id"], message["type"]) == ("c", "error")
        assert message["payload"][0]["extensions"] == {"code": "TOO_MANY_OPERATIONS", "limit": 2}
        GATE.opened.set()
        for _ in range(4):
            await socket.receive()
        await socket.subscribe("c", "{ hello }")
        assert (await socket.receive())["type"] == "next"


async def test_so_many_connections_may_be_open(serving: Serve) -> None:
    async with serving(max_streams=1) as service:
        async with subscribed(service), connected(service) as second:
            assert (await second.closed())[0] == 1013
        async with subscribed(service) as socket:
            await socket.subscribe("a", "{ hello }")
            assert (await socket.receive())["type"] == "next"


async def test_nobody_alone_has_all_of_them(serving: Serve) -> None:
    async with serving(max_streams_per_caller=1) as service:
        token = service.bearer(OFFICER)
        # Whose a connection is, is known once it says so; until then it is its address's.
        async with subscribed(service, token), subscribed(service), connected(service) as third:
            assert (await third.closed())[0] == 1013
        async with subscribed(service, token), connected(service) as second:
            await second.send(type="connection_init", payload={"Authorization": token})
            assert await second.closed() == (
                1013,
                "At most 1 streams of one caller are open at once.",
            )
        async with subscribed(service, token):
            pass


async def test_a_client_that_says_nothing_is_let_go(serving: Serve) -> None:
    async with serving(client_timeout_seconds=1) as service, connected(service) as socket:
        assert (await socket.closed())[0] == 4408


async def test_silence_is_broken_by_pings_and_must_be_answered(serving: Serve) -> None:
    async with (
        serving(keep_alive_seconds=1, client_timeout_seconds=1) as service,
        subscribed(service) as socket,
    ):
        assert '"ping"' in str(await asyncio.wait_for(socket.connection.recv(), 5))
        await socket.send(type="pong")
        assert await socket.closed() == (1013, "No answer to a ping")


async def test_a_slow_reader_slows_its_source_and_is_let_go(serving: Serve) -> None:
    async with serving(client_timeout_seconds=1) as service, subscribed(service) as socket:
        socket.connection.transport.pause_reading()
        await socket.subscribe("a", "subscription { floods }")
        await until(lambda: service.application.state.streams.open == 0)
        socket.connection.transport.abort()
    assert GATE.left < 2000


# The end.


async def test_a_stop_finishes_what_is_in_flight_and_closes_with_1001(serving: Serve) -> None:
    async with serving() as service, subscribed(service) as socket, subscribed(service) as other:
        await other.subscribe("a", "subscription { waits }")
        await other.receive()
        GATE.reset()
        await socket.subscribe("b", "mutation { changeSlowly }")
        await GATE.entered.wait()
        service.server.should_exit = True
        assert (await other.closed())[0] == 1001
        GATE.opened.set()
        assert (await socket.receive())["payload"] == {"data": {"changeSlowly": "changed"}}
        assert await socket.receive() == {"id": "b", "type": "complete"}
        assert (await socket.closed())[0] == 1001


async def test_nothing_new_begins_once_the_service_stops(serving: Serve) -> None:
    async with serving() as service, subscribed(service) as socket:
        await socket.subscribe("a", "mutation { changeSlowly }")
        await GATE.entered.wait()
        service.server.should_exit = True
        await service.application.state.streams.stopping.wait()
        await socket.subscribe("b", "{ hello }")
        message = await socket.receive()
        assert message["payload"][0]["extensions"]["code"] == "SHUTTING_DOWN"
        GATE.opened.set()
        assert (await socket.receive())["type"] == "next"


async def test_the_connection_is_gone_afterwards(service: Service) -> None:
    async with subscribed(service) as socket:
        await socket.connection.close()
        with pytest.raises(ConnectionClosed):
            await socket.send(type="ping")
