"""What resolvers reach, with the loss of the database told apart from faults of ours."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from uuid import UUID

from app.database import UNREACHABLE
from app.journal import errors
from domain.case.actions import Action
from domain.command import Command, Executed
from domain.identity import Caller
from domain.merkle import Head
from domain.personal_data import PersonalData
from domain.recorded import RecordedEvent
from projections.view import Connection
from schema.context import (
    CaseActions,
    Commands,
    Configuration,
    JournalReader,
    OutcomeUnknown,
    PersonalDataReader,
    Reads,
    Tracking,
    Unavailable,
)


@contextmanager
def losses_named() -> Iterator[None]:
    """Raises Unavailable where the database cannot be reached, OutcomeUnknown where it left."""
    try:
        yield
    except errors.OutcomeUnknown:
        raise OutcomeUnknown from None
    except (*UNREACHABLE, errors.JournalClosed) as error:
        raise Unavailable from error


@dataclass(frozen=True)
class AvailableCommands:
    """Commands that say when the database is away."""

    commands: Commands

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`. Raises also Unavailable and OutcomeUnknown."""
        with losses_named():
            return await self.commands.execute(command, caller)


@dataclass(frozen=True)
class AvailableJournal:
    """A journal that says when the database is away. Following waits until it is back."""

    journal: JournalReader

    async def head(self) -> Head:
        with losses_named():
            return await self.journal.head()

    async def leaf_hash(self, position: int) -> bytes:
        with losses_named():
            return await self.journal.leaf_hash(position)

    async def inclusion(self, position: int, size: int) -> list[bytes]:
        with losses_named():
            return await self.journal.inclusion(position, size)

    async def consistency(self, old: int, size: int) -> list[bytes]:
        with losses_named():
            return await self.journal.consistency(old, size)

    async def read_streams(
        self, stream_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[RecordedEvent]]:
        with losses_named():
            return await self.journal.read_streams(stream_ids)

    def follow(self, after: int) -> AsyncIterator[int]:
        return self.journal.follow(after)


@dataclass(frozen=True)
class AvailableReads:
    """Reads that say when the database is away."""

    reads: Reads

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """As `Reads.acquire`. Raises Unavailable, also from the body."""
        with losses_named():
            async with self.reads.acquire() as connection:
                yield connection


@dataclass(frozen=True)
class AvailablePersonalData:
    """Personal data that says when the database is away, or whether its reading was recorded."""

    personal_data: PersonalDataReader

    async def reporter_of(
        self, case_id: UUID, purpose: str | None, caller: Caller
    ) -> PersonalData | None:
        """As `PersonalDataReader.reporter_of`. Raises also Unavailable and OutcomeUnknown."""
        with losses_named():
            return await self.personal_data.reporter_of(case_id, purpose, caller)


@dataclass(frozen=True)
class AvailableActions:
    """Offers that say when the database is away."""

    actions: CaseActions

    async def actions_on(
        self, case_ids: Collection[UUID], caller: Caller
    ) -> Mapping[UUID, Sequence[Action]]:
        """As `CaseActions.actions_on`. Raises also Unavailable."""
        with losses_named():
            return await self.actions.actions_on(case_ids, caller)


class AvailableServices:
    """The services of a running process, for the web layer."""

    def __init__(
        self,
        *,
        commands: Commands,
        journal: JournalReader,
        reads: Reads,
        lookups: Reads,
        configuration: Configuration,
        personal_data: PersonalDataReader,
        actions: CaseActions,
        tracking: Tracking,
    ) -> None:
        self.commands = AvailableCommands(commands)
        self.journal = AvailableJournal(journal)
        self.reads = AvailableReads(reads)
        self.lookups = AvailableReads(lookups)
        self.configuration = configuration
        self.personal_data = AvailablePersonalData(personal_data)
        self.actions = AvailableActions(actions)
        # It reads through `AvailableReads` itself: tokens are told by it too.
        self.tracking = tracking
