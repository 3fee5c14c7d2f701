"""The view `watching`: who watches which case, and from which position to which."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from domain.recorded import RecordedEvent
from domain.watching import CaseUnwatched, CaseWatched
from projections.view import Connection, Past

WATCH = "INSERT INTO watched_cases (principal, case_id, since) VALUES ($1, $2, $3)"
UNWATCH = """
UPDATE watched_cases SET until = $3 WHERE principal = $1 AND case_id = $2 AND until IS NULL
"""
POSITION = "SELECT greatest(max(since), (SELECT max(until) FROM watched_cases)) FROM watched_cases"
WATCHED = """
SELECT case_id FROM watched_cases
WHERE principal = $1 AND case_id = ANY($2::uuid[]) AND until IS NULL
"""


class WatchingView:
    """Inline: whoever watches a case finds it in their list at once."""

    name: Final = "watching"
    version: Final = 1
    tables: Final = ("watched_cases",)

    async def position(self, connection: Connection) -> int:
        """The last position that changed something."""
        return await connection.fetchval(POSITION) or 0

    async def apply(
        self,
        connection: Connection,
        events: Sequence[RecordedEvent],
        past: Past,  # noqa: ARG002 - a list says all that is needed
    ) -> None:
        """Fold a batch, in position order, inside the caller's transaction."""
        for recorded in events:
            match recorded.event:
                case CaseWatched(case_id=case_id):
                    said = (recorded.actor.principal, case_id, recorded.position)
                    await connection.execute(WATCH, *said)
                case CaseUnwatched(case_id=case_id):
                    said = (recorded.actor.principal, case_id, recorded.position)
                    await connection.execute(UNWATCH, *said)


async def watched_among(
    connection: Connection, principal: str, case_ids: Collection[UUID]
) -> set[UUID]:
    """Those of the cases that somebody watches now."""
    rows = await connection.fetch(WATCHED, principal, list(case_ids))
    return {row["case_id"] for row in rows}
