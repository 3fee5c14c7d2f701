"""Facts and examples of exclusions from metrics."""

from typing import Final

from domain.case.excluding import (
    ApproveMetricExclusion,
    MetricExclusionApproved,
    MetricExclusionRevoked,
    RevokeMetricExclusion,
)
from domain.command import Command
from domain.metrics.vocabulary import ExclusionCause
from tests.domain.scenario import Fact, ask, happened

METRIC: Final = "on-time-closing"


def left_out(metric: str = METRIC, unit: str = "environment") -> Fact:
    return happened(
        MetricExclusionApproved,
        metric=metric,
        unit=unit,
        cause=ExclusionCause.FORCE_MAJEURE,
        ground="The flood",
    )


def counted_again(metric: str = METRIC, unit: str = "environment") -> Fact:
    return happened(MetricExclusionRevoked, metric=metric, unit=unit, ground="It had ended")


PREPARED: Final[dict[str, tuple[Fact, ...]]] = {"revokeMetricExclusion": (left_out(),)}

EXAMPLES: Final[tuple[Command, ...]] = (
    ask(
        ApproveMetricExclusion,
        metric=METRIC,
        unit="environment",
        cause=ExclusionCause.FORCE_MAJEURE,
        ground="The flood",
    ),
    ask(RevokeMetricExclusion, metric=METRIC, unit="environment", ground="It had ended"),
)
