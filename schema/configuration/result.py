"""What a command on the configuration results in: the version, or why nothing changed."""

from typing import Final

import strawberry
from strawberry import field

from projections.configuration import Kind
from schema.configuration.calendars import CalendarVersion
from schema.configuration.kinds import ConfigurationKind
from schema.configuration.metrics import MetricDefinitionsVersion
from schema.configuration.policies import EscalationPolicyVersion, SlaPolicyVersion
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


@strawberry.type(description="The command on the SLA policy was carried out, now or earlier.")
class SlaPolicyChanged:
    """The command was carried out."""

    version: SlaPolicyVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(
    description="The command on the escalation policy was carried out, now or earlier."
)
class EscalationPolicyChanged:
    """The command was carried out."""

    version: EscalationPolicyVersion = field(description="The version as it is now.")
    position: Position = field(description="The journal's position of the last of its events.")


@strawberry.type(
    description="The command on the metric definitions was carried out, now or earlier."
)
class MetricDefinitionsChanged:
    """The command was carried out."""

    version: MetricDefinitionsVersion = field(description="The version as it is now.")
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
SLA_POLICY: Final = ConfigurationKind(
    Kind.SLA_POLICY, "the SLA policy", SlaPolicyVersion, SlaPolicyChanged, "SlaPolicyResult"
)
ESCALATION_POLICY: Final = ConfigurationKind(
    Kind.ESCALATION_POLICY,
    "the escalation policy",
    EscalationPolicyVersion,
    EscalationPolicyChanged,
    "EscalationPolicyResult",
    for_staff=True,
)
METRIC_DEFINITIONS: Final = ConfigurationKind(
    Kind.METRIC_DEFINITIONS,
    "the metric definitions",
    MetricDefinitionsVersion,
    MetricDefinitionsChanged,
    "MetricDefinitionsResult",
)
