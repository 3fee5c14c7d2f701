"""Payloads of today's shapes, read straight into typed values: one decoder for each event class.

Payloads of older shapes take the way over plain dictionaries and upcasts (`mapper`).
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, Final, get_type_hints

import msgspec
from eventsourcing.domain import AggregateEvent

from domain.event import Recorded

# Said by the envelope, not by the payload.
ENVELOPE_FIELDS: Final = frozenset(
    {"originator_id", "originator_version", "timestamp", "originator_topic"}
)

Open = Callable[[str, bytes], bytes]
"""(field, sealed content) -> the value's JSON."""


class Sealed(msgspec.Struct, frozen=True, gc=False):
    """A protected value: nonce || ciphertext || tag, base64 in JSON."""

    sealed: bytes


@cache
def payload_fields(event_type: type[AggregateEvent]) -> tuple[str, ...]:
    """The fields that an event class has of its own."""
    names = (field.name for field in fields(event_type))
    return tuple(name for name in names if name not in ENVELOPE_FIELDS)


@cache
def protected_fields(event_type: type[AggregateEvent]) -> frozenset[str]:
    """Which fields of an event are encrypted under the key of its stream."""
    return event_type.PROTECTED if issubclass(event_type, Recorded) else frozenset()


class PayloadDecoder:
    """Reads payloads of one event class, as it is today."""

    def __init__(self, event_type: type[AggregateEvent]) -> None:
        hints = get_type_hints(event_type)
        names, protected = payload_fields(event_type), protected_fields(event_type)
        shape = msgspec.defstruct(
            event_type.__name__,
            [(name, Sealed | None if name in protected else hints[name]) for name in names],
            gc=False,
        )
        self._names = names
        self._decode: Callable[[bytes | msgspec.Raw], Any] = msgspec.json.Decoder(shape).decode
        self._protected = [
            (name, msgspec.json.Decoder(hints[name]).decode) for name in names if name in protected
        ]

    def decode(self, payload: bytes | msgspec.Raw, unseal: Open) -> dict[str, Any]:
        """Field by field, with what is sealed opened. Raises msgspec.DecodeError."""
        content = self._decode(payload)
        values = {name: getattr(content, name) for name in self._names}
        for name, decode in self._protected:
            sealed: Sealed | None = values[name]
            if sealed is not None:
                values[name] = decode(unseal(name, sealed.sealed))
        return values


payload_decoder = cache(PayloadDecoder)
