"""An emergency expires by itself, at the time that was said, also while nobody was there."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.commands import CommandHandler
from app.database import Connection, Database
from app.journal import Journal
from app.timers import TimerWorker
from domain.case.emergency import DeclareEmergency, EmergencyEnded
from domain.case.intake import RegisterCase
from domain.case.routing import DispatchCase
from domain.case.vocabulary import Channel
from domain.identity import THE_SERVICE, ActorKind, Caller, Role
from domain.refusal import Refusal

STAFF: Final = Caller(
    "staff", ActorKind.PERSON, frozenset({Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER})
)
HOUR: Final = timedelta(hours=1)


@pytest.fixture
def worker(database: Database, journal: Journal, commands: CommandHandler) -> TimerWorker:
    return TimerWorker(database, journal, commands)


async def emergency(commands: CommandHandler, began: datetime, *expiring: datetime) -> UUID:
    """A case in which an emergency was declared then, and declared again."""
    case_id = uuid7()
    await commands.execute(
        RegisterCase(
            command_id=uuid7(),
            occurred_at=began,
            case_id=case_id,
            case_no=str(case_id),
            channel=Channel.HOTLINE,
        ),
        STAFF,
    )
    for expires in expiring:
        declared = DeclareEmergency(
            command_id=uuid7(), case_id=case_id, occurred_at=began, expires=expires
        )
        await commands.execute(declared, STAFF)
    return case_id


async def test_it_ends_when_it_was_said_to_end(
    journal: Journal, commands: CommandHandler, worker: TimerWorker, connection: Connection
) -> None:
    began = datetime.now(UTC) - timedelta(days=3)
    expires = began + HOUR
    case_id = await emergency(commands, began, expires)
    with pytest.raises(Refusal) as refused:
        await commands.execute(
            DispatchCase(command_id=uuid7(), case_id=case_id, lead_unit="police"), STAFF
        )
    assert refused.value.code == "WRONG_STAGE", "nobody has noticed yet that it is over"

    assert await worker.act(connection) == 1
    ended = (await journal.read_stream(case_id))[-1]
    assert (ended.topic, ended.occurred_at) == (EmergencyEnded.TOPIC, expires)
    assert ended.actor.principal == THE_SERVICE.principal
    assert isinstance(ended.event, EmergencyEnded)
    assert ended.event.expired
    assert await worker.act(connection) == 0


async def test_declared_again_it_ends_later(
    commands: CommandHandler, worker: TimerWorker, connection: Connection
) -> None:
    began = datetime.now(UTC) - 2 * HOUR
    await emergency(commands, began, began + HOUR, datetime.now(UTC) + HOUR)
    assert await worker.act(connection) == 0
