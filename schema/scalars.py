"""The scalars of the API: each strict, and each naming its specification."""

import re
from datetime import UTC, date, datetime
from typing import Final, NewType
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Position = NewType("Position", int)
"""A position of the journal: 1, 2, 3 ... in commit order; 0 is before the first entry."""

Hash = NewType("Hash", bytes)
"""A SHA-256 digest, 32 bytes."""

_RFC3339: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_POSITION: Final = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LAST_POSITION: Final = 2**63 - 1


def parse_datetime(value: object) -> datetime:
    """The moment an RFC 3339 string names, in UTC. Without an offset there is no moment."""
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise GraphQLError(
            "A DateTime is an RFC 3339 string with an offset and at most microseconds, "
            'as in "2026-03-01T08:30:00+08:00".'
        )
    day, time, fraction, offset = match.groups()
    offset = "+00:00" if offset in "Zz" else offset
    try:
        moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '').ljust(6, '0')}{offset}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("There is no such date, time or offset.") from None


def format_datetime(value: object) -> str:
    """RFC 3339 in UTC; fractions of a second only where there are any."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise GraphQLError("A DateTime needs an offset.")
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def parse_date(value: object) -> date:
    """The day that an RFC 3339 full-date names."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise GraphQLError('A Date is a day like "2026-03-01".')
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise GraphQLError("There is no such day.") from None


def parse_position(value: object) -> Position:
    """A position from its decimal string; small ones may be written as a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _POSITION.fullmatch(text) or int(text) > _LAST_POSITION:
        raise GraphQLError('A Position is a whole number from 0 in decimal digits, as in "1042".')
    return Position(int(text))


def parse_uuid(value: object) -> UUID:
    """A UUID in its usual form, in upper or lower case."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise GraphQLError('A UUID has the form "01890a5d-ac96-774b-bcce-b302099a8057".')
    return UUID(value)


def parse_hash(value: object) -> Hash:
    """A digest from its 64 hexadecimal digits."""
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise GraphQLError("A Hash has 64 lower-case hexadecimal digits.")
    return Hash(bytes.fromhex(value))


def _hex(value: bytes) -> str:
    return value.hex()


SCALARS: Final[dict[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment: RFC 3339 with a required offset, answered in UTC.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=format_datetime,
        parse_value=parse_datetime,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, wherever: an RFC 3339 full-date, as 2026-03-01.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=str,
        parse_value=parse_date,
    ),
    UUID: strawberry.scalar(
        name="UUID",
        description="A universally unique identifier in its form of five groups.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc9562#section-4",
        serialize=str,
        parse_value=parse_uuid,
    ),
    Position: strawberry.scalar(
        name="Position",
        description=(
            "A position of the journal: 1, 2, 3 ... in the order of commits, without a hole; 0 is "
            "before the first entry. A 64-bit number, therefore a string in JSON."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-6",
        serialize=str,
        parse_value=parse_position,
    ),
    Hash: strawberry.scalar(
        name="Hash",
        description="A SHA-256 digest as 64 lower-case hexadecimal digits.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc6962#section-2.1",
        serialize=_hex,
        parse_value=parse_hash,
    ),
}
"""Python type -> scalar, for the schema's configuration."""
