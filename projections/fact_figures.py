"""Facts of control counted over a period, as of any moment: returns, decisions, hand-overs, orders.

A fact counts in the period in which it occurred. As of a moment are those known then that had
occurred by then: a fact never changes, so two of its columns say that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.case.decisions import DecisionKind
from domain.vocabulary import ClockKind, OrderLevel
from projections.control_facts import FactKind
from projections.statement import Statement
from projections.supervised import PLACED, SEEN, Asked, CasePages, CaseSet, control_values
from projections.view import Connection


class FactBy(StrEnum):
    """What facts of a kind are told apart by. UNIT: whom they are about; BY_UNIT: who acted."""

    UNIT = "UNIT"
    DECISION = "DECISION"
    BY_UNIT = "BY_UNIT"
    CLOCK = "CLOCK"
    PERCENT = "PERCENT"
    LEVEL = "LEVEL"


@dataclass(frozen=True)
class Facts:
    """Which facts, and how they are told apart. since, until: since <= occurred_at < until."""

    kinds: Collection[FactKind]
    by: Collection[FactBy] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Delays:
    """How long decisions took, from the request on, by the wall.

    Quantiles between two are interpolated, as those of metrics are (`domain.metrics.statistics`).
    """

    median: timedelta
    p90: timedelta
    longest: timedelta


@dataclass(frozen=True)
class FactCell:
    """Facts of a kind that are alike. What they are not told apart by is None.

    facts, cases: how many. delays: only from `delay_cells`.
    """

    kind: FactKind
    unit: str | None
    decision: DecisionKind | None
    by_unit: str | None
    clock: ClockKind | None
    percent: int | None
    level: OrderLevel | None
    facts: int
    cases: int
    delays: Delays | None


_COUNTED: Final = f"""FROM control_facts s
WHERE s.kind = ANY(:fact_kinds::text[])
    AND (:since::timestamptz IS NULL OR s.occurred_at >= :since)
    AND (:until::timestamptz IS NULL OR s.occurred_at < :until)
    AND s.position <= :position AND (:time::timestamptz IS NULL OR s.occurred_at <= :time)
    AND {PLACED} AND {SEEN}"""

_KEYS: Final = {
    FactBy.UNIT: "unit",
    FactBy.DECISION: "decision",
    FactBy.BY_UNIT: "by_unit",
    FactBy.CLOCK: "clock",
    FactBy.PERCENT: "percent",
    FactBy.LEVEL: "level",
}
_CELL: Final = ", ".join(
    f"CASE WHEN '{by}' = ANY(:by::text[]) THEN s.{name} END AS {name}" for by, name in _KEYS.items()
)

_NAMES: Final = ", ".join(("kind", *_KEYS.values()))
# By number: a name would be taken for the column, not for what is selected under its name.
_NUMBERS: Final = ", ".join(str(number) for number in range(1, len(_KEYS) + 2))

# Of each case first: distinct cases are then counted without sorting the facts.
CELLS = Statement(f"""
SELECT {_NAMES}, sum(facts)::bigint AS facts, count(*) AS cases, NULL AS delays
FROM (
    SELECT s.kind, {_CELL}, s.case_id, count(*) AS facts {_COUNTED} GROUP BY {_NUMBERS}, s.case_id
) of_case GROUP BY {_NUMBERS} ORDER BY {_NUMBERS}
""")  # noqa: S608 - constants

DELAYS = Statement(f"""
SELECT s.kind, {_CELL}, count(*) AS facts, count(DISTINCT s.case_id) AS cases,
    percentile_cont(ARRAY[0.5, 0.9, 1]) WITHIN GROUP (ORDER BY s.occurred_at - s.since) AS delays
{_COUNTED} GROUP BY {_NUMBERS} ORDER BY {_NUMBERS}
""")

_OF_CELL: Final = " AND ".join(
    f"(NOT '{by}' = ANY(:by::text[]) OR s.{name} IS NOT DISTINCT FROM :cell_{name})"
    for by, name in _KEYS.items()
)

OF_CELL = CasePages(f"SELECT s.case_id {_COUNTED} AND {_OF_CELL}")

POSITION = "SELECT position FROM control_state"


async def fact_cells(connection: Connection, asked: Asked, wanted: Facts) -> Sequence[FactCell]:
    """The facts counted, in the order of kinds and of what they are told apart by."""
    return await _cells(CELLS, connection, asked, wanted)


async def delay_cells(connection: Connection, asked: Asked, wanted: Facts) -> Sequence[FactCell]:
    """The same of decisions, each cell with its delays."""
    return await _cells(DELAYS, connection, asked, wanted)


async def _cells(
    statement: Statement, connection: Connection, asked: Asked, wanted: Facts
) -> Sequence[FactCell]:
    return [
        FactCell(
            kind=FactKind(row["kind"]),
            unit=row["unit"],
            decision=DecisionKind(row["decision"]) if row["decision"] else None,
            by_unit=row["by_unit"],
            clock=ClockKind(row["clock"]) if row["clock"] else None,
            percent=row["percent"],
            level=OrderLevel(row["level"]) if row["level"] else None,
            facts=row["facts"],
            cases=row["cases"],
            delays=Delays(*row["delays"]) if row["delays"] else None,
        )
        for row in await statement.rows(connection, _values(asked, wanted))
    ]


def cases_of_cell(asked: Asked, wanted: Facts, cell: FactCell) -> CaseSet:
    """The cases of the facts in a cell."""
    values = _values(asked, wanted) | {
        "fact_kinds": [cell.kind],
        **{f"cell_{name}": getattr(cell, name) for name in _KEYS.values()},
    }
    return CaseSet(OF_CELL, values)


async def counted_to(connection: Connection) -> int:
    """Up to which position facts and clocks are taken in."""
    position: int | None = await connection.fetchval(POSITION)
    return position or 0


def _values(asked: Asked, wanted: Facts) -> dict[str, Any]:
    return control_values(asked) | {
        "fact_kinds": list(wanted.kinds),
        "by": list(wanted.by),
        "since": wanted.since,
        "until": wanted.until,
    }
