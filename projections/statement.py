"""SQL with named parameters, numbered once when a module is imported."""

import re
from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from projections.view import Connection

_NAME: Final = re.compile(r"(?<!:):(?!:)([a-z_]+)")


class Statement:
    """A statement whose parameters are written `:name`; one name may occur many times.

    It is assembled from constants only: what a caller says goes into parameters.
    """

    def __init__(self, text: str) -> None:
        names: list[str] = []

        def number(match: re.Match[str]) -> str:
            if match[1] not in names:
                names.append(match[1])
            return f"${names.index(match[1]) + 1}"

        self.sql = _NAME.sub(number, text)
        self.names = tuple(names)

    async def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[asyncpg.Record]:
        """All rows; of `values` those that the statement names are sent."""
        return await connection.fetch(self.sql, *(values[name] for name in self.names))

    async def row(self, connection: Connection, values: Mapping[str, Any]) -> asyncpg.Record | None:
        """The first row, if there is one."""
        return await connection.fetchrow(self.sql, *(values[name] for name in self.names))


_PARTS: Final[dict[str, tuple[str, ...]]] = {}


def together(*parts: str) -> str:
    """Several writes as one statement; the order in which they are done is the database's.

    parts: each INSERT, UPDATE or DELETE by itself, with the parameters of the whole.
    """
    *before, last = parts
    named = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(before))
    statement = f"WITH {named} {last}" if before else last
    _PARTS[statement] = parts
    return statement


def parts_of(statement: str) -> tuple[str, ...] | None:
    """What `together` made the statement of; None: it cannot become part of a larger one."""
    return _PARTS.get(statement)
