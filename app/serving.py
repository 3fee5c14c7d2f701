"""Serves until a stop signal: no new requests, the ones in flight end, the batch in flight ends.

A second signal does not wait for the requests; nothing acknowledged is lost by that either.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from starlette.applications import Starlette

from app.availability import AvailableReads
from app.demo.loading import Told, demonstration, district_of, is_complete, load
from app.demo.papers import keeper
from app.demo.plan import District
from app.evidence.store import FolderStore
from app.evidence.sweeping import sweeping
from app.runtime import Runtime, runtime
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
        self.loading: asyncio.Future[None] | None = None
        self.server: _Server | None = None

    def __call__(self, number: int) -> None:
        _log.info("stopping", signal=signal.Signals(number).name)
        if self.loading is not None:
            self.loading.cancel()
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


async def serve(
    settings: Settings,
    ready: Callable[[Runtime, District | None], None],
    progress: Callable[[], AbstractContextManager[Told]],
) -> None:
    """Serve until told to stop; `ready` is called when the first request can be answered.

    ready: also learns of which demonstration district the journal is, if it is of one.
    progress: is told how far the demonstration district is loaded, where one is.
    """
    stop = _Stop()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop, number)
    with listen(settings) as listening:
        wanted = None
        if settings.loads_demonstration:
            wanted = demonstration(ZoneInfo(settings.time_zone))
        async with runtime(settings, wanted) as running:
            district = await district_of(running.journal)
            if district is not None:
                await _load_demonstration(running, district, stop, progress)
            running.followers.start()
            running.timers.start()
            application = create_application(running, settings)
            stop.server = _Server(application, settings, lambda: ready(running, district))
            if not stop.told:
                store = FolderStore(settings.evidence_path)
                async with sweeping(store, AvailableReads(running.reads)):
                    await stop.server.serve(sockets=[listening])
    _log.info("stopped")


async def _load_demonstration(
    running: Runtime,
    district: District,
    stop: _Stop,
    progress: Callable[[], AbstractContextManager[Told]],
) -> None:
    """What is missing of the district, before anybody may look at it."""
    if stop.told or await is_complete(running.reads):
        return
    if not running.settings.loads_demonstration:
        _log.warning("the demonstration district is not complete, and WARDBOOK_DEMO is off")
        return
    with progress() as told:
        keep = keeper(running.journal, running.settings.evidence_path)
        stop.loading = asyncio.ensure_future(load(running, district, told, keep))
        with suppress(asyncio.CancelledError):
            await stop.loading
    stop.loading = None
