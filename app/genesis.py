"""The first entry of a journal: whose it is, and how its rules start from nothing."""

import getpass
import os
from contextlib import suppress
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


async def ensure_open(journal: Journal, commands: CommandHandler, settings: Settings) -> None:
    """Write the genesis entry into an empty journal; of two processes at once, one does."""
    if (await journal.head()).size > 0:
        return
    command = OpenJournal(
        command_id=uuid4(),
        name=settings.jurisdiction,
        time_zone=settings.time_zone,
        administrators=settings.administrators,
        demonstration=False,
    )
    with suppress(JournalAlreadyOpen):
        await commands.execute(command, operator())
