"""How cases were routed, and what was answered to the questions of their types.

Both stand in the audit trail, and are read from there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.case.correction import CaseReclassified
from domain.case.intake import CaseRegistered
from domain.case.routing import CaseDispatched, RoutingDecided
from domain.catalogue.fields import Answer
from domain.routing_policy.decision import RoutingDecision
from domain.scope import Scope
from projections.as_of import LAST_POSITION, Moment
from projections.sight import inside, scope_values, seen
from projections.statement import Statement
from projections.view import Connection

_CASES: Final = "FROM unnest(:case_ids::uuid[]) AS c (case_id) JOIN cases USING (case_id)"

# The dispatch is recorded right after the decision, by the same command.
ROUTINGS = Statement(f"""
SELECT case_id, decided.position, decided.occurred_at, decided.payload->'decision' AS decision,
    (decided.payload->>'leftOut')::int AS left_out,
    coalesce((sent.payload->>'byOverride')::boolean, false) AS by_override
{_CASES} CROSS JOIN LATERAL (
    SELECT * FROM timeline_events e
    WHERE e.stream_id = case_id AND e.topic = '{RoutingDecided.TOPIC}'
        AND e.position <= :position AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)
    ORDER BY e.version DESC LIMIT 1
) decided LEFT JOIN timeline_events sent
    ON (sent.stream_id, sent.version) = (case_id, decided.version + 1)
    AND sent.topic = '{CaseDispatched.TOPIC}'
WHERE :internal AND {inside("cases")}
""")  # noqa: S608 - constants

# A reclassification answers the questions of the new type, or says that there are none.
ANSWERS = Statement(f"""
SELECT case_id, said.payload->'fields' AS answers
{_CASES} CROSS JOIN LATERAL (
    SELECT e.payload FROM timeline_events e
    WHERE e.stream_id = case_id
        AND e.topic IN ('{CaseRegistered.TOPIC}', '{CaseReclassified.TOPIC}')
        AND e.position <= :position AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)
    ORDER BY CASE WHEN :time::timestamptz IS NOT NULL THEN e.occurred_at END DESC, e.version DESC
    LIMIT 1
) said
WHERE {seen("cases")}
""")  # noqa: S608 - constants

INSIDE = Statement(f"""
SELECT case_id {_CASES} WHERE :internal AND {inside("cases")}
""")

ACCURACY = Statement(f"""
WITH dispatched AS (
    SELECT e.stream_id AS case_id, count(DISTINCT e.payload->>'leadUnit') AS leads,
        min(e.occurred_at) AS first_at
    FROM timeline_events e WHERE e.topic = '{CaseDispatched.TOPIC}' GROUP BY e.stream_id
)
SELECT count(*) AS dispatched, count(*) FILTER (WHERE leads = 1) AS kept
FROM dispatched JOIN cases USING (case_id)
WHERE :internal AND {inside("cases")}
    AND (:since::timestamptz IS NULL OR first_at >= :since)
    AND (:until::timestamptz IS NULL OR first_at < :until)
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class Routing:
    """The newest decision on a case; as in RoutingDecided and CaseDispatched."""

    position: int
    decided_at: datetime
    decision: RoutingDecision
    left_out: int
    by_override: bool


@dataclass(frozen=True)
class Accuracy:
    """Of the cases ever dispatched, those that never went to another lead unit."""

    dispatched: int
    kept: int


async def routings(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> dict[UUID, Routing]:
    """Those of the cases that were routed by a policy and are seen from inside."""
    values = scope_values(scope) | {
        "case_ids": list(case_ids),
        "internal": scope.internal,
        "position": LAST_POSITION if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }
    return {
        row["case_id"]: Routing(
            position=row["position"],
            decided_at=row["occurred_at"],
            decision=_decision(row["decision"]),
            left_out=row["left_out"],
            by_override=row["by_override"],
        )
        for row in await ROUTINGS.rows(connection, values)
    }


async def seen_from_inside(
    connection: Connection, scope: Scope, case_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Those of the cases that the caller sees from inside, not as their own only."""
    values = scope_values(scope) | {"case_ids": list(case_ids), "internal": scope.internal}
    return frozenset(row["case_id"] for row in await INSIDE.rows(connection, values))


async def answers(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> dict[UUID, Mapping[str, Answer]]:
    """What was answered to the questions of the cases' types; nothing of those without answers."""
    values = scope_values(scope) | {
        "case_ids": list(case_ids),
        "position": LAST_POSITION if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }
    rows = await ANSWERS.rows(connection, values)
    read = {row["case_id"]: _answers(row["answers"] or "null") for row in rows}
    return {case_id: given for case_id, given in read.items() if given}


async def accuracy(
    connection: Connection, scope: Scope, since: datetime | None, until: datetime | None
) -> Accuracy:
    """Of the cases within reach that were dispatched first in that period (half open)."""
    values: dict[str, Any] = scope_values(scope) | {
        "internal": scope.internal,
        "since": since,
        "until": until,
    }
    row = await ACCURACY.row(connection, values)
    return Accuracy(0, 0) if row is None else Accuracy(row["dispatched"], row["kept"])


_decision = msgspec.json.Decoder(RoutingDecision).decode
_answers = msgspec.json.Decoder(dict[str, Answer] | None).decode
