"""The parts of a case's state that are lists: codes, ids and times, never what people wrote.

They lie in one column beside the others, so that they are right as of any moment as those are.
A part that is empty takes no room there.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.tracking import TrackingCodeReissued


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Each part has its GraphQL name in camelCase, and is compared by itself in a diff.

    due_at: of an imported history: by when it had to be closed where it comes from.
    tracking_number: how many tracking codes it has had.
    """

    due_at: datetime | None = None
    tracking_number: int = 1


NONE: Final = Details()
"""Of a case to which nothing of the kind has happened."""


def _reissued(details: Details, event: TrackingCodeReissued) -> Details:
    return msgspec.structs.replace(details, tracking_number=event.number)


DETAIL_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Details, Any], Details]]] = {
    TrackingCodeReissued: _reissued,
}
"""What an event makes of the details; those of an event that is not here stay."""

_decode: Final = msgspec.json.Decoder(Details).decode


def details_of(text: str) -> Details:
    """The details in a column."""
    return NONE if text == "{}" else _decode(text)
