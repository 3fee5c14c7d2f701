"""The head of a request, up to its last header: how large it is at most, and how long it may take.

Uvicorn bounds neither: whoever sends headers without end, or never ends them, would have our memory
or a connection for as long as they like.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.web.errors import Code, refuse
from app.web.execution import encode

BESIDE_THE_URL: Final = 64 * 1024
"""Bytes of headers, beside a URL that may be as large as a body."""


@dataclass(frozen=True)
class HeadLimits:
    """bytes: of a head. seconds: until all of it came."""

    bytes: int
    seconds: float


class BoundedHeads(HttpToolsProtocol):
    """Uvicorn's protocol, which lets go of a client whose next request does not come whole.

    What follows the head, the endpoints bound themselves.
    """

    def __init__(
        self,
        limits: HeadLimits,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._in_head = False
        self._size = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A head is awaited from here on."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Let it be parsed, and look whether a head has become too large."""
        counts = self._in_head or not self._is_answering()  # else the end of a body is in it too
        super().data_received(data)
        if self not in self.connections or self.transport.is_closing():
            self._await_no_head()  # gone, or a WebSocket by now
        elif self._in_head:
            self._size += len(data) if counts else 0
            if self._size > self._limits.bytes:
                self._refuse(Code.HEAD_TOO_LARGE, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif not self._is_answering():
            self._await_head()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._in_head = True
        self._size = 0
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head = False
        self._await_no_head()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._await_no_head()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(self._limits.seconds, self._lose_patience)

    def _await_no_head(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if self._is_answering():
            self._await_head()  # the next request has time until this one is answered
        elif self._in_head:
            self._refuse(Code.HEAD_TOO_SLOW, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _refuse(self, code: Code, status: HTTPStatus) -> None:
        """Say why, where no other answer is on its way, and let go."""
        if not self._is_answering():
            said = {
                Code.HEAD_TOO_LARGE: f"The headers have more than {self._limits.bytes} bytes.",
                Code.HEAD_TOO_SLOW: f"No request came within {self._limits.seconds:g} seconds.",
            }
            body = encode({"errors": refuse(code, said[code]).errors})
            head = (
                f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: application/json\r\n"
                f"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
                f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
