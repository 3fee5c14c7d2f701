"""Refused attempts: who asked for what they may not, in a stream of each person's own."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.command import Circumstances, Command
from domain.event import Recorded, begin_stream, stream_begins_with

ATTEMPT_STREAMS: Final = UUID("5f0a2b1e-8f0e-5d64-9a63-2f1c0e7d9b48")
"""Name space of the streams."""


class AttemptLog(Aggregate):
    """What one person tried in vain."""

    def __init__(self) -> None:
        """Nothing yet."""


AttemptLog.TOPIC = "attempt_log"  # type: ignore[attr-defined]


class AttemptLogOpened(Recorded, AggregateCreated):
    """The first refused attempt of somebody is about to be recorded."""

    TOPIC: ClassVar[str] = "attempts.opened"


class AttemptRefused(Recorded, AggregateEvent):
    """Somebody asked for what they may not do, or for what is beyond their reach.

    permission: what they asked for. refusal: its code. case_id: the case that they named, whether
    there is one or not: whoever asks for many that are not there is looking for something.
    """

    TOPIC: ClassVar[str] = "attempts.refused"

    permission: str
    refusal: str
    case_id: UUID | None

    def apply(self, log: AttemptLog) -> None:
        """It is for reading, not for deciding."""


stream_begins_with(AttemptLogOpened, AttemptLog)


@dataclass(frozen=True, kw_only=True)
class RecordRefusedAttempt(Command):
    """Record that `principal` was refused; they are the actor themselves."""

    NAME: ClassVar[str] = "recordRefusedAttempt"

    principal: str
    permission: str
    refusal: str
    case_id: UUID | None = None


def attempts_of(principal: str) -> UUID:
    """The stream of a person's refused attempts."""
    return uuid5(ATTEMPT_STREAMS, principal)


def record_attempt(
    log: AttemptLog | None, command: RecordRefusedAttempt, by: Circumstances
) -> AttemptLog:
    """The person's log, begun if need be, with one more refused attempt pending."""
    if log is None:
        stream_id = attempts_of(command.principal)
        log = begin_stream(AttemptLog, AttemptLogOpened, stream_id=stream_id, timestamp=by.at)
    log.trigger_event(
        AttemptRefused,
        timestamp=by.at,
        permission=command.permission,
        refusal=command.refusal,
        case_id=command.case_id,
    )
    return log
