"""Counts of cases by stage, type, unit, channel, area and month; they follow the journal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.case.lifecycle import Stage
from domain.case.regions import PublicationState
from domain.case.vocabulary import Channel
from domain.scope import Scope
from projections.statement import Statement
from projections.view import Connection


class Dimension(StrEnum):
    """What cases can be counted by. MONTH: of registration, in the jurisdiction's time zone."""

    STAGE = "STAGE"
    TYPE = "TYPE"
    UNIT = "UNIT"
    CHANNEL = "CHANNEL"
    AREA = "AREA"
    MONTH = "MONTH"


@dataclass(frozen=True)
class TotalsFilter:
    """Which cases are counted; every part that is given must hold. Months: first days, inclusive.

    Imported histories count only when their source or their stage is named.
    """

    stages: Collection[Stage] | None = None
    type_codes: Collection[str] | None = None
    lead_units: Collection[str] | None = None
    areas: Collection[str] | None = None
    channels: Collection[Channel] | None = None
    month_from: date | None = None
    month_to: date | None = None
    source: str | None = None
    closed: bool | None = None
    publications: Collection[PublicationState] | None = None


@dataclass(frozen=True)
class Total:
    """The number of cases in one cell; keys: in the order of the dimensions asked for.

    A key is None where the case has none; a month is written YYYY-MM.
    """

    keys: tuple[str | None, ...]
    cases: int


@dataclass(frozen=True)
class Totals:
    """Cells in the order of their keys, and the position up to which events are counted."""

    cells: Sequence[Total]
    position: int


# A dimension that was not asked for is the same for all cells, and so counts together.
TOTALS = Statement("""
WITH counted AS (
    SELECT
        CASE WHEN 'STAGE' = ANY(:by::text[]) THEN stage END AS stage,
        CASE WHEN 'TYPE' = ANY(:by) THEN type_code END AS type,
        CASE WHEN 'UNIT' = ANY(:by) THEN lead_unit END AS unit,
        CASE WHEN 'CHANNEL' = ANY(:by) THEN channel END AS channel,
        CASE WHEN 'AREA' = ANY(:by) THEN area END AS area,
        CASE WHEN 'MONTH' = ANY(:by) THEN to_char(month, 'YYYY-MM') END AS month,
        sum(cases)::bigint AS cases
    FROM case_totals
    WHERE cases > 0 AND (:every_case OR NOT confidential)
        AND (:stages::text[] IS NULL OR stage = ANY(:stages))
        AND (:stages::text[] IS NOT NULL OR :source::text IS NOT NULL OR stage <> 'IMPORTED')
        AND (:source::text IS NULL OR source = :source)
        AND (:closed::boolean IS NULL OR closed = :closed)
        AND (:publications::text[] IS NULL OR publication = ANY(:publications))
        AND (:type_codes::text[] IS NULL OR type_code = ANY(:type_codes))
        AND (:lead_units::text[] IS NULL OR lead_unit = ANY(:lead_units))
        AND (:areas::text[] IS NULL OR area = ANY(:areas))
        AND (:channels::text[] IS NULL OR channel = ANY(:channels))
        AND (:month_from::date IS NULL OR month >= :month_from)
        AND (:month_to::date IS NULL OR month <= :month_to)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT state.position, counted.*
FROM case_totals_state AS state LEFT JOIN counted ON :every_case OR :every_open
""")


async def totals(
    connection: Connection,
    scope: Scope,
    by: Sequence[Dimension],
    criteria: TotalsFilter | None = None,
) -> Totals:
    """Counts by the dimensions; only for callers who may see every case, else no cells.

    Whoever sees every case but confidential ones counts all but those.
    """
    wanted = criteria or TotalsFilter()
    values = {
        "by": list(by),
        "every_case": scope.every_case,
        "every_open": scope.every_open,
        "stages": _all_of(wanted.stages),
        "type_codes": _all_of(wanted.type_codes),
        "lead_units": _all_of(wanted.lead_units),
        "areas": _all_of(wanted.areas),
        "channels": _all_of(wanted.channels),
        "month_from": wanted.month_from,
        "month_to": wanted.month_to,
        "source": wanted.source,
        "closed": wanted.closed,
        "publications": _all_of(wanted.publications),
    }
    rows = await TOTALS.rows(connection, values)
    cells = [
        Total(tuple(row[dimension.lower()] for dimension in by), row["cases"])
        for row in rows
        if row["cases"] is not None
    ]
    cells.sort(key=lambda cell: [(key is None, key or "") for key in cell.keys])
    return Totals(cells, rows[0]["position"] if rows else 0)


def _all_of(wanted: Collection[str] | None) -> list[str] | None:
    return None if wanted is None else list(wanted)
