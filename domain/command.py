"""Commands: what somebody asks for, and the circumstances under which it is decided."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import UUID

from domain.identity import Actor, Caller, Role
from domain.permissions import acting_roles, post_used
from domain.reach import Place
from domain.refusal import InvalidInput, OccurredInFuture
from domain.wording import REASON_LIMIT, optional

if TYPE_CHECKING:  # they are decided by commands themselves
    from domain.calendar.state import WorkCalendars
    from domain.catalogue.state import CaseTypeCatalogue
    from domain.directory import Directory
    from domain.escalation_policy.state import EscalationPolicy
    from domain.metric_definitions.state import MetricDefinitions
    from domain.routing_policy.state import RoutingPolicy
    from domain.sla_policy.state import SlaPolicy

EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""Nothing that somebody records with us is older; a year 1 is a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What every command carries.

    COMMUTES: what it says does not depend on what happened since somebody looked: whatever version
        is expected, it never conflicts.
    command_id: idempotency key, unique for the principal; the same id and input again returns
        the first outcome.
    expected_version: the version the caller saw; None means "whatever is newest".
    occurred_at: when it happened, if that was earlier than now (timezone-aware).
    """

    NAME: ClassVar[str]
    CREATES: ClassVar[bool] = False
    COMMUTES: ClassVar[bool] = False

    command_id: UUID
    expected_version: int | None = None
    occurred_at: datetime | None = None
    reason: str | None = None
    correlation_id: UUID | None = None


@dataclass(frozen=True)
class Arrangements:
    """How the jurisdiction has arranged its work, with all versions and times.

    None: it has not done so yet; then codes of units, areas and types are opaque, and work goes on
    around the clock. time_zone: an IANA name. sla: without one in force no clock starts.
    metrics: without definitions in force any code is one.
    """

    directory: "Directory | None" = None
    catalogue: "CaseTypeCatalogue | None" = None
    routing: "RoutingPolicy | None" = None
    calendar: "WorkCalendars | None" = None
    time_zone: str = "UTC"
    sla: "SlaPolicy | None" = None
    escalation: "EscalationPolicy | None" = None
    metrics: "MetricDefinitions | None" = None


NOTHING_ARRANGED: Final = Arrangements()


@dataclass(frozen=True)
class Circumstances:
    """Everything a decision may look at beside the command and the aggregate.

    at: when it happened (valid time); now: when it is decided. Equal unless it is backdated.
    roles: those under which the actor may do just this.
    directory, catalogue, routing, calendar, time_zone, sla, escalation, metrics: see Arrangements.
    """

    actor: Actor
    at: datetime
    now: datetime
    roles: frozenset[Role] = frozenset()
    directory: "Directory | None" = None
    catalogue: "CaseTypeCatalogue | None" = None
    routing: "RoutingPolicy | None" = None
    calendar: "WorkCalendars | None" = None
    time_zone: str = "UTC"
    sla: "SlaPolicy | None" = None
    escalation: "EscalationPolicy | None" = None
    metrics: "MetricDefinitions | None" = None

    @property
    def as_reporter(self) -> bool:
        """Whether the actor may do this as a reporter only, not as a member of the staff."""
        return self.roles == {Role.REPORTER}


def circumstances(
    command: Command,
    caller: Caller,
    now: datetime,
    arrangements: Arrangements = NOTHING_ARRANGED,
    *,
    reporter: str | None = None,
    place: Place | None = None,
) -> Circumstances:
    """The circumstances under which `caller` gives `command` at the moment `now`.

    reporter, place: of the case that it is about, as for `domain.permissions.permitted`.
    """
    at = command.occurred_at or now
    return circumstances_of(
        command.NAME, caller, at, now, arrangements, reporter=reporter, place=place
    )


def circumstances_of(
    command: str,
    caller: Caller,
    at: datetime,
    now: datetime,
    arrangements: Arrangements = NOTHING_ARRANGED,
    *,
    reporter: str | None = None,
    place: Place | None = None,
) -> Circumstances:
    """As `circumstances`, for any command of that name."""
    post = post_used(caller, command, reporter, place)
    return Circumstances(
        actor=Actor(caller.principal, caller.kind, caller.position, caller.unit)
        if post is None
        else Actor(caller.principal, caller.kind, post.position, post.unit, post.by_delegation),
        at=at,
        now=now,
        roles=acting_roles(caller, command, reporter, place),
        directory=arrangements.directory,
        catalogue=arrangements.catalogue,
        routing=arrangements.routing,
        calendar=arrangements.calendar,
        time_zone=arrangements.time_zone,
        sla=arrangements.sla,
        escalation=arrangements.escalation,
        metrics=arrangements.metrics,
    )


def check_circumstances(command: Command, by: Circumstances) -> None:
    """Refuse a reason that cannot be stored, and what claims to have happened after now."""
    optional(["reason"], command.reason, REASON_LIMIT)
    if by.at.utcoffset() is None:
        raise InvalidInput(["occurredAt"], "occurredAt needs an offset from UTC")
    if by.at < EARLIEST:
        raise InvalidInput(["occurredAt"], f"occurredAt lies before the year {EARLIEST.year}")
    if by.at > by.now:
        raise OccurredInFuture(occurred_at=by.at.isoformat(), now=by.now.isoformat())


@dataclass(frozen=True)
class Executed:
    """What a command did: the versions it added to its stream (empty: it was already so).

    position: of its last event; where it added none, the head of the journal it was decided on.
    """

    stream_id: UUID
    first_version: int
    last_version: int
    position: int
