"""Reads of cases: one case, and filtered lists, as they are now or were at a moment.

Every function takes the caller's Scope; it is judged on the current row of the case.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.vocabulary import Channel
from domain.scope import Scope
from projections.as_of import Moment
from projections.case_state import CaseState, FieldChange
from projections.paging import Page, PageRequest
from projections.view import Connection


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
    source: only histories imported from that log.

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


NO_FILTER = CaseFilter()
DEFAULT_ORDER = CaseOrder()


async def case_by_id(
    connection: Connection, scope: Scope, case_id: UUID, moment: Moment | None = None
) -> CaseState | None:
    """The case, or None where it does not exist (yet, at that moment) or may not be seen."""
    raise NotImplementedError


async def case_by_no(
    connection: Connection, scope: Scope, case_no: str, moment: Moment | None = None
) -> CaseState | None:
    """The case with this number (of imported histories: source/name, the first one imported)."""
    raise NotImplementedError


async def cases_by_ids(
    connection: Connection, scope: Scope, case_ids: Collection[UUID], moment: Moment | None = None
) -> dict[UUID, CaseState]:
    """Those of the cases that exist and may be seen, in one statement."""
    raise NotImplementedError


async def list_cases(
    connection: Connection,
    scope: Scope,
    criteria: CaseFilter,
    order: CaseOrder,
    page: PageRequest,
    moment: Moment | None = None,
) -> Page[CaseState]:
    """One page of the cases that match. Raises InvalidInput for a cursor of another list."""
    raise NotImplementedError


async def count_cases(
    connection: Connection, scope: Scope, criteria: CaseFilter, moment: Moment | None = None
) -> int:
    """How many cases match."""
    raise NotImplementedError


async def changes_between(
    connection: Connection, scope: Scope, case_id: UUID, from_version: int, to_version: int
) -> list[FieldChange]:
    """What differs between two versions of a case (0: before it existed).

    Raises InvalidInput for a version the case has not got; a case that may not be seen has none.
    """
    raise NotImplementedError


async def case_id_of(connection: Connection, scope: Scope, case_no: str) -> UUID | None:
    """The id of the case with this number, if it may be seen."""
    raise NotImplementedError
