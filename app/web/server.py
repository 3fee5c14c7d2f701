"""The HTTP server: uvicorn, told what our application already takes care of."""

import asyncio
import socket
from functools import partial
from typing import Final, cast

import uvicorn
from starlette.applications import Starlette

from app.settings import Settings
from app.web.heads import BESIDE_THE_URL, BoundedHeads, HeadLimits

GRACE_SECONDS: Final = 20
"""How long requests in flight may take to finish after a stop signal."""
FRAMES_BEYOND: Final = 1024
"""Uvicorn cuts a connection at its own limit; ours, a little below, says why."""


class Server(uvicorn.Server):
    """Ends streams before it ends connections: WebSockets close with 1001, not with 1012."""

    def __init__(self, application: Starlette, settings: Settings) -> None:
        heads = HeadLimits(
            settings.max_body_bytes + BESIDE_THE_URL, settings.client_timeout_seconds
        )
        super().__init__(
            uvicorn.Config(
                application,
                host=settings.host,
                port=settings.port,
                loop="uvloop",
                http=cast("type[asyncio.Protocol]", partial(BoundedHeads, heads)),
                ws="websockets-sansio",
                ws_max_size=settings.max_body_bytes + FRAMES_BEYOND,
                ws_ping_interval=None,  # the protocol above has its own signs of life
                ws_per_message_deflate=False,  # memory per connection, and CPU
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # app/web/addresses.py reads them, where they are trusted
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._application = application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen. Without TCP_NODELAY, answers in two parts wait 40 ms for each other.

        asyncio sets it only on sockets whose protocol was named when they were made.
        """
        for listening in sockets or []:
            if listening.family in (socket.AF_INET, socket.AF_INET6):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end the streams, let requests in flight finish."""
        for server in self.servers:
            server.close()
        await self._application.state.streams.close(GRACE_SECONDS)
        await super().shutdown(sockets)
