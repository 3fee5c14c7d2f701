"""How far a role reaches: which cases a post is about (DOMAIN.md section 6, as data)."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, assert_never

from domain.identity import Reach, Role
from domain.vocabulary import Confidentiality


class Extent(StrEnum):
    """What about a case brings it within reach of a post.

    EVERYTHING: any case. AREA: the area it lies in (of a post without areas: any), or its units.
    UNIT: that the post's unit or one below it leads or helps.
    """

    EVERYTHING = "EVERYTHING"
    AREA = "AREA"
    UNIT = "UNIT"


EXTENTS: Final[dict[Role, Extent]] = {
    # They begin what no unit has yet: where it is decides, or nothing for a post without areas.
    Role.INTAKE: Extent.AREA,
    Role.REGISTRAR: Extent.AREA,
    Role.DISPATCHER: Extent.AREA,
    Role.GRID_WORKER: Extent.AREA,
    Role.SUPERVISOR: Extent.AREA,
    Role.EVALUATOR: Extent.AREA,
    # What happens in their area, but is another unit's to handle, is not theirs to see.
    Role.OFFICER: Extent.UNIT,
    Role.UNIT_LEADER: Extent.UNIT,
    Role.AUDITOR: Extent.EVERYTHING,
    # What happens because time passed happens to any case.
    Role.SERVICE: Extent.EVERYTHING,
}
"""Of every role that may do anything with cases; REPORTER has their own."""

LEAD_ONLY: Final = frozenset(
    {
        "signForCase",
        "submitResolution",
        "readReporter",
        "readOriginalEvidence",
        "assignOfficer",
        "offerHandOver",
        "acceptHandOver",
        "declineHandOver",
        "requestReturn",
        "requestArbitration",
        "recordFirstContact",
        "requestCoHandling",
        "requestSuspension",
        "resumeCase",
        "requestExtension",
        "shareCase",
        "revokeShare",
    }
)
"""What of a unit's reach is for the lead unit alone, not for those that help."""


CLEARED: Final[dict[Confidentiality, frozenset[Role]]] = {
    Confidentiality.NORMAL: frozenset(Role),
    # Whoever has to send it to a unit, to handle, check or answer for it; not who took it in.
    Confidentiality.RESTRICTED: frozenset(
        {
            Role.REGISTRAR,
            Role.DISPATCHER,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.SUPERVISOR,
            Role.EVALUATOR,
            Role.AUDITOR,
            Role.SERVICE,
        }
    ),
    # The lead unit, and who answers for it: a helping unit sees no more of it (`LEAD_ALONE`). What
    # is still to be sent to a unit is restricted until then.
    Confidentiality.CONFIDENTIAL: frozenset(
        {
            Role.REGISTRAR,
            Role.OFFICER,
            Role.UNIT_LEADER,
            Role.SUPERVISOR,
            Role.AUDITOR,
            Role.SERVICE,
        }
    ),
}
"""By how confidential a case is: the roles that reach it at all. Its reporter always does."""

LEAD_ALONE: Final = frozenset({Confidentiality.CONFIDENTIAL})
"""The levels at which a unit sees what it leads, not what it helps with."""


@dataclass(frozen=True)
class Place:
    """Where a case lies: who leads and who helps, and in which area; and how few may see it.

    shared_with: the units that are shown parts of it, and may do nothing with it.
    """

    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    area: str | None = None
    confidentiality: Confidentiality = Confidentiality.NORMAL
    shared_with: tuple[str, ...] = ()

    def as_led(self) -> "Place":
        """The same, if nobody helped."""
        return replace(self, co_units=())


@dataclass(frozen=True)
class Range:
    """The cases within somebody's reach: all, or those of these units and in these areas."""

    everywhere: bool = False
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()

    def holds(self, place: Place) -> bool:
        """Whether a case that lies there is within it."""
        return (
            self.everywhere
            or place.lead_unit in self.units
            or place.area in self.areas
            or not self.units.isdisjoint(place.co_units)
        )

    def __or__(self, other: "Range") -> "Range":
        """What is within either."""
        return Range(
            self.everywhere or other.everywhere,
            self.units | other.units,
            self.areas | other.areas,
        )


NOWHERE: Final = Range()
EVERYWHERE: Final = Range(everywhere=True)


def range_of(role: Role, reach: Reach) -> Range:
    """What a role has within reach by one post."""
    extent = EXTENTS.get(role)
    if extent is None:
        return NOWHERE
    match extent:
        case Extent.EVERYTHING:
            return EVERYWHERE
        case Extent.AREA:
            return Range(not reach.areas, reach.units, reach.areas)
        case Extent.UNIT:
            return Range(units=reach.units)
        case _:
            assert_never(extent)
