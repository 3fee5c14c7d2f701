"""Shares with their interval, and quantiles: what figures are made of."""

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

Z_95: Final = 1.959963984540054
"""The quantile 0.975 of the standard normal distribution."""

A_PAIR: Final = 2


class Bounds(NamedTuple):
    """An interval of shares, 0 to 1."""

    low: float
    high: float


def wilson(hits: int, n: int) -> Bounds | None:
    """The 95 % score interval of Wilson (1927) for a share hits / n; None: nothing was counted."""
    if not n:
        return None
    share, square = hits / n, Z_95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = sqrt(share * (1 - share) / n + square / (4 * n**2)) * Z_95 / (1 + square / n)
    return Bounds(max(0.0, centre - reach), min(1.0, centre + reach))


def quantile(values: Sequence[float], share: float) -> float | None:
    """The quantile of any values, interpolated (as `percentile_cont`); None: there are none."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(medians: Sequence[float]) -> float | None:
    """The largest of medians above 0 by the smallest; None where there are fewer than two."""
    if len(medians) < A_PAIR:
        return None
    return max(medians) / min(medians)
