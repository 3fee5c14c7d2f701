"""Results as server-sent events: graphql-sse in its distinct connections mode."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive, Scope, Send

from app.web.contexts import Access
from app.web.execution import Result, encode, failure
from app.web.negotiation import MediaType

VARY: Final = "Accept, Accept-Language"
_HEADERS: Final = (
    (b"content-type", f"{MediaType.EVENTS}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"vary", VARY.encode()),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
)
_PING: Final = b":\n\n"
_COMPLETE: Final = b"event: complete\ndata: \n\n"


@dataclass(frozen=True)
class Pace:
    """keep_alive: seconds of silence after which a sign of life is sent.

    patience: seconds that a client may take to read what it was sent, or to say who it is.
    """

    keep_alive: float
    patience: float


class ClientTooSlow(Exception):
    """The client does not read what it is sent."""


class EventStream:
    """An ASGI response with one event per result.

    One result is taken from the source when the one before is written out, so a slow reader
    slows its own source and nothing piles up; one that stops reading is let go. When the service
    stops, the stream ends without `complete`: the client knows that there may be more.
    """

    def __init__(
        self,
        results: AsyncGenerator[Result, None],
        access: Access,
        pace: Pace,
        stopping: asyncio.Event,
    ) -> None:
        self._results = results
        self._access = access
        self._pace = pace
        self._stopping = stopping

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the source ends, the client goes or the service stops."""
        writing = asyncio.ensure_future(self._write(send))
        gone = asyncio.ensure_future(_disconnected(receive))
        stopping = asyncio.ensure_future(self._stopping.wait())
        tasks = (writing, gone, stopping)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped = stopping.done() and not writing.done() and not gone.done()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if stopped:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, send: Send) -> None:
        language = (b"content-language", self._access.language.tag.encode())
        start = {"type": "http.response.start", "status": 200, "headers": [*_HEADERS, language]}
        await send(start)
        async with aclosing(self._results):
            try:
                await self._send(send, _PING)
                await self._write_results(send)
            except ClientTooSlow:
                return
            except Exception as error:  # noqa: BLE001 - whatever happened, the client is told
                await self._send(send, _event({"errors": failure(error, self._access.language)}))
        await self._send(send, _COMPLETE, more=False)

    async def _write_results(self, send: Send) -> None:
        waiting = asyncio.ensure_future(anext(self._results, None))
        try:
            while (result := await self._next(waiting, send)) is not None:
                await self._send(send, _event(result))
                waiting = asyncio.ensure_future(anext(self._results, None))
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    async def _next(self, waiting: asyncio.Future[Result | None], send: Send) -> Result | None:
        """What is waited for; signs of life until it is there. Raises ExpiredToken."""
        while not waiting.done():
            silence = min(self._pace.keep_alive, self._access.seconds_left())
            await asyncio.wait({waiting}, timeout=silence)
            self._access.require()
            if not waiting.done():
                await self._send(send, _PING)
        return waiting.result()

    async def _send(self, send: Send, body: bytes, *, more: bool = True) -> None:
        try:
            async with asyncio.timeout(self._pace.patience):
                await send({"type": "http.response.body", "body": body, "more_body": more})
        except TimeoutError:
            raise ClientTooSlow from None


def events(result: Result) -> bytes:
    """The whole stream of an operation with one result."""
    return _event(result) + _COMPLETE


def _event(result: Result) -> bytes:
    return b"event: next\ndata: " + encode(result) + b"\n\n"


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
