"""Moments: which past state is asked for, on the axis of recording and on that of occurrence."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.view import Connection


@dataclass(frozen=True)
class AsOf:
    """What a caller asks for: at most one of version, position and recorded_at.

    version, position, recorded_at: "as known then". occurred_at: "as it was then", with what is
    known now or was known then.
    """

    version: int | None = None
    position: int | None = None
    recorded_at: datetime | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """A resolved AsOf.

    position: events up to and including this one are known.
    occurred_at: None: the state in the order of versions; else the fold, in (occurred_at, version)
        order, of what had occurred up to and including this time.
    recorded_at: of the event at `position` (None before the first): nothing known occurred later,
        except in imported histories, whose times are taken as they come.
    """

    position: int
    recorded_at: datetime | None
    occurred_at: datetime | None = None


async def resolve(
    connection: Connection, as_of: AsOf | None, case_id: UUID | None = None
) -> Moment | None:
    """The moment meant; None for None, that is for now.

    case_id: the one case that a version may refer to; without it a version is InvalidInput.
    Raises InvalidInput for more than one axis of recording, a negative or a future position.
    A version the case has not got resolves to position 0: nothing was known.
    """
    raise NotImplementedError
