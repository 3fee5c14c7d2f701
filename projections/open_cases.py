"""Open cases counted as supervisors do: by age, by whose work they are, by what they wait for.

They are counted from the states of cases, and so are exact as of any moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.case.decisions import DecisionKind
from domain.vocabulary import OrderLevel
from projections.case_lists import WAYS, Axis, Way, states
from projections.cases import way_of
from projections.statement import Statement
from projections.supervised import Asked, CasePages, CaseSet, state_values
from projections.view import Connection

AGE_BANDS: Final = (1, 3, 7, 15, 30)
"""Days of 24 hours since registration at which the next band begins; the last has no end."""

SOON: Final = timedelta(days=7)
"""What falls due within this time is due this week."""


class AgeingBy(StrEnum):
    """What open cases are told apart by, beside their age."""

    ALL = "ALL"
    UNIT = "UNIT"
    AREA = "AREA"
    TYPE = "TYPE"


class OrderLoad(StrEnum):
    """Which of the open orders. OVERDUE: the reply was due."""

    OPEN = "OPEN"
    UNANSWERED = "UNANSWERED"
    OVERDUE = "OVERDUE"


class WorkloadBy(StrEnum):
    """Whose work: a unit's, or that of a position in it."""

    UNIT = "UNIT"
    POSITION = "POSITION"


class Load(StrEnum):
    """Which of the open cases. Each is due, or past due, where one of its clocks is."""

    OPEN = "OPEN"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True)
class AgeBand:
    """How many open cases are of an age. key: unit, area or type; None: none, or all together.

    band: 0 for less than AGE_BANDS[0] days, 1 for less than AGE_BANDS[1], and so on.
    """

    key: str | None
    band: int
    cases: int


@dataclass(frozen=True)
class UnitLoad:
    """The open cases of a unit or position, as Load tells them apart. position: None by unit."""

    unit: str | None
    position: str | None
    open: int
    due_soon: int
    overdue: int
    suspended: int


@dataclass(frozen=True)
class Waiting:
    """Decisions that open cases led by a unit wait for. oldest: when the first was asked for."""

    decision: DecisionKind
    unit: str | None
    cases: int
    oldest: datetime


@dataclass(frozen=True)
class OpenOrders:
    """The supervision orders of a level that are open at a unit, and of how many cases."""

    unit: str
    level: OrderLevel
    open: int
    unanswered: int
    overdue: int
    open_cases: int
    unanswered_cases: int
    overdue_cases: int


# In seconds: intervals as numerics cost more than finding the cases.
_BANDS: Final = ", ".join(str(days * 86_400) for days in AGE_BANDS)
_AGED: Final = f"""SELECT r.case_id,
    CASE :by::text WHEN 'UNIT' THEN r.lead_unit WHEN 'AREA' THEN r.area
        WHEN 'TYPE' THEN r.type_code END AS key,
    width_bucket(
        date_part('epoch', :at::timestamptz - r.registered_at), ARRAY[{_BANDS}]::float8[]
    ) AS band
FROM ({{}}) r"""  # noqa: S608 - constants

# Joined, clocks of every case would be remembered in case another one has the same.
_LOADED: Final = """SELECT case_id, unit, position, suspended,
    coalesce(due[1], false) AS due_soon, coalesce(due[2], false) AS overdue
FROM (
    SELECT r.case_id, r.lead_unit AS unit,
        CASE :by::text WHEN 'POSITION' THEN r.officer_position END AS position,
        r.hold = 'SUSPENDED' AS suspended,
        (
            SELECT ARRAY[
                bool_or(stands_since IS NULL AND due >= :at AND due < :soon::timestamptz),
                bool_or(due < coalesce(stands_since, :at))
            ]
            FROM jsonb_to_recordset(r.details -> 'clocks') AS c (due timestamptz, pauses jsonb)
            CROSS JOIN LATERAL (SELECT c.pauses -> -1 AS pause) last
            CROSS JOIN LATERAL (
                SELECT CASE WHEN NOT pause ? 'end' THEN (pause ->> 'begin')::timestamptz END
                    AS stands_since
            ) standing
        ) AS due
    FROM ({}) r OFFSET 0
) r"""

_WAITING: Final = """SELECT r.case_id, d.kind AS decision, r.lead_unit AS unit, d.since
FROM ({}) r CROSS JOIN LATERAL jsonb_to_recordset(r.details -> 'pending_decisions')
    AS d (kind text, since timestamptz)"""

# Of what is as it was at first nothing is stored: an order without a state is open.
_ORDERED: Final = """SELECT r.case_id, o.unit, o.level, o.state IS NULL AS unanswered,
    o.state IS NULL AND o.due < :at AS overdue
FROM ({}) r CROSS JOIN LATERAL jsonb_to_recordset(r.details -> 'orders')
    AS o (unit text, level text, state text, due timestamptz)
WHERE coalesce(o.state, 'REPLIED') = 'REPLIED'"""

Key = tuple[Axis, Way]


def _each(rows: str, text: str) -> dict[Key, str]:
    """A statement for each way in which states are found, around the rows made of them."""
    return {
        (axis, way): text.format(rows.format(states(axis, way)))
        for axis in Axis
        for way in WAYS[axis]
        if way is not Way.BY_TEXT
    }


def _statements(rows: str, text: str) -> dict[Key, Statement]:
    return {key: Statement(sql) for key, sql in _each(rows, text).items()}


