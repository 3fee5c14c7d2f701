"""Commands that were refused for want of a right are recorded, before the refusal is given."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog

from app.rate_limit import Allowance
from domain.attempts import RecordRefusedAttempt
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller
from domain.refusal import NotFound, NotPermitted, Refusal
from schema.context import Commands, Unavailable

PER_MINUTE: Final = 10
"""Of one person: enough to see what they are about, too little to fill a journal with."""

_log: Final = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class AuditedCommands:
    """Commands that record who was refused, and what.

    A case beyond reach and one that is not there are recorded alike, and take as long: the time
    of an answer must not tell them apart.
    """

    commands: Commands
    allowance: Allowance

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`."""
        try:
            return await self.commands.execute(command, caller)
        except (NotPermitted, NotFound) as refused:
            if caller.kind is not ActorKind.ANONYMOUS:
                await self._record(command, caller, refused)
            raise

    async def _record(self, command: Command, caller: Caller, refused: Refusal) -> None:
        if self.allowance.take(caller.principal) is not None:
            return
        case_id = getattr(command, "case_id", None)
        attempt = RecordRefusedAttempt(
            command_id=uuid4(),
            correlation_id=command.correlation_id or command.command_id,
            principal=caller.principal,
            permission=command.NAME,
            refusal=refused.code,
            case_id=case_id if isinstance(case_id, UUID) and not command.CREATES else None,
        )
        try:
            await self.commands.execute(attempt, caller)
        except (Refusal, Unavailable) as error:
            # It stays refused; the record is lost, and the log says so.
            _log.warning("a refused attempt is not recorded", error=type(error).__name__)
