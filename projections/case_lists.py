"""The statements that read lists of cases, now and as of a moment, assembled once.

A list is a page of rows `r`, whichever table they lie in:

- now: the table `cases`;
- in version order at a position: what `cases` holds since then, and what `case_history` says was
  so at that position;
- as it was at a time, as known now: the same by time;
- as it was at a time, as known at a position: also the states that had no end yet as known then,
  but have one now.

History is searched through its interval trees (projections/intervals.py): once for each node and
stage, or once for each node where the list is of one unit or area. Each search is an index scan
in the order of the list that stops when the page is full, and what does not match the moment is
seen in the index already. Where a text is sought, or the caller sees some cases only, those
candidates come first and lead to their rows.

A list of nearly all cases is found without history, in the order of what never changes of a case,
and the state of each is looked up. One in the order of updates is looked for among the newest
events first (projections/recent_cases.py).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from projections.case_rows import STATE_COLUMNS
from projections.sight import shown_as, visible
from projections.statement import Statement

COLUMNS: Final = ", ".join(STATE_COLUMNS)
ROW: Final = ", ".join(f"r.{name}" for name in STATE_COLUMNS)

# A state is as old as the event that made it; events that changed nothing may have followed.
_OF_NEWEST: Final = ("version", "position", "updated_at")
SHOWN: Final = ", ".join(
    f"newest.{name}" if name in _OF_NEWEST else f"r.{name}" for name in STATE_COLUMNS
)
"""A row `r` as it is shown, with what NEWEST finds."""


class Order(Enum):
    """Column that a list is ordered by, with its type; ties are broken by case_id."""

    REGISTERED_AT = ("registered_at", "timestamptz")
    UPDATED_AT = ("position", "bigint")
    CASE_NO = ("case_no", "text")


class Way(Enum):
    """How the rows of a list are found."""

    PLAIN = "as the planner sees fit"
    BY_STAGE = "by each stage that is named"
    BY_ANY_STAGE = "by each stage there is"
    BY_UNIT = "by unit"
    BY_AREA = "by area"
    BY_TEXT = "by text"
    BY_SCOPE = "by what the caller may see"
    BY_CASE = "case by case, in the order of the list"
    OUT_OF_ORDER = "those that an event wrote anew which became known late"


class Axis(Enum):
    """Which states a list shows."""

    NOW = "now"
    VERSION = "in version order"
    TIME = "as it was"
    TIME_THEN = "as it was, as known then"


_KNOWN_EVENT: Final = "e.stream_id = r.case_id AND e.position <= :position"
_NEWEST_EVENT: Final = """CROSS JOIN LATERAL (
    SELECT e.version, e.position, e.recorded_at AS updated_at FROM timeline_events e
    WHERE {} ORDER BY e.version DESC LIMIT 1
) newest"""
NEWEST: Final = {
    Axis.NOW: "JOIN case_newest newest USING (case_id)",
    Axis.VERSION: _NEWEST_EVENT.format(_KNOWN_EVENT),
    Axis.TIME: _NEWEST_EVENT.format(f"{_KNOWN_EVENT} AND e.occurred_at <= :time"),
    Axis.TIME_THEN: _NEWEST_EVENT.format(f"{_KNOWN_EVENT} AND e.occurred_at <= :time"),
}
"""The newest event of the case in row `r` at the moment; where there is none, it was not there."""

# An imported history has begun with whatever occurred in it first.
_BEGUN: Final = f"""(:regular::boolean OR r.source IS NULL OR EXISTS (
    SELECT FROM timeline_events e WHERE {_KNOWN_EVENT} AND e.occurred_at <= :time
))"""

# An absent part of a filter folds away when the statement is planned for its values. One value is
# compared by =, so that an index serves the order too; several by = ANY.
MATCHES: Final = """
    (:stage::text IS NULL OR r.stage = :stage)
    AND (:stages::text[] IS NULL OR r.stage = ANY(:stages))
    AND (:type_code::text IS NULL OR r.type_code = :type_code)
    AND (:type_codes::text[] IS NULL OR r.type_code = ANY(:type_codes))
    AND (:lead_unit::text IS NULL OR r.lead_unit = :lead_unit)
    AND (:lead_units::text[] IS NULL OR r.lead_unit = ANY(:lead_units))
    AND (:area::text IS NULL OR r.area = :area)
    AND (:areas::text[] IS NULL OR r.area = ANY(:areas))
    AND (:channels::text[] IS NULL OR r.channel = ANY(:channels))
    AND (:registered_from::timestamptz IS NULL OR r.registered_at >= :registered_from)
    AND (:registered_to::timestamptz IS NULL OR r.registered_at < :registered_to)
    AND (:source::text IS NULL OR r.source = :source)
    AND (:regular::boolean IS NOT TRUE OR r.source IS NULL)
    AND (:closed::boolean IS NULL OR (r.closed_at IS NOT NULL) = :closed)
    AND (:publications::text[] IS NULL OR r.publication_state = ANY(:publications))
    AND (:holds::text[] IS NULL OR r.hold = ANY(:holds))
    AND (:supervisions::text[] IS NULL OR r.supervision = ANY(:supervisions))
    AND (:late::boolean IS NULL OR :late = coalesce(
        coalesce(r.closed_at, :judged_at::timestamptz, now())
            > (r.details ->> 'due_at')::timestamptz,
        false
    ))
