"""Maps domain events to payloads and back, sealing their protected fields on the way."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import AggregateEvent, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from app.journal.envelope import Entry
from app.journal.errors import KeyUnavailable, UnknownTopic
from app.journal.keys import NONCE_BYTES, StreamKeys
from domain.event import AGGREGATE_OF, EVENT_TYPES, Recorded

Payload = dict[str, object]

# Said by the envelope, not by the payload.
ENVELOPE_FIELDS: Final = frozenset(
    {"originator_id", "originator_version", "timestamp", "originator_topic"}
)
SEALED: Final = "sealed"
NOTHING: Final = msgspec.Raw(b"null")

_to_json = msgspec.json.Encoder(order="sorted").encode
_from_json: Callable[[bytes], Any] = msgspec.json.Decoder().decode


@cache
def _payload_fields(event_type: type[AggregateEvent]) -> tuple[str, ...]:
    names = (field.name for field in fields(event_type))
    return tuple(name for name in names if name not in ENVELOPE_FIELDS)


def class_version_of(event_type: type[AggregateEvent]) -> int:
    """Which shape of the event this code writes."""
    return event_type.class_version if issubclass(event_type, Recorded) else 1


@cache
def protected_fields(event_type: type[AggregateEvent]) -> frozenset[str]:
    """Which fields of an event are encrypted under the key of its stream."""
    return event_type.PROTECTED if issubclass(event_type, Recorded) else frozenset()


def associated_data(subject: UUID, stream_id: UUID, version: int, field: str) -> bytes:
    """What a ciphertext is bound to: it opens nowhere else."""
    return f"{subject}|{stream_id}|{version}|{field}".encode()


def seal(
    cipher: AESGCM, stream_id: UUID, version: int, field: str, value: object
) -> dict[str, str]:
    """AES-256-GCM of the value's JSON, as {"sealed": base64(nonce || ciphertext || tag)}."""
    nonce = os.urandom(NONCE_BYTES)
    bound_to = associated_data(stream_id, stream_id, version, field)
    return {SEALED: b64encode(nonce + cipher.encrypt(nonce, _to_json(value), bound_to)).decode()}


def unseal(
    cipher: AESGCM, stream_id: UUID, version: int, field: str, sealed: dict[str, str]
) -> object:
    """The value that `seal` was given. Raises KeyUnavailable where key or place do not fit."""
    content = b64decode(sealed[SEALED])
    bound_to = associated_data(stream_id, stream_id, version, field)
    try:
        plain = cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise KeyUnavailable(f"{field} of {stream_id} version {version} does not open") from None
    return _from_json(plain)


class EventMapper(Mapper[UUID]):
    """The library's mapper, over a closed registry of topics and with sealed fields.

    The state of its StoredEvent is the payload of an entry: canonical JSON. The class version
    travels in the envelope.
    """

    def __init__(self, keys: StreamKeys) -> None:
        super().__init__(JSONTranscoder())
        self._keys = keys

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Encode and seal an event."""
        event_type = type(domain_event)
        topic: str = event_type.TOPIC  # type: ignore[attr-defined]
        if EVENT_TYPES.get(topic) is not event_type:
            raise UnknownTopic(topic)
        stream_id, version = domain_event.originator_id, domain_event.originator_version
        state = vars(domain_event)
        payload = {name: state[name] for name in _payload_fields(event_type)}
        for name in protected_fields(event_type):
            if payload[name] is not None:
                cipher = self._keys.cipher(stream_id)
                payload[name] = seal(cipher, stream_id, version, name, payload[name])
        return StoredEvent(stream_id, version, topic, _to_json(payload))

    def to_domain_event(self, stored_event: StoredEvent) -> AggregateEvent:
        """Decode an event of the newest class version."""
        event_type = _event_type(stored_event.topic)
        return self._decode(
            event_type,
            UUID(str(stored_event.originator_id)),
            stored_event.originator_version,
            stored_event.state,
            class_version=class_version_of(event_type),
            timestamp=None,
        )

    def event_of(self, entry: Entry) -> AggregateEvent:
        """The domain event of an entry, upcast to the newest class version."""
        return self._decode(
            _event_type(entry.topic),
            entry.stream_id,
            entry.version,
            entry.payload,
            class_version=entry.class_version,
            timestamp=entry.occurred_at,
        )

    def seal_reason(self, stream_id: UUID, version: int, reason: str | None) -> msgspec.Raw:
        """The reason of an event: free text, so protected like its fields."""
        if reason is None:
            return NOTHING
        sealed = seal(self._keys.cipher(stream_id), stream_id, version, "reason", reason)
        return msgspec.Raw(_to_json(sealed))

    def reason_of(self, entry: Entry) -> str | None:
        """The reason of an entry, opened."""
        sealed = _from_json(entry.reason)
        if sealed is None:
            return None
        cipher = self._keys.cipher(entry.stream_id)
        return str(unseal(cipher, entry.stream_id, entry.version, "reason", sealed))

    def _decode(
        self,
        event_type: type[AggregateEvent],
        stream_id: UUID,
        version: int,
        payload: bytes | msgspec.Raw,
        *,
        class_version: int,
        timestamp: datetime | None,
    ) -> AggregateEvent:
        state: Payload = _from_json(payload)
        for name, value in state.items():
            if type(value) is dict and SEALED in value:
                cipher = self._keys.cipher(stream_id)
                state[name] = unseal(cipher, stream_id, version, name, value)
        while class_version < class_version_of(event_type):
            getattr(event_type, f"upcast_v{class_version}_v{class_version + 1}")(state)
            class_version += 1
        state["originator_id"] = stream_id
        state["originator_version"] = version
        if timestamp is not None:
            state["timestamp"] = timestamp
        if event_type in AGGREGATE_OF:
            state["originator_topic"] = AGGREGATE_OF[event_type]
        return msgspec.convert(state, event_type)


def _event_type(topic: str) -> type[AggregateEvent]:
    try:
        return EVENT_TYPES[topic]
    except KeyError:
        raise UnknownTopic(topic) from None
