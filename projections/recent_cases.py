"""Past lists in the order of updates, looked for among the events that were the newest then.

There a page is found at once, unless few cases match; then the search through history has few rows
to look up the newest event of (`projections.case_lists`).

As of a position the newest events are those before it. As it was at a time, they were recorded
before it or soon after; those recorded later are few, and lie in an index of their own.
"""

from typing import Final

from projections.case_lists import MATCHES, SHOWN, VISIBLE_THEN, Axis, state_of
from projections.sight import shown_as
from projections.statement import Statement

REACH: Final = 1000
"""Events that are looked through: some 10 ms at most."""

_SOON: Final = "interval '1 hour'"

# The condition of the index, word for word. Imported activities are never on such a list.
_LATE: Final = f"""e.recorded_at - e.occurred_at > {_SOON}
        AND e.topic <> 'case.activity_recorded'"""

# Positions have no gap and follow the times of recording: which one was reached by then is found
# by halves.
_RECORDED_SOON: Final = f"""WITH RECURSIVE halves (low, high) AS (
    SELECT 0::bigint, :position::bigint
    UNION ALL
    SELECT CASE WHEN soon THEN middle ELSE low END, CASE WHEN soon THEN high ELSE middle - 1 END
    FROM halves CROSS JOIN LATERAL (
        SELECT position AS middle, recorded_at <= :time::timestamptz + {_SOON} AS soon
        FROM timeline_events WHERE position = (low + high + 1) / 2
    ) half
    WHERE low < high
)"""  # noqa: S608 - constants
_THEN: Final = "(SELECT low FROM halves WHERE low = high)"

_LATER_VERSION: Final = {
    Axis.VERSION: "e.version = newest.version + 1 AND e.position <= :position",
    Axis.TIME: "e.version > newest.version AND e.position <= :position AND e.occurred_at <= :time",
}


def _events(axis: Axis, page: str) -> str:
    """What was known, and had occurred, at the moment, in the order of `page`."""
    events = f"""SELECT e.stream_id, e.version, e.position, e.recorded_at AS updated_at
    FROM timeline_events e WHERE e.of_case AND e.position <= :position {{}} {page}"""  # noqa: S608
    if axis is Axis.VERSION:
        return events.format("")
    soon = events.format(f"AND e.position <= {_THEN} AND e.occurred_at <= :time")
    late = events.format(f"AND e.position > {_THEN} AND e.occurred_at <= :time AND {_LATE}")
    return f"({soon}) UNION ALL ({late})"


def _recent(axis: Axis, *, ascending: bool) -> Statement:
    """The cases whose newest event at the moment is one of so many next to it."""
    beyond, short, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    place = "(e.position, e.stream_id)"
    page = f"""
        AND (:from_id::uuid IS NULL OR {place} {beyond} (:from_value::bigint, :from_id))
        AND (:to_id::uuid IS NULL OR {place} {short} (:to_value::bigint, :to_id))
    ORDER BY e.position {direction}"""
    return Statement(f"""{"" if axis is Axis.VERSION else _RECORDED_SOON}
SELECT {SHOWN}, t.title, t.description, {shown_as("r.case_id")} AS shown_as
FROM (
    SELECT * FROM ({_events(axis, page)}) e ORDER BY e.position {direction} LIMIT :reach
) newest
CROSS JOIN LATERAL ({state_of("newest.stream_id", axis)}) r
LEFT JOIN case_texts t USING (case_id, text_key)
WHERE NOT EXISTS (
    SELECT FROM timeline_events e
    WHERE e.stream_id = newest.stream_id AND {_LATER_VERSION[axis]}
) AND {VISIBLE_THEN} AND {MATCHES}
ORDER BY newest.position {direction} LIMIT :limit""")  # noqa: S608 - constants


_READ_ALIKE: Final = {
    Axis.VERSION: Axis.VERSION,
    Axis.TIME: Axis.TIME,
    Axis.TIME_THEN: Axis.TIME,
}
RECENT: Final = {
    (axis, ascending): _recent(alike, ascending=ascending)
    for axis, alike in _READ_ALIKE.items()
    for ascending in (True, False)
}
"""By axis, and whether from the oldest update on."""
