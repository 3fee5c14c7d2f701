"""The parts of a case's state that are lists: codes, ids and times, never what people wrote.

They lie in one column beside the others, so that they are right as of any moment as those are.
A part that is empty takes no room there.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from eventsourcing.domain import AggregateEvent


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Each part has its GraphQL name in camelCase, and is compared by itself in a diff."""


NONE: Final = Details()
"""Of a case to which nothing of the kind has happened."""

DETAIL_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Details, Any], Details]]] = {}
"""What an event makes of the details; those of an event that is not here stay."""

_decode: Final = msgspec.json.Decoder(Details).decode


def details_of(text: str) -> Details:
    """The details in a column."""
    return NONE if text == "{}" else _decode(text)
