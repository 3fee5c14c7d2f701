"""What a command on the configuration results in: the version, or why nothing changed."""

from typing import Final

import strawberry
from strawberry import field

from projections.configuration import Kind
from schema.configuration.calendars import CalendarVersion
from schema.configuration.kinds import ConfigurationKind
from schema.configuration.versions import CatalogueVersion, RoutingVersion
from schema.scalars import Position


@strawberry.type(description="The command on the catalogue was carried out, now or earlier.")
class CatalogueChanged:
    """The command was carried out."""

    version: CatalogueVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(description="The command on the routing policy was carried out, now or earlier.")
class RoutingChanged:
    """The command was carried out."""

    version: RoutingVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(description="The command on the work calendars was carried out, now or earlier.")
class CalendarChanged:
    """The command was carried out."""

    version: CalendarVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


CATALOGUE: Final = ConfigurationKind(
    Kind.CATALOGUE, "the catalogue", CatalogueVersion, CatalogueChanged, "CatalogueResult"
)
ROUTING: Final = ConfigurationKind(
    Kind.ROUTING,
    "the routing policy",
    RoutingVersion,
    RoutingChanged,
    "RoutingResult",
    for_staff=True,
)
CALENDAR: Final = ConfigurationKind(
    Kind.CALENDAR, "the work calendars", CalendarVersion, CalendarChanged, "CalendarResult"
)
