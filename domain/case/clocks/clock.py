"""A running clock of a case: everything that is needed to tell how it stands at any instant.

It is a fold of the case's events. Policy and calendar are pinned by version when it starts; the
next instant at which it acts is part of it, so that nothing has to be looked up to wait for it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.calendar.timetable import Limit
from domain.vocabulary import ClockKind


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A time in which the clock stands still. end: None: it still does."""

    begin: datetime
    end: datetime | None = None


class Clock(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One clock. A Struct, for views hold and decode it by the million.

    key: tells several of one kind apart, as the code of a unit; empty where there is one at most.
    number: which of that kind and key it is in the life of the case, from 1. unit: whose it is.
    calendar: code@version of the calendar that it counts by. policy, escalation: versions.
    first_due: where the due time was moved: when it was due at first.
    next_percent, next_at: of its limit, and when, it acts next; None: never, or not while paused.
    raised: the highest percentage at which it has acted. breached_at: when it was passed.
    counts_from: where its limit counts from a later moment than its start: when an emergency was
    declared. own_due: where it is due earlier for the sake of a case that goes on in this one: when
    it would be due by itself.
    """

    kind: ClockKind
    number: int
    started_at: datetime
    limit: Limit
    due: datetime
    calendar: str
    policy: int
    key: str = ""
    unit: str | None = None
    cycle: int = 1
    escalation: int | None = None
    first_due: datetime | None = None
    next_percent: int | None = None
    next_at: datetime | None = None
    raised: int = 0
    breached_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: int = 0
    counts_from: datetime | None = None
    own_due: datetime | None = None

    @property
    def name(self) -> str:
        """What tells it from all others that run on the case: "STAGE", "CO_REPLY/fire-brigade"."""
        return name_of(self.kind, self.key)

    @property
    def is_breached(self) -> bool:
        """Whether it is recorded that its limit was passed."""
        return self.breached_at is not None

    def is_same(self, other: "Clock | None") -> bool:
        """Whether the other one is this very clock, whatever its times are by now."""
        return other is not None and (self.name, self.number) == (other.name, other.number)

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        return bool(self.pauses) and self.pauses[-1].end is None


Clocks = Mapping[str, Clock]
"""The running clocks of a case, by their names."""


class StoppedClock(NamedTuple):
    """Clocks that an event stops. key: None: all of the kind."""

    kind: ClockKind
    key: str | None = None

    def stops(self, clock: Clock) -> bool:
        """Whether it is that clock."""
        return clock.kind is self.kind and self.key in {None, clock.key}


def name_of(kind: ClockKind, key: str) -> str:
    """The name of a clock."""
    # Asked for at every event: the kind formats itself faster than it tells its value.
    return f"{kind}/{key}" if key else f"{kind}"
