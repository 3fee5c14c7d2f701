"""The closed lists and value objects in which a case is described."""

from dataclasses import dataclass
from enum import StrEnum

from domain.vocabulary import Channel, Urgency

__all__ = [
    "Attribute",
    "Audience",
    "Channel",
    "Detail",
    "Point",
    "Precision",
    "Relation",
    "ResolutionOutcome",
    "Urgency",
]


class Detail(StrEnum):
    """A part of a case's description that may be corrected."""

    TITLE = "title"
    DESCRIPTION = "description"


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


@dataclass(frozen=True)
class Attribute:
    """One attribute of a foreign log (IEEE 1849 XES), with its literal value kept as written.

    type: string, date, int, float, boolean, id, list or container; list and container have no
    value of their own. children: nested attributes, in the order of the log.
    """

    key: str
    type: str
    value: str | None = None
    children: tuple["Attribute", ...] = ()
