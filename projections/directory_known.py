"""The directory as it was known at a position, for the domain to ask about it.

What is known now every process has in memory. This is for what was known then, and reads all of
it: a directory is small, and seldom asked about the past as a whole.
"""

from itertools import groupby
from typing import Final, TypeVar, cast

from domain.directory import DIRECTORY_STREAM, Directory
from domain.directory.state import DirectoryOpened
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import (
    Appointment,
    Area,
    Content,
    Delegation,
    Position,
    Thing,
    Unit,
)
from domain.event import begin_stream
from projections.directory import THINGS
from projections.directory_view import TABLES, content_of
from projections.history import ALWAYS
from projections.view import Connection

C = TypeVar("C", bound=Content)


def _known(thing: Thing) -> str:
    table = TABLES[thing]
    return f"""
SELECT code, {", ".join(table.columns)}, valid_from, nullif(valid_to, 'infinity') AS valid_to
FROM {table.name} WHERE known_from <= $1 AND $1 < known_to ORDER BY code, valid_from
"""  # noqa: S608 - constants


KNOWN: Final = {
    thing: _known(thing)
    for thing in (Thing.UNIT, Thing.AREA, Thing.POSITION, Thing.APPOINTMENT, Thing.DELEGATION)
}


async def directory_known(connection: Connection, position: int) -> Directory:
    """Units, areas, positions, appointments and delegations of all times, as known then."""
    directory = begin_stream(
        Directory, DirectoryOpened, stream_id=DIRECTORY_STREAM, timestamp=ALWAYS
    )
    directory.units.update(await _timelines(connection, Unit, position))
    directory.areas.update(await _timelines(connection, Area, position))
    for code, post in (await _timelines(connection, Position, position)).items():
        directory.positions[code] = post
        for piece in post.pieces():
            directory.give(piece.content.roles, code)
    for code, timeline in (await _timelines(connection, Appointment, position)).items():
        directory.appoint(code, timeline)
    for code, delegated in (await _timelines(connection, Delegation, position)).items():
        directory.delegate(code, delegated)
    directory.rearranged()
    return directory


async def _timelines(
    connection: Connection, kind: type[C], position: int
) -> dict[str, Timeline[C]]:
    thing = THINGS[kind]
    rows = await connection.fetch(KNOWN[thing], position)
    found: dict[str, Timeline[C]] = {}
    for code, pieces in groupby(rows, lambda row: str(row["code"])):
        first, *later = pieces
        end = (later or [first])[-1]["valid_to"]
        contents = [cast("C", content_of(thing, row)) for row in (first, *later)]
        timeline = Timeline(contents[0], first["valid_from"], ENDLESS if end is None else end)
        for row, content in zip(later, contents[1:], strict=True):
            timeline.put(content, row["valid_from"])
        found[code] = timeline
    return found
