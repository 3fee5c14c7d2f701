"""What a version of the escalation policy says: the ladder 督办 by which lateness goes up."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from domain.configuration import VersionContent
from domain.identity import Role
from domain.vocabulary import ClockKind, OrderLevel

BREACH: Final = 100
"""The percentage of a limit at which it is passed."""


@dataclass(frozen=True)
class Rung:
    """What happens when so much of a limit is used.

    percent: of the limit, at least 1. notify: the roles told, each in the unit of the clock or
    above it. order: the supervision order that is issued. interview: it needs an interview 约谈.
    repeat_every: of the last rung: it comes again each time so many percent more are used.
    """

    percent: int
    notify: tuple[Role, ...] = ()
    order: OrderLevel | None = None
    interview: bool = False
    repeat_every: int | None = None


@dataclass(frozen=True)
class Ladder:
    """The rungs, in ascending order, for some clocks and types of case (empty: all)."""

    rungs: tuple[Rung, ...]
    clocks: tuple[ClockKind, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def silent(self) -> tuple[int, ...]:
        """Percentages at which something happens that is no rung."""
        return ()

    def fits(self, clock: ClockKind, types: Collection[str]) -> bool:
        """Whether it is for such a clock. types: the path of the case's type."""
        return (not self.clocks or clock in self.clocks) and (
            not self.types or not set(self.types).isdisjoint(types)
        )

    def repeats(self, after: int) -> bool:
        """Whether the last rung was reached, and comes again."""
        last = self.rungs[-1] if self.rungs else None
        return last is not None and last.repeat_every is not None and after >= last.percent

    def next_percent(self, after: int, stretch: int = 1) -> int:
        """The next percentage at which anything happens; BREACH is always one of them.

        Where the last rung does not repeat, nothing happens after it: 0. stretch: where it does,
        it comes again each time so many times as much more is used.
        """
        percents = {BREACH, *self.silent, *(rung.percent for rung in self.rungs)}
        last = self.rungs[-1] if self.rungs else None
        if last is not None and last.repeat_every is not None and after >= last.percent:
            every = last.repeat_every * stretch
            percents.add(last.percent + ((after - last.percent) // every + 1) * every)
        return min((percent for percent in percents if percent > after), default=0)

    def rung(self, percent: int) -> Rung | None:
        """The rung at a percentage; past the last one, the last one where it repeats."""
        found = next((rung for rung in self.rungs if rung.percent == percent), None)
        if found is not None or not self.rungs:
            return found
        last = self.rungs[-1]
        if last.repeat_every is None or percent <= last.percent:
            return None
        return last if (percent - last.percent) % last.repeat_every == 0 else None


@dataclass(frozen=True)
class DispatchLadder(Ladder):
    """The ladder of the clock for dispatching. fallback: when the fall-back owner answers."""

    fallback: int = BREACH

    @property
    def silent(self) -> tuple[int, ...]:
        return (self.fallback,)


NO_LADDER: Final = Ladder(())
"""A limit that is passed is recorded, whatever a policy says."""


@dataclass(frozen=True)
class EscalationPolicyVersion(VersionContent):
    """The content of one version. The first ladder that fits a clock is its own.

    arbitration_after_returns: so many returns upheld in a cycle, and it is arbitrated.
    escalate_after_reworks, escalate_after_reopenings: so many, and it goes up.
    fallback_percent: of the DISPATCH limit, when the fall-back owner answers.
    """

    ladders: tuple[Ladder, ...]
    arbitration_after_returns: int = 2
    escalate_after_reworks: int = 2
    escalate_after_reopenings: int = 2
    fallback_percent: int = BREACH

    def ladder(self, clock: ClockKind, types: Collection[str]) -> Ladder:
        """The ladder for a clock of a case."""
        found = next((each for each in self.ladders if each.fits(clock, types)), NO_LADDER)
        if clock is not ClockKind.DISPATCH:
            return found
        return DispatchLadder(found.rungs, found.clocks, found.types, self.fallback_percent)
