"""What the texts and codes in a command must look like, whoever sends them."""

import re
from typing import Final

from domain.refusal import InvalidInput

TITLE_LIMIT: Final = 200
"""Characters of a title: it stands on one line of a list."""

TEXT_LIMIT: Final = 5_000
"""Characters of a free text: a correction holds two of them, encrypted, in an entry of 64 KiB."""

REASON_LIMIT: Final = 1_000
"""Characters of the reason of a command, which stands in each of its entries beside their texts."""

NAME_LIMIT: Final = 200
"""Characters of the name of a foreign log, and of a trace in it. Both together are a case number,
and PostgreSQL indexes no more than 2,704 bytes."""

CODE_LIMIT: Final = 100
"""Characters of an opaque code of a unit, an area or a type."""

STABLE_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)
"""A code of a unit, area, position or type that is kept for ever and named in rules."""

UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Neither PostgreSQL nor XML 1.0 can hold these, and UTF-8 cannot encode lone surrogates."""


def required(path: list[str], text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` as it is; refused where it is blank, too long or holds what cannot be stored."""
    if not text.strip():
        raise InvalidInput(path, f"{path[-1]} must not be blank")
    return _storable(path, text, limit)


def optional(path: list[str], text: str | None, limit: int = TEXT_LIMIT) -> str | None:
    """As `required`, but a blank text says nothing: None."""
    if text is None or not text.strip():
        return None
    return _storable(path, text, limit)


def stable_code(path: list[str], text: str) -> str:
    """`text` as it is; refused where it is no stable code: it is made up by us, never free text."""
    if not STABLE_CODE.fullmatch(text):
        raise InvalidInput(
            path,
            f"{path[-1]} is no code: 1 to 64 letters, digits and . _ / - are possible, the first "
            "a letter or a digit",
        )
    return text


def _storable(path: list[str], text: str, limit: int) -> str:
    if len(text) > limit:
        raise InvalidInput(path, f"{path[-1]} has {len(text)} characters, {limit} are possible")
    if UNSTORABLE.search(text):
        raise InvalidInput(path, f"{path[-1]} holds a control character or half of a character")
    return text
