"""Timelines: what was so from when to when, and how one thing lies below another then."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

C = TypeVar("C")

ENDLESS: Final = datetime.max.replace(tzinfo=UTC)
"""The end of what has none so far."""

MOST_TREES: Final = 64
"""Moments whose trees are kept: nearly every question is about now, or about one past moment."""


@dataclass(frozen=True)
class Piece(Generic[C]):
    """What was so from `start` until before `end`."""

    content: C
    start: datetime
    end: datetime


class Timeline(Generic[C]):
    """Contents, each from a time until the next one's; the last one until `end`.

    A timeline whose end is its beginning never was: it was called off before it began.
    """

    __slots__ = ("_contents", "_since", "end")

    def __init__(self, content: C, start: datetime, end: datetime = ENDLESS) -> None:
        self._since = [start]
        self._contents = [content]
        self.end = end

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self._since[0]

    @property
    def first(self) -> C:
        """What it began with; of what never changes, what it is."""
        return self._contents[0]

    @property
    def last(self) -> C:
        """What it is when it ends."""
        return self._contents[-1]

    def at(self, moment: datetime) -> C | None:
        """What is so at a moment; None before the beginning and from the end on."""
        if moment >= self.end:
            return None
        number = bisect_right(self._since, moment)
        return self._contents[number - 1] if number else None

    def that(self, moment: datetime) -> C:
        """What is so at a moment that it is known to cover. Raises LookupError outside of it."""
        content = self.at(moment)
        if content is None:
            raise LookupError(moment)
        return content

    def put(self, content: C, start: datetime) -> None:
        """From `start` on it is `content`, until the next change known so far."""
        number = bisect_left(self._since, start)
        if number < len(self._since) and self._since[number] == start:
            self._contents[number] = content
        else:
            self._since.insert(number, start)
            self._contents.insert(number, content)

    def next_change(self, moment: datetime) -> datetime:
        """Until when a content put at `moment` would last."""
        number = bisect_right(self._since, moment)
        return self._since[number] if number < len(self._since) else self.end

    def end_at(self, end: datetime) -> None:
        """It ends then; what was planned for later is forgotten."""
        kept = max(1, bisect_left(self._since, end))
        del self._since[kept:], self._contents[kept:]
        self.end = end

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it lasts from `start` to `end`."""
        return self.start <= start and end <= self.end

    @property
    def lasts(self) -> bool:
        """Whether it lasts for any time at all."""
        return self.start < self.end

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it has any time in common with that from `start` to `end`."""
        return max(self.start, start) < min(self.end, end)

    def pieces(self) -> Iterator[Piece[C]]:
        """Every piece, in order of time."""
        for number, (start, content) in enumerate(zip(self._since, self._contents, strict=True)):
            end = self._since[number + 1] if number + 1 < len(self._since) else self.end
            yield Piece(content, start, end)

    def within(self, start: datetime, end: datetime) -> Iterator[Piece[C]]:
        """The pieces of the time from `start` to `end`, cut to it."""
        for piece in self.pieces():
            begins, ends = max(piece.start, start), min(piece.end, end)
            if begins < ends:
                yield Piece(piece.content, begins, ends)


class Tree(Generic[C]):
    """Which things lie below which at a moment.

    Between two changes of any of them the tree stays the same: it is made once for each such
    time, and kept until the timelines change (`changed`).
    """

    def __init__(
        self, timelines: Mapping[str, Timeline[C]], parent_of: Callable[[C], str | None]
    ) -> None:
        self._timelines = timelines
        self._parent_of = parent_of
        self.changed()

    def changed(self) -> None:
        """Forget what was derived from the timelines as they were."""
        self._times: list[datetime] | None = None
        self._levels: dict[int, _Level] = {}

    def subtree(self, code: str, moment: datetime) -> frozenset[str]:
        """What lies below `code` at a moment, itself included; nothing where it is not there."""
        return self._level(moment).subtree(code)

    def path(self, code: str, moment: datetime) -> tuple[str, ...]:
        """From the root down to `code` itself; nothing where it is not there."""
        return self._level(moment).path(code)

    def _level(self, moment: datetime) -> "_Level":
        if self._times is None:
            self._times = sorted(self._changes())
        number = bisect_right(self._times, moment)
        level = self._levels.get(number)
        if level is None:
            if len(self._levels) >= MOST_TREES:
                self._levels.clear()
            self._levels[number] = level = _Level(self._parents(moment))
        return level

    def _changes(self) -> set[datetime]:
        return {
            time
            for timeline in self._timelines.values()
            for piece in timeline.pieces()
            for time in (piece.start, piece.end)
        }

    def _parents(self, moment: datetime) -> dict[str, str | None]:
        return {
            code: self._parent_of(content)
            for code, timeline in self._timelines.items()
            if (content := timeline.at(moment)) is not None
        }


class _Level:
    """The tree between two changes."""

    def __init__(self, parents: dict[str, str | None]) -> None:
        self._parents = parents
        self._children: dict[str, list[str]] = {}
        for code, parent in parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(code)
        self._subtrees: dict[str, frozenset[str]] = {}

    def subtree(self, code: str) -> frozenset[str]:
        found = self._subtrees.get(code)
        if found is None:
            found = self._subtrees[code] = frozenset(self._below(code))
        return found

    def path(self, code: str) -> tuple[str, ...]:
        if code not in self._parents:
            return ()
        upwards = [code]
        while (parent := self._parents[upwards[-1]]) is not None:
            upwards.append(parent)
        return tuple(reversed(upwards))

    def _below(self, code: str) -> Iterator[str]:
        if code not in self._parents:
            return
        further = [code]
        while further:
            below = further.pop()
            yield below
            further += self._children.get(below, ())
