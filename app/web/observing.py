"""Around every request: security headers, the access log and the metrics."""

import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.metrics import Metrics
from app.web.observations import Observation, observation

_LOG: Final = structlog.stdlib.get_logger("wardbook.access")
OTHER: Final = "other"
FAILED: Final = HTTPStatus.INTERNAL_SERVER_ERROR
"""Where an exception came before any answer."""

METHODS: Final = frozenset({"GET", "POST", "OPTIONS", "HEAD", "WEBSOCKET"})
SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NOTHING_MORE: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""What an answer that is not a page may load. A page brings a policy of its own."""


class Observing:
    """Middleware. routes: the paths that are named in the log and in the metrics.

    Any other path is `other`: what a stranger makes up may hold anything.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        routes: Collection[str],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = frozenset(routes)
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then note what was asked and answered, and how long it took."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        begun = self._clock()
        noted = observation(scope)
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _secured(message.get("headers", []))}
            elif message["type"] == "websocket.accept":
                status = HTTPStatus.SWITCHING_PROTOCOLS
            elif message["type"] == "websocket.close" and status == 0:
                status = HTTPStatus.FORBIDDEN
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._note(scope, noted, status or FAILED, self._clock() - begun)

    def _note(self, scope: Scope, noted: Observation, status: int, seconds: float) -> None:
        route = noted.route or (scope["path"] if scope["path"] in self._routes else OTHER)
        method = scope.get("method", "WEBSOCKET")
        method = method if method in METHODS else OTHER
        is_stream = noted.operation == "subscription" or scope["type"] == "websocket"
        self._metrics.request(route, method, status, None if is_stream else seconds)
        for code in noted.codes:
            self._metrics.refusal(code)
        _LOG.info(
            "request",
            route=route,
            method=method,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            operation=noted.operation,
            caller=noted.caller,
            codes=noted.codes or None,
        )


def _secured(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    secured = [*headers, *SECURITY_HEADERS]
    if all(name != NOTHING_MORE[0] for name, _ in headers):
        secured.append(NOTHING_MORE)
    return secured