"""

WORDS: Final = "NOT EXISTS (SELECT FROM unnest(:words::text[]) AS w WHERE strpos(t.normal, w) = 0)"

_VISIBLE_NOW: Final = visible("r")
VISIBLE_THEN: Final = f"""(:every_case OR EXISTS (
    SELECT FROM cases c WHERE c.case_id = r.case_id AND {visible("c")}
))"""

_CANDIDATES: Final = {
    Way.BY_TEXT: f"""WITH candidates AS MATERIALIZED (
    SELECT case_id, text_key FROM case_texts t WHERE t.tokens @> :tokens::text[] AND {WORDS}
)""",  # noqa: S608 - constants
    Way.BY_SCOPE: f"""WITH candidates AS MATERIALIZED (
    SELECT case_id FROM cases WHERE {visible("cases")}
)""",  # noqa: S608 - constants
}
_JOINED: Final = {
    Way.BY_TEXT: "JOIN candidates USING (case_id, text_key)",
    Way.BY_SCOPE: "JOIN candidates USING (case_id)",
}

_EACH_STAGE: Final = "unnest(:each_stage::text[]) AS s(each_stage)"
_DRIVER: Final = {
    Way.BY_STAGE: "r.stage = s.each_stage",
    Way.BY_ANY_STAGE: "r.stage = s.each_stage",
    Way.BY_UNIT: "r.lead_unit = :lead_unit",
    Way.BY_AREA: "r.area = :area",
    Way.OUT_OF_ORDER: "r.seq > 0",
}

# What is known at a moment was registered no later: where the search in an index begins.
_BOUND: Final = "(:bound::timestamptz IS NULL OR r.registered_at <= :bound)"

_STILL_BY_TIME: Final = f"""r.in_order AND r.position <= :position AND r.latest_at <= :time
    AND {_BEGUN} AND {_BOUND}"""
_STILL: Final = {
    Axis.NOW: "true",
    Axis.VERSION: f"r.position <= :position AND {_BOUND}",
    Axis.TIME: _STILL_BY_TIME,
    Axis.TIME_THEN: _STILL_BY_TIME,
}
_KNOWN: Final = f"""r.by_time AND r.known_from <= :position AND :position < r.known_to
    AND {_BEGUN}"""
_NEWEST_THEN: Final = "r.by_version AND r.position <= :position AND :position < r.next_position"
_ENDS_LATER: Final = f"{_KNOWN} AND r.valid_from <= :time AND :time < r.valid_to"
_HAD_NO_END: Final = f"""{_KNOWN} AND r.valid_from <= :time AND r.valid_to <= :time
    AND :position < r.valid_to_since"""

_LEFT: Final = {
    Axis.NOW: (),
    Axis.VERSION: ((_NEWEST_THEN, "fork", "nodes"),),
    Axis.TIME: ((_ENDS_LATER, "time_fork", "time_nodes"),),
    Axis.TIME_THEN: ((_ENDS_LATER, "time_fork", "time_nodes"), (_HAD_NO_END, "fork", "nodes")),
}
"""States left since: condition, column of the tree, and parameter with its nodes."""


@dataclass(frozen=True)
class _Part:
    """How the rows of one table are taken: which page, as what row, joined with NEWEST or not."""

    page: str = ""
    row: str = ROW
    newest: str = ""


def _current(axis: Axis, way: Way, part: _Part) -> str:
    rest = f"{_STILL[axis]} AND {_VISIBLE_NOW} AND {MATCHES} {part.page}"
    if way is Way.BY_STAGE:
        return f"""SELECT {ROW} FROM {_EACH_STAGE} CROSS JOIN LATERAL (
        SELECT {part.row} FROM cases r {part.newest} WHERE r.stage = s.each_stage AND {rest}
    ) r"""  # noqa: S608 - constants
    joined = _JOINED.get(way, "")
    return f"SELECT {part.row} FROM cases r {joined} {part.newest} WHERE {rest}"  # noqa: S608


def _past(condition: str, fork: str, nodes: str, way: Way, part: _Part) -> str:
    rest = f"{condition} AND {_BOUND} AND {VISIBLE_THEN} AND {MATCHES} {part.page}"
    rows = f"SELECT {part.row} FROM case_history r"  # noqa: S608 - constants
    if way in _JOINED:
        return f"{rows} {_JOINED[way]} {part.newest} WHERE {rest}"
    each = f"CROSS JOIN {_EACH_STAGE}" if way in {Way.BY_STAGE, Way.BY_ANY_STAGE} else ""
    return f"""SELECT {ROW} FROM unnest(:{nodes}::bigint[]) AS n(node) {each}
    CROSS JOIN LATERAL (
        {rows} {part.newest} WHERE {_DRIVER[way]} AND r.{fork} = n.node AND {rest}
    ) r"""  # noqa: S608 - constants


def _rows(axis: Axis, way: Way, part: _Part) -> str:
    parts = [] if way is Way.OUT_OF_ORDER else [_current(axis, way, part)]
    parts += [_past(*left, way, part) for left in _LEFT[axis]]
    return " UNION ALL ".join(f"({part})" for part in parts)


def _list(axis: Axis, way: Way, order: Order, *, ascending: bool) -> Statement:
    column, kind = order.value
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    # Where the newest event is what is ordered by, it is needed to find the page; else only of
    # the rows that are on it.
    at_once = order is Order.UPDATED_AT
    place = f"newest.{column}" if at_once else f"r.{column}"
    page = f"""
    AND (:from_id::uuid IS NULL OR ({place}, r.case_id) {beyond} (:from_value::{kind}, :from_id))
    AND (:to_id::uuid IS NULL OR ({place}, r.case_id) {short} (:to_value::{kind}, :to_id))
    ORDER BY {place} {direction}, r.case_id {direction} LIMIT :limit"""
    part, row, newest = _Part(page), SHOWN, NEWEST[axis]
    if at_once:
        regular = "AND (:regular::boolean IS NOT TRUE OR newest.regular)"
        page = f"{regular} {page}" if axis is Axis.NOW else page
        part, row, newest = _Part(page, SHOWN, NEWEST[axis]), ROW, ""
    ordered = f"ORDER BY r.{column} {direction}, r.case_id {direction}"
    return Statement(f"""{_CANDIDATES.get(way, "")}
