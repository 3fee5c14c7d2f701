"""Slow answers, by folding events: what the views are held against."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.case.state import CaseOpened
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_state import CaseState, evolve
from projections.cases import CaseFilter
from projections.texts import normalised, text_query


def state_at(
    events: Sequence[RecordedEvent], position: int, time: datetime | None
) -> CaseState | None:
    """The state of one case as known at a position and, with a time, as it was then."""
    known = [event for event in events if event.position <= position]
    if time is not None and known:
        began = min(event.occurred_at for event in known)
        opening = [e for e in known if isinstance(e.event, CaseOpened) and began <= time]
        others = [e for e in known if not isinstance(e.event, CaseOpened) and e.occurred_at <= time]
        known = opening + sorted(others, key=lambda e: (e.occurred_at, e.version))
    state: CaseState | None = None
    for event in known:
        state = evolve(state, event)
    return state


def states_at(
    events: Sequence[RecordedEvent], position: int, time: datetime | None
) -> dict[UUID, CaseState]:
    """The states of all cases that there were."""
    streams: dict[UUID, list[RecordedEvent]] = {}
    for event in events:
        streams.setdefault(event.stream_id, []).append(event)
    found = {stream_id: state_at(stream, position, time) for stream_id, stream in streams.items()}
    return {stream_id: state for stream_id, state in found.items() if state is not None}


def sees(scope: Scope, state: CaseState) -> bool:
    """state: the newest one, whatever moment is asked for."""
    own = scope.own is not None and state.reporter == scope.own
    return own or is_inside(scope, state)


def is_inside(scope: Scope, state: CaseState) -> bool:
    units = {state.lead_unit, *state.co_units}
    return scope.every_case or bool(units & scope.units) or state.area in scope.areas


def matches(wanted: CaseFilter, state: CaseState) -> bool:
    pairs = (
        (wanted.stages, state.stage),
        (wanted.type_codes, state.type_code),
        (wanted.lead_units, state.lead_unit),
        (wanted.areas, state.area),
        (wanted.channels, state.channel),
    )
    normal = normalised(state.title, state.description)
    return (
        all(several is None or value in several for several, value in pairs)
        and (wanted.source is None or state.source == wanted.source)
        and (state.source is None or not wanted.regular)
        and (wanted.registered_from is None or state.registered_at >= wanted.registered_from)
        and (wanted.registered_to is None or state.registered_at < wanted.registered_to)
        and (wanted.text is None or all(w in normal for w in text_query(wanted.text).words))
    )
