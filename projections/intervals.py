"""Which stored intervals contain a point, by an ordinary index: a relational interval tree.

After Kriegel, Pötke and Seidl, "Managing Intervals Efficiently in Object-Relational Databases"
(VLDB 2000). The numbers 1 .. 2**height - 1 are the nodes of a binary tree, the root is in the
middle. An interval is stored under its fork: the highest node inside it. Every point of the
interval has the fork on its way from the root, so the intervals that contain a point are found
under the at most `height` nodes of that way, and under no other. Under one node lie only
intervals that contain that node: a look-up costs about as much as intervals were open at once,
however long the history is.
"""

from datetime import UTC, datetime
from typing import Final

SECONDS_HEIGHT: Final = 32
"""Of the tree over seconds since 1970, which ends in 2106; times outside count as its ends."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = 2**SECONDS_HEIGHT - 1


def fork(lower: int, upper: int) -> int:
    """The node for the interval from `lower` to `upper`, both inside it; 1 <= lower <= upper."""
    bit = ((lower - 1) ^ upper).bit_length() - 1
    return upper >> bit << bit


def way(point: int, height: int) -> list[int]:
    """The nodes from `point` up to the root of the tree of this height; point >= 1."""
    lowest = (point & -point).bit_length() - 1
    return [(point >> level + 1 << level + 1) | 1 << level for level in range(lowest, height)]


def position_way(position: int, head: int) -> list[int]:
    """The nodes for a position, in a journal that ends at `head`."""
    return way(position, head.bit_length()) if position > 0 else []


def time_fork(start: datetime, end: datetime | None) -> int:
    """The node for the time from `start` up to `end` (None: without end)."""
    return fork(_second(start), _LAST_SECOND if end is None else _second(end))


def time_way(time: datetime) -> list[int]:
    """The nodes for a time."""
    return way(_second(time), SECONDS_HEIGHT)


def _second(time: datetime) -> int:
    """The second a time lies in; rounding only adds candidates, which the query checks exactly."""
    return min(max((time - _EPOCH).days * 86_400 + (time - _EPOCH).seconds, 1), _LAST_SECOND)
