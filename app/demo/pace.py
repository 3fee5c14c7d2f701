"""How soon people of the demonstration do what is limited: mostly in time, some units less so.

Shares are of what is done, and rough: that of the figures in the end is what the service counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.demo.chronicle import Chronicle
from app.demo.names import COMMAND_CENTRE
from domain.vocabulary import ClockKind

PUNCTUAL: Final = 0.94
"""Of what a unit does, so much is done in time."""

UNITS: Final = {
    "housing": 0.82,
    "heating-company": 0.84,
    "transport": 0.86,
    "urban-management": 0.9,
    "market-supervision": 0.91,
    "street-jihu": 0.87,
    "street-chengxi": 0.96,
    "civil-affairs": 0.97,
    "health": 0.97,
    "power-company": 0.98,
    "traffic-police": 0.98,
    COMMAND_CENTRE: 0.97,
}
"""Those that are better or worse than the others."""

BADLY: Final = 0.2
"""Of what is late, so much is late by a multiple of its limit."""

MULTIPLES: Final = (1.6, 4.8)
LATER_BY: Final = 0.35
"""Of the limit, on average, what is late otherwise."""

SMALL: Final = 0.5
"""What is not the handling itself is late that much less often."""

SOON: Final = (1.2, 4.0)
EVENLY: Final = (1.7, 1.8)
"""Beta distributions over the time that there is."""

LEFT: Final = (4.0, 15.0)
"""Minutes before a limit is over in which people hurry."""


@dataclass(frozen=True)
class Handled:
    """When a unit will be done. late: whether its limit is passed by then."""

    at: datetime
    late: bool


def punctuality(unit: str) -> float:
    """How much of what it does a unit does in time."""
    return UNITS.get(unit, PUNCTUAL)


def within(
    case: Chronicle,
    kind: ClockKind,
    unit: str = COMMAND_CENTRE,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> None:
    """Time goes by until a unit does what is limited. since: when the limit began; None: now.

    before: by when it is done at the latest, if it is done in time.
    """
    since = since or case.at
    due = case.due(kind, since)
    if before is not None and case.at < before < due:
        due = before
    late = case.happens((1 - punctuality(unit)) * SMALL)
    rng = case.rng
    share = 1.03 + rng.expovariate(1 / LATER_BY) if late else rng.betavariate(*SOON)
    _reach(case, since + (due - since) * share, None if late else due)


def before_handling(case: Chronicle, share: float) -> datetime:
    """When that share of the time of its lead is over."""
    return case.dispatched_at + (case.handling_due - case.dispatched_at) * share


def _reach(case: Chronicle, wanted: datetime, due: datetime | None) -> None:
    """Go on to that time, or to when somebody is at work; due: but not beyond."""
    case.moment()
    at = max(case.at, case.opening(wanted))
    if due is not None and case.at < due <= at:
        at = max(case.at, due - timedelta(minutes=case.rng.uniform(*LEFT)))
    case.at = at


def foreseen(case: Chronicle) -> Handled:
    """When the lead will be done with it, if nothing moves its limit."""
    start, due = case.dispatched_at, case.handling_due
    if case.happens(punctuality(case.lead)):
        left = due - case.at
        if left > timedelta():
            return Handled(case.at + left * case.rng.betavariate(*EVENLY), late=False)
        return Handled(case.at + (due - start) * 0.1, late=True)
    if case.happens(BADLY):
        multiple = case.rng.uniform(*MULTIPLES)
    else:
        multiple = 1.02 + case.rng.expovariate(1 / LATER_BY)
    return Handled(start + (due - start) * multiple, late=True)


def work_until(case: Chronicle, handled: Handled) -> None:
    """Time goes by until it is done."""
    _reach(case, handled.at, None if handled.late else case.handling_due)
