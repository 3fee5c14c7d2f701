"""Counts of cases by stage, type, unit, channel, area and month; they follow the journal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.case.lifecycle import Stage
from domain.case.vocabulary import Channel
from domain.scope import Scope
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

    Imported histories count only when their stage is named.
    """

    stages: Collection[Stage] | None = None
    type_codes: Collection[str] | None = None
    lead_units: Collection[str] | None = None
    areas: Collection[str] | None = None
    channels: Collection[Channel] | None = None
    month_from: date | None = None
    month_to: date | None = None


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


async def totals(
    connection: Connection,
    scope: Scope,
    by: Sequence[Dimension],
    criteria: TotalsFilter | None = None,
) -> Totals:
    """Counts by the dimensions; only for callers who may see every case, else no cells."""
    raise NotImplementedError
