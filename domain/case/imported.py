"""Histories brought from elsewhere: a foreign case log becomes a stream of its own activities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar, Final
from uuid import UUID, uuid5

import msgspec.structs

from domain.calendar.timetable import AROUND_THE_CLOCK, Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import breach
from domain.case.lifecycle import Stage
from domain.case.regions import PublicationState
from domain.case.state import Case, CaseEvent, CaseOpened
from domain.case.vocabulary import Attribute, Channel, Point, Record
from domain.command import Circumstances, Command
from domain.escalation_policy.content import BREACH
from domain.event import begin_stream, stream_begins_with
from domain.refusal import AttributesChanged, BeginningChanged, HistoryShorter, RecordChanged
from domain.vocabulary import ClockKind
from domain.wording import NAME_LIMIT, required

NO_POLICY: Final = 0
"""In the place of a version of the SLA policy: the limit was set elsewhere."""

IMPORTED_STREAMS = UUID("6f0f5d0c-7d1c-5b9e-9a0e-3c6f2f1a4b7d")
"""Name space of the stream ids of imported histories."""


class HistoryImported(CaseOpened):
    """A history was brought from elsewhere; timestamp is that of its first activity."""

    TOPIC: ClassVar[str] = "case.history_imported"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"attributes"})
    STAGE: ClassVar[Stage | None] = Stage.IMPORTED

    source: str
    external_id: str
    attributes: tuple[Attribute, ...]

    def apply(self, case: Case) -> None:
        case.stage = Stage.IMPORTED
        case.case_no = f"{self.source}/{self.external_id}"
        case.attributes = self.attributes


class RecordImported(HistoryImported):
    """A history was brought from a place that says more of a case than what was done in it.

    type_code, area: as they are called there, or as a mapping translates them. due_at: by when it
    had to be closed. public: whether the public could read it there.
    """

    TOPIC: ClassVar[str] = "case.record_imported"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"attributes", "title", "point"})

    channel: Channel
    type_code: str | None
    area: str | None
    title: str | None
    point: Point | None
    due_at: datetime | None
    public: bool

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.channel = self.channel
        case.type_code = self.type_code
        case.area = self.area
        case.title = self.title
        if self.public:
            case.publication_state = PublicationState.PUBLIC
        case.time({clock.name: clock for clock in self.sets_clocks()})
        case.record = Record(
            channel=self.channel,
            type_code=self.type_code,
            area=self.area,
            title=self.title,
            point=self.point,
            due_at=self.due_at,
            public=self.public,
        )

    def sets_clocks(self) -> tuple[Clock, ...]:
        """What was set there as a target counts around the clock, and no policy of ours set it."""
        return () if self.due_at is None else (target(self.timestamp, self.due_at),)


def target(began: datetime, due: datetime) -> Clock:
    """The clock of a case that was to be closed elsewhere by a time. policy: NO_POLICY.

    Where that lies before its beginning it was late from there on.
    """
    minutes = max(1, (due - began) // timedelta(minutes=1))
    return Clock(
        kind=ClockKind.RESOLUTION,
        number=1,
        started_at=began,
        limit=Limit(minutes, LimitUnit.WALL_MINUTES),
        due=due,
        calendar=AROUND_THE_CLOCK.pin,
        policy=NO_POLICY,
        next_percent=BREACH,
        next_at=max(began, due),
    )


class ActivityRecorded(CaseEvent):
    """One activity of a foreign log, with its original time as timestamp.

    unit: the log's org:group; transition: its lifecycle:transition.
    attributes: every attribute of the event in the order of the log, the named ones included.
    """

    TOPIC: ClassVar[str] = "case.activity_recorded"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"attributes"})

    activity: str
    resource: str | None
    unit: str | None
    transition: str | None
    attributes: tuple[Attribute, ...]

    def apply(self, case: Case) -> None:
        case.activities.append(self)


class HistoryClosed(ActivityRecorded):
    """The activity with which the case was closed there."""

    TOPIC: ClassVar[str] = "case.history_closed"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.RESOLUTION,)


class HistoryEnded(CaseEvent):
    """The case had ended there by then, as is said of it; no activity of it was its end."""

    TOPIC: ClassVar[str] = "case.history_ended"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.RESOLUTION,)

    def apply(self, case: Case) -> None:
        if case.record is not None:
            case.record = replace(case.record, ended_at=self.timestamp)


stream_begins_with(HistoryImported, Case)
stream_begins_with(RecordImported, Case)


@dataclass(frozen=True)
class Activity:
    """One activity as the log has it. closes: it was the end of the case there."""

    activity: str
    occurred_at: datetime
    resource: str | None = None
    unit: str | None = None
    transition: str | None = None
    attributes: tuple[Attribute, ...] = ()
    closes: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportHistory(Command):
    """Bring in one trace; bring in what was added to it since; or find it already here.

    record: what is said of the case as a whole; None: a log of activities says nothing of it.
    may_change: keys of attributes that are kept as they were first met, whatever they are later.
    title_may_change: so is the title.
    """

    NAME: ClassVar[str] = "importHistory"

    source: str
    external_id: str
    attributes: tuple[Attribute, ...]
    activities: tuple[Activity, ...]
    record: Record | None = None
    may_change: tuple[str, ...] = ()
    title_may_change: bool = False

    @cached_property
    def case_id(self) -> UUID:
        """The stream id, derived from source and trace name: the same trace, the same stream."""
        return imported_stream(self.source, self.external_id)


def imported_stream(source: str, external_id: str) -> UUID:
    """Stream id of the trace `external_id` of the log `source` (RFC 9562 UUID version 5)."""
    return uuid5(IMPORTED_STREAMS, f"{len(source)}:{source}{external_id}")


def begin_history(command: ImportHistory, by: Circumstances) -> Case:
    """A new stream with its beginning and all activities pending; `by.at` is not used.

    An empty trace begins at the moment of the import, for want of a time of its own.
    """
    began = command.activities[0].occurred_at if command.activities else by.now
    record = command.record
    case = begin_stream(
        Case,
        HistoryImported if record is None else RecordImported,
        stream_id=command.case_id,
        timestamp=began,
        source=required(["source"], command.source, NAME_LIMIT),
        external_id=required(["externalId"], command.external_id, NAME_LIMIT),
        attributes=command.attributes,
        **({} if record is None else _said_at_once(record)),
    )
    _record(case, command.activities)
    _end(case, record)
    return case


def extend_history(case: Case, command: ImportHistory) -> None:
    """Append what the trace has grown by; refuse one whose beginning changed or that shrank."""
    external_id = command.external_id
    if _differ(case.attributes, command.attributes, command.may_change):
        raise AttributesChanged(external_id=external_id)
    said = _as_before(command.record, case.record, title_may_change=command.title_may_change)
    if said != case.record:
        raise RecordChanged(external_id=external_id, field=_changed(case.record, said))
    recorded = case.activities
    if len(command.activities) < len(recorded):
        raise HistoryShorter(
            external_id=external_id, incoming=len(command.activities), recorded=len(recorded)
        )
    for index, (was, now) in enumerate(zip(recorded, command.activities, strict=False), 1):
        if not _same(_as_logged(was), now, command.may_change):
            raise BeginningChanged(index=index, external_id=external_id)
    _record(case, command.activities[len(recorded) :])
    if case.record is not None and case.record.ended_at is None:
        _end(case, command.record)


def _said_at_once(record: Record) -> dict[str, object]:
    """What the beginning says; that it ended is an event of its own."""
    return {name: value for name, value in vars(record).items() if name != "ended_at"}


def _as_before(now: Record | None, was: Record | None, *, title_may_change: bool) -> Record | None:
    """What is said now, as far as it can have been said before: an end may come later."""
    if now is None or was is None:
        return now
    if title_may_change:
        now = replace(now, title=was.title)
    return now if was.ended_at is not None else replace(now, ended_at=None)


def _end(case: Case, record: Record | None) -> None:
    if record is None or record.ended_at is None:
        return
    timed = case.clocks.get(ClockKind.RESOLUTION)
    case.trigger_event(HistoryEnded, timestamp=record.ended_at)
    if timed is not None:
        _note_lateness(case, timed, record.ended_at)


def _changed(was: Record | None, now: Record | None) -> str:
    """The first part of a record in which two differ; empty where only one of them is there."""
    if was is None or now is None:
        return ""
    return next(name for name, value in vars(was).items() if value != getattr(now, name))


def _same(was: Activity, now: Activity, may_change: Sequence[str]) -> bool:
    if was == now:
        return True
    return replace(was, attributes=now.attributes) == now and not _differ(
        was.attributes, now.attributes, may_change
    )


def _differ(was: Sequence[Attribute], now: Sequence[Attribute], may_change: Sequence[str]) -> bool:
    """Whether two lists of attributes differ in more than those that may change."""
    if was == now:
        return False
    return [each for each in was if each.key not in may_change] != [
        each for each in now if each.key not in may_change
    ]


def _record(case: Case, activities: Sequence[Activity]) -> None:
    for activity in activities:
        timed = case.clocks.get(ClockKind.RESOLUTION)
        case.trigger_event(
            HistoryClosed if activity.closes else ActivityRecorded,
            timestamp=activity.occurred_at,
            activity=activity.activity,
            resource=activity.resource,
            unit=activity.unit,
            transition=activity.transition,
            attributes=activity.attributes,
        )
        if activity.closes and timed is not None:
            _note_lateness(case, timed, activity.occurred_at)


def _note_lateness(case: Case, timed: Clock, ended: datetime) -> None:
    """What was closed after it was due was late since then, whenever we learn of it."""
    if timed.due < ended and not timed.is_breached:
        stopped = msgspec.structs.replace(timed, next_percent=None, next_at=None)
        breach(case, stopped, due=max(timed.due, timed.started_at))


def _as_logged(event: ActivityRecorded) -> Activity:
    return Activity(
        activity=event.activity,
        occurred_at=event.timestamp,
        resource=event.resource,
        unit=event.unit,
        transition=event.transition,
        attributes=event.attributes,
        closes=isinstance(event, HistoryClosed),
    )
