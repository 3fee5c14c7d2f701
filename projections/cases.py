"""Reads of cases: one case, and filtered lists, as they are now or were at a moment.

Every function takes the caller's Scope; it is judged on the current row of the case.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg

from domain.case.lifecycle import Stage
from domain.case.regions import Hold, PublicationState, Supervision
from domain.case.vocabulary import Channel
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import Moment
from projections.case_lists import COUNTS, LISTS, NEWEST, ROW, SHOWN, Axis, Order, Way
from projections.case_state import CaseState
from projections.intervals import position_way, time_way
from projections.paging import Page, PageRequest, aware, cut, read_cursor, write_cursor
from projections.recent_cases import REACH, RECENT
from projections.shown import shown_state
from projections.sight import scope_values, shown_as, visible
from projections.statement import Statement
from projections.texts import text_query
from projections.view import Connection

SHOWN_AS: Final = f"{shown_as('r.case_id')} AS shown_as"

BY_IDS = Statement(f"""
SELECT {SHOWN}, t.title, t.description, {SHOWN_AS}
FROM cases r {NEWEST[Axis.NOW]} LEFT JOIN case_texts t USING (case_id, text_key)
WHERE r.case_id = ANY(:case_ids::uuid[]) AND {visible("r")}
""")  # noqa: S608 - constants

VISIBLE: Final = f"""
    SELECT case_id FROM cases
    WHERE case_id = ANY(:case_ids::uuid[]) AND {visible("cases")}
