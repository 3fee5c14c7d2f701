"""Appends and commands for tests of the journal."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec

from app.commands import CommandHandler
from app.journal.envelope import Append, NewEvent
from app.journal.mapper import NOTHING
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.vocabulary import Channel
from domain.identity import Actor, ActorKind, Authority, Caller, Role

STAFF = Caller("staff", ActorKind.PERSON, frozenset(Role))


def new_event(
    stream_id: UUID, version: int, *, payload: bytes = b"{}", topic: str = "test.happened"
) -> NewEvent:
    """An event whose content no domain class knows."""
    return NewEvent(
        event=None,
        event_id=uuid4(),
        stream_id=stream_id,
        version=version,
        topic=topic,
        class_version=1,
        occurred_at=datetime.now(UTC),
        payload=msgspec.Raw(payload),
        actor=Actor("tester", ActorKind.SERVICE),
        authority=Authority("test", 1),
        channel=None,
        sealed_reason=NOTHING,
        reason=None,
        command_id=uuid4(),
        causation_id=None,
        correlation_id=uuid4(),
    )


def append_of(
    *events: NewEvent,
    principal: str = "tester",
    command_id: UUID | None = None,
    input_hash: bytes = b"input",
) -> Append:
    return Append(principal, command_id or uuid4(), input_hash, events)


def registration(title: str = "Streetlight out", command_id: UUID | None = None) -> RegisterCase:
    case_id = uuid4()
    return RegisterCase(
        command_id=command_id or uuid4(),
        case_id=case_id,
        case_no=case_id.hex,
        channel=Channel.HOTLINE,
        title=title,
        description="The lamp at the east gate has been dark since Monday.",
    )


async def registered(handler: CommandHandler, title: str = "Streetlight out") -> UUID:
    """A new case's id."""
    return (await handler.execute(registration(title), STAFF)).stream_id


def acceptance(case_id: UUID, expected_version: int | None = None) -> AcceptCase:
    return AcceptCase(command_id=uuid4(), case_id=case_id, expected_version=expected_version)
