"""What metric definitions must look like, whoever sends them."""

from collections.abc import Mapping, Sequence
from math import fsum, isclose, isfinite
from typing import Final

from domain.bounds import at_most, each_once, within
from domain.catalogue.checks import check_label
from domain.metric_definitions.content import Band, MetricDefinition, MetricKind
from domain.metrics.vocabulary import POPULATION_OF
from domain.refusal import InvalidInput
from domain.wording import stable_code

MOST_METRICS: Final = 200
MOST_PARTS: Final = 20
MOST_BANDS: Final = 20
MOST_TO_RANK: Final = 10_000

_OF_ONE_POPULATION: Final = (MetricKind.RATE, MetricKind.SHARE)

# Which fields a definition has beside those that all have; the others it leaves out.
_MADE_OF: Final[Mapping[MetricKind, frozenset[str]]] = {
    MetricKind.RATE: frozenset({"counted", "numerator"}),
    MetricKind.SHARE: frozenset({"counted", "numerator"}),
    MetricKind.RATIO: frozenset({"counted", "numerator"}),
    MetricKind.COUNT: frozenset({"counted"}),
    MetricKind.MEDIAN_P90: frozenset({"counted", "measure"}),
    MetricKind.SPREAD: frozenset({"counted", "measure"}),
    MetricKind.COMPOSITE: frozenset({"parts"}),
}
_MAKING: Final = ("counted", "numerator", "measure", "parts")

Path = list[str]


def check_metrics(metrics: Sequence[MetricDefinition]) -> None:
    """Refuse definitions that mean nothing, or two things. Raises InvalidInput at the first."""
    at_most(["metrics"], metrics, MOST_METRICS)
    kinds: dict[str, MetricKind] = {}
    for index, each in enumerate(metrics):
        path = ["metrics", str(index)]
        stable_code([*path, "code"], each.code)
        if each.code in kinds:
            raise InvalidInput([*path, "code"], f"metric {each.code} is there twice")
        kinds[each.code] = each.kind
        _check_metric(path, each)
    for index, each in enumerate(metrics):
        _check_parts(["metrics", str(index), "parts"], each, kinds)


def _check_metric(path: Path, metric: MetricDefinition) -> None:
    check_label(path, metric.label)
    _check_making(path, metric)
    _check_bands([*path, "bands"], metric.bands)
    each_once([*path, "exclusions"], metric.exclusions)
    within([*path, "leastToRank"], metric.least_to_rank, 1, MOST_TO_RANK)


def _check_making(path: Path, metric: MetricDefinition) -> None:
    """It has what its kind is made of, and nothing that its kind would pass over."""
    given = {
        name
        for name, value in (
            ("counted", metric.counted),
            ("numerator", metric.numerator),
            ("measure", metric.measure),
            ("parts", metric.parts or None),
        )
        if value is not None
    }
    for name in _MAKING:
        if name in _MADE_OF[metric.kind] - given:
            raise InvalidInput([*path, name], f"a metric of kind {metric.kind} needs {name}")
        if name in given - _MADE_OF[metric.kind]:
            raise InvalidInput([*path, name], f"a metric of kind {metric.kind} has no {name}")
    if metric.kind not in _OF_ONE_POPULATION or metric.counted is None or metric.numerator is None:
        return
    if POPULATION_OF[metric.counted] is not POPULATION_OF[metric.numerator]:
        raise InvalidInput(
            [*path, "numerator"],
            f"{metric.numerator} and {metric.counted} are not true of the same rows",
        )


def _check_parts(path: Path, metric: MetricDefinition, kinds: Mapping[str, MetricKind]) -> None:
    if not metric.parts:
        return
    at_most(path, metric.parts, MOST_PARTS)
    each_once(path, [part.metric for part in metric.parts])
    for index, part in enumerate(metric.parts):
        if kinds.get(part.metric) not in _OF_ONE_POPULATION:
            raise InvalidInput(
                [*path, str(index), "metric"], "a part is a RATE or a SHARE of the same version"
            )
        if not 0 < part.weight <= 1:
            raise InvalidInput([*path, str(index), "weight"], "a weight is above 0, at most 1")
    if not isclose(fsum(part.weight for part in metric.parts), 1, abs_tol=1e-9):
        raise InvalidInput(path, "the weights of all parts make up 1")


def _check_bands(path: Path, bands: Sequence[Band]) -> None:
    at_most(path, bands, MOST_BANDS)
    for index, band in enumerate(bands):
        here = [*path, str(index)]
        stable_code([*here, "code"], band.code)
        check_label(here, band.label)
        if not isfinite(band.least) or (index and band.least <= bands[index - 1].least):
            raise InvalidInput([*here, "least"], "each band begins above the one before it")
    each_once(path, [band.code for band in bands])
