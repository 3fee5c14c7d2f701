"""What a resolver may reach: Protocols that `app/` implements and hands in with each request."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol
from uuid import UUID

from domain.calendar.state import WorkCalendars
from domain.case.actions import Action
from domain.case.refusals import TrackingRefused
from domain.catalogue.state import CaseTypeCatalogue
from domain.command import Command, Executed
from domain.directory import Directory
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import Caller
from domain.merkle import Head
from domain.metric_definitions.state import MetricDefinitions
from domain.personal_data import PersonalData
from domain.recorded import RecordedEvent
from domain.refusal import Refusal
from domain.routing_policy.state import RoutingPolicy
from domain.scope import Scope
from domain.sla_policy.state import SlaPolicy
from projections.view import Connection
from schema.languages.language import Language


class Commands(Protocol):
    """Executes commands."""

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """Authorise, decide and record. Raises a `domain.refusal.Refusal`; then nothing changed."""
        ...


class JournalReader(Protocol):
    """Reads the journal's head and proofs, and follows its growth."""

    async def head(self) -> Head:
        """Size and root over everything committed."""
        ...

    async def leaf_hash(self, position: int) -> bytes:
        """Leaf hash of entry `position` (1..head)."""
        ...

    async def inclusion(self, position: int, size: int) -> list[bytes]:
        """Audit path of entry `position` (1..size) in the tree of `size` entries."""
        ...

    async def consistency(self, old: int, size: int) -> list[bytes]:
        """Proof that the tree of `size` entries continues the tree of `old` (0 < old <= size)."""
        ...

    async def read_streams(
        self, stream_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[RecordedEvent]]:
        """The events of several streams, in version order; streams without any are left out."""
        ...

    def follow(self, after: int) -> AsyncIterator[int]:
        """The head position each time it has grown beyond `after` and beyond the one before."""
        ...


class Reads(Protocol):
    """Connections for reading views."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """A connection with the views on its search_path."""
        ...


class Configuration(Protocol):
    """Every configuration and the directory in memory; None: nothing is there yet."""

    @property
    def catalogue(self) -> CaseTypeCatalogue | None:
        """Every version of the catalogue."""
        ...

    @property
    def routing(self) -> RoutingPolicy | None:
        """Every version of the routing policy."""
        ...

    @property
    def calendar(self) -> WorkCalendars | None:
        """Every version of the work calendars."""
        ...

    @property
    def sla(self) -> SlaPolicy | None:
        """Every version of the SLA policy."""
        ...

    @property
    def escalation(self) -> EscalationPolicy | None:
        """Every version of the escalation policy."""
        ...

    @property
    def metrics(self) -> MetricDefinitions | None:
        """Every version of the metric definitions."""
        ...

    @property
    def directory(self) -> Directory | None:
        """What is known of units and areas."""
        ...

    @property
    def time_zone(self) -> str:
        """The jurisdiction's, by its IANA name."""
        ...

    async def catch_up(self) -> None:
        """Take in whatever was recorded since."""
        ...


@dataclass(frozen=True)
class NothingConfigured:
    """The configuration of a service that has none."""

    catalogue: CaseTypeCatalogue | None = None
    routing: RoutingPolicy | None = None
    calendar: WorkCalendars | None = None
    sla: SlaPolicy | None = None
    escalation: EscalationPolicy | None = None
    metrics: MetricDefinitions | None = None
    directory: Directory | None = None
    time_zone: str = "UTC"

    async def catch_up(self) -> None:
        """Nothing to take in."""


NOT_CONFIGURED: Final = NothingConfigured()


class PersonalDataReader(Protocol):
    """Shows personal data, each time for a purpose and on record."""

    async def reporter_of(
        self, case_id: UUID, purpose: str | None, caller: Caller
    ) -> PersonalData | None:
        """Who brings the case; None where nobody has said. Raises a Refusal."""
        ...


