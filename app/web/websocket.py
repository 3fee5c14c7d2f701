"""GraphQL over WebSocket: the graphql-transport-ws protocol, one connection at a time.

Everything that happens on a connection is a task of one group: reading, signs of life, the end
of the token's time, each operation. Whichever raises `Closed` ends them all.
"""

import asyncio
import math
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final, NoReturn, cast

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.identity import InvalidToken, IssuerUnavailable
from app.web.contexts import Access, Door, language_of
from app.web.errors import Code, Formatted, RequestRefused, code_of, refuse
from app.web.execution import Execution, Operation, encode, failure
from app.web.metrics import Metrics
from app.web.origins import Origins
from app.web.requests import BodyLimits, decode, parameters_of
from app.web.sse import Pace
from app.web.streams import Stream, Streams
from schema.languages.language import Language, chosen

PROTOCOL: Final = "graphql-transport-ws"
MOST_REASON_BYTES: Final = 120
_AUTHORIZATION: Final = "authorization"
_ACCEPT_LANGUAGE: Final = "accept-language"


class CloseCode:
    """Of RFC 6455, and of the protocol. Clients come again after 1001, 1013 and 4403."""

    GOING_AWAY = 1001
    TOO_LARGE = 1009
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429


class Closed(Exception):
    """The connection is to be closed with this code. None: it is gone already."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}")


@dataclass(frozen=True)
class WebSocketEndpoint:
    """The ASGI application for WebSockets at /graphql.

    most_operations: how many may run at once on one connection.
    """

    execution: Execution
    door: Door
    limits: BodyLimits
    streams: Streams
    pace: Pace
    origins: Origins
    most_operations: int
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until it ends."""
        websocket = WebSocket(scope, receive, send)
        if not self.origins.allow(websocket):
            await websocket.close()  # before it is accepted: HTTP 403
            return
        if PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, f"Speak {PROTOCOL}")
            return
        await websocket.accept(PROTOCOL)
        try:
            with self.streams.one_more(self.door.holder(websocket)) as stream:
                await _Connection(self, websocket, stream).serve()
        except RequestRefused as refused:
            message = refused.in_language(language_of(websocket))[0]["message"]
            await websocket.close(CloseCode.TRY_AGAIN_LATER, str(message))


