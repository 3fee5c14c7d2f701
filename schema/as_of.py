"""The moment a query asks about."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from projections.as_of import AsOf
from schema.scalars import Position


@strawberry.input(
    name="AsOf",
    description=(
        "A past moment: at most one of version, position and recordedAt (as known then), with or "
        "without occurredAt (as it was then)."
    ),
)
class AsOfInput:
    """A past moment."""

    version: int | None = field(
        default=None,
        description="After this version of the case; only where one case is meant.",
    )
    position: Position | None = field(
        default=None, description="As known when the journal had grown to this position."
    )
    recorded_at: datetime | None = field(default=None, description="As known at this time.")
    occurred_at: datetime | None = field(
        default=None, description="As it was at this time, by what had happened up to then."
    )

    def value(self) -> AsOf:
        """The moment asked for, not yet resolved."""
        return AsOf(self.version, self.position, self.recorded_at, self.occurred_at)


AsOfArgument = Annotated[AsOfInput | None, argument(description="A past moment; left out: now.")]


def as_of_value(given: AsOfInput | None) -> AsOf | None:
    """The moment asked for, if any."""
    return None if given is None else given.value()
