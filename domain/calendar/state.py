"""The work calendars: their events, and which version is in force when."""

from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.calendar.content import CalendarVersion, WorkCalendar
from domain.configuration import (
    ConfigurationOf,
    VersionContent,
    VersionDrafted,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRetired,
)
from domain.event import Recorded, stream_begins_with
from domain.versioning import Way

CALENDAR_STREAM: Final = UUID("00000000-0000-8000-8000-000000000006")


class WorkCalendars(ConfigurationOf[CalendarVersion]):
    """All versions of the work calendars of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
WorkCalendars.TOPIC = "work_calendars"  # type: ignore[attr-defined]


class CalendarOpened(Recorded, AggregateCreated):
    """The first version of the work calendars is about to be drafted."""

    TOPIC: ClassVar[str] = "calendar.opened"


class CalendarDrafted(VersionDrafted):
    """A version of the work calendars was written down, or the first part of a large one.

    time_zone: the jurisdiction's, so that a version alone says what is due when.
    """

    TOPIC: ClassVar[str] = "calendar.drafted"
    CONTENT: ClassVar[type[VersionContent]] = CalendarVersion
    ITEMS: ClassVar[str] = "calendars"

    time_zone: str
    default: str
    calendars: tuple[WorkCalendar, ...]


class CalendarDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "calendar.draft_extended"
    ITEMS: ClassVar[str] = CalendarDrafted.ITEMS

    calendars: tuple[WorkCalendar, ...]


class CalendarProposed(VersionProposed):
    """Somebody answers for a draft of the work calendars and asks for its publication."""

    TOPIC: ClassVar[str] = "calendar.proposed"


class CalendarPublished(VersionPublished):
    """A second person put a version of the work calendars into force."""

    TOPIC: ClassVar[str] = "calendar.published"


class CalendarRetired(VersionRetired):
    """A version of the work calendars is not to be used any more."""

    TOPIC: ClassVar[str] = "calendar.retired"


stream_begins_with(CalendarOpened, WorkCalendars)

CALENDAR_WAY: Final = Way(
    CALENDAR_STREAM,
    WorkCalendars,
    CalendarOpened,
    CalendarDrafted,
    CalendarDraftExtended,
    CalendarProposed,
    CalendarPublished,
    CalendarRetired,
)
