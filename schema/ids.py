"""Global ids: they carry the type, so that an id of the wrong type is never another row."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.refusal import InvalidInput
from projections.as_of import AsOf, Moment

_UUID: Final = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_STATE: Final = rf"{_UUID}(?:@v([1-9]\d{{0,8}})|@p(\d{{1,18}})t(-?\d{{1,17}}))?"
_CASE: Final = re.compile(rf"Case:{_STATE}")
_ORDER: Final = re.compile(rf"SupervisionOrder:{_STATE}/([1-9]\d{{0,8}})")
_EVENT: Final = re.compile(r"CaseEvent:([1-9]\d{0,17})")

_EVIDENCE: Final = re.compile(rf"Evidence:{_UUID}/{_UUID}")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class CaseKey:
    """A case, or a past state of it."""

    case_id: UUID
    as_of: AsOf | None = None


@dataclass(frozen=True)
class EventKey:
    """One event, by its place in the journal, which never changes."""

    position: int


@dataclass(frozen=True)
class EvidenceKey:
    """A piece of evidence of a case, which never changes."""

    case_id: UUID
    evidence_id: UUID


@dataclass(frozen=True)
class OrderKey:
    """A supervision order of a case, or as it was in a past state of that."""

    case: CaseKey
    number: int


Key = CaseKey | EventKey | EvidenceKey | OrderKey
"""Whatever an id names."""


def case_id(case: UUID) -> str:
    """The global id of a case as it is now, which is also what commands take."""
    return _encode(f"Case:{case}")


def past_case_id(case: UUID, version: int, moment: Moment) -> str:
    """The global id of a past state: its version, or where times of occurrence chose it, those."""
    return _encode(f"Case:{case}{_past(version, moment)}")


def event_id(position: int) -> str:
    """The global id of the event at a position."""
    return _encode(f"CaseEvent:{position}")


def evidence_id(case: UUID, evidence: UUID) -> str:
    """The global id of a piece of evidence: `GET /evidence/{id}`. Its letters are safe in a URL."""
    return _encode(f"Evidence:{case}/{evidence}")


def order_id(case: UUID, number: int, version: int, moment: Moment | None) -> str:
    """The global id of a supervision order; in a past state of its case it names that."""
    state = "" if moment is None else _past(version, moment)
    return _encode(f"SupervisionOrder:{case}{state}/{number}")


def parse(text: str, *path: str) -> Key:
    """What an id names. Raises InvalidInput at `path` where it names nothing."""
    name = _decode(text)
    if evidence := _EVIDENCE.fullmatch(name):
        return EvidenceKey(UUID(evidence[1]), UUID(evidence[2]))
    if order := _ORDER.fullmatch(name):
        as_of = _as_of(order[2], order[3], order[4], path)
        return OrderKey(CaseKey(UUID(order[1]), as_of), int(order[5]))
    if case := _CASE.fullmatch(name):
        return CaseKey(UUID(case[1]), _as_of(case[2], case[3], case[4], path))
    if event := _EVENT.fullmatch(name):
        return EventKey(int(event[1]))
    raise InvalidInput([*path], "This is not an id of this service.")


def parse_case(text: str, *path: str) -> CaseKey:
    """The case, or the past state of one, that an id names."""
    key = parse(text, *path)
    if isinstance(key, EvidenceKey):
        raise InvalidInput([*path], "This is the id of an Evidence where a Case is needed.")
    if isinstance(key, OrderKey):
        raise InvalidInput([*path], "This is the id of a SupervisionOrder, not of a Case.")
    if isinstance(key, EventKey):
        raise InvalidInput([*path], "This is the id of a CaseEvent where a Case is needed.")
    return key


def parse_evidence(text: str, *path: str) -> EvidenceKey:
    """The piece of evidence that an id names."""
    key = parse(text, *path)
    if not isinstance(key, EvidenceKey):
        raise InvalidInput([*path], "This is no id of an Evidence.")
    return key


def parse_current_case(text: str, *path: str) -> UUID:
    """The case that an id names; a past state cannot be changed or watched."""
    key = parse_case(text, *path)
    if key.as_of is not None:
        raise InvalidInput([*path], "This is the id of a past state; use the case's caseId.")
    return key.case_id


def _past(version: int, moment: Moment) -> str:
    """What tells a past state from others of its case."""
    if moment.occurred_at is None:
        return f"@v{version}"
    microseconds = (moment.occurred_at - _EPOCH) // _MICROSECOND
    return f"@p{moment.position}t{microseconds}"


def _as_of(
    version: str | None, position: str | None, microseconds: str | None, path: tuple[str, ...]
) -> AsOf | None:
    if version is not None:
        return AsOf(version=int(version))
    if position is None or microseconds is None:
        return None
    try:
        occurred_at = _EPOCH + int(microseconds) * _MICROSECOND
    except OverflowError:
        raise InvalidInput([*path], "This is not an id of this service.") from None
    return AsOf(position=int(position), occurred_at=occurred_at)


def _encode(name: str) -> str:
    return b64encode(name.encode()).decode()


def _decode(text: str) -> str:
    """The name inside an id; "" unless it is exactly what `_encode` makes of that name."""
    try:
        name = b64decode(text, validate=True).decode("ascii")
    except (NotBase64, ValueError):
        return ""
    return name if _encode(name) == text else ""
