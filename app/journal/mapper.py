"""Maps domain events to payloads and back, sealing their protected fields on the way."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import AggregateEvent, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from app.journal.envelope import Entry, EntryOfStream
from app.journal.errors import KeyUnavailable, UnknownTopic
from app.journal.keys import NONCE_BYTES, StreamKeys
from app.journal.payloads import payload_decoder, payload_fields, protected_fields
from domain.event import AGGREGATE_OF, EVENT_TYPES, Recorded

Payload = dict[str, object]

SEALED: Final = "sealed"
NOTHING: Final = msgspec.Raw(b"null")
NOBODY: Final[Mapping[UUID, AESGCM]] = {}

_to_json = msgspec.json.Encoder(order="sorted").encode
_from_json: Callable[[bytes], Any] = msgspec.json.Decoder().decode


def class_version_of(event_type: type[AggregateEvent]) -> int:
    """Which shape of the event this code writes."""
    return event_type.class_version if issubclass(event_type, Recorded) else 1


def associated_data(subject: UUID, stream_id: UUID, version: int, field: str) -> bytes:
    """What a ciphertext is bound to: it opens nowhere else."""
    return b"%b%b%d|%b" % (subject.bytes, stream_id.bytes, version, field.encode())


def seal(
    cipher: AESGCM,
    stream_id: UUID,
    version: int,
    field: str,
    value: object,
    *,
    subject: UUID | None = None,
) -> dict[str, str]:
    """AES-256-GCM of the value's JSON, as {"sealed": base64(nonce || ciphertext || tag)}.

    subject: whose key it is; None: the stream's own.
    """
    nonce = os.urandom(NONCE_BYTES)
    bound_to = associated_data(subject or stream_id, stream_id, version, field)
    return {SEALED: b64encode(nonce + cipher.encrypt(nonce, _to_json(value), bound_to)).decode()}


def unseal(
    cipher: AESGCM, stream_id: UUID, version: int, field: str, sealed: dict[str, str]
) -> object:
    """The value that `seal` was given. Raises KeyUnavailable where key or place do not fit."""
    return _from_json(_open(cipher, stream_id, version, field, b64decode(sealed[SEALED])))


def open_apart(entry: Entry | EntryOfStream, subject: UUID, cipher: AESGCM) -> dict[str, object]:
    """What an entry holds under the key of `subject`, by field; nothing if it is of another."""
    event_type = _event_type(entry.topic)
    payload: Payload = _from_json(entry.payload)
    named = _subject_field(event_type)
    if named is None or payload[named] != str(subject):
        return {}
    place = (entry.stream_id, entry.version)
    return {
        name: _from_json(_open(cipher, *place, name, b64decode(sealed[SEALED]), subject=subject))
        for name in protected_fields(event_type)
        if isinstance(sealed := payload[name], dict)
    }


def subject_of(event: AggregateEvent) -> UUID | None:
    """The person under whose key an event is sealed; None: the stream's own key."""
    named = _subject_field(type(event))
    return None if named is None else UUID(str(getattr(event, named)))


def _open(
    cipher: AESGCM,
    stream_id: UUID,
    version: int,
    field: str,
    content: bytes,
    *,
    subject: UUID | None = None,
) -> bytes:
    bound_to = associated_data(subject or stream_id, stream_id, version, field)
    try:
        return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise KeyUnavailable(f"{field} of {stream_id} version {version} does not open") from None


class EventMapper(Mapper[UUID]):
    """The library's mapper, over a closed registry of topics and with sealed fields.

    The state of its StoredEvent is the payload of an entry: canonical JSON. The class version
    travels in the envelope.
    """

    def __init__(self, keys: StreamKeys) -> None:
        super().__init__(JSONTranscoder())
        self._keys = keys

    def to_stored_event(
        self,
        domain_event: DomainEventProtocol[UUID],
        persons: Mapping[UUID, AESGCM] = NOBODY,
    ) -> StoredEvent:
        """Encode and seal an event. persons: the keys of those it may name."""
        event_type = type(domain_event)
        topic: str = event_type.TOPIC  # type: ignore[attr-defined]
        if EVENT_TYPES.get(topic) is not event_type:
            raise UnknownTopic(topic)
        stream_id, version = domain_event.originator_id, domain_event.originator_version
        state = vars(domain_event)
        payload = {name: state[name] for name in payload_fields(event_type)}
        named = _subject_field(event_type)
        subject = stream_id if named is None else payload[named]
        for name in protected_fields(event_type):
            if payload[name] is not None:
                cipher = self._keys.cipher(stream_id) if named is None else persons[subject]
                value = payload[name]
                payload[name] = seal(cipher, stream_id, version, name, value, subject=subject)
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

    def event_of(self, entry: Entry | EntryOfStream) -> AggregateEvent:
        """The domain event of an entry, upcast to the newest class version."""
        event_type = _event_type(entry.topic)
        stream_id, version = entry.stream_id, entry.version
        if entry.class_version != class_version_of(event_type):
            return self._decode(
                event_type,
                stream_id,
                version,
                entry.payload,
                class_version=entry.class_version,
                timestamp=entry.occurred_at,
            )

        def unseal(field: str, content: bytes) -> bytes:
            return _open(self._keys.cipher(stream_id), stream_id, version, field, content)

        opening = unseal if _subject_field(event_type) is None else _unopened
        values = payload_decoder(event_type).decode(entry.payload, opening)
        if event_type in AGGREGATE_OF:
            values["originator_topic"] = AGGREGATE_OF[event_type]
        return event_type(
            originator_id=stream_id,
            originator_version=version,
            timestamp=entry.occurred_at,
            **values,
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
                if _subject_field(event_type) is not None:
                    state[name] = None
                    continue
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


def _unopened(_field: str, _content: bytes) -> bytes:
    """Who somebody is, is opened for whoever reads just that: to a replay it is not there."""
    return b"null"


def _subject_field(event_type: type[AggregateEvent]) -> str | None:
    return event_type.SUBJECT if issubclass(event_type, Recorded) else None


def _event_type(topic: str) -> type[AggregateEvent]:
    try:
        return EVENT_TYPES[topic]
    except KeyError:
        raise UnknownTopic(topic) from None