@dataclass(frozen=True)
class NothingKept:
    """The personal data of a service that keeps none."""

    async def reporter_of(
        self, case_id: UUID, purpose: str | None, caller: Caller
    ) -> PersonalData | None:
        """Nobody has said."""


NOTHING_KEPT: Final = NothingKept()


class CaseActions(Protocol):
    """Tells what could be done with cases, by the guards that the commands would run."""

    async def actions_on(
        self, case_ids: Collection[UUID], caller: Caller
    ) -> Mapping[UUID, Sequence[Action]]:
        """Every command on each of the cases that there are, in one read."""
        ...


@dataclass(frozen=True)
class NothingOffered:
    """Of a service that takes no commands on cases."""

    async def actions_on(
        self, case_ids: Collection[UUID], caller: Caller
    ) -> Mapping[UUID, Sequence[Action]]:
        """Nothing can be done with any of them."""
        return {}


NOTHING_OFFERED: Final = NothingOffered()


@dataclass(frozen=True)
class TrackingAccess:
    """What a tracking code opens: a token that speaks for the reporter of one case."""

    case_id: UUID
    token: str
    expires_at: datetime


class Tracking(Protocol):
    """Shows tracking codes, and exchanges them for tokens."""

    async def code_of(self, case_id: UUID, position: int) -> str | None:
        """The code that a case had at a position; None where another opens it by now."""
        ...

    async def open(self, case_no: str, code: str) -> TrackingAccess:
        """A token for whoever shows the code of a case. Raises a Refusal."""
        ...


@dataclass(frozen=True)
class NotTracked:
    """The tracking of a service without codes."""

    async def code_of(self, case_id: UUID, position: int) -> str | None:
        """There is none."""

    async def open(self, case_no: str, code: str) -> TrackingAccess:
        """No code opens anything."""
        raise TrackingRefused


NOT_TRACKED: Final = NotTracked()


class AccessEnded(Refusal):
    """The token has expired; connect again with a new one."""

    code: ClassVar[str] = "EXPIRED_TOKEN"


class Unavailable(Exception):
    """The database cannot be reached at the moment; try again."""

    code: ClassVar[str] = "UNAVAILABLE"

    @property
    def message(self) -> str:
        """The sentence for a person: the first line of the docstring."""
        return (type(self).__doc__ or self.code).splitlines()[0]


class OutcomeUnknown(Unavailable):
    """The database went away: ask again with the same commandId to learn whether it was recorded.

    The one error after which something may have changed, so it is never a member of a result.
    """

    code: ClassVar[str] = "OUTCOME_UNKNOWN"


async def _admitted() -> None:
    """Public reads that nobody counts."""


def _for_ever() -> None:
    """Access that does not end: of a caller without a token."""


@dataclass(frozen=True)
class Context:
    """One request's (or one subscription's) surroundings.

    require_access: raises AccessEnded when the caller's token has expired; a subscription asks
        before every item, because one WebSocket has one context for all its life.
    lookups: connections for statements that find everything by key, whatever the scope is: those of
        other reads are planned for each scope.
    renew: makes it anew, with the rights that the caller has at that moment.
    admit_public_read: raises a Refusal where too much public was read from one place.
    language: of the words for people in the answer; codes are the same in each.
    """

    caller: Caller
    scope: Scope
    commands: Commands
    journal: JournalReader
    reads: Reads
    require_access: Callable[[], None] = _for_ever
    renew: "Callable[[], Context] | None" = None
    language: Language = Language.EN
    configuration: Configuration = NOT_CONFIGURED
    personal_data: PersonalDataReader = NOTHING_KEPT
    tracking: Tracking = NOT_TRACKED
    admit_public_read: Callable[[], Awaitable[None]] = _admitted
    actions: CaseActions = NOTHING_OFFERED
    lookups: Reads | None = None

    @property
    def by_key(self) -> Reads:
        """Connections for looking up by key."""
        return self.lookups or self.reads

    def renewed(self) -> "Context":
        """This context with the rights of this moment. Raises AccessEnded."""
        self.require_access()
        return self if self.renew is None else self.renew()