"""  # noqa: S608 - constants
"""Those of the cases that may be seen."""

BY_IDS_IN_VERSION_ORDER = Statement(f"""
WITH visible AS ({VISIBLE})
SELECT {SHOWN}, t.title, t.description, {SHOWN_AS}
FROM (
    SELECT {ROW} FROM visible JOIN cases r USING (case_id) WHERE r.position <= :position
    UNION ALL
    SELECT {ROW} FROM visible JOIN case_history r USING (case_id)
    WHERE r.by_version AND r.position <= :position AND :position < r.next_position
) r {NEWEST[Axis.VERSION]} LEFT JOIN case_texts t USING (case_id, text_key)
""")  # noqa: S608 - constants

BY_IDS_AS_IT_WAS = Statement(f"""
WITH visible AS ({VISIBLE})
SELECT {SHOWN}, t.title, t.description, {SHOWN_AS}
FROM (
    SELECT {ROW} FROM visible JOIN cases r USING (case_id)
    WHERE r.in_order AND r.position <= :position AND r.latest_at <= :time
    UNION ALL
    SELECT {ROW} FROM visible JOIN case_history r USING (case_id)
    WHERE r.by_time AND r.known_from <= :position AND :position < r.known_to
        AND r.valid_from <= :time AND (:time < r.valid_to OR :position < r.valid_to_since)
) r {NEWEST[Axis.TIME]} LEFT JOIN case_texts t USING (case_id, text_key)
""")  # noqa: S608 - constants

# Two imported histories may have names that read alike: the first one imported counts.
ID_OF = Statement(f"""
SELECT case_id FROM cases
WHERE case_no = :case_no AND {visible("cases")} AND source IS NULL
UNION ALL
(
    SELECT case_id FROM cases
    WHERE case_no = :case_no AND {visible("cases")} AND source IS NOT NULL
    ORDER BY position LIMIT 1
)
LIMIT 1
""")  # noqa: S608 - constants

Item = TypeVar("Item")


class OrderField(StrEnum):
    """What a list of cases is ordered by."""

    REGISTERED_AT = "REGISTERED_AT"
    UPDATED_AT = "UPDATED_AT"
    CASE_NO = "CASE_NO"


@dataclass(frozen=True)
class CaseOrder:
    """An order; ties are broken by case id."""

    field: OrderField = OrderField.REGISTERED_AT
    descending: bool = True


@dataclass(frozen=True)
class CaseFilter:
    """Which cases; every part that is given must hold, None means any.

    Collections: one of these. registered_from/registered_to: half open, on registered_at.
    text: each of its words, apart from case and width, must occur in title or description.
    closed: whether it has a time of closing. late: `case_state.is_late` at the moment of the list.
    source: only histories imported from that log. supervisions: only cases seen from inside.

    Imported histories are outside the lifecycle: without a source, or IMPORTED among the stages,
    they are left out.
    """

    stages: Collection[Stage] | None = None
    type_codes: Collection[str] | None = None
    lead_units: Collection[str] | None = None
    areas: Collection[str] | None = None
    channels: Collection[Channel] | None = None
    registered_from: datetime | None = None
    registered_to: datetime | None = None
    text: str | None = None
    source: str | None = None
    closed: bool | None = None
    late: bool | None = None
    publications: Collection[PublicationState] | None = None
    supervisions: Collection[Supervision] | None = None
    holds: Collection[Hold] | None = None

    @property
    def regular(self) -> bool:
        """Whether imported histories are left out."""
        return self.source is None and not (self.stages and Stage.IMPORTED in self.stages)


NO_FILTER: Final = CaseFilter()
_ABOUT_EVERY_SHARE: Final[dict[str, Any]] = {
    "stages": None,
    "type_codes": None,
    "channels": None,
    "registered_from": None,
    "registered_to": None,
}
"""Parts of a filter that ask about what goes without saying (`projections.shown`)."""

DEFAULT_ORDER: Final = CaseOrder()

_OF_MANY: Final = {Way.BY_STAGE, Way.BY_ANY_STAGE}
"""Ways to lists that may be long."""


async def case_by_id(
    connection: Connection, scope: Scope, case_id: UUID, moment: Moment | None = None
) -> CaseState | None:
    """The case, or None where it does not exist (yet, at that moment) or may not be seen."""
    return (await cases_by_ids(connection, scope, [case_id], moment)).get(case_id)


async def case_by_no(
    connection: Connection, scope: Scope, case_no: str, moment: Moment | None = None
) -> CaseState | None:
    """The case with this number (of imported histories: source/name, the first one imported)."""
    case_id = await case_id_of(connection, scope, case_no)
    return None if case_id is None else await case_by_id(connection, scope, case_id, moment)


async def case_id_of(connection: Connection, scope: Scope, case_no: str) -> UUID | None:
    """The id of the case with this number, if it may be seen."""
    values = {"case_no": case_no, **scope_values(scope)}
    row = await ID_OF.row(connection, values)
    return row["case_id"] if row else None


async def cases_by_ids(
    connection: Connection, scope: Scope, case_ids: Collection[UUID], moment: Moment | None = None
) -> dict[UUID, CaseState]:
    """Those of the cases that exist and may be seen, in one statement."""
    values: dict[str, Any] = {"case_ids": list(case_ids), **scope_values(scope)}
    statement = BY_IDS
    if moment is not None:
        values |= {"position": moment.position, "time": moment.occurred_at}
        was = moment.occurred_at is not None
        statement = BY_IDS_AS_IT_WAS if was else BY_IDS_IN_VERSION_ORDER
    return {row["case_id"]: shown_state(row) for row in await statement.rows(connection, values)}


async def list_cases(  # noqa: PLR0917 - who asks, what for, which page, when: read in that order
    connection: Connection,
    scope: Scope,
    criteria: CaseFilter,
    order: CaseOrder,
    page: PageRequest,
    moment: Moment | None = None,
) -> Page[CaseState]:
    """One page of the cases that match. Raises InvalidInput for a cursor of another list."""
    values = list_values(scope, criteria, moment)
    after, before = _place(order, page.after, "after"), _place(order, page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    values["from_value"], values["from_id"] = start
    values["to_value"], values["to_id"] = stop
    values["limit"] = page.limit + 1
    ascending = order.descending is page.backward
    axis, way = axis_of(moment), way_of(scope, criteria, moment)
    rows: list[asyncpg.Record] = []
    if order.field is OrderField.UPDATED_AT:
        # From the oldest update on, the first events are hardly the newest of their cases.
        beginning = ascending and start[1] is None
        if axis is not Axis.NOW and way in _OF_MANY and criteria.regular and not beginning:
            rows = await RECENT[axis, ascending].rows(connection, values | {"reach": REACH})
    elif _is_of_all(way, criteria):
        way = Way.BY_CASE
    if len(rows) <= page.limit:
        rows = await LISTS[axis, way, Order[order.field], ascending].rows(connection, values)
    return cut(page, rows, lambda row: _cursor(order, row)).map(shown_state)


async def count_cases(
    connection: Connection, scope: Scope, criteria: CaseFilter, moment: Moment | None = None
) -> int:
    """How many cases match."""
    statement = COUNTS[axis_of(moment), way_of(scope, criteria, moment)]
    row = await statement.row(connection, list_values(scope, criteria, moment))
    return row["number"] if row else 0


def match_values(criteria: CaseFilter, judged_at: datetime | None = None) -> dict[str, Any]:
    """The parameters of `case_lists.MATCHES` and `case_lists.WORDS`.

    judged_at: the time at which an open case is late or not; None: now.
    """
    query = text_query(criteria.text) if criteria.text is not None else None
    stage, stages = _one_or_many(criteria.stages)
    type_code, type_codes = _one_or_many(criteria.type_codes)
    lead_unit, lead_units = _one_or_many(criteria.lead_units)
    area, areas = _one_or_many(criteria.areas)
    return {
        "stage": stage,
        "stages": stages,
        "type_code": type_code,
        "type_codes": type_codes,
        "lead_unit": lead_unit,
        "lead_units": lead_units,
        "area": area,
        "areas": areas,
        "channels": _all_of(criteria.channels),
        "registered_from": criteria.registered_from,
        "registered_to": criteria.registered_to,
        "source": criteria.source,
        "regular": criteria.regular,
        "closed": criteria.closed,
        "late": criteria.late,
        "judged_at": judged_at,
        "publications": _all_of(criteria.publications),
        "supervisions": _all_of(criteria.supervisions),
        "holds": _all_of(criteria.holds),
        "words": list(query.words) if query else None,
        "tokens": list(query.tokens) if query else None,
    }


def list_scope_values(scope: Scope, criteria: CaseFilter) -> dict[str, Any]:
    """`scope_values` for a list: who asks about what a share may not show is shown no shares."""
    values = scope_values(scope)
    if replace(criteria, **_ABOUT_EVERY_SHARE) != NO_FILTER:
        values["shared_units"] = None
    if criteria.supervisions is not None:
        # Whose own case it is is not told; being listed would tell them.
        values |= {"own": None, "tracked": None}
    return values


def list_values(scope: Scope, criteria: CaseFilter, moment: Moment | None) -> dict[str, Any]:
    """The parameters of `case_lists.COUNTS` and of `case_lists.states`."""
    judged_at = None if moment is None else moment.occurred_at or moment.recorded_at
    values = match_values(criteria, judged_at) | list_scope_values(scope, criteria)
    values["each_stage"] = _each_stage(criteria)
    if moment is None:
        return values
    time = moment.occurred_at
    return values | {
        "position": moment.position,
        "time": time,
        "nodes": position_way(moment.position, moment.head),
        "time_nodes": None if time is None else time_way(time),
        "bound": moment.latest_registration if criteria.regular else None,
    }


def _each_stage(criteria: CaseFilter) -> list[Stage]:
    if criteria.source is not None:
        return [Stage.IMPORTED]
    if criteria.stages is not None:
        return list(dict.fromkeys(criteria.stages))
    return [stage for stage in Stage if stage is not Stage.IMPORTED]


def axis_of(moment: Moment | None) -> Axis:
    """Which states a moment means."""
    if moment is None:
        return Axis.NOW
    if moment.occurred_at is None:
        return Axis.VERSION
    return Axis.TIME_THEN if moment.position < moment.head else Axis.TIME


def way_of(scope: Scope, criteria: CaseFilter, moment: Moment | None) -> Way:
    """How the rows of such a list are found."""
    if criteria.text is not None:
        return Way.BY_TEXT
    if moment is None:
        # In the order of the list the few cases at active stages lie far apart among the closed.
        several = criteria.stages is not None and len(criteria.stages) > 1
        return Way.BY_STAGE if several else Way.PLAIN
    if not (scope.every_case or scope.every_open):
        return Way.BY_SCOPE
    if criteria.lead_units is not None and len(set(criteria.lead_units)) == 1:
        return Way.BY_UNIT
    if criteria.areas is not None and len(set(criteria.areas)) == 1:
        return Way.BY_AREA
    return Way.BY_ANY_STAGE if criteria.stages is None else Way.BY_STAGE


def _is_of_all(way: Way, criteria: CaseFilter) -> bool:
    """Whether all cases that were registered in a time are on a past list."""
    return way is Way.BY_ANY_STAGE and NO_FILTER == replace(
        criteria, registered_from=None, registered_to=None
    )


def _one_or_many(wanted: Collection[Item] | None) -> tuple[Item | None, list[Item] | None]:
    if wanted is None:
        return None, None
    distinct = list(dict.fromkeys(wanted))
    return (distinct[0], None) if len(distinct) == 1 else (None, distinct)


def _all_of(wanted: Collection[Item] | None) -> list[Item] | None:
    return None if wanted is None else list(wanted)


def _cursor(order: CaseOrder, row: asyncpg.Record) -> str:
    value = row[Order[order.field].value[0]]
    shown = value.isoformat() if isinstance(value, datetime) else value
    return write_cursor(_kind(order), shown, str(row["case_id"]))


def _place(
    order: CaseOrder, cursor: str | None, argument: str
) -> tuple[datetime | str | int | None, UUID | None]:
    """Where a cursor points: the value ordered by, and the case."""
    if cursor is None:
        return None, None
    is_position = order.field is OrderField.UPDATED_AT
    value, case_id = read_cursor(_kind(order), cursor, argument, [int if is_position else str, str])
    try:
        if order.field is OrderField.REGISTERED_AT:
            return aware(str(value)), UUID(str(case_id))
        return value, UUID(str(case_id))
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None


def _kind(order: CaseOrder) -> str:
    return f"{order.field}{'-' if order.descending else '+'}"
