"""The first entry of a journal: whose it is, and how its rules start from nothing."""

import getpass
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from app.commands import CommandHandler
from app.journal import Journal
from app.settings import Settings
from domain.identity import ActorKind, Caller, Role
from domain.journal import OpenJournal
from domain.refusal import JournalAlreadyOpen


def operator() -> Caller:
    """Whoever runs `wardbook` on this machine, as a named principal."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        user = str(os.geteuid())
    return Caller(f"cli:{user}", ActorKind.SERVICE, OPERATOR_ROLES)


OPERATOR_ROLES: Final = frozenset({Role.SYSTEM_ADMIN})
"""Runs the service and brings logs in; reads no case content."""


@dataclass(frozen=True)
class Demonstration:
    """An empty journal becomes one of a demonstration. begins: the simulated time of its start.

    description: what is demonstrated, kept with the genesis entry as the reason of it.
    """

    begins: datetime
    description: str


async def ensure_open(
    journal: Journal,
    commands: CommandHandler,
    settings: Settings,
    demonstration: Demonstration | None = None,
) -> None:
    """Write the genesis entry into an empty journal; of two processes at once, one does."""
    if (await journal.head()).size > 0:
        return
    command = OpenJournal(
        command_id=uuid4(),
        name=settings.jurisdiction,
        time_zone=settings.time_zone,
        administrators=settings.administrators,
        demonstration=demonstration is not None,
        reason=None if demonstration is None else demonstration.description,
    )
    begins = None if demonstration is None else demonstration.begins
    with suppress(JournalAlreadyOpen):
        await commands.execute(command, operator(), simulated_at=begins)
