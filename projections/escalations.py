"""How far up a case went, as of any moment: it stands in the audit trail, and is read from there.

Only for whoever sees the case from inside. A case that is late for long is escalated again and
again: in its state each of them would be written anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.clocks.clock import name_of
from domain.case.clocks.deadlines import CaseEscalated
from domain.case.clocks.notifying import Notified
from domain.case.repeats import Repeated, RepetitionEscalated
from domain.scope import Scope
from domain.vocabulary import ClockKind, OrderLevel
from projections.as_of import LAST_POSITION, Moment
from projections.sight import inside, scope_values
from projections.statement import Statement
from projections.view import Connection

ESCALATIONS: Final = Statement(f"""
SELECT e.stream_id AS case_id, e.topic, e.position, e.occurred_at, e.recorded_at, e.payload
FROM (
    SELECT case_id FROM unnest(:case_ids::uuid[]) AS wanted (case_id) JOIN cases USING (case_id)
    WHERE :internal AND {inside("cases")}
) c JOIN timeline_events e ON e.stream_id = c.case_id
WHERE e.topic IN ('{CaseEscalated.TOPIC}', '{RepetitionEscalated.TOPIC}')
    AND e.position <= :position AND (:time::timestamptz IS NULL OR e.occurred_at <= :time)
ORDER BY e.stream_id, e.occurred_at, e.version
""")  # noqa: S608 - constants


class EscalationGround(StrEnum):
    """Why a case went up. DEADLINE: a limit is passed by so much; else it happened again."""

    DEADLINE = "DEADLINE"
    RETURNS = "RETURNS"
    REWORKS = "REWORKS"
    REOPENINGS = "REOPENINGS"


@dataclass(frozen=True)
class Escalation:
    """One step up. at: when it was reached; recorded_at: when that was noticed.

    clock, percent: of the limit that is passed; times: how often it happened; else None.
    level: of the order that the ladder has for it.
    """

    position: int
    ground: EscalationGround
    at: datetime
    recorded_at: datetime
    clock: str | None
    percent: int | None
    times: int | None
    level: OrderLevel | None
    unit: str | None
    notified: tuple[Notified, ...]


class _Clock(msgspec.Struct):
    kind: ClockKind
    key: str = ""
    unit: str | None = None


class _Payload(msgspec.Struct):
    notified: tuple[Notified, ...] = ()
    percent: int | None = None
    clock: _Clock | None = None
    level: OrderLevel | None = None
    repeated: Repeated | None = None
    times: int | None = None
    unit: str | None = None


_decode: Final = msgspec.json.Decoder(_Payload).decode


async def escalations_of(
    connection: Connection,
    scope: Scope,
    case_ids: Collection[UUID],
    moment: Moment | None = None,
) -> Mapping[UUID, list[Escalation]]:
    """The escalations of each of the cases, in the order in which they were reached.

    Every id asked for is a key; a case that is not seen from inside has none.
    moment: only what was known, and was so, then.
    """
    values = scope_values(scope) | {
        "case_ids": list(case_ids),
        "internal": scope.internal,
        "position": LAST_POSITION if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
    }
    found: dict[UUID, list[Escalation]] = {case_id: [] for case_id in case_ids}
    for row in await ESCALATIONS.rows(connection, values):
        found[row["case_id"]].append(_escalation(row))
    return found


def _escalation(row: asyncpg.Record) -> Escalation:
    said = _decode(row["payload"])
    clock, repeated = said.clock, said.repeated
    return Escalation(
        position=row["position"],
        ground=EscalationGround(repeated or EscalationGround.DEADLINE),
        at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        clock=None if clock is None else name_of(clock.kind, clock.key),
        percent=said.percent,
        times=said.times,
        level=said.level,
        unit=said.unit if clock is None else clock.unit,
        notified=said.notified,
    )
