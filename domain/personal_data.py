"""Personal data: what of a person is kept under a key of theirs, and who has read it.

Who a reporter is belongs to no case: the key of the person can be destroyed, and every case, proof
and export stays whole. Readings are events of a stream of their own for each person, so that
reading never makes the version stale that somebody decides a case on.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.command import Circumstances, Command
from domain.event import Recorded, begin_stream, stream_begins_with
from domain.permissions import READ_REPORTER
from domain.reach import Place
from domain.refusal import Refusal
from domain.wording import optional

PERSONS: Final = UUID("6f0a3c52-6d1f-5f0e-9a53-0c7f4be1d0a1")
"""Names persons who signed in; any constant does, but it never changes."""

ACCESS_LOGS: Final = UUID("2b1d7c9e-93c4-5b7a-8e56-7f3f0a6d42b8")
"""Names the access log of each person; any constant does, but it never changes."""

PURPOSE_LIMIT: Final = 200
"""Characters of a purpose, which stands on one line of an access log."""


class Category(StrEnum):
    """A sort of personal data, kept apart from the others."""

    NAME = "NAME"
    CONTACT = "CONTACT"
    ADDRESS = "ADDRESS"


class Keeping(StrEnum):
    """Whether personal data can be read: the state of the key it is kept under."""

    ACTIVE = "ACTIVE"
    SEALED = "SEALED"
    ERASED = "ERASED"


class PurposeNeeded(Refusal):
    """Personal data is read for a purpose: say which."""

    code = "PURPOSE_NEEDED"


class PersonalDataClosed(Refusal):
    """The personal data of this person is {state}; nothing is added to it."""

    code = "PERSONAL_DATA_CLOSED"


def person_id(principal: str) -> UUID:
    """The subject of somebody who signed in: one, and so one key, whatever case it is about."""
    return uuid5(PERSONS, principal)


def access_log_of(subject: UUID) -> UUID:
    """The stream in which the readings of a person's data are recorded."""
    return uuid5(ACCESS_LOGS, subject.hex)


@dataclass(frozen=True)
class PersonalData:
    """What is known of a person, by category. The values are in no repr, and so in no log."""

    keeping: Keeping
    values: dict[Category, str] = field(default_factory=dict, repr=False)


class AccessLog(Aggregate):
    """Who read the data of one person, and for which purpose."""

    def __init__(self) -> None:
        """Nobody has read anything yet."""
        self.readings = 0


AccessLog.TOPIC = "access_log"  # type: ignore[attr-defined]


class AccessLogOpened(Recorded, AggregateCreated):
    """Somebody's data is about to be read for the first time."""

    TOPIC: ClassVar[str] = "access.opened"

    subject: UUID


class PersonalDataRead(Recorded, AggregateEvent):
    """Somebody was about to be shown personal data; the actor of the entry says who.

    purpose: in the reader's words, so it is sealed under the key of the access log, which outlives
        the person's.
    """

    TOPIC: ClassVar[str] = "access.personal_data_read"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"purpose"})

    subject: UUID
    case_id: UUID
    categories: tuple[Category, ...]
    purpose: str

    def apply(self, log: AccessLog) -> None:
        log.readings += 1


stream_begins_with(AccessLogOpened, AccessLog)


@dataclass(frozen=True, kw_only=True)
class ReadReporter(Command):
    """Record that the data of a case's reporter is about to be shown.

    reporter, place: of the case, as for `domain.permissions.permitted`.
    """

    NAME: ClassVar[str] = READ_REPORTER

    subject: UUID
    case_id: UUID
    categories: tuple[Category, ...]
    purpose: str
    reporter: str | None
    place: Place


def checked_purpose(purpose: str | None) -> str:
    """The purpose as it is. Raises PurposeNeeded, or InvalidInput for one that is no line."""
    given = optional(["purpose"], purpose, PURPOSE_LIMIT)
    if given is None:
        raise PurposeNeeded
    return given


def record_reading(log: AccessLog | None, command: ReadReporter, by: Circumstances) -> AccessLog:
    """The access log, begun if need be, with one more reading pending."""
    purpose = checked_purpose(command.purpose)
    if log is None:
        log = begin_stream(
            AccessLog,
            AccessLogOpened,
            stream_id=access_log_of(command.subject),
            timestamp=by.at,
            subject=command.subject,
        )
    log.trigger_event(
        PersonalDataRead,
        timestamp=by.at,
        subject=command.subject,
        case_id=command.case_id,
        categories=command.categories,
        purpose=purpose,
    )
    return log
