"""The statement that writes a batch: everything of the journal, and what goes along with it."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from app.journal.deferred import Write
from projections.statement import parts_of

CHANNEL: Final = "wardbook_journal"

# One statement for everything the journal itself writes: one round trip, one plan. What follows
# the parts asks for the head, so that its lock is taken before anything else is written. A part
# that finds its position or version taken fails, and with it the whole: then somebody else
# appended first.
PARTS: Final = (
    """
    UPDATE journal.head SET size = $24, frontier = $25, recorded_at = $2 RETURNING size
    """,
    """
    INSERT INTO journal.entries (position, stream_id, version, topic, recorded_at, entry, leaf_hash)
    SELECT $1 + ord, stream_id, version, topic, recorded_at, entry, leaf_hash
    FROM unnest($3::uuid[], $4::int[], $5::text[], $6::bytea[], $7::bytea[], $26::timestamptz[])
        WITH ORDINALITY AS e (stream_id, version, topic, entry, leaf_hash, recorded_at, ord)
    """,
    """
    INSERT INTO journal.streams (stream_id, version, hash)
    SELECT * FROM unnest($8::uuid[], $9::int[], $10::bytea[])
    ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, hash = excluded.hash
    """,
    """
    INSERT INTO journal.nodes (level, index, hash)
    SELECT * FROM unnest($11::smallint[], $12::bigint[], $13::bytea[])
    """,
    """
    INSERT INTO journal.commands (principal, command_id, input_hash, stream_id, first_version,
        last_version, position)
    SELECT * FROM unnest($14::text[], $15::uuid[], $16::bytea[], $17::uuid[], $18::int[],
        $19::int[], $20::bigint[])
    """,
    """
    INSERT INTO journal.keys (subject, kek_id, wrapped)
    SELECT * FROM unnest($21::uuid[], $22::text[], $23::bytea[])
    """,
)
PARAMETERS: Final = 26
_NUMBER: Final = re.compile(r"\$(\d+)")


def going_along(writes: Iterable[Write]) -> tuple[list[Write], list[Write]]:
    """Those that can be part of the journal's own statement, and those that come after it.

    Parts of one statement are done in no order: so of statements that are the same, which may
    change the same rows, only the first is among them.
    """
    along: dict[str, Write] = {}
    others: list[Write] = []
    for write in writes:
        query, _ = write
        if others or query in along or parts_of(query) is None:
            others.append(write)
        else:
            along[query] = write
    return list(along.values()), others


@cache
def write_with(others: tuple[tuple[str, int], ...]) -> str:
    """The statement that writes the journal, and together with it what `others` write.

    others: statements made by `together`, each with how many parameters it has; their parameters
    come behind ours, in the order of the statements.
    """
    parts, before = [*PARTS], PARAMETERS
    for query, parameters in others:
        parts += (_moved(part, before) for part in parts_of(query) or ())
        before += parameters
    named = ", ".join(f"write_{number} AS ({part})" for number, part in enumerate(parts))
    return f"WITH {named} SELECT pg_notify('{CHANNEL}', size::text) FROM write_0"  # noqa: S608


def _moved(part: str, by: int) -> str:
    return _NUMBER.sub(lambda number: f"${int(number[1]) + by}", part)
