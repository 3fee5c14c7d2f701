"""Commands that were refused for want of a right are recorded, before the refusal is given."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog

from app.rate_limit import Allowance
from domain.attempts import RecordRefusedAttempt
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller
from domain.permissions import READ_REPORTER
from domain.personal_data import PersonalData
from domain.refusal import NotFound, NotPermitted, Refusal
from schema.context import Commands, PersonalDataReader, Unavailable

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
            case_id = getattr(command, "case_id", None)
            known = case_id if isinstance(case_id, UUID) and not command.CREATES else None
            tied = command.correlation_id or command.command_id
            await self.record(command.NAME, known, caller, refused, correlation_id=tied)
            raise

    async def record(
        self,
        permission: str,
        case_id: UUID | None,
        caller: Caller,
        refused: Refusal,
        *,
        correlation_id: UUID | None = None,
    ) -> None:
        """Record that `caller` was refused, as long as they have a name and some allowance."""
        if caller.kind is ActorKind.ANONYMOUS or await self._used_up(caller.principal):
            return
        attempt = RecordRefusedAttempt(
            command_id=uuid4(),
            correlation_id=correlation_id,
            principal=caller.principal,
            permission=permission,
            refusal=refused.code,
            case_id=case_id,
        )
        try:
            await self.commands.execute(attempt, caller)
        except (Refusal, Unavailable) as error:
            # It stays refused; the record is lost, and the log says so.
            _log.warning("a refused attempt is not recorded", error=type(error).__name__)

    async def _used_up(self, principal: str) -> bool:
        try:
            return await self.allowance.take(principal) is not None
        except Unavailable:
            # Then it cannot be recorded either, and the log says so.
            return False


async def record_refused(
    commands: Commands, permission: str, case_id: UUID, caller: Caller, refused: Refusal
) -> None:
    """Record what was refused without a command of its own, where refused commands are recorded."""
    if isinstance(commands, AuditedCommands) and isinstance(refused, NotPermitted | NotFound):
        await commands.record(permission, case_id, caller, refused)


@dataclass(frozen=True)
class AuditedPersonalData:
    """Personal data whose refused readings are recorded too."""

    personal_data: PersonalDataReader
    audited: AuditedCommands

    async def reporter_of(
        self, case_id: UUID, purpose: str | None, caller: Caller
    ) -> PersonalData | None:
        """As `PersonalDataReader.reporter_of`."""
        try:
            return await self.personal_data.reporter_of(case_id, purpose, caller)
        except (NotPermitted, NotFound) as refused:
            await self.audited.record(READ_REPORTER, case_id, caller, refused)
            raise
