"""The journal's own streams: how it was opened, and what was taken out of it."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.command import Circumstances, Command
from domain.event import Recorded, begin_stream, stream_begins_with
from domain.wording import CODE_LIMIT, TITLE_LIMIT, required

GENESIS_STREAM: Final = UUID("00000000-0000-8000-8000-000000000001")
EXPORTS_STREAM: Final = UUID("00000000-0000-8000-8000-000000000002")


class Jurisdiction(Aggregate):
    """The body whose journal this is."""

    def __init__(self) -> None:
        """Nothing is known before the genesis entry."""
        self.name = ""
        self.time_zone = ""
        self.administrators: tuple[str, ...] = ()
        self.demonstration = False


Jurisdiction.TOPIC = "jurisdiction"  # type: ignore[attr-defined]


class JournalOpened(Recorded, AggregateCreated):
    """The genesis entry, position 1: whose journal this is and how its rules start from nothing.

    time_zone: an IANA name. administrators: principals who set up the first posts.
    demonstration: only such a journal may record simulated times.
    """

    TOPIC: ClassVar[str] = "journal.opened"

    name: str
    time_zone: str
    administrators: tuple[str, ...]
    demonstration: bool

    def apply(self, jurisdiction: Jurisdiction) -> None:
        jurisdiction.name = self.name
        jurisdiction.time_zone = self.time_zone
        jurisdiction.administrators = self.administrators
        jurisdiction.demonstration = self.demonstration


class ExportLog(Aggregate):
    """Who took what out of the journal."""

    def __init__(self) -> None:
        """Nothing was exported yet."""
        self.exports = 0


ExportLog.TOPIC = "export_log"  # type: ignore[attr-defined]


class ExportLogOpened(Recorded, AggregateCreated):
    """The first export is about to be recorded."""

    TOPIC: ClassVar[str] = "exports.opened"


class JournalExported(Recorded, AggregateEvent):
    """A part of the journal left the service. filters: as given, without personal data.

    through: the head position at that moment. events: how many were written out.
    """

    TOPIC: ClassVar[str] = "exports.exported"

    format: str
    filters: dict[str, str]
    through: int
    events: int

    def apply(self, log: ExportLog) -> None:
        log.exports += 1


stream_begins_with(JournalOpened, Jurisdiction)
stream_begins_with(ExportLogOpened, ExportLog)


@dataclass(frozen=True, kw_only=True)
class OpenJournal(Command):
    """Write the genesis entry."""

    NAME: ClassVar[str] = "openJournal"
    CREATES: ClassVar[bool] = True

    name: str
    time_zone: str
    administrators: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True, kw_only=True)
class RecordExport(Command):
    """Record that a part of the journal is about to leave the service."""

    NAME: ClassVar[str] = "exportJournal"

    format: str
    filters: dict[str, str]
    through: int
    events: int


def open_journal(command: OpenJournal, by: Circumstances) -> Jurisdiction:
    """The jurisdiction, with the genesis entry pending."""
    return begin_stream(
        Jurisdiction,
        JournalOpened,
        stream_id=GENESIS_STREAM,
        timestamp=by.at,
        name=required(["name"], command.name, TITLE_LIMIT),
        time_zone=required(["timeZone"], command.time_zone, CODE_LIMIT),
        administrators=command.administrators,
        demonstration=command.demonstration,
    )


def record_export(log: ExportLog | None, command: RecordExport, by: Circumstances) -> ExportLog:
    """The export log, begun if need be, with one more export pending."""
    if log is None:
        log = begin_stream(ExportLog, ExportLogOpened, stream_id=EXPORTS_STREAM, timestamp=by.at)
    log.trigger_event(
        JournalExported,
        timestamp=by.at,
        format=command.format,
        filters=command.filters,
        through=command.through,
        events=command.events,
    )
    return log
