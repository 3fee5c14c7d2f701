"""The figure of the whole jurisdiction, beside that of the cases which somebody may see.

Whoever is compared wants to know with what. Here cases count that the caller may not see, so it is
told of one whole month at a time and of all cases together, never of a choice of them: no two
answers differ by a few cases. A small cell stays untold (DOMAIN.md section 8: k = 5 inside): fewer
than K in all, or fewer than K that the caller does not see, who could subtract the others.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.metric_definitions.content import MetricDefinition, MetricDefinitionsVersion
from domain.metrics.figures import Figure
from domain.scope import Scope
from projections.counted import Cell, MetricFilter, Wanted
from projections.figures import figures
from projections.view import Connection

K: Final = 5

WHOLE: Final = Scope(every_case=True, own=None, internal=False)


@dataclass(frozen=True)
class Everywhere:
    """The figure of everybody. value: as of a Figure."""

    value: float
    n: int


async def everywhere(
    connection: Connection,
    scope: Scope,
    version: MetricDefinitionsVersion,
    definition: MetricDefinition,
    wanted: Wanted,
) -> Everywhere | None:
    """The figure of the whole jurisdiction in the month asked for.

    None: it is no whole month, nothing was counted, or too little to be told; or it is asked as of
    a past position, since two of them differ by what was recorded in between.
    """
    if wanted.position is not None or not is_month(wanted):
        return None
    month = replace(wanted, criteria=MetricFilter(), by=None, every=None)
    codes = [definition.code, *(part.metric for part in definition.parts)]
    every = await figures(connection, WHOLE, version, month, codes)
    seen = await figures(connection, scope, version, month, codes)
    for code in codes:
        if not _may_be_told(every[code].get(Cell()), seen[code].get(Cell())):
            return None
    found = every[definition.code][Cell()]
    return None if found.value is None else Everywhere(found.value, found.n)


def is_month(wanted: Wanted) -> bool:
    """Whether it is one month of the calendar, from midnight to midnight of local time."""
    zone = ZoneInfo(wanted.time_zone)
    try:
        start, end = wanted.start.astimezone(zone), wanted.end.astimezone(zone)
        first = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=31)).replace(day=1)
    except OverflowError:  # at the ends of the calendar: a period that is open in all but name
        return False
    return (start, end) == (first, after)


def _may_be_told(every: Figure | None, seen: Figure | None) -> bool:
    if every is None:
        return False
    hidden = _counted(every) - (0 if seen is None else _counted(seen))
    return every.n >= K and (hidden == 0 or hidden >= K)


def _counted(figure: Figure) -> int:
    """What was left out can be subtracted as well."""
    return figure.n + figure.excluded