class _Connection:
    """One connection: its caller, once that is known, and its running operations by id."""

    def __init__(self, endpoint: WebSocketEndpoint, websocket: WebSocket, stream: Stream) -> None:
        self._endpoint = endpoint
        self._websocket = websocket
        self._stream = stream
        self._access: Access | None = None
        self._language = language_of(websocket)
        self._initialised = asyncio.Event()
        self._heard = True
        self._running: dict[str, asyncio.Task[None]] = {}
        self._finite: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Until the client goes, breaks the protocol, loses access, or the service stops."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read(tasks))
                tasks.create_task(self._watch_initialisation())
                tasks.create_task(self._watch_access())
                tasks.create_task(self._watch_silence())
                tasks.create_task(self._watch_stopping())
        except* Closed as closed:
            first = _first(closed)
            await self._close(first.code, first.reason)

    # What arrives.

    async def _read(self, tasks: asyncio.TaskGroup) -> NoReturn:
        while True:
            try:
                message = await self._websocket.receive_text()
            except (WebSocketDisconnect, KeyError) as error:
                binary = isinstance(error, KeyError)
                raise Closed(CloseCode.BAD_REQUEST if binary else None, "Send text") from None
            self._heard = True
            await self._handle(self._decoded(message), tasks)

    def _decoded(self, text: str) -> Mapping[str, object]:
        if len(text) > self._endpoint.limits.bytes:
            raise Closed(CloseCode.TOO_LARGE, f"At most {self._endpoint.limits.bytes} bytes")
        try:
            message = decode(text, self._endpoint.limits)
        except RequestRefused as refused:
            raise Closed(CloseCode.BAD_REQUEST, f"{refused.codes[0]}: {refused}") from None
        if not isinstance(message, dict):
            raise Closed(CloseCode.BAD_REQUEST, "A message is a JSON object")
        return message

    async def _handle(self, message: Mapping[str, object], tasks: asyncio.TaskGroup) -> None:
        match message.get("type"):
            case "connection_init":
                await self._initialise(message)
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message, tasks)
            case "complete":
                self._complete(message)
            case _:
                raise Closed(CloseCode.BAD_REQUEST, "Unknown message type")

    async def _initialise(self, message: Mapping[str, object]) -> None:
        if self._initialised.is_set():
            raise Closed(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        try:
            self._access = await self._admit(message.get("payload"))
            self._stream.pass_to(self._access.holder)
        except RequestRefused as refused:
            reason = refused.in_language(self._language)[0]["message"]
            raise Closed(CloseCode.TRY_AGAIN_LATER, str(reason)) from None
        except InvalidToken as error:
            raise Closed(CloseCode.FORBIDDEN, self._reason(error)) from None
        except IssuerUnavailable as error:
            raise Closed(CloseCode.TRY_AGAIN_LATER, self._reason(error)) from None
        self._initialised.set()
        await self._send({"type": "connection_ack"})

    async def _admit(self, payload: object) -> Access:
        """Access by the payload's Authorization, or by that of the opening request."""
        if payload is None:
            payload = {}
        if not isinstance(payload, dict):
            raise Closed(CloseCode.BAD_REQUEST, "The payload is a JSON object")
        self._language = _language_of(payload) or self._language
        named = [value for name, value in payload.items() if name.lower() == _AUTHORIZATION]
        if len(named) > 1 or not all(isinstance(value, str) for value in named):
            raise InvalidToken
        door = self._endpoint.door
        access = await (
            door.admit_bearer(self._websocket, named[0]) if named else door.admit(self._websocket)
        )
        return replace(access, language=self._language)

    def _reason(self, error: InvalidToken | IssuerUnavailable) -> str:
        return f"{error.code}: {failure(error, self._language)[0]['message']}"

    async def _subscribe(self, message: Mapping[str, object], tasks: asyncio.TaskGroup) -> None:
        if self._access is None:
            raise Closed(CloseCode.UNAUTHORIZED, "Unauthorized")
        operation_id = message.get("id")
        if not isinstance(operation_id, str) or not operation_id:
            raise Closed(CloseCode.BAD_REQUEST, "An operation has an id")
        if operation_id in self._running:
            raise Closed(CloseCode.SUBSCRIBER_EXISTS, "Subscriber for this id already exists")
        try:
            self._check_room()
        except RequestRefused as refused:
            await self._send_errors(operation_id, refused.in_language(self._access.language))
            return
        run = self._run(operation_id, message.get("payload"), self._access)
        self._running[operation_id] = tasks.create_task(run)

    def _check_room(self) -> None:
        """Raises RequestRefused when no further operation may start."""
        most = self._endpoint.most_operations
        if self._endpoint.streams.stopping.is_set():
            raise refuse(Code.SHUTTING_DOWN, "The service is stopping; come again.")
        if len(self._running) >= most:
            message = f"At most {most} operations run at once on one connection."
            raise refuse(Code.TOO_MANY_OPERATIONS, message, limit=most)

    def _complete(self, message: Mapping[str, object]) -> None:
        running = self._running.pop(str(message.get("id")), None)
        if running is not None:
            running.cancel()

    # What runs.

    async def _run(self, operation_id: str, payload: object, access: Access) -> None:
        """One operation. It is forgotten before its last message, which lets its id be reused."""
        task = cast("asyncio.Task[None]", asyncio.current_task())
        try:
            operation = self._endpoint.execution.prepare(parameters_of(payload))
            if not operation.is_subscription:
                self._finite.add(task)
            await self._send_results(operation_id, operation, access)
        except (Closed, asyncio.CancelledError):
            raise
        except InvalidToken as error:
            raise Closed(CloseCode.FORBIDDEN, self._reason(error)) from None
        except Exception as error:  # noqa: BLE001 - whatever happened, the client is told
            self._forget(operation_id, task)
            await self._send_errors(operation_id, failure(error, access.language))
        else:
            self._forget(operation_id, task)
            await self._send({"id": operation_id, "type": "complete"})
        finally:
            self._forget(operation_id, task)
            self._finite.discard(task)

    async def _send_results(self, operation_id: str, operation: Operation, access: Access) -> None:
        async with aclosing(self._endpoint.execution.stream(operation, access)) as results:
            async for result in results:
                await self._send({"id": operation_id, "type": "next", "payload": result})

    def _forget(self, operation_id: str, task: asyncio.Task[None]) -> None:
        if self._running.get(operation_id) is task:
            del self._running[operation_id]

    # What is waited for.

    async def _watch_initialisation(self) -> None:
        try:
            async with asyncio.timeout(self._endpoint.pace.patience):
                await self._initialised.wait()
        except TimeoutError:
            raise Closed(
                CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout"
            ) from None

    async def _watch_access(self) -> None:
        await self._initialised.wait()
        if self._access is None or math.isinf(self._access.seconds_left()):
            return
        while True:
            await asyncio.sleep(max(self._access.seconds_left(), 0))
            try:
                self._access.require()
            except InvalidToken as error:
                raise Closed(CloseCode.FORBIDDEN, self._reason(error)) from None

    async def _watch_silence(self) -> NoReturn:
        """Ask for a sign of life when nothing was heard; the connection ends without one."""
        await self._initialised.wait()
        while True:
            self._heard = False
            await asyncio.sleep(self._endpoint.pace.keep_alive)
            if self._heard:
                continue
            await self._send({"type": "ping"})
            await asyncio.sleep(self._endpoint.pace.patience)
            if not self._heard:
                raise Closed(CloseCode.TRY_AGAIN_LATER, "No answer to a ping")

    async def _watch_stopping(self) -> NoReturn:
        """When the service stops: queries and mutations finish, subscriptions do not."""
        await self._endpoint.streams.stopping.wait()
        while self._finite:
            await asyncio.wait(self._finite)
        raise Closed(CloseCode.GOING_AWAY, "The service is stopping")

    # What is sent.

    async def _send_errors(self, operation_id: str, errors: list[Formatted]) -> None:
        for error in errors:
            self._endpoint.metrics.refusal(code_of(error))
        await self._send({"id": operation_id, "type": "error", "payload": errors})

    async def _send(self, message: dict[str, object]) -> None:
        """Written out before the next result is asked for: nothing piles up for a slow reader."""
        try:
            async with asyncio.timeout(self._endpoint.pace.patience):
                await self._websocket.send_text(encode(message).decode())
        except TimeoutError:
            raise Closed(CloseCode.TRY_AGAIN_LATER, "Too slow to read") from None
        except (WebSocketDisconnect, RuntimeError):
            raise Closed(None) from None

    async def _close(self, code: int | None, reason: str) -> None:
        if code is None:
            return
        while len(reason.encode()) > MOST_REASON_BYTES:
            reason = reason[:-1]
        try:
            async with asyncio.timeout(self._endpoint.pace.patience):
                await self._websocket.close(code, reason)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return


def _language_of(payload: Mapping[str, object]) -> Language | None:
    """The language that the payload asks for, as a header would: browsers cannot send one."""
    named = [value for name, value in payload.items() if name.lower() == _ACCEPT_LANGUAGE]
    return chosen(named[0]) if named and isinstance(named[0], str) else None


def _first(group: BaseExceptionGroup[Closed]) -> Closed:
    """The reason to close; another than that the client is gone, if there is one."""
    found = [error for error in group.exceptions if isinstance(error, Closed)]
    return min(found, key=lambda closed: closed.code is None)
