"""What supervisors ask about: which cases, as of when; and the cases behind a figure.

They see what lies within the reach of their posts, from inside: neither what is shared with their
units nor what is their own counts in a figure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.case.lifecycle import ACTIVE, Stage
from domain.case.vocabulary import Channel
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import LAST_POSITION, Moment
from projections.case_lists import Axis
from projections.case_state import CaseState
from projections.cases import CaseFilter, axis_of, cases_by_ids, list_values
from projections.intervals import position_way
from projections.paging import Page, PageRequest, cut, read_cursor, write_cursor
from projections.sight import inside, scope_values
from projections.statement import Statement
from projections.view import Connection

OPEN_STAGES: Final = tuple(stage for stage in Stage if stage in ACTIVE)


@dataclass(frozen=True)
class Asked:
    """Whose figures, and as of when.

    at: the time at which a deadline is past or not. moment: None: now, at `at`.
    units, areas, type_codes: with all below them; None: any.
    """

    scope: Scope
    at: datetime
    moment: Moment | None = None
    units: Collection[str] | None = None
    areas: Collection[str] | None = None
    type_codes: Collection[str] | None = None
    channels: Collection[Channel] | None = None

    @property
    def axis(self) -> Axis:
        """Which states it is about."""
        return axis_of(self.moment)

    @property
    def open_cases(self) -> CaseFilter:
        """The cases that are open then."""
        return CaseFilter(
            stages=OPEN_STAGES,
            lead_units=self.units,
            areas=self.areas,
            type_codes=self.type_codes,
            channels=self.channels,
        )


PLACED: Final = """
    (:units::text[] IS NULL OR s.unit = ANY(:units))
    AND (:areas::text[] IS NULL OR s.area = ANY(:areas))
    AND (:type_codes::text[] IS NULL OR s.type_code = ANY(:type_codes))
    AND (:channels::text[] IS NULL OR s.channel = ANY(:channels))
"""
"""The condition that a row `s` of the view `control` is of the cases asked about."""

SEEN: Final = f"""(:every_case OR EXISTS (
    SELECT FROM cases c WHERE c.case_id = s.case_id AND {inside("c")}
))"""
"""The condition that the case of a row `s` is within reach, as it is now."""

SEEN_ONE_BY_ONE: Final = f"""(:every_case
    OR (SELECT {inside("c")} FROM cases c WHERE c.case_id = s.case_id))"""  # noqa: S608 - constants
"""The same, for few rows of many: each case is looked up by itself, and not all of them before."""

_FROM_OUTSIDE: Final = {"own": None, "tracked": None, "shared_units": None}


def control_values(asked: Asked) -> dict[str, Any]:
    """The parameters of PLACED, SEEN, and of a moment."""
    moment = asked.moment
    return scope_values(asked.scope) | {
        "units": _all_of(asked.units),
        "areas": _all_of(asked.areas),
        "type_codes": _all_of(asked.type_codes),
        "channels": _all_of(asked.channels),
        "at": asked.at,
        "position": LAST_POSITION if moment is None else moment.position,
        "time": None if moment is None else moment.occurred_at,
        "nodes": None if moment is None else position_way(moment.position, moment.head),
    }


def state_values(asked: Asked, criteria: CaseFilter) -> dict[str, Any]:
    """The parameters of `case_lists.states`, of cases that the caller sees from inside."""
    inward = replace(asked.scope, own=None, tracked=None)
    return list_values(inward, criteria, asked.moment) | _FROM_OUTSIDE | {"at": asked.at}


@dataclass(frozen=True)
class CaseSet:
    """The cases behind a figure. found: SELECT of case_id. Each case is in it once."""

    found: "CasePages"
    values: Mapping[str, Any]


class CasePages:
    """The statements that page through the cases of a SELECT, oldest id first."""

    def __init__(self, found: str) -> None:
        self.forwards = Statement(_page(found, ">", "<", "ASC"))
        self.backwards = Statement(_page(found, "<", ">", "DESC"))


def _page(found: str, beyond: str, short: str, direction: str) -> str:
    return f"""SELECT case_id FROM ({found}) found
WHERE (:from_id::uuid IS NULL OR case_id {beyond} :from_id)
    AND (:to_id::uuid IS NULL OR case_id {short} :to_id)
GROUP BY case_id ORDER BY case_id {direction} LIMIT :limit"""  # noqa: S608 - constants


_CURSOR: Final = "figure"


async def cases_in(
    connection: Connection, asked: Asked, cases: CaseSet, page: PageRequest
) -> Page[CaseState]:
    """One page of the cases behind a figure, as they are at its moment."""
    after, before = _place(page.after, "after"), _place(page.before, "before")
    start, stop = (before, after) if page.backward else (after, before)
    statement = cases.found.backwards if page.backward else cases.found.forwards
    values = {**cases.values, "from_id": start, "to_id": stop, "limit": page.limit + 1}
    rows = await statement.rows(connection, values)
    found = cut(page, [row["case_id"] for row in rows], _cursor)
    states = await cases_by_ids(connection, asked.scope, found.rows, asked.moment)
    there = [
        (states[case_id], cursor)
        for case_id, cursor in zip(found.rows, found.cursors, strict=True)
        if case_id in states
    ]
    return Page(
        [state for state, _ in there],
        [cursor for _, cursor in there],
        found.has_next,
        found.has_previous,
    )


def _cursor(case_id: UUID) -> str:
    return write_cursor(_CURSOR, str(case_id))


def _place(cursor: str | None, argument: str) -> UUID | None:
    if cursor is None:
        return None
    (case_id,) = read_cursor(_CURSOR, cursor, argument, [str])
    try:
        return UUID(str(case_id))
    except ValueError:
        raise InvalidInput([argument], "not a cursor of this list in this order") from None


def _all_of(wanted: Collection[str] | None) -> list[str] | None:
    return None if wanted is None else list(wanted)
