"""A real server on a port of its own, with a small schema in place of ours."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette
from strawberry import Schema
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.configuration import CurrentConfiguration
from app.directory import CurrentDirectory
from app.identity import KEY_FILE, Tokens
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.runtime import Runtime
from app.settings import Settings
from app.web.application import create_application
from app.web.metrics import Reading
from app.web.server import Server
from domain.identity import ActorKind, Caller, Role
from tests.api.transport.small_schema import GATE, SCHEMA
from tests.servers import NO_IDLE_CONNECTIONS

LOOPBACK = "127.0.0.1"
OFFICER = Caller("li.na", ActorKind.PERSON, frozenset({Role.OFFICER}))
HOUR = timedelta(hours=1)
PATIENCE = 60
"""Seconds: far more than anything here takes."""


class NoServices:
    """The small schema reaches for nothing: there is no database behind these tests."""

    commands = journal = reads = lookups = personal_data = counts = None
    keys = FileKeyProvider("test", b"k" * 32)
    directory = CurrentDirectory(cast("Journal", None))
    configuration = CurrentConfiguration(cast("Journal", None))


@dataclass
class Conditions:
    """A monitor that says what a test wants it to say."""

    found: list[str]
    failure: Exception | None = None

    async def problems(self) -> list[str]:
        if self.failure is not None:
            raise self.failure
        return self.found

    async def reading(self) -> Reading:
        if self.failure is not None:
            raise self.failure
        return Reading(
            head=7,
            followers={"totals": 4},
            due_timers=2,
            oldest_due=datetime(2020, 1, 1, tzinfo=UTC),
            timers_acted=5,
            timer_failures=1,
        )


@dataclass(frozen=True)
class Service:
    """A running service, and what a test needs to talk to it."""

    url: str
    application: Starlette
    server: "LoopbackServer"
    tokens: Tokens
    conditions: Conditions
    client: httpx.AsyncClient

    @property
    def websocket_url(self) -> str:
        return self.url.replace("http://", "ws://") + "/graphql"

    def bearer(self, caller: Caller = OFFICER, lifetime: timedelta = HOUR) -> str:
        return f"Bearer {self.tokens.issue(caller, lifetime)}"

    async def post(self, query: str, **members: Any) -> httpx.Response:
        headers = members.pop("headers", {})
        return await self.client.post("/graphql", json={"query": query, **members}, headers=headers)


class LoopbackServer(Server):
    """Stopped by the test, never by signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


Serve = Callable[..., AbstractAsyncContextManager[Service]]


@asynccontextmanager
async def serve(
    data_dir: Path, *, schema: Schema = SCHEMA, services: Any = None, **settings: Any
) -> AsyncIterator[Service]:
    """A server with these settings, until the block ends."""
    conditions = Conditions([])
    configured = Settings(data_dir=data_dir, **settings)
    application = create_application(
        cast("Runtime", services or NoServices()), configured, schema, conditions
    )
    server = LoopbackServer(application, configured)
    with socket.create_server((LOOPBACK, 0)) as listening:
        url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        running = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            async with httpx.AsyncClient(
                base_url=url, trust_env=False, timeout=PATIENCE, limits=NO_IDLE_CONNECTIONS
            ) as client:
                tokens = Tokens.open(data_dir / KEY_FILE)
                yield Service(url, application, server, tokens, conditions, client)
        finally:
            server.should_exit = True
            await asyncio.wait_for(running, PATIENCE)


@pytest.fixture(scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One service for all tests that need nothing special of it."""
    async with serve(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def serving(tmp_path: Path) -> Serve:
    """`async with serving(max_depth=3) as service`."""
    return lambda **settings: serve(tmp_path, **settings)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has come about that nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - it happens inside the service
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def closed_gate() -> None:
    GATE.reset()


class Socket:
    """A WebSocket that speaks graphql-transport-ws, as a client sees it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        """The next message, pings left out."""
        while True:
            message = json.loads(await asyncio.wait_for(self.connection.recv(), PATIENCE))
            if message["type"] != "ping":
                return cast("dict[str, Any]", message)

    async def subscribe(self, operation_id: str, query: str, **members: Any) -> None:
        payload = {"query": query, **members}
        await self.send(id=operation_id, type="subscribe", payload=payload)

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and the reason, once the server has closed the connection."""
        try:
            while True:
                await asyncio.wait_for(self.connection.recv(), PATIENCE)
        except ConnectionClosed:
            return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def connected(service: Service, **options: Any) -> AsyncIterator[Socket]:
    """An open WebSocket, not yet initialised."""
    options.setdefault("subprotocols", ["graphql-transport-ws"])
    async with connect(service.websocket_url, proxy=None, **options) as connection:
        yield Socket(connection)


@asynccontextmanager
async def subscribed(service: Service, authorization: str | None = None) -> AsyncIterator[Socket]:
    """A WebSocket whose connection is acknowledged."""
    async with connected(service) as socket:
        payload = {} if authorization is None else {"Authorization": authorization}
        await socket.send(type="connection_init", payload=payload)
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket
