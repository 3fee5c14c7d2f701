"""The commands on the metric definitions, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.command import Circumstances
from domain.metric_definitions.checks import check_metrics
from domain.metric_definitions.content import MetricDefinition, MetricDefinitionsVersion
from domain.metric_definitions.state import METRICS_WAY, MetricDefinitions
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading


@dataclass(frozen=True, kw_only=True)
class DraftMetricDefinitions(DraftVersion):
    """Write a version of the metric definitions down: all of them."""

    NAME: ClassVar[str] = "draftMetricDefinitions"

    metrics: tuple[MetricDefinition, ...]


@dataclass(frozen=True, kw_only=True)
class ProposeMetricDefinitions(ProposeVersion):
    """Answer for a draft of the metric definitions and ask for its publication."""

    NAME: ClassVar[str] = "proposeMetricDefinitions"


@dataclass(frozen=True, kw_only=True)
class PublishMetricDefinitions(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishMetricDefinitions"


@dataclass(frozen=True, kw_only=True)
class RetireMetricDefinitions(RetireVersion):
    """End a version of the metric definitions."""

    NAME: ClassVar[str] = "retireMetricDefinitions"


MetricDefinitionsCommand = (
    DraftMetricDefinitions
    | ProposeMetricDefinitions
    | PublishMetricDefinitions
    | RetireMetricDefinitions
)


def decide(
    kept: MetricDefinitions | None, command: MetricDefinitionsCommand, by: Circumstances
) -> MetricDefinitions:
    """The definitions with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftMetricDefinitions):
        return METRICS_WAY.advance(kept, command, by)
    wanted = MetricDefinitionsVersion(*heading(command, by), command.metrics)
    check_metrics(wanted.metrics)
    return METRICS_WAY.draft(kept, wanted, by)
