"""For those who run the service: is it up, is it ready, and its metrics."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from app.web.execution import encode
from app.web.metrics import Metrics, Reading
from app.web.streams import Streams

_LOG: Final = structlog.stdlib.get_logger(__name__)
_PATIENCE: Final = 5.0
_HEADERS: Final = {"Cache-Control": "no-store", "Content-Type": "application/json"}


class Monitor(Protocol):
    """Asks the parts of the running service how they are."""

    async def problems(self) -> Sequence[str]:
        """Why it is not ready, a sentence each: the database, its migrations, its followers."""
        ...

    async def reading(self) -> Reading:
        """Where the journal and its followers are."""
        ...


@dataclass(frozen=True)
class Health:
    """The pages. They tell a stranger nothing but that something is wrong."""

    monitor: Monitor
    metrics: Metrics
    streams: Streams

    async def alive(self, _request: Request) -> Response:
        """`/healthz`: the process answers."""
        return _page({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """`/readyz`: requests can be served."""
        if self.streams.stopping.is_set():
            return _page({"status": "not ready", "problems": ["The service is stopping."]}, 503)
        try:
            async with asyncio.timeout(_PATIENCE):
                problems = list(await self.monitor.problems())
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            _LOG.warning("not ready", error=type(error).__qualname__)
            problems = ["The database cannot be reached."]
        if problems:
            return _page({"status": "not ready", "problems": problems}, 503)
        return _page({"status": "ready"})

    async def measure(self, _request: Request) -> Response:
        """`/metrics`: for Prometheus."""
        reading: Reading | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                reading = await self.monitor.reading()
        except Exception as error:  # noqa: BLE001 - the metrics of the process are of use alone
            _LOG.warning("journal cannot be measured", error=type(error).__qualname__)
        text = self.metrics.text(self.streams.open, reading)
        return Response(text, media_type=CONTENT_TYPE_LATEST)


def _page(content: dict[str, object], status: int = 200) -> Response:
    return Response(encode(content), status, _HEADERS)
