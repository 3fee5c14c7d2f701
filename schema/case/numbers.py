"""Ids and numbers of new cases."""

from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which people misread."""

_LETTERS: Final = 8


def new_case_id() -> UUID:
    """An id that sorts by time and cannot be guessed (RFC 9562 UUID version 7)."""
    return uuid7()


def new_person_id() -> UUID:
    """An id for somebody whom nobody knows yet."""
    return uuid7()


def case_number(case_id: UUID, zone: tzinfo) -> str:
    """The number that people use: the day in the zone, and 40 of the id's random bits."""
    day = datetime.fromtimestamp((case_id.int >> 80) / 1000, zone)
    letters = (_ALPHABET[case_id.int >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    return f"{day:%Y%m%d}-{''.join(letters)}"
