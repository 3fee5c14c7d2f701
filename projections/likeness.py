"""How alike two requests are: in words, place, time and type. Pure, and told part by part.

Words are weighed by how rare they are among the requests that are compared, as in a search by
inverse document frequency: ln(1 + n / df). The likeness of two texts is the weight of what they
share over the geometric mean of their weights: 1 for the same words, 0 for none in common.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import asin, cos, log, radians, sin, sqrt
from typing import Final

from domain.case.vocabulary import Point, Precision
from projections.texts import RUNS

WINDOW: Final = timedelta(days=30)
"""How far apart in time two requests about one thing may be brought."""

NEARNESS_METRES: Final = 150
"""At this distance two points count half as near as at the same place."""

WEIGHTS: Final = {"words": 0.45, "place": 0.3, "type": 0.15, "time": 0.1}

SAME_AREA, NEIGHBOURING_AREA, UNKNOWN_PLACE = 0.5, 0.25, 0.25
SAME_TYPE, RELATED_TYPE = 1.0, 0.4

LEAST_WORDS: Final = 0.08
NEAR_METRES: Final = 60
"""Two requests are shown as alike where they share as many words, or lie as near together."""

EARTH_METRES: Final = 6_371_000
MOST_SHARED_WORDS: Final = 8
SHORTEST_STEM: Final = 3
_ENDINGS: Final = ("ing", "ies", "ed", "es", "s", "ly")
_FILLING: Final = """
    a about after again all also an and any are as at be been but by can come could day do
    every for from get had has have here i if in into is it its just me more my near no not
    now of on or our out over please since so some still that the their them there they this
    to up us very was we were when where which while who will with would you your
"""
_COMMON: Final = frozenset(_FILLING.split())


@dataclass(frozen=True)
class Request:
    """What of a request is compared. normal: its text, as `projections.texts.normalised`."""

    normal: str
    registered_at: datetime
    type_code: str | None = None
    area: str | None = None
    point: Point | None = None


@dataclass(frozen=True)
class Likeness:
    """How alike two requests are; every part is between 0 and 1, and so is their weighted sum.

    distance: metres between the two points, where both are known to the street at least.
    days: between the two registrations.
    """

    score: float
    words: float
    place: float
    type: float
    time: float
    distance: float | None
    days: float

    @property
    def worth_showing(self) -> bool:
        """Whether more than kind and neighbourhood is alike."""
        near = self.distance is not None and self.distance <= NEAR_METRES
        return near or self.words >= LEAST_WORDS


def terms(normal: str) -> frozenset[str]:
    """What a text is compared by: pairs of CJK characters, stems of other words, numbers."""
    found: set[str] = set()
    for match in RUNS.finditer(normal):
        if match[1]:
            found.update(map("".join, pairwise(match[1])))
        elif match[0] not in _COMMON:
            found.add(_stem(match[0]))
    return frozenset(found)


def _stem(word: str) -> str:
    """Cut the endings that one and the same word has; crude, but the same for both texts."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def likenesses(wanted: Request, others: Sequence[Request]) -> list[Likeness]:
    """How alike each of the others is to `wanted`, in their order."""
    sought = terms(wanted.normal)
    each = [terms(other.normal) for other in others]
    weights = rarity([sought, *each])
    return [
        _likeness(wanted, other, overlap(sought, words, weights))
        for other, words in zip(others, each, strict=True)
    ]


def rarity(texts: Collection[frozenset[str]]) -> Mapping[str, float]:
    """The weight of each term among these texts."""
    frequency = Counter(term for text in texts for term in text)
    return {term: log(1 + len(texts) / number) for term, number in frequency.items()}


def overlap(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """The weight of what both have over the geometric mean of what each has."""
    whole = sqrt(_weight(one, weights) * _weight(other, weights))
    return min(1.0, _weight(one & other, weights) / whole) if whole else 0.0


def _weight(text: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in text)


def _likeness(wanted: Request, other: Request, words: float) -> Likeness:
    distance = distance_between(wanted.point, other.point)
    apart = abs(wanted.registered_at - other.registered_at)
    parts = {
        "words": words,
        "place": _place(wanted.area, other.area, distance),
        "type": SAME_TYPE if wanted.type_code == other.type_code else RELATED_TYPE,
        "time": max(0.0, 1 - apart / WINDOW),
    }
    score = sum(WEIGHTS[name] * part for name, part in parts.items())
    return Likeness(score, **parts, distance=distance, days=apart / timedelta(days=1))


def _place(area: str | None, other: str | None, distance: float | None) -> float:
    if distance is not None:
        return 1 / (1 + (distance / NEARNESS_METRES) ** 2)
    if area is None or other is None:
        return UNKNOWN_PLACE
    return SAME_AREA if area == other else NEIGHBOURING_AREA


def distance_between(one: Point | None, other: Point | None) -> float | None:
    """Metres between two points on a sphere (haversine); None where one is not known so exactly."""
    if one is None or other is None or Precision.GRID in {one.precision, other.precision}:
        return None
    south, north = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * across
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(chord)))


def shared_words(one: str, other: str) -> list[str]:
    """What two normalised texts have in common, for people: the longest first, a few at most.

    Of CJK text the longest pieces that occur in both, of other text whole words.
    """
    found: dict[str, None] = {}
    stems = {_stem(match[0]) for match in RUNS.finditer(one) if not match[1]} - _COMMON
    for match in RUNS.finditer(other):
        if match[1]:
            found |= dict.fromkeys(_common_pieces(one, match[1]))
        elif match[0] not in _COMMON and _stem(match[0]) in stems:
            found[match[0]] = None
    return sorted(found, key=len, reverse=True)[:MOST_SHARED_WORDS]


def _common_pieces(text: str, run: str) -> Iterable[str]:
    """The longest pieces of a run, from left to right, that occur in a text; of two or more."""
    start = 0
    while start < len(run) - 1:
        end = start + 1
        while end < len(run) and run[start : end + 1] in text:
            end += 1
        if end - start > 1:
            yield run[start:end]
            start = end
        else:
            start += 1
