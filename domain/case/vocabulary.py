"""The closed lists and value objects in which a case is described."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.vocabulary import Channel, Urgency

__all__ = [
    "Attribute",
    "Audience",
    "CasePart",
    "Channel",
    "ClockEffect",
    "ContactWay",
    "Detail",
    "ExternalStatus",
    "LinkKind",
    "Point",
    "Precision",
    "Record",
    "Relation",
    "ReopenedBy",
    "ResolutionOutcome",
    "Step",
    "Urgency",
    "VoidReason",
]


class Detail(StrEnum):
    """A part of a case's description that may be corrected."""

    TITLE = "title"
    DESCRIPTION = "description"
    AREA = "area"
    POINT = "point"
    URGENCY = "urgency"
    CHANNEL = "channel"


class ClockEffect(StrEnum):
    """What another type does to the clocks of a case.

    KEPT: those that run keep their limits. RECOMPUTED: they get those of the new type.
    """

    NONE = "NONE"
    KEPT = "KEPT"
    RECOMPUTED = "RECOMPUTED"


class Step(StrEnum):
    """A step of the lifecycle that an emergency lets be passed over, and made good afterwards."""

    ACCEPTANCE = "ACCEPTANCE"
    SIGN_OFF = "SIGN_OFF"


class ExternalStatus(StrEnum):
    """What another body says of a case that was referred to it."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    DECLINED = "DECLINED"


class Audience(StrEnum):
    """Who may read a note."""

    INTERNAL = "INTERNAL"
    REPORTER = "REPORTER"


class ResolutionOutcome(StrEnum):
    """What the handling unit says it reached."""

    RESOLVED = "RESOLVED"
    PARTLY = "PARTLY"
    EXPLAINED = "EXPLAINED"
    NOT_POSSIBLE = "NOT_POSSIBLE"
    NOT_RESPONSIBLE = "NOT_RESPONSIBLE"


class Relation(StrEnum):
    """On whose behalf somebody registers a case."""

    FAMILY = "FAMILY"
    NEIGHBOUR = "NEIGHBOUR"
    STAFF = "STAFF"
    REPRESENTATIVE = "REPRESENTATIVE"
    OTHER = "OTHER"


class LinkKind(StrEnum):
    """What two cases have to do with each other; SPLIT_INTO and SPLIT_FROM, from either side."""

    RELATED = "RELATED"
    FOLLOW_UP = "FOLLOW_UP"
    SAME_CAUSE = "SAME_CAUSE"
    SPLIT_INTO = "SPLIT_INTO"
    SPLIT_FROM = "SPLIT_FROM"


class Precision(StrEnum):
    """How exactly a point is known."""

    EXACT = "EXACT"
    STREET = "STREET"
    GRID = "GRID"


@dataclass(frozen=True)
class Point:
    """WGS 84 degrees; latitude -90..90, longitude -180..180."""

    latitude: float
    longitude: float
    precision: Precision = Precision.EXACT


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """One attribute of a foreign log (IEEE 1849 XES), with its literal value kept as written.

    type: string, date, int, float, boolean, id, list or container; list and container have no
    value of their own. children: nested attributes, in the order of the log.

    A Struct, not a dataclass: an event of a log has ten of them, and they take a seventh of the
    time to make, and half of it to read.
    """

    key: str
    type: str
    value: str | None = None
    children: tuple["Attribute", ...] = ()


@dataclass(frozen=True)
class Record:
    """What a place elsewhere says of a case as a whole, beside what was done in it.

    due_at: by when it had to be closed, timezone-aware. public: whether the public could read it.
    ended_at: when it ended, where that is said of the case and no activity is its end.
    """

    channel: Channel = Channel.IMPORT
    type_code: str | None = None
    area: str | None = None
    title: str | None = None
    point: Point | None = None
    due_at: datetime | None = None
    public: bool = False
    ended_at: datetime | None = None


class ContactWay(StrEnum):
    """How the reporter was reached, or was to be."""

    TELEPHONE = "TELEPHONE"
    VISIT = "VISIT"
    MESSAGE = "MESSAGE"
    COUNTER = "COUNTER"


class ReopenedBy(StrEnum):
    """Who had a case reopened. APPEAL: the reporter, against whoever decided it."""

    REPORTER = "REPORTER"
    SUPERVISOR = "SUPERVISOR"
    APPEAL = "APPEAL"


class VoidReason(StrEnum):
    """Why something should never have been a case."""

    ENTERED_BY_MISTAKE = "ENTERED_BY_MISTAKE"
    REGISTERED_TWICE = "REGISTERED_TWICE"
    TEST = "TEST"
    NOT_A_REQUEST = "NOT_A_REQUEST"
    FALSE_REPORT = "FALSE_REPORT"


class CasePart(StrEnum):
    """What of a case can be shown to a unit that has nothing to do with its handling.

    TEXT: title, description and answers. LOCATION: area and point. HANDLING: the units, the
    outcome, and since when. TIMELINE: what happened and when, without what was said.
    """

    TEXT = "TEXT"
    LOCATION = "LOCATION"
    HANDLING = "HANDLING"
    TIMELINE = "TIMELINE"
