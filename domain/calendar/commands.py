"""The commands on the work calendars, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.calendar.checks import check_calendars
from domain.calendar.content import CalendarVersion, WorkCalendar
from domain.calendar.state import CALENDAR_WAY, WorkCalendars
from domain.command import Circumstances
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading


@dataclass(frozen=True, kw_only=True)
class DraftCalendar(DraftVersion):
    """Write a version of the work calendars down. default: the code of one of them."""

    NAME: ClassVar[str] = "draftCalendar"

    default: str
    calendars: tuple[WorkCalendar, ...]


@dataclass(frozen=True, kw_only=True)
class ProposeCalendar(ProposeVersion):
    """Answer for a draft of the work calendars and ask for its publication."""

    NAME: ClassVar[str] = "proposeCalendar"


@dataclass(frozen=True, kw_only=True)
class PublishCalendar(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishCalendar"


@dataclass(frozen=True, kw_only=True)
class RetireCalendar(RetireVersion):
    """End a version of the work calendars."""

    NAME: ClassVar[str] = "retireCalendar"


CalendarCommand = DraftCalendar | ProposeCalendar | PublishCalendar | RetireCalendar


def decide(
    kept: WorkCalendars | None, command: CalendarCommand, by: Circumstances
) -> WorkCalendars:
    """The calendars with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftCalendar):
        return CALENDAR_WAY.advance(kept, command, by)
    wanted = CalendarVersion(
        *heading(command, by), by.time_zone, command.default, command.calendars
    )
    check_calendars(wanted.calendars, wanted.default)
    return CALENDAR_WAY.draft(kept, wanted, by)
