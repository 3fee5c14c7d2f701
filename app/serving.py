"""Serves until a stop signal: no new requests, the ones in flight end, the batch in flight ends.

A second signal does not wait for the requests; nothing acknowledged is lost by that either.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from starlette.applications import Starlette

from app.runtime import runtime
from app.settings import Settings
from app.web.application import create_application
from app.web.server import Server

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
BACKLOG: Final = 1024

_log: Final = structlog.stdlib.get_logger(__name__)


class AddressInUse(Exception):
    """The service cannot listen where the settings say."""


class _Server(Server):
    """Leaves signals to us: uvicorn would raise them anew before the journal is closed."""

    def __init__(
        self, application: Starlette, settings: Settings, ready: Callable[[], None]
    ) -> None:
        super().__init__(application, settings)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and not self.should_exit:
            self._ready()


class _Stop:
    """Told to stop: at any moment from the first line on, also while the database starts."""

    def __init__(self) -> None:
        self.told = False
        self.server: _Server | None = None

    def __call__(self, number: int) -> None:
        _log.info("stopping", signal=signal.Signals(number).name)
        if self.server is not None:
            self.server.force_exit = self.told
            self.server.should_exit = True
        self.told = True


def listen(settings: Settings) -> socket.socket:
    """The listening socket, taken before anything else is started. Raises AddressInUse."""
    try:
        family, *_, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AddressInUse(
            f"WARDBOOK_HOST, WARDBOOK_PORT: cannot listen on {settings.host}:{settings.port}: "
            f"{reason[:1].lower()}{reason[1:]}"
        ) from None


async def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until told to stop; `ready` is called when the first request can be answered."""
    stop = _Stop()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop, number)
    with listen(settings) as listening:
        async with runtime(settings) as running:
            running.followers.start()
            stop.server = _Server(create_application(running, settings), settings, ready)
            if not stop.told:
                await stop.server.serve(sockets=[listening])
    _log.info("stopped")
