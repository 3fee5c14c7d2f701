"""Which line of a TOML file a table or a key stands on; the parser itself does not tell.

Good for what packs are written in: tables, arrays of tables and bare keys. A key inside an inline
table is found at the line of that table.
"""

import re
from collections.abc import Sequence
from typing import Final

Place = tuple[str | int, ...]
"""As in ("type", 3, "field", 0, "name"): names of tables with their number, then a key."""

_TABLE: Final = re.compile(r"\s*\[(\[?)\s*([\w.-]+)\s*\]")
_KEY: Final = re.compile(r"\s*([\w-]+)\s*=")
_BLOCK: Final = re.compile(r'"""|\'\'\'')


class Lines:
    """The index of one file."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        table: Place = ()
        in_block = False
        for number, line in enumerate(text.splitlines(), 1):
            if not in_block:
                if header := _TABLE.match(line):
                    table = self._open(header[2].split("."), in_array=bool(header[1]))
                    self._lines[table] = number
                elif key := _KEY.match(line):
                    self._lines.setdefault((*table, key[1]), number)
            in_block ^= len(_BLOCK.findall(line)) % 2 == 1

    def of(self, place: Sequence[str | int]) -> int:
        """The line of the place, or of the nearest thing around it; 1: the file as a whole."""
        parts = tuple(place)
        while parts:
            if parts in self._lines:
                return self._lines[parts]
            parts = parts[:-1]
        return 1

    def _open(self, names: Sequence[str], *, in_array: bool) -> Place:
        """The place of a new table with these names, inside the newest of those around it."""
        place: Place = ()
        for name in names[:-1]:
            place = (*place, name)
            if count := self._count(place):
                place = (*place, count - 1)
        place = (*place, names[-1])
        return (*place, self._count(place)) if in_array else place

    def _count(self, array: Place) -> int:
        """How many tables of an array there are so far."""
        number = 0
        while (*array, number) in self._lines:
            number += 1
        return number
