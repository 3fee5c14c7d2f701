"""Parts of an answer (RFC 9110, section 14): one range of bytes, or all of it."""

import re
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class RangeNotSatisfiable(Exception):
    """Nothing of what was asked for is there."""


def wanted_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Half open, within 0..size; None: all of it.

    What is not understood, several ranges among it, is answered with all, as the standard has it.
    Raises RangeNotSatisfiable.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        start, stop = max(0, size - int(match[2])), size
    else:
        start, stop = int(match[1]), size if not match[2] else min(size, int(match[2]) + 1)
        if match[2] and int(match[2]) < start:
            return None
    if start >= stop:
        raise RangeNotSatisfiable
    return start, stop
