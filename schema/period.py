"""Periods: half open, either end may be left out."""

from datetime import datetime

import strawberry
from strawberry import field


@strawberry.input(name="Period", description="A period: from <= time < to.")
class PeriodInput:
    """A period."""

    since: datetime | None = field(
        default=None, name="from", description="Its beginning, inclusive; open if left out."
    )
    until: datetime | None = field(
        default=None, name="to", description="Its end, exclusive; open if left out."
    )
