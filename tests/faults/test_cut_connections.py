"""Connections cut before, during and after COMMIT, and at every other round trip of an append."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from uuid import uuid4

import pytest
from rich.console import Console

from app.commands import CommandHandler
from app.database import Database
from app.database.connections import SERVICE_ROLE
from app.journal import Journal
from app.journal.errors import OutcomeUnknown
from domain.case.handling import AddNote
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.command import Command
from domain.identity import ActorKind, Caller, Role
from tests.faults.conftest import open_journal
from tests.faults.ledger import Ledger, check
from tests.faults.proxy import Moment, NthOfTransaction, Proxy, is_commit, proxied
from tests.servers import PASSWORD, Server

STAFF = Caller("staff", ActorKind.PERSON, frozenset(Role))
MOST_MESSAGES = 100


class Service:
    """A journal behind a proxy, and a ledger of what it acknowledged."""

    def __init__(self, journal: Journal, proxy: Proxy) -> None:
        self.journal = journal
        self.proxy = proxy
        self.ledger = Ledger()
        self._handler = CommandHandler(journal)

    async def execute(self, *commands: Command, handler: CommandHandler | None = None) -> None:
        """All at once, so that they share a batch where they can; or by another process."""
        by = handler or self._handler
        executed = await asyncio.gather(*(by.execute(one, STAFF) for one in commands))
        for command, outcome in zip(commands, executed, strict=True):
            self.ledger.acknowledged[STAFF.principal, str(command.command_id)] = outcome


@pytest.fixture
async def service(server: Server, database_name: str) -> AsyncIterator[Service]:
    async with proxied(server.cluster) as (proxy, cluster):
        dsn = cluster.dsn(SERVICE_ROLE, PASSWORD, database_name)
        async with open_journal(Database(dsn)) as journal:
            yield Service(journal, proxy)


def registration() -> RegisterCase:
    case_id = uuid4()
    return RegisterCase(
        command_id=uuid4(), case_id=case_id, case_no=case_id.hex, channel=Channel.WEB, title="Noise"
    )


@pytest.mark.parametrize("moment", Moment)
async def test_a_commit_cut_short_is_made_certain(
    service: Service, database: Database, moment: Moment
) -> None:
    case = registration()
    await service.execute(case)
    service.proxy.arm(moment, is_commit)
    note = AddNote(command_id=uuid4(), case_id=case.case_id, text="Call after six.")
    await service.execute(note, *(registration() for _ in range(5)))
    assert service.proxy.cuts == 1
    assert await check(service.ledger, service.journal, database) == 8


@pytest.mark.parametrize(("alone", "at_least"), [(True, 1), (False, 3)])
@pytest.mark.parametrize("moment", Moment)
async def test_a_cut_at_any_round_trip_of_an_append_is_made_certain(
    service: Service, database: Database, moment: Moment, at_least: int, *, alone: bool
) -> None:
    """At each round trip in turn, until the append has no further one.

    Whoever appends alone needs few; another process in between makes each look at the head first.
    """
    async with open_journal(database) as other:
        for number in count():
            assert number < MOST_MESSAGES
            if not alone:
                await service.execute(registration(), handler=CommandHandler(other))
            service.proxy.arm(moment, NthOfTransaction(number))
            await service.execute(registration())
            if service.proxy.cuts == number:
                break
    service.proxy.disarm()
    Console().print(f"cut {moment.name} each of {number} round trips of an append")
    assert number >= at_least
    await check(service.ledger, service.journal, database)


@pytest.mark.faults
async def test_what_stays_unknown_is_told_when_the_same_id_is_asked_again(
    service: Service, database: Database
) -> None:
    """The database stays away for longer than the journal waits for it."""
    await service.execute(registration())
    for number, moment in enumerate((Moment.BEFORE, Moment.DURING, Moment.AFTER), 1):
        command = registration()
        service.proxy.arm(moment, is_commit)
        asked = asyncio.create_task(service.execute(command))
        await service.proxy.cut_number(number)
        service.proxy.open = False
        async with asyncio.timeout(30):
            with pytest.raises(OutcomeUnknown):
                await asked
        service.proxy.open = True
        await service.execute(command)
    assert await check(service.ledger, service.journal, database) == 5