def _sets(rows: str, text: str) -> dict[Key, CasePages]:
    return {key: CasePages(sql) for key, sql in _each(rows, text).items()}


AGEING: Final = _statements(
    _AGED, "SELECT key, band, count(*) AS cases FROM ({}) r GROUP BY key, band"
)
OF_AGE: Final = _sets(
    _AGED,
    "SELECT case_id FROM ({}) r WHERE key IS NOT DISTINCT FROM :key::text AND band = :band::int",
)
WORKLOAD: Final = _statements(
    _LOADED,
    "SELECT unit, position, count(*) AS open, count(*) FILTER (WHERE due_soon) AS due_soon, "
    "count(*) FILTER (WHERE overdue) AS overdue, count(*) FILTER (WHERE suspended) AS suspended "
    "FROM ({}) r GROUP BY unit, position ORDER BY unit NULLS LAST, position NULLS LAST",
)
OF_LOAD: Final = _sets(
    _LOADED,
    "SELECT case_id FROM ({}) r WHERE unit IS NOT DISTINCT FROM :unit::text "
    "AND position IS NOT DISTINCT FROM :post::text AND CASE :load::text "
    "WHEN 'OPEN' THEN true WHEN 'DUE_SOON' THEN due_soon WHEN 'OVERDUE' THEN overdue "
    "ELSE suspended END",
)
WAITING: Final = _statements(
    _WAITING,
    "SELECT decision, unit, count(DISTINCT case_id) AS cases, min(since) AS oldest "
    "FROM ({}) r GROUP BY decision, unit ORDER BY decision, unit NULLS LAST",
)
OF_WAITING: Final = _sets(
    _WAITING,
    "SELECT case_id FROM ({}) r WHERE decision = :decision::text "
    "AND unit IS NOT DISTINCT FROM :unit::text",
)


ORDERS: Final = _statements(
    _ORDERED,
    "SELECT unit, level, count(*) AS open, count(*) FILTER (WHERE unanswered) AS unanswered, "
    "count(*) FILTER (WHERE overdue) AS overdue, count(DISTINCT case_id) AS open_cases, "
    "count(DISTINCT case_id) FILTER (WHERE unanswered) AS unanswered_cases, "
    "count(DISTINCT case_id) FILTER (WHERE overdue) AS overdue_cases "
    "FROM ({}) r GROUP BY unit, level ORDER BY unit, level",
)
OF_ORDERS: Final = _sets(
    _ORDERED,
    "SELECT case_id FROM ({}) r WHERE unit = :unit::text AND level = :level::text "
    "AND CASE :order_load::text WHEN 'OPEN' THEN true WHEN 'UNANSWERED' THEN unanswered "
    "ELSE overdue END",
)


async def ageing(connection: Connection, asked: Asked, by: AgeingBy) -> Sequence[AgeBand]:
    """How old open cases are; bands without any are left out. In the order of keys and bands."""
    rows = await AGEING[_key(asked)].rows(connection, _values(asked) | {"by": by})
    bands = [AgeBand(**row) for row in rows]
    return sorted(bands, key=lambda each: (each.key is None, each.key or "", each.band))


def cases_of_age(asked: Asked, by: AgeingBy, key: str | None, band: int) -> CaseSet:
    """The cases in a band."""
    values = _values(asked) | {"by": by, "key": key, "band": band}
    return CaseSet(OF_AGE[_key(asked)], values)


async def workload(connection: Connection, asked: Asked, by: WorkloadBy) -> Sequence[UnitLoad]:
    """Whose work the open cases are, in the order of units and positions."""
    rows = await WORKLOAD[_key(asked)].rows(connection, _values(asked) | {"by": by})
    return [UnitLoad(**row) for row in rows]


def cases_of_load(asked: Asked, by: WorkloadBy, of: UnitLoad, load: Load) -> CaseSet:
    """The cases that `workload` counts."""
    values = _values(asked) | {"by": by, "unit": of.unit, "post": of.position, "load": load}
    return CaseSet(OF_LOAD[_key(asked)], values)


async def waiting(connection: Connection, asked: Asked) -> Sequence[Waiting]:
    """Which decisions open cases wait for."""
    rows = await WAITING[_key(asked)].rows(connection, _values(asked))
    return [
        Waiting(DecisionKind(row["decision"]), row["unit"], row["cases"], row["oldest"])
        for row in rows
    ]


def cases_waiting(asked: Asked, of: Waiting) -> CaseSet:
    """The cases that `waiting` counts."""
    values = _values(asked) | {"decision": of.decision, "unit": of.unit}
    return CaseSet(OF_WAITING[_key(asked)], values)


async def open_orders(connection: Connection, asked: Asked) -> Sequence[OpenOrders]:
    """The supervision orders that nobody has released, in the order of units and levels."""
    rows = await ORDERS[_key(asked)].rows(connection, _values(asked))
    return [OpenOrders(**{**row, "level": OrderLevel(row["level"])}) for row in rows]


def cases_of_orders(asked: Asked, of: OpenOrders, load: OrderLoad) -> CaseSet:
    """The cases of the orders that `open_orders` counts."""
    values = _values(asked) | {"unit": of.unit, "level": of.level, "order_load": load}
    return CaseSet(OF_ORDERS[_key(asked)], values)


def _key(asked: Asked) -> Key:
    return asked.axis, way_of(asked.scope, asked.open_cases, asked.moment)


def _values(asked: Asked) -> dict[str, Any]:
    return state_values(asked, asked.open_cases) | {"soon": asked.at + SOON}
