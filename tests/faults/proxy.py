"""A proxy between the service and PostgreSQL that cuts connections at chosen messages.

It understands just enough of PostgreSQL's protocol (version 3) to know where one message of the
client ends: one byte that says what it is, four that say how long it is; the first has no type.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Final

from app.database.cluster import PORT, Cluster

SOCKET: Final = f".s.PGSQL.{PORT}"
READY: Final = b"Z\x00\x00\x00\x05"
"""How the server says that it has done what it was asked."""

PATIENCE: Final = 30.0

Message = bytes


class Moment(Enum):
    """When the connection is cut, seen from the message at which it is."""

    BEFORE = auto()
    """The message never reaches the server."""
    DURING = auto()
    """It reaches the server, which finds nobody to answer to."""
    HELD = auto()
    """The client is cut off; the message reaches the server when the client already tries anew."""
    AFTER = auto()
    """The server has answered, and the answer never reaches the client."""


WRITE: Final = b"UPDATE journal.head"
"""What the statement that appends has in it, in a transaction or as one by itself."""


class Conversation:
    """What a client has said on its connection, as far as it says when something is appended."""

    def __init__(self) -> None:
        self._writes: set[bytes] = set()
        self._in_transaction = False
        self._writing = False
        self.begins = False
        """The message is the first of a transaction that appends."""
        self.commits = False
        """The message is what the server commits an append at."""

    def hear(self, message: Message) -> None:
        """The next message."""
        self.begins = self.commits = False
        kind, content = message[:1], message[5:]
        if kind == b"P":
            name, query, _ = content.split(b"\0", 2)
            if WRITE in query:
                self._writes.add(name)
        elif kind == b"Q":
            self.begins = content.startswith(b"BEGIN")
            self.commits = content.startswith(b"COMMIT")
            self._in_transaction = self.begins
        elif kind == b"B" and not self._in_transaction:
            self.begins = self._writing = content.split(b"\0", 2)[1] in self._writes
        elif kind == b"S":
            self.commits = self._writing
            self._writing = False


Wanted = Callable[[Message, Conversation], bool]


def is_commit(_message: Message, conversation: Conversation) -> bool:
    """Whether the server commits an append at this message."""
    return conversation.commits


def is_answered(message: Message) -> bool:
    """Whether the server answers at once that it is ready: to a simple query and to a Sync."""
    return message[:1] in {b"Q", b"S"}


class NthOfTransaction:
    """Wants the n-th message (from 0) that is answered, of the next transaction that appends."""

    def __init__(self, number: int) -> None:
        self._left: int | None = None
        self._number = number

    def __call__(self, message: Message, conversation: Conversation) -> bool:
        if self._left is None:
            if not conversation.begins:
                return False
            self._left = self._number
        if not is_answered(message):
            return False
        self._left -= 1
        return self._left < 0


class Proxy:
    """Passes everything on, and cuts one connection when it is armed for that."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self._moment = Moment.BEFORE
        self._wanted: Wanted | None = None
        self._transactions = 0
        self._changed = asyncio.Condition()
        self.open = True
        self.cuts = 0

    def arm(self, moment: Moment, wanted: Wanted) -> None:
        """Cut the next connection that sends a message which is wanted; then no other."""
        self._moment, self._wanted = moment, wanted

    def disarm(self) -> None:
        self._wanted = None

    async def cut_number(self, number: int) -> None:
        """Wait until so many connections have been cut."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self.cuts >= number)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, to its end."""
        if not self.open:
            writer.transport.abort()
            return
        server_reader, server_writer = await asyncio.open_unix_connection(self._server)
        answers = asyncio.create_task(_copy(server_reader, writer))
        conversation = Conversation()
        try:
            server_writer.write(await _message(reader, typed=False))
            while True:
                message = await _message(reader, typed=True)
                conversation.hear(message)
                if self._wanted is not None and self._wanted(message, conversation):
                    self.disarm()
                    answers.cancel()
                    await self._note(cuts=1)
                    await self._cut(message, server_reader, server_writer, writer)
                    return
                server_writer.write(message)
                await server_writer.drain()
                if conversation.begins:
                    await self._note(transactions=1)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            answers.cancel()
            server_writer.transport.abort()
            writer.transport.abort()

    async def _cut(
        self,
        message: Message,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
    ) -> None:
        if self._moment is Moment.BEFORE:
            return
        if self._moment is Moment.HELD:
            began = self._transactions
            client.transport.abort()
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(lambda: self._transactions > began)
        server_writer.write(message)
        await server_writer.drain()
        if self._moment is Moment.AFTER:
            async with asyncio.timeout(PATIENCE):
                await server_reader.readuntil(READY)

    async def _note(self, *, transactions: int = 0, cuts: int = 0) -> None:
        async with self._changed:
            self._transactions += transactions
            self.cuts += cuts
            self._changed.notify_all()


async def _message(reader: asyncio.StreamReader, *, typed: bool) -> Message:
    head = await reader.readexactly(5 if typed else 4)
    length = int.from_bytes(head[-4:]) - 4
    return head + await reader.readexactly(length)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while content := await reader.read(1 << 16):
            writer.write(content)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def proxied(cluster: Cluster) -> AsyncIterator[tuple[Proxy, Cluster]]:
    """A proxy, and the cluster as it is reached through it."""
    folder = Path(tempfile.mkdtemp(prefix="wardbook-"))
    proxy = Proxy(cluster.socket_folder / SOCKET)
    listening = await asyncio.start_unix_server(proxy.serve, folder / SOCKET)
    try:
        yield proxy, replace(cluster, socket_folder=folder)
    finally:
        listening.close()
        shutil.rmtree(folder)
