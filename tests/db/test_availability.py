"""A database that goes away is said to be away, and never taken for a fault of ours."""

import asyncio
from uuid import uuid4

import pytest

from app.availability import AvailableCommands, AvailableJournal, AvailableReads
from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.errors import OutcomeUnknown as Unknown
from domain.command import Command, Executed
from domain.identity import Caller
from schema.context import OutcomeUnknown, Unavailable
from tests.db.journal.making import STAFF, acceptance, registered, registration
from tests.servers import Server


async def test_reads_commands_and_proofs_say_that_the_database_is_away(
    journal: Journal,
    commands: CommandHandler,
    database: Database,
    server: Server,
) -> None:
    case_id = await registered(commands)
    available = AvailableCommands(CommandHandler(journal))
    async with database.pool(1) as pool:
        reads = AvailableReads(pool)
        async with reads.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM cases") == 1
        await asyncio.to_thread(server.cluster.stop)
        try:
            with pytest.raises(Unavailable):
                async with reads.acquire() as connection:
                    await connection.fetchval("SELECT count(*) FROM cases")
            with pytest.raises(Unavailable):
                await AvailableJournal(journal).head()
            with pytest.raises(Unavailable):
                await available.execute(acceptance(case_id), STAFF)
        finally:
            await asyncio.to_thread(server.cluster.start)
    assert (await available.execute(acceptance(case_id), STAFF)).last_version == 2


class Interrupted:
    """Commands whose database leaves in the middle of each."""

    async def execute(self, command: Command, caller: Caller) -> Executed:  # noqa: ARG002
        raise Unknown


async def test_an_unknown_outcome_is_said_to_be_one() -> None:
    with pytest.raises(OutcomeUnknown) as unknown:
        await AvailableCommands(Interrupted()).execute(registration(command_id=uuid4()), STAFF)
    assert unknown.value.code == "OUTCOME_UNKNOWN"
    assert "commandId" in unknown.value.message
