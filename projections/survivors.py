"""Where merged cases go on: what whoever sees a merged case is told of the one that took it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.scope import Scope
from projections.sight import scope_values, seen
from projections.statement import Statement
from projections.view import Connection

# A survivor that was merged itself leads on; the last one is where the case goes on now.
SURVIVORS: Final = Statement(f"""
WITH RECURSIVE chain AS (
    SELECT wanted.case_id AS merged, wanted.survivor AS case_id, 1 AS step
    FROM unnest(:case_ids::uuid[], :survivors::uuid[]) AS wanted (case_id, survivor)
    JOIN cases r ON r.case_id = wanted.case_id AND {seen("r")}
    UNION ALL
    SELECT chain.merged, s.merged_into, chain.step + 1
    FROM chain JOIN cases s ON s.case_id = chain.case_id
    WHERE s.merged_into IS NOT NULL
)
SELECT DISTINCT ON (chain.merged) chain.merged, s.case_id, s.case_no, s.stage, s.closed_at
FROM chain JOIN cases s ON s.case_id = chain.case_id
ORDER BY chain.merged, chain.step DESC
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class SurvivorRow:
    """The case in which another goes on, as it is now."""

    case_id: UUID
    case_no: str
    stage: Stage
    closed_at: datetime | None


async def survivors(
    connection: Connection, scope: Scope, merged: Mapping[UUID, UUID]
) -> dict[UUID, SurvivorRow]:
    """Where cases go on, by their ids; of those that may not be seen nothing is told.

    merged: by case, the one it was merged into.
    """
    values = scope_values(scope) | {
        "case_ids": list(merged),
        "survivors": list(merged.values()),
    }
    return {
        row["merged"]: SurvivorRow(
            row["case_id"], row["case_no"], Stage(row["stage"]), row["closed_at"]
        )
        for row in await SURVIVORS.rows(connection, values)
    }
