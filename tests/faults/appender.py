"""A small service process: appends through the real journal until it is told to stop, or killed.

    python -m tests.faults.appender < configuration

Before it asks for a command it prints a line that says so, and another once the command is
acknowledged. It stops in order when its standard input ends.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from itertools import count
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.errors import OutcomeUnknown
from app.journal.keys import FileKeyProvider
from domain.case import correction, handling, intake, linking, outcome, routing
from domain.case.vocabulary import Channel, LinkKind, ResolutionOutcome
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller, Role
from domain.refusal import Overloaded
from projections.registry import INLINE_VIEWS
from tests.faults.ledger import Acknowledged, Line, Tried, Unsure, encode_line

PATIENCE: Final = 60.0
"""Seconds for which an unsure command is asked for again."""

AWAY: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OutcomeUnknown,
    Overloaded,
)
"""What is raised where the database went away, or could not keep up."""


class Configuration(msgspec.Struct):
    """shared: a case to which every worker adds notes, beside cases of its own."""

    principal: str
    dsn: str
    workers: int
    shared: UUID | None = None


def say(line: Line) -> None:
    """One write for one line: a kill leaves no half of it."""
    os.write(1, encode_line(line) + b"\n")


def life_of(case_id: UUID, shared: UUID | None, before: UUID | None) -> Iterator[Command]:
    """The commands on one case, most of one event, one of two, one on the case before it too."""
    yield intake.RegisterCase(
        command_id=uuid4(),
        case_id=case_id,
        case_no=case_id.hex,
        channel=Channel.HOTLINE,
        title="Noise at night",
        description="A workshop works until two.",
    )
    yield correction.CorrectCase(
        command_id=uuid4(), case_id=case_id, title="Noise", description="Until three."
    )
    yield intake.AcceptCase(command_id=uuid4(), case_id=case_id)
    if shared is not None:
        yield handling.AddNote(command_id=uuid4(), case_id=shared, text=f"As {case_id}.")
    if before is not None:
        yield linking.LinkCases(
            command_id=uuid4(), case_id=case_id, other_case=before, kind=LinkKind.RELATED
        )
    yield routing.DispatchCase(command_id=uuid4(), case_id=case_id, lead_unit="environment")
    yield routing.SignForCase(command_id=uuid4(), case_id=case_id)
    for number in range(3):
        yield handling.RecordProgress(command_id=uuid4(), case_id=case_id, text=f"{number} dB")
    yield outcome.SubmitResolution(
        command_id=uuid4(),
        case_id=case_id,
        outcome=ResolutionOutcome.RESOLVED,
        measures="Closes at ten.",
    )


class Appender:
    def __init__(self, handler: CommandHandler, caller: Caller, stopping: asyncio.Event) -> None:
        self._handler = handler
        self._caller = caller
        self._stopping = stopping

    async def work(self, shared: UUID | None) -> None:
        """One case after another."""
        before = None
        while not self._stopping.is_set():
            case_id = uuid7()
            for command in life_of(case_id, shared, before):
                if self._stopping.is_set():
                    return
                await self._make_certain(command)
            before = case_id

    async def _make_certain(self, command: Command) -> None:
        asked: dict[str, object] = msgspec.to_builtins(command)
        say(Tried(command.NAME, asked, self._caller))
        async with asyncio.timeout(PATIENCE):
            executed = await self._until_answered(command)
        say(Acknowledged(self._caller.principal, str(command.command_id), executed))

    async def _until_answered(self, command: Command) -> Executed:
        for attempt in count(1):
            try:
                return await self._handler.execute(command, self._caller)
            except AWAY as error:
                name, principal = type(error).__name__, self._caller.principal
                say(Unsure(principal, str(command.command_id), name))
                await asyncio.sleep(min(0.02 * attempt, 0.5))
        raise AssertionError("unreachable")


async def standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main() -> None:
    told = await standard_input()
    configuration = msgspec.json.decode(await told.readline(), type=Configuration)
    provider = FileKeyProvider("test", b"k" * 32)
    journal = await Journal.open(Database(configuration.dsn), provider, INLINE_VIEWS)
    caller = Caller(configuration.principal, ActorKind.SERVICE, frozenset(Role))
    stopping = asyncio.Event()
    appender = Appender(CommandHandler(journal), caller, stopping)
    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(configuration.workers):
                tasks.create_task(appender.work(configuration.shared))
            await told.read()
            stopping.set()
    finally:
        await journal.close()


if __name__ == "__main__":
    asyncio.run(main())
