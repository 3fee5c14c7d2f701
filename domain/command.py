"""Commands: what somebody asks for, and the circumstances under which it is decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.identity import Actor


@dataclass(frozen=True, kw_only=True)
class Command:
    """What every command carries.

    command_id: idempotency key, unique for the principal; the same id and input again returns
        the first outcome.
    expected_version: the version the caller saw; None means "whatever is newest".
    occurred_at: when it happened, if that was earlier than now (timezone-aware).
    """

    NAME: ClassVar[str]
    CREATES: ClassVar[bool] = False

    command_id: UUID
    expected_version: int | None = None
    occurred_at: datetime | None = None
    reason: str | None = None
    correlation_id: UUID | None = None


@dataclass(frozen=True)
class Circumstances:
    """Everything a decision may look at beside the command and the aggregate."""

    actor: Actor
    at: datetime
    now: datetime


@dataclass(frozen=True)
class Executed:
    """What a command did: the versions it added to its stream (empty: it was already so).

    position: of its last event; where it added none, the head of the journal it was decided on.
    """

    stream_id: UUID
    first_version: int
    last_version: int
    position: int
