"""Which clocks of a case run after an event: the fold, for the aggregate and for every view.

What an event stops follows from the stage that it leads to, and from what it says of itself
(`CaseEvent.stops_clocks`); the clocks that it sets, it holds (`sets_clocks`).
"""

from collections.abc import Collection
from typing import Final

import msgspec.structs

from domain.case.clocks.clock import Clock, Clocks, StoppedClock
from domain.case.lifecycle import ENDS, Stage
from domain.vocabulary import ClockKind

AT_AN_END: Final = frozenset(ClockKind) - {ClockKind.PUBLICATION}
"""A closed case can still be published."""

SUSPENSION_ASKED: Final = StoppedClock(ClockKind.APPROVAL, "SUSPENSION")
EXTENSION_ASKED: Final = StoppedClock(ClockKind.APPROVAL, "EXTENSION")
ASKED_BY_LEAD: Final = (SUSPENSION_ASKED, EXTENSION_ASKED)
"""What the lead unit asks for is for as long as it is at it: IN_PROGRESS."""

_OF_UNITS: Final = frozenset({ClockKind.SIGN_OFF, ClockKind.STAGE, ClockKind.CO_REPLY})
"""A case that is dispatched anew, or is to be, is nobody's of before any more."""

_RESOLVED: Final = frozenset({ClockKind.SIGN_OFF, ClockKind.STAGE})

STOPPED_AT: Final[dict[Stage, frozenset[ClockKind]]] = {
    Stage.ACCEPTED: frozenset({ClockKind.ACCEPTANCE, *_OF_UNITS}),
    Stage.DISPATCHED: frozenset({ClockKind.ACCEPTANCE, ClockKind.DISPATCH, *_OF_UNITS}),
    Stage.IN_PROGRESS: frozenset({ClockKind.SIGN_OFF, ClockKind.VERIFICATION}),
    Stage.RESOLVED: _RESOLVED,
    Stage.AWAITING_FEEDBACK: frozenset({ClockKind.VERIFICATION, ClockKind.RESOLUTION, *_RESOLVED}),
    **dict.fromkeys(ENDS, AT_AN_END),
}
"""What runs no longer once a case has come to a stage (DOMAIN.md section 7, the table)."""


def running_after(
    clocks: Clocks,
    stage: Stage | None,
    stopped: Collection[StoppedClock],
    set_anew: Collection[Clock],
) -> Clocks:
    """The clocks after an event; the same mapping where it changes none.

    stage: where it leads; None: the stage stays. It stops first: an event may stop a clock and
    start the next of that name.
    """
    kinds: frozenset[ClockKind] = STOPPED_AT.get(stage, frozenset()) if stage else frozenset()
    if clocks and stage is not None and stage is not Stage.IN_PROGRESS:
        stopped = (*stopped, *ASKED_BY_LEAD)
    if clocks and (kinds or stopped):
        left = {
            name: clock
            for name, clock in clocks.items()
            if clock.kind not in kinds and not any(each.stops(clock) for each in stopped)
        }
        clocks = clocks if len(left) == len(clocks) else left
    if set_anew:
        anew = {clock.name: _kept(clock, clocks.get(clock.name)) for clock in set_anew}
        clocks = {**clocks, **anew}
    return clocks


def _kept(anew: Clock, before: Clock | None) -> Clock:
    """What a clock has said stays said, also where that became known later than what sets it."""
    if before is None or before.number != anew.number:
        return anew
    if before.raised <= anew.raised and (anew.is_breached or not before.is_breached):
        return anew
    return msgspec.structs.replace(
        anew,
        raised=max(before.raised, anew.raised),
        breached_at=anew.breached_at or before.breached_at,
    )
