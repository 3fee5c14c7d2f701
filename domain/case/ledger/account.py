"""Whose time was used, and who is late: what the intervals of a ledger come to.

Time is measured as the RESOLUTION clock of the cycle measures it, by the calendar that it is
pinned to, and around the clock where there was none. All sums are exact, in microseconds:

- What was consumed in the intervals in which the clock ran adds up to what the clock used.
- A case is late by what was used beyond the limit. Of that, each interval has its share in
  proportion to what it consumed beyond its budget, and never more than that; the rest is that of
  whoever led when the limit was passed, or had led last before (DOMAIN.md section 7).
- A part that no clock gave a limit to has no budget, and so is not beyond it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from domain.calendar.timetable import Timetable
from domain.case.clocks.clock import Clock
from domain.case.clocks.measure import began, budget, elapsed
from domain.case.ledger.interval import LEADING, Interval
from domain.identity import Role

NOTHING: Final = timedelta()
_MICROSECOND: Final = timedelta(microseconds=1)

Timetables = Callable[[str], Timetable]
"""A calendar by its pin, code@version."""


class Delegate(NamedTuple):
    """Who acted for the holder of a post as well, from begin until before end.

    roles: what was delegated to them. delegation: the code of the delegation.
    """

    person: str
    begin: datetime
    end: datetime
    roles: tuple[Role, ...]
    delegation: str


@dataclass(frozen=True)
class Piece:
    """An interval, or a part of one in which one person held the post.

    end: of what goes on, the moment asked about. delegates: in the order in which they begin.
    """

    interval: Interval
    begin: datetime
    end: datetime
    unit: str | None
    post: str | None
    person: str | None
    delegates: tuple[Delegate, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What a piece comes to. consumed: the time in it, without that of suspensions.

    counted: that part of it in which the clock of the case ran. budget: what was left at its
    beginning of the limit of its clock; None: it had none. lateness: its share of the case's.
    """

    piece: Piece
    consumed: timedelta
    counted: timedelta = NOTHING
    budget: timedelta | None = None
    lateness: timedelta = NOTHING

    @property
    def excess(self) -> timedelta:
        """What was consumed beyond the budget, while the clock of the case ran."""
        return NOTHING if self.budget is None else max(NOTHING, self.counted - self.budget)


def account(pieces: Sequence[Piece], running: Clock | None, timetables: Timetables) -> list[Entry]:
    """What the pieces of a ledger come to, in the order of time in which they are given.

    running: the RESOLUTION clock of the case at the moment asked about; None: it does not run.
    """
    entries: list[Entry] = []
    for cycle in dict.fromkeys(piece.interval.cycle for piece in pieces):
        of_cycle = [piece for piece in pieces if piece.interval.cycle == cycle]
        entries += _Cycle(of_cycle, running, timetables).entries()
    return entries


class _Cycle:
    """The pieces of one cycle, and the clocks that ran in it, as they stood in the end."""

    def __init__(
        self, pieces: Sequence[Piece], running: Clock | None, timetables: Timetables
    ) -> None:
        self._pieces = pieces
        self._running = running
        self._timetables = timetables
        self._clocks: dict[int, Clock] = {}
        for piece in pieces:
            clock = self._snapshot(piece)
            if clock is not None:
                self._clocks[clock.number] = clock

    def entries(self) -> list[Entry]:
        entries = list(self._with_budgets([self._measured(piece) for piece in self._pieces]))
        for number, clock in self._clocks.items():
            places = [
                place for place, entry in enumerate(entries) if self._number(entry.piece) == number
            ]
            limit = budget(clock, self._timetables(clock.calendar))
            shared = attributed([entries[place] for place in places], limit)
            for place, entry in zip(places, shared, strict=True):
                entries[place] = entry
        return entries

    def _snapshot(self, piece: Piece) -> Clock | None:
        """The clock of the case at the end of a piece."""
        return self._running if piece.interval.end is None else piece.interval.clock

    def _number(self, piece: Piece) -> int | None:
        clock = self._snapshot(piece)
        return None if clock is None else clock.number

    def _clock_of(self, piece: Piece) -> Clock | None:
        number = self._number(piece)
        return None if number is None else self._clocks[number]

    def _measured(self, piece: Piece) -> Entry:
        """Where the clock no longer runs, time is measured as it did."""
        clock = self._clock_of(piece)
        if clock is None:
            last = next(reversed(self._clocks.values()), None)
            return Entry(piece, self._elapsed(last, piece.begin, piece.end))
        begin = min(piece.end, max(piece.begin, began(clock)))
        counted = self._elapsed(clock, begin, piece.end)
        for pause in clock.pauses:
            first, last_of = max(pause.begin, begin), min(pause.end or piece.end, piece.end)
            if first < last_of:
                counted -= self._elapsed(clock, first, last_of)
        return Entry(piece, counted + self._elapsed(clock, piece.begin, begin), counted)

    def _elapsed(self, clock: Clock | None, first: datetime, last: datetime) -> timedelta:
        if clock is None:
            return last - first
        return elapsed(clock, first, last, self._timetables(clock.calendar))

    def _with_budgets(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Intervals that have their time from one limit draw from it one after the other."""
        left: dict[tuple[str, int], timedelta] = {}
        for entry in entries:
            allowed = entry.piece.interval.budget
            if allowed is None:
                yield entry
                continue
            clock = self._clock_of(entry.piece) or next(reversed(self._clocks.values()), None)
            whole = self._elapsed(clock, allowed.begin, allowed.due)
            rest = left.get(allowed.pool, whole)
            left[allowed.pool] = max(NOTHING, rest - entry.consumed)
            yield replace(entry, budget=rest)


def attributed(entries: Sequence[Entry], limit: timedelta) -> list[Entry]:
    """The entries of one clock with what each of them is late by, to the microsecond.

    limit: of the clock. Their lateness adds up to what they counted beyond it.
    """
    late = sum((entry.counted for entry in entries), NOTHING) - limit
    if late <= NOTHING:
        return list(entries)
    beyond = [entry.excess // _MICROSECOND for entry in entries]
    shared = min(late // _MICROSECOND, sum(beyond))
    shares = [_MICROSECOND * share for share in in_proportion(shared, beyond)]
    rest = late - sum(shares, NOTHING)
    if rest:
        shares[_lead_at_breach(entries, limit)] += rest
    return [replace(entry, lateness=share) for entry, share in zip(entries, shares, strict=True)]


def in_proportion(whole: int, weights: Sequence[int]) -> list[int]:
    """A whole number split in proportion to weights, exactly: each part is off by less than one.

    Nothing for weights that come to nothing.
    """
    total = sum(weights)
    upto = [whole * weight // total if total else 0 for weight in accumulate(weights, initial=0)]
    return [after - before for before, after in pairwise(upto)]


def _lead_at_breach(entries: Sequence[Entry], limit: timedelta) -> int:
    """The place of whoever led when the limit was passed, or last before.

    Where nobody had led yet, it is whoever answered for the case then.
    """
    used = accumulate(entry.counted for entry in entries)
    breach = next(place for place, sum_of in enumerate(used) if sum_of > limit)
    led = [
        place
        for place, entry in enumerate(entries[: breach + 1])
        if entry.piece.interval.holder.part in LEADING
    ]
    return led[-1] if led else breach
