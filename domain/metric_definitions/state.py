"""The metric definitions: its events, and which version is in force when."""

from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.configuration import (
    ConfigurationOf,
    VersionContent,
    VersionDrafted,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRetired,
)
from domain.event import Recorded, stream_begins_with
from domain.metric_definitions.content import MetricDefinition, MetricDefinitionsVersion
from domain.versioning import Way

METRICS_STREAM: Final = UUID("00000000-0000-8000-8000-000000000009")


class MetricDefinitions(ConfigurationOf[MetricDefinitionsVersion]):
    """All versions of the metric definitions of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
MetricDefinitions.TOPIC = "metric_definitions"  # type: ignore[attr-defined]


class MetricDefinitionsOpened(Recorded, AggregateCreated):
    """The first version of the metric definitions is about to be drafted."""

    TOPIC: ClassVar[str] = "metric_definitions.opened"


class MetricDefinitionsDrafted(VersionDrafted):
    """A version of the metric definitions was written down, or the first part of a large one."""

    TOPIC: ClassVar[str] = "metric_definitions.drafted"
    CONTENT: ClassVar[type[VersionContent]] = MetricDefinitionsVersion
    ITEMS: ClassVar[str] = "metrics"

    metrics: tuple[MetricDefinition, ...]


class MetricDefinitionsDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "metric_definitions.draft_extended"
    ITEMS: ClassVar[str] = MetricDefinitionsDrafted.ITEMS

    metrics: tuple[MetricDefinition, ...]


class MetricDefinitionsProposed(VersionProposed):
    """Somebody answers for a draft of the metric definitions and asks for its publication."""

    TOPIC: ClassVar[str] = "metric_definitions.proposed"


class MetricDefinitionsPublished(VersionPublished):
    """A second person put a version of the metric definitions into force."""

    TOPIC: ClassVar[str] = "metric_definitions.published"


class MetricDefinitionsRetired(VersionRetired):
    """A version of the metric definitions is not to be used any more."""

    TOPIC: ClassVar[str] = "metric_definitions.retired"


stream_begins_with(MetricDefinitionsOpened, MetricDefinitions)

METRICS_WAY: Final = Way(
    METRICS_STREAM,
    MetricDefinitions,
    MetricDefinitionsOpened,
    MetricDefinitionsDrafted,
    MetricDefinitionsDraftExtended,
    MetricDefinitionsProposed,
    MetricDefinitionsPublished,
    MetricDefinitionsRetired,
)
