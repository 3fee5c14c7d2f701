"""The commands on the work calendars, and their decisions."""

from dataclasses import dataclass, replace
from typing import ClassVar, assert_never

from domain import versioning
from domain.calendar.checks import check_calendars
from domain.calendar.content import CalendarVersion, WorkCalendar
from domain.calendar.state import (
    CALENDAR_STREAM,
    CalendarDrafted,
    CalendarDraftExtended,
    CalendarOpened,
    CalendarProposed,
    CalendarPublished,
    CalendarRetired,
    WorkCalendars,
)
from domain.command import Circumstances, Command, check_circumstances
from domain.event import begin_stream
from domain.refusal import NotFound
from domain.versioning import PublishVersion, VersionCommand
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required


@dataclass(frozen=True, kw_only=True)
class DraftCalendar(Command):
    """Write a version of the work calendars down. default: the code of one of them."""

    NAME: ClassVar[str] = "draftCalendar"

    title: str
    default: str
    calendars: tuple[WorkCalendar, ...]
    pack: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProposeCalendar(VersionCommand):
    """Answer for a draft of the work calendars and ask for its publication."""

    NAME: ClassVar[str] = "proposeCalendar"


@dataclass(frozen=True, kw_only=True)
class PublishCalendar(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishCalendar"


@dataclass(frozen=True, kw_only=True)
class RetireCalendar(VersionCommand):
    """End a version of the work calendars."""

    NAME: ClassVar[str] = "retireCalendar"


CalendarCommand = DraftCalendar | ProposeCalendar | PublishCalendar | RetireCalendar


def decide(
    kept: WorkCalendars | None, command: CalendarCommand, by: Circumstances
) -> WorkCalendars:
    """The calendars with the events of the command pending. Raises a Refusal."""
    if isinstance(command, DraftCalendar):
        return _draft(kept, command, by)
    if kept is None:
        raise NotFound(what="version")
    match command:
        case ProposeCalendar():
            versioning.propose(kept, CalendarProposed, command, by)
        case PublishCalendar():
            versioning.publish(kept, CalendarPublished, command, by)
        case RetireCalendar():
            versioning.retire(kept, CalendarRetired, command, by)
        case _:
            assert_never(command)
    return kept


def _draft(kept: WorkCalendars | None, command: DraftCalendar, by: Circumstances) -> WorkCalendars:
    """A new version; nothing where the newest one that is not retired says the same."""
    check_circumstances(command, by)
    title = required(["title"], command.title, TITLE_LIMIT)
    pack = optional(["pack"], command.pack, CODE_LIMIT)
    check_calendars(command.calendars, command.default)
    first, *further = versioning.parts("calendars", command.calendars)
    if kept is None:
        kept = begin_stream(
            WorkCalendars, CalendarOpened, stream_id=CALENDAR_STREAM, timestamp=by.at
        )
    number = len(kept.versions) + 1
    wanted = CalendarVersion(number, title, pack, by.time_zone, command.default, command.calendars)
    newest = kept.newest()
    if newest is not None and replace(newest, number=number) == wanted:
        return kept
    place = {"timestamp": by.at, "number": number, "by": by.actor.principal}
    kept.trigger_event(
        CalendarDrafted,
        **place,
        title=title,
        pack=pack,
        time_zone=by.time_zone,
        default=command.default,
        calendars=first,
    )
    for calendars in further:
        kept.trigger_event(CalendarDraftExtended, **place, calendars=calendars)
    return kept