SELECT {row}, t.title, t.description, {shown_as("r.case_id")} AS shown_as
FROM (
    SELECT {ROW} FROM ({_rows(axis, way, part)}) r {ordered} LIMIT :limit
) r {newest} LEFT JOIN case_texts t USING (case_id, text_key)
{ordered}""")  # noqa: S608 - constants


_KNOWN_THEN: Final = f"""{_KNOWN} AND r.valid_from <= :time
    AND (:time < r.valid_to OR :position < r.valid_to_since)"""


def state_of(case_id: str, axis: Axis) -> str:
    """The state of one case at a past moment, if it has one."""
    left = _NEWEST_THEN if axis is Axis.VERSION else _KNOWN_THEN
    return f"""SELECT {ROW} FROM cases r WHERE r.case_id = {case_id} AND {_STILL[axis]}
    UNION ALL SELECT {ROW} FROM case_history r WHERE r.case_id = {case_id} AND {left}"""  # noqa: S608


def _case_by_case(axis: Axis, order: Order, *, ascending: bool) -> Statement:
    """Of all cases that were registered in a time."""
    column, kind = order.value
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    place = f"(c.{column}, c.case_id)"
    return Statement(f"""
SELECT {SHOWN}, t.title, t.description, {shown_as("r.case_id")} AS shown_as
FROM (
    SELECT r.* FROM cases c CROSS JOIN LATERAL ({state_of("c.case_id", axis)}) r
    WHERE c.source IS NULL AND {visible("c")}
        AND (:bound::timestamptz IS NULL OR c.registered_at <= :bound)
        AND (:registered_from::timestamptz IS NULL OR c.registered_at >= :registered_from)
        AND (:registered_to::timestamptz IS NULL OR c.registered_at < :registered_to)
        AND (:from_id::uuid IS NULL OR {place} {beyond} (:from_value::{kind}, :from_id))
        AND (:to_id::uuid IS NULL OR {place} {short} (:to_value::{kind}, :to_id))
    ORDER BY c.{column} {direction}, c.case_id {direction} LIMIT :limit
) r {NEWEST[axis]} LEFT JOIN case_texts t USING (case_id, text_key)
ORDER BY r.{column} {direction}, r.case_id {direction}""")  # noqa: S608 - constants


def states(axis: Axis, way: Way) -> str:
    """The states that match, as a SELECT of STATE_COLUMNS: for whoever counts them otherwise."""
    return f"{_CANDIDATES.get(way, '')} {_rows(axis, way, _Part())}"


def _count(axis: Axis, way: Way) -> Statement:
    return Statement(f"SELECT count(*) AS number FROM ({states(axis, way)}) r")  # noqa: S608


_WAYS_THEN: Final = (
    Way.BY_STAGE,
    Way.BY_ANY_STAGE,
    Way.BY_UNIT,
    Way.BY_AREA,
    Way.BY_TEXT,
    Way.BY_SCOPE,
)
WAYS: Final = {
    Axis.NOW: (Way.PLAIN, Way.BY_STAGE, Way.BY_TEXT),
    Axis.VERSION: _WAYS_THEN,
    Axis.TIME: _WAYS_THEN,
    Axis.TIME_THEN: _WAYS_THEN,
}
"""Which ways there are; `projections.cases` chooses."""

LISTS: Final = {
    (axis, way, order, ascending): _list(axis, way, order, ascending=ascending)
    for axis in Axis
    for way in WAYS[axis]
    for order in Order
    for ascending in (True, False)
} | {
    (axis, Way.BY_CASE, order, ascending): _case_by_case(axis, order, ascending=ascending)
    for axis in Axis
    for order in (Order.REGISTERED_AT, Order.CASE_NO)
    for ascending in (True, False)
    if axis is not Axis.NOW
}
COUNTS: Final = {(axis, way): _count(axis, way) for axis in Axis for way in WAYS[axis]}
