"""Slow answers, by folding events: what the views are held against."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.case.state import CaseOpened
from domain.reach import Place, Range
from domain.recorded import RecordedEvent
from domain.scope import Scope
from domain.vocabulary import Confidentiality
from projections.case_state import CaseState, evolve
from projections.cases import CaseFilter
from projections.shown import as_own, as_shared
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


def sees(scope: Scope, now: CaseState) -> bool:
    """Whether they see the whole of it. now: the newest state, whatever moment is asked for."""
    own = scope.own is not None and now.reporter == scope.own
    return own or is_inside(scope, now)


def is_inside(scope: Scope, now: CaseState) -> bool:
    place = Place(now.lead_unit, now.co_units, now.area)
    within = {
        Confidentiality.NORMAL: Range(scope.every_open, scope.units, scope.areas).holds(place),
        Confidentiality.RESTRICTED: scope.restricted.holds(place),
        Confidentiality.CONFIDENTIAL: scope.confidential.holds(place.as_led()),
    }
    return scope.every_case or within[now.details.confidentiality]


def shared_parts(scope: Scope, now: CaseState) -> set[str] | None:
    """The parts that are shared with their units; None: it is shared with none of them."""
    shares = [share for share in now.details.shares if share.unit in scope.units]
    return {part for share in shares for part in share.parts} if shares else None


def shown(scope: Scope, now: CaseState, state: CaseState) -> CaseState | None:
    """What they are shown of a state, whatever they look for; None: nothing."""
    if scope.internal and is_inside(scope, now):
        return state
    if sees(scope, now):
        return as_own(state)
    parts = shared_parts(scope, now)
    return None if parts is None else as_shared(state, parts)


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
