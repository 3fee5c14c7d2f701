"""How a state of a case lies in a row, in `cases` and in `case_history` alike."""

from typing import Any, Final

import asyncpg

from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState, Hold, PublicationState, ReturnState, Supervision
from domain.case.vocabulary import (
    Channel,
    Point,
    Precision,
    Relation,
    ResolutionOutcome,
    Urgency,
)
from projections.case_details import details_of
from projections.case_state import CaseState, Effect
from projections.texts import text_key

StateRow = dict[str, Any]
"""Column -> value."""

STATE_COLUMNS: Final[dict[str, str]] = {
    "case_id": "uuid",
    "version": "integer",
    "position": "bigint",
    "updated_at": "timestamptz",
    "stage": "text",
    "case_no": "text",
    "channel": "text",
    "registered_at": "timestamptz",
    "type_code": "text",
    "area": "text",
    "latitude": "float8",
    "longitude": "float8",
    "precision": "text",
    "urgency": "text",
    "lead_unit": "text",
    "co_units": "text[]",
    "cycle": "integer",
    "outcome": "text",
    "on_behalf": "boolean",
    "relation": "text",
    "reporter": "text",
    "accepted_at": "timestamptz",
    "closed_at": "timestamptz",
    "source": "text",
    "external_id": "text",
    "officer": "text",
    "officer_position": "text",
    "return_state": "text",
    "feedback_state": "text",
    "publication_state": "text",
    "confidential": "boolean",
    "emergency_until": "timestamptz",
    "merged_into": "uuid",
    "shared_with": "text[]",
    "supervision": "text",
    "hold": "text",
    "details": "jsonb",
    "text_key": "bigint",
}
"""Column -> type. Title and description lie in `case_texts` under (case_id, text_key)."""


def row_of(state: CaseState) -> StateRow:
    """The columns of a state, ready for JSON."""
    return {
        "case_id": state.case_id,
        "version": state.version,
        "position": state.position,
        "updated_at": state.updated_at,
        "stage": state.stage,
        "case_no": state.case_no,
        "channel": state.channel,
        "registered_at": state.registered_at,
        "type_code": state.type_code,
        "area": state.area,
        **_point_columns(state.point),
        "urgency": state.urgency,
        "lead_unit": state.lead_unit,
        "co_units": state.co_units,
        "cycle": state.cycle,
        "outcome": state.outcome,
        "on_behalf": state.on_behalf,
        "relation": state.relation,
        "reporter": state.reporter,
        "accepted_at": state.accepted_at,
        "closed_at": state.closed_at,
        "source": state.source,
        "external_id": state.external_id,
        "officer": state.officer,
        "officer_position": state.officer_position,
        "return_state": state.return_state,
        "feedback_state": state.feedback_state,
        "publication_state": state.publication_state,
        "confidential": state.confidential,
        "emergency_until": state.emergency_until,
        "merged_into": state.merged_into,
        "shared_with": state.shared_with,
        "supervision": state.supervision,
        "hold": state.hold,
        "details": state.details,
        "text_key": text_key(state.case_id, state.title, state.description),
    }


def row_after(row: StateRow, after: CaseState, changed: Effect) -> StateRow:
    """`row_of(after)`, from the row of the state before it and what was changed."""
    new = {
        **row,
        **changed,
        "version": after.version,
        "position": after.position,
        "updated_at": after.updated_at,
    }
    if "point" in changed:
        new.pop("point")
        new |= _point_columns(after.point)
    if "title" in changed or "description" in changed:
        new.pop("title", None)
        new.pop("description", None)
        new["text_key"] = text_key(after.case_id, after.title, after.description)
    return new


def _point_columns(point: Point | None) -> StateRow:
    return {
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "precision": point.precision if point else None,
    }


# Looking a member up here costs a third of calling the enumeration.
_STAGES: Final = {stage.value: stage for stage in Stage}
_CHANNELS: Final = {channel.value: channel for channel in Channel}
_RETURNS: Final = {state.value: state for state in ReturnState}
_FEEDBACKS: Final = {state.value: state for state in FeedbackState}
_PUBLICATIONS: Final = {state.value: state for state in PublicationState}
_HOLDS: Final = {hold.value: hold for hold in Hold}
_SUPERVISIONS: Final = {level.value: level for level in Supervision}
_URGENCIES: Final[dict[str | None, Urgency | None]] = {
    None: None,
    **{urgency.value: urgency for urgency in Urgency},
}


def state_of(row: asyncpg.Record) -> CaseState:
    """The state in a row that has STATE_COLUMNS, title and description."""
    return CaseState(
        case_id=row["case_id"],
        version=row["version"],
        position=row["position"],
        updated_at=row["updated_at"],
        stage=_STAGES[row["stage"]],
        case_no=row["case_no"],
        channel=_CHANNELS[row["channel"]],
        registered_at=row["registered_at"],
        type_code=row["type_code"],
        title=row["title"],
        description=row["description"],
        area=row["area"],
        point=_point(row),
        urgency=_URGENCIES[row["urgency"]],
        lead_unit=row["lead_unit"],
        co_units=tuple(row["co_units"]),
        cycle=row["cycle"],
        outcome=ResolutionOutcome(row["outcome"]) if row["outcome"] else None,
        on_behalf=row["on_behalf"],
        relation=Relation(row["relation"]) if row["relation"] else None,
        reporter=row["reporter"],
        accepted_at=row["accepted_at"],
        closed_at=row["closed_at"],
        source=row["source"],
        external_id=row["external_id"],
        officer=row["officer"],
        officer_position=row["officer_position"],
        return_state=_RETURNS[row["return_state"]],
        feedback_state=_FEEDBACKS[row["feedback_state"]],
        publication_state=_PUBLICATIONS[row["publication_state"]],
        confidential=row["confidential"],
        emergency_until=row["emergency_until"],
        merged_into=row["merged_into"],
        shared_with=tuple(row["shared_with"]),
        supervision=_SUPERVISIONS[row["supervision"]],
        hold=_HOLDS[row["hold"]],
        details=details_of(row["details"]),
    )


def _point(row: asyncpg.Record) -> Point | None:
    if row["latitude"] is None:
        return None
    return Point(row["latitude"], row["longitude"], Precision(row["precision"]))
