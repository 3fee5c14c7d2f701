"""What the directory holds: units, areas, positions, and who holds or is what."""

from dataclasses import dataclass
from enum import StrEnum

from domain.identity import Role


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    GOVERNMENT = "GOVERNMENT"
    COORDINATING_BODY = "COORDINATING_BODY"
    SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION"
    ENTERPRISE = "ENTERPRISE"
    RESIDENTS_BODY = "RESIDENTS_BODY"


class AreaKind(StrEnum):
    """How large a part of the district an area is."""

    DISTRICT = "DISTRICT"
    STREET = "STREET"
    COMMUNITY = "COMMUNITY"
    GRID = "GRID"


class Thing(StrEnum):
    """What an entry of the directory is about; the value is the word for it."""

    UNIT = "unit"
    AREA = "area"
    POSITION = "position"
    APPOINTMENT = "appointment"
    DELEGATION = "delegation"
    QUALIFICATION = "qualification"


@dataclass(frozen=True)
class Unit:
    """A body that handles cases.

    areas: those it serves, each with all below it; empty: everywhere. competences: codes of case
        types, or beginnings of them cut at "." "/" or "-"; "*": every type.
    """

    kind: UnitKind
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None
    areas: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """A part of the district, down to a grid cell 网格."""

    kind: AreaKind
    name_zh: str | None = None
    name_en: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Position:
    """A post 岗位 in a unit, whoever holds it.

    areas: those it is for, each with all below it; empty: those its unit serves. single_holder:
        at any moment at most one person holds it.
    """

    unit: str
    title_zh: str | None = None
    title_en: str | None = None
    roles: tuple[Role, ...] = ()
    areas: tuple[str, ...] = ()
    single_holder: bool = True


@dataclass(frozen=True)
class Appointment:
    """A person holds a position 任职. person: a principal; name: for display, protected."""

    position: str
    person: str
    name: str | None = None


@dataclass(frozen=True)
class Delegation:
    """Roles of an appointment are exercised by another person as well 授权."""

    appointment: str
    position: str
    delegator: str
    delegate: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Qualification:
    """A person is qualified for something 资格."""

    qualification: str
    person: str


Content = Unit | Area | Position | Appointment | Delegation | Qualification
