"""Histories brought from elsewhere: a foreign case log becomes a stream of its own activities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar
from uuid import UUID, uuid5

from domain.case.lifecycle import Stage
from domain.case.state import Case, CaseEvent, CaseOpened
from domain.case.vocabulary import Attribute
from domain.command import Circumstances, Command
from domain.event import begin_stream, stream_begins_with
from domain.refusal import AttributesChanged, BeginningChanged, HistoryShorter
from domain.wording import NAME_LIMIT, required

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


stream_begins_with(HistoryImported, Case)


@dataclass(frozen=True)
class Activity:
    """One activity as the log has it."""

    activity: str
    occurred_at: datetime
    resource: str | None = None
    unit: str | None = None
    transition: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportHistory(Command):
    """Bring in one trace; bring in what was added to it since; or find it already here."""

    NAME: ClassVar[str] = "importHistory"

    source: str
    external_id: str
    attributes: tuple[Attribute, ...]
    activities: tuple[Activity, ...]

    @cached_property
    def case_id(self) -> UUID:
        """The stream id, derived from source and trace name: the same trace, the same stream."""
        return imported_stream(self.source, self.external_id)


def imported_stream(source: str, external_id: str) -> UUID:
    """Stream id of the trace `external_id` of the log `source` (RFC 9562 UUID version 5)."""
    return uuid5(IMPORTED_STREAMS, f"{len(source)}:{source}{external_id}")


def begin_history(command: ImportHistory, by: Circumstances) -> Case:
    """A new stream with HistoryImported and all activities pending; `by.at` is not used.

    An empty trace begins at the moment of the import, for want of a time of its own.
    """
    began = command.activities[0].occurred_at if command.activities else by.now
    case = begin_stream(
        Case,
        HistoryImported,
        stream_id=command.case_id,
        timestamp=began,
        source=required(["source"], command.source, NAME_LIMIT),
        external_id=required(["externalId"], command.external_id, NAME_LIMIT),
        attributes=command.attributes,
    )
    _record(case, command.activities)
    return case


def extend_history(case: Case, command: ImportHistory) -> None:
    """Append what the trace has grown by; refuse one whose beginning changed or that shrank."""
    if command.attributes != case.attributes:
        raise AttributesChanged(external_id=command.external_id)
    recorded = case.activities
    if len(command.activities) < len(recorded):
        raise HistoryShorter(
            external_id=command.external_id,
            incoming=len(command.activities),
            recorded=len(recorded),
        )
    for index, (was, now) in enumerate(zip(recorded, command.activities, strict=False), 1):
        if _as_logged(was) != now:
            raise BeginningChanged(index=index, external_id=command.external_id)
    _record(case, command.activities[len(recorded) :])


def _record(case: Case, activities: Sequence[Activity]) -> None:
    for activity in activities:
        case.trigger_event(
            ActivityRecorded,
            timestamp=activity.occurred_at,
            activity=activity.activity,
            resource=activity.resource,
            unit=activity.unit,
            transition=activity.transition,
            attributes=activity.attributes,
        )


def _as_logged(event: ActivityRecorded) -> Activity:
    return Activity(
        activity=event.activity,
        occurred_at=event.timestamp,
        resource=event.resource,
        unit=event.unit,
        transition=event.transition,
        attributes=event.attributes,
    )
