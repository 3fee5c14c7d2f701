"""What metric definitions must look like."""

from dataclasses import replace
from typing import Any

import pytest

from domain.metric_definitions.checks import (
    MOST_BANDS,
    MOST_METRICS,
    MOST_PARTS,
    MOST_TO_RANK,
)
from domain.metric_definitions.content import (
    Band,
    MetricDefinition,
    MetricDefinitionsVersion,
    MetricKind,
    Part,
)
from domain.metric_definitions.state import MetricDefinitions
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure
from domain.refusal import InvalidInput
from tests.domain.configuring import Configuring, draft_metrics, label, rate

HOURS = replace(rate("hours"), kind=MetricKind.MEDIAN_P90, numerator=None, measure=Measure.HOURS)
WHOLE = MetricDefinition(
    "whole", label("Whole"), MetricKind.COMPOSITE, parts=(Part("a", 0.7), Part("b", 0.3))
)
GOOD = Band("good", label("Good"), 0.9)


def path_of_fault(*metrics: MetricDefinition) -> str:
    with pytest.raises(InvalidInput) as refused:
        Configuring("MetricDefinitions").given(draft_metrics(*metrics))
    return ".".join(refused.value.path)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"code": "no code"}, "code"),
        ({"label": label("")}, "labelEn"),
        ({"numerator": None}, "numerator"),
        ({"counted": None}, "counted"),
        ({"measure": Measure.HOURS}, "measure"),
        ({"parts": (Part("on-time", 1.0),)}, "parts"),
        ({"numerator": Fact.SATISFIED}, "numerator"),
        ({"kind": MetricKind.SHARE, "numerator": Fact.SATISFIED}, "numerator"),
        ({"kind": MetricKind.COUNT}, "numerator"),
        ({"kind": MetricKind.SPREAD, "numerator": None}, "measure"),
        ({"kind": MetricKind.COMPOSITE}, "counted"),
        ({"exclusions": (ExclusionCause.SYSTEM_FAULT,) * 2}, "exclusions"),
        ({"least_to_rank": 0}, "leastToRank"),
        ({"least_to_rank": MOST_TO_RANK + 1}, "leastToRank"),
        ({"bands": (replace(GOOD, code="-"),)}, "bands.0.code"),
        ({"bands": (replace(GOOD, label=label("")),)}, "bands.0.labelEn"),
        ({"bands": (replace(GOOD, least=float("nan")),)}, "bands.0.least"),
        ({"bands": (GOOD, replace(GOOD, code="best"))}, "bands.1.least"),
        ({"bands": (GOOD, replace(GOOD, least=0.95))}, "bands"),
        ({"bands": (GOOD,) * (MOST_BANDS + 1)}, "bands"),
    ],
)
def test_a_definition_that_means_nothing_is_refused(wrong: dict[str, Any], path: str) -> None:
    assert path_of_fault(replace(rate(), **wrong)) == f"metrics.0.{path}"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ((), ""),
        ((Part("a", 0.7), Part("c", 0.3)), ".1.metric"),
        ((Part("a", 0.7), Part("hours", 0.3)), ".1.metric"),
        ((Part("a", 1.1), Part("b", -0.1)), ".0.weight"),
        ((Part("a", 1.0), Part("b", 0.0)), ".1.weight"),
        ((Part("a", float("nan")), Part("b", 0.3)), ".0.weight"),
        ((Part("a", 0.7), Part("b", 0.2)), ""),
        ((Part("a", 0.7), Part("a", 0.3)), ""),
        ((Part("a", 0.1),) * (MOST_PARTS + 1), ""),
    ],
)
def test_a_composite_is_made_of_rates_and_shares(wrong: tuple[Part, ...], path: str) -> None:
    others = (rate("a"), rate("b", kind=MetricKind.SHARE), HOURS)
    assert path_of_fault(replace(WHOLE, parts=wrong), *others) == f"metrics.0.parts{path}"
    assert Configuring("MetricDefinitions").given(draft_metrics(WHOLE, *others))


def test_definitions_are_told_apart_and_not_too_many() -> None:
    assert path_of_fault(rate(), rate()) == "metrics.1.code"
    assert path_of_fault(*(rate(f"m{number}") for number in range(MOST_METRICS + 1))) == "metrics"


def test_a_ratio_may_be_of_two_populations() -> None:
    hand_overs = rate(kind=MetricKind.RATIO, counted=Fact.DISPATCHED, numerator=Fact.HANDED_OVER)
    assert Configuring("MetricDefinitions").given(draft_metrics(hand_overs))


def test_a_definition_is_found_by_its_code_and_a_value_in_its_band() -> None:
    made = Configuring("MetricDefinitions")
    banded = rate(bands=(replace(GOOD, code="fair", least=0.5), GOOD))
    made.given(draft_metrics(banded, HOURS, title="Figures", pack="p@1"))
    assert isinstance(made.kept, MetricDefinitions)
    version = made.kept.contents[0]
    assert version == MetricDefinitionsVersion(1, "Figures", "p@1", (banded, HOURS))
    assert version.metric("hours") == HOURS
    assert version.metric("nothing") is None
    bands = [banded.band(value) for value in (0.4, 0.5, 0.95)]
    assert [band and band.code for band in bands] == [None, "fair", "good"]
