"""As what a caller is shown a case: from inside, as their own, or what is shared with their unit.

A case that is shared is cut to the parts that are, in every state of it: whatever is not shared is
as if nobody had ever said it. Deny by default: a field of a state that is in no part is not shown.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import asyncpg

from domain.case.vocabulary import CasePart
from projections.case_changes import FieldChange, camel_case
from projections.case_details import NONE, Details
from projections.case_rows import state_of
from projections.case_state import CaseState
from projections.holds import extensions_outside, suspensions_outside
from projections.outside import STATE_OUTSIDE
from projections.sight import OWN

WITHOUT_SAYING: Final = frozenset(
    {
        "case_id",
        "version",
        "position",
        "updated_at",
        "stage",
        "case_no",
        "channel",
        "registered_at",
        "type_code",
        "urgency",
        "cycle",
    }
)
"""What every unit is shown of a case that is shared with it."""

PARTS: Final[dict[CasePart, frozenset[str]]] = {
    CasePart.TEXT: frozenset({"title", "description"}),
    CasePart.LOCATION: frozenset({"area", "point"}),
    CasePart.HANDLING: frozenset(
        {"lead_unit", "co_units", "outcome", "accepted_at", "closed_at", "feedback_state"}
    ),
    # Events, which `projections.timeline_event` shows.
    CasePart.TIMELINE: frozenset(),
}
"""The fields of a state that each part is."""

OWN_STATE: Final = STATE_OUTSIDE | WITHOUT_SAYING | {"reporter", "merged_into"}
"""The fields of a state that its reporter is shown, beside the details."""

OWN_DETAILS: Final = frozenset(
    {
        "returns",
        "arbitrated",
        "fallback_unit",
        "verification_area",
        "field_verified",
        "open_steps",
        "referral",
        "first_contact_at",
        "information",
        "feedback",
        "appeals",
        "due_at",
        "tracking_number",
        "links",
        "absorbed",
        "suspensions",
        "extensions",
    }
)
"""The details that its reporter is shown; of what was asked, what was asked of them, and of
suspensions and extensions those that were approved, without who asked and decided."""


def shown_state(row: asyncpg.Record) -> CaseState:
    """The state in a row that has STATE_COLUMNS, title, description and `shown_as`."""
    state, shown_as = state_of(row), row["shown_as"]
    if shown_as is None:
        return state
    return as_own(state) if OWN in shown_as else as_shared(state, shown_as)


def as_own(state: CaseState) -> CaseState:
    """What its reporter is shown."""
    shown = {name: getattr(state, name) for name in OWN_STATE}
    details = state.details
    if details is not NONE:
        own = {name: getattr(details, name) for name in OWN_DETAILS}
        details = Details(**own | _of_reporter(details))
    return CaseState(**shown, details=details)


def as_shared(state: CaseState, parts: Collection[str]) -> CaseState:
    """What a unit is shown with which these parts are shared."""
    return CaseState(**{name: getattr(state, name) for name in _fields(parts)})


def changes_as_shared(
    changes: Iterable[FieldChange], parts: Collection[str]
) -> tuple[FieldChange, ...]:
    """What such a unit is shown of what an event changed."""
    shown = {camel_case(name) for name in _fields(parts)}
    return tuple(change for change in changes if change.field in shown)


def changes_shown(
    changes: Sequence[FieldChange], shown_as: Collection[str]
) -> Sequence[FieldChange]:
    """What somebody outside is shown of what differs between two states that they were shown."""
    return changes if OWN in shown_as else changes_as_shared(changes, shown_as)


def _fields(parts: Collection[str]) -> Sequence[str]:
    shared = (PARTS[CasePart(part)] for part in parts)
    return sorted(WITHOUT_SAYING.union(*shared))


def _of_reporter(details: Details) -> dict[str, object]:
    """The details that are cut for them."""
    return {
        "information": tuple(each for each in details.information if each.unit is None),
        "suspensions": suspensions_outside(details.suspensions),
        "extensions": extensions_outside(details.extensions),
    }
