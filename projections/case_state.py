"""The state of a case as people see it: a pure fold over its recorded events."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.closing import CaseClosed
from domain.case.cohandling import CoHandlingRequested
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.contact import ContactAttempted
from domain.case.evidence import EvidenceAdded
from domain.case.excluding import MetricExclusionApproved, MetricExclusionRevoked
from domain.case.feedback import FeedbackLapsed, FeedbackReceived, FeedbackRequested
from domain.case.handling import NoteAdded, ProgressRecorded
from domain.case.imported import (
    ActivityRecorded,
    HistoryClosed,
    HistoryEnded,
    HistoryImported,
    RecordImported,
)
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.lifecycle import ENDS, Stage
from domain.case.merging import CaseMergedInto, MergeReversed, SurvivorEnded, SurvivorResumed
from domain.case.orders import OrderEvent
from domain.case.outcome import ResolutionSubmitted
from domain.case.publication import (
    PublicationApproved,
    PublicationProposed,
    PublicationRefused,
    PublicationWithdrawn,
)
from domain.case.regions import FeedbackState, Hold, PublicationState, ReturnState, Supervision
from domain.case.reopening import CaseReopened
from domain.case.repeats import RepetitionEscalated
from domain.case.reporters import ReporterAttached
from domain.case.routing import RoutingDecided
from domain.case.sharing import CaseShared, ShareEnded, ShareExpired, ShareRevoked
from domain.case.state import CaseEvent, CaseOpened
from domain.case.urging import CaseUrged
from domain.case.vocabulary import Channel, Point, Relation, ResolutionOutcome, Urgency
from domain.recorded import RecordedEvent
from domain.vocabulary import Confidentiality
from projections import passage
from projections.case_details import DETAIL_EFFECTS, NONE, Details, at_stage, timed
from projections.handling import ended, without_co_requests
from projections.holds import hold_of
from projections.pending_decisions import pending_after
from projections.supervision import ORDER_EFFECTS, region_of


class CaseState(msgspec.Struct, frozen=True):
    """Everything GraphQL shows of a case, now or at a past moment.

    A Struct, not a dataclass: replacing a field of one with so many costs a tenth.

    version, position: of the newest event in this state; of a state in the order of occurrence
        the highest among the events folded, so that two such states may share a version.
    updated_at: recorded time of the event at `position`.
    registered_at, accepted_at, closed_at: times of occurrence. Reopening is no acceptance; it
        empties closed_at, as it does lead_unit, co_units and outcome.
    urgency, reporter: None for imported histories; source, external_id: only for them.
    reporter: the principal who registered the case; None where nobody had signed in.
    officer, officer_position: who handles it for the lead unit, and in which post.
    emergency_until: when a declared emergency expires. merged_into: the case that absorbed it.
    shared_with: the units with an active share, in order. supervision: of the open orders.
    hold: whether it rests.
    """

    case_id: UUID
    version: int
    position: int
    updated_at: datetime
    stage: Stage
    case_no: str
    channel: Channel
    registered_at: datetime
    type_code: str | None = None
    title: str | None = None
    description: str | None = None
    area: str | None = None
    point: Point | None = None
    urgency: Urgency | None = None
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    cycle: int = 1
    outcome: ResolutionOutcome | None = None
    on_behalf: bool = False
    relation: Relation | None = None
    reporter: str | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    source: str | None = None
    external_id: str | None = None
    officer: str | None = None
    officer_position: str | None = None
    return_state: ReturnState = ReturnState.NONE
    feedback_state: FeedbackState = FeedbackState.NONE
    publication_state: PublicationState = PublicationState.PRIVATE
    confidential: bool = False
    emergency_until: datetime | None = None
    merged_into: UUID | None = None
    shared_with: tuple[str, ...] = ()
    supervision: Supervision = Supervision.NONE
    hold: Hold = Hold.NONE
    details: Details = NONE


Effect = dict[str, Any]
"""Field of CaseState -> value: what an event sets."""


replace: Final = msgspec.structs.replace
"""A state with some fields replaced."""


class NotACase(Exception):
    """A stream of a case begins with another event than one that opens a case."""


def is_of_case(event: AggregateEvent) -> bool:
    """Whether an event belongs to the stream of a case."""
    return isinstance(event, CaseEvent | CaseOpened)


def is_quiet(event: AggregateEvent) -> bool:
    """Whether an event leaves everything but version, position and updated_at as it was.

    Most events do. They write no state: whoever reads one finds these three in the newest event.
    """
    return _is_quiet(type(event))


@cache
def _is_quiet(kind: type[AggregateEvent]) -> bool:
    return issubclass(kind, _QUIET) and not issubclass(kind, HistoryClosed)


_QUIET: Final = (
    ActivityRecorded,
    ContactAttempted,
    EvidenceAdded,
    MetricExclusionApproved,
    MetricExclusionRevoked,
    NoteAdded,
    ProgressRecorded,
    ReporterAttached,
    SurvivorEnded,
    SurvivorResumed,
    RepetitionEscalated,
    RoutingDecided,
    CaseUrged,
)


def evolve(state: CaseState | None, recorded: RecordedEvent) -> CaseState:
    """The state after one more event. Pure; the first event must open the stream of a case.

    The events may come in version order or, for a state as it was, in the order of occurrence.
    """
    if state is None:
        return opened(recorded)
    return advance(state, recorded, effect_on(state, recorded.event))


def advance(state: CaseState, recorded: RecordedEvent, changed: Effect) -> CaseState:
    """The state after an event with this effect."""
    if recorded.version < state.version:
        return replace(state, **changed)
    return replace(
        state,
        version=recorded.version,
        position=recorded.position,
        updated_at=recorded.recorded_at,
        **changed,
    )


def effect_on(state: CaseState, event: AggregateEvent) -> Effect:
    """What `event` sets in this state, beside version, position and updated_at."""
    changed = effect(event)
    details = state.details
    detailed = DETAIL_EFFECTS.get(type(event))
    if detailed is not None:
        details = detailed(details, event)
    if "lead_unit" in changed:
        details = without_co_requests(details)
    if changed.get("stage") in ENDS:
        details = ended(details)
    if "stage" in changed:
        details = at_stage(details, changed["stage"], event.timestamp)
    pending = pending_after(details.pending_decisions, event)
    if pending is not details.pending_decisions:
        details = msgspec.structs.replace(details, pending_decisions=pending)
    if isinstance(event, CaseEvent):
        details = timed(details, event)
    if details is not state.details:
        changed["details"] = details
    if details.suspensions is not state.details.suspensions:
        changed["hold"] = hold_of(details.suspensions)
    among = _AMONG.get(type(event))
    if among is not None:
        changed.update(among(state, details, event))
    return changed


def effect(event: AggregateEvent) -> Effect:
    """What `event` sets in any state: `effect_on` without the details."""
    changed: Effect = {}
    if isinstance(event, CaseEvent) and event.STAGE is not None:
        changed["stage"] = event.STAGE
    special = _EFFECTS.get(type(event))
    if special is not None:
        changed.update(special(event))
    return changed


def _helping(state: CaseState, _: Details, event: CoHandlingRequested) -> Effect:
    return {"co_units": tuple(dict.fromkeys((*state.co_units, event.unit)))}


def _shares(_state: CaseState, details: Details, _event: CaseShared | ShareEnded) -> Effect:
    return {"shared_with": tuple(sorted(share.unit for share in details.shares))}


def _supervised(_state: CaseState, details: Details, _event: OrderEvent) -> Effect:
    return {"supervision": region_of(details.orders)}


_AMONG: Final[dict[type[AggregateEvent], Callable[[CaseState, Details, Any], Effect]]] = {
    CoHandlingRequested: _helping,
    CaseShared: _shares,
    ShareRevoked: _shares,
    ShareExpired: _shares,
    **dict.fromkeys(ORDER_EFFECTS, _supervised),
}
"""Events whose effect depends on what was there before: (state, details after, event)."""


def opened(recorded: RecordedEvent) -> CaseState:
    """The state after the event that opens a case."""
    event = recorded.event
    match event:
        case CaseRegistered():
            return CaseState(
                case_id=recorded.stream_id,
                version=recorded.version,
                position=recorded.position,
                updated_at=recorded.recorded_at,
                stage=Stage.REGISTERED,
                case_no=event.case_no,
                channel=event.channel,
                registered_at=utc(event.timestamp),
                type_code=event.type_code,
                title=event.title,
                description=event.description,
                area=event.area,
                point=event.point,
                urgency=event.urgency,
                on_behalf=event.on_behalf,
                relation=event.relation,
                reporter=event.reporter,
            )
        case RecordImported():
            return CaseState(
                case_id=recorded.stream_id,
                version=recorded.version,
                position=recorded.position,
                updated_at=recorded.recorded_at,
                stage=Stage.IMPORTED,
                case_no=f"{event.source}/{event.external_id}",
                channel=event.channel,
                registered_at=utc(event.timestamp),
                type_code=event.type_code,
                title=event.title,
                area=event.area,
                point=event.point,
                source=event.source,
                external_id=event.external_id,
                publication_state=(
                    PublicationState.PUBLIC if event.public else PublicationState.PRIVATE
                ),
                details=Details(due_at=event.due_at, clocks=event.sets_clocks()),
            )
        case HistoryImported():
            return CaseState(
                case_id=recorded.stream_id,
                version=recorded.version,
                position=recorded.position,
                updated_at=recorded.recorded_at,
                stage=Stage.IMPORTED,
                case_no=f"{event.source}/{event.external_id}",
                channel=Channel.IMPORT,
                registered_at=utc(event.timestamp),
                source=event.source,
                external_id=event.external_id,
            )
        case _:
            raise NotACase(recorded.topic)


def _accepted(event: CaseAccepted) -> Effect:
    return {"accepted_at": utc(event.timestamp)}


def _resolved(event: ResolutionSubmitted) -> Effect:
    return {"outcome": event.outcome}


def _closed(event: CaseClosed | HistoryClosed | HistoryEnded) -> Effect:
    return {"closed_at": utc(event.timestamp)}


def _reopened(event: CaseReopened) -> Effect:
    # The case is dispatched anew: until then nobody leads it, and nothing is resolved.
    return {
        **passage.RELEASED,
        "cycle": event.cycle,
        "outcome": None,
        "closed_at": None,
        "feedback_state": FeedbackState.NONE,
    }


def _publication(reached: PublicationState) -> Callable[[AggregateEvent], Effect]:
    return lambda _: {"publication_state": reached}


def _confidential(event: ConfidentialityChanged) -> Effect:
    return {"confidential": event.level is not Confidentiality.NORMAL}


def _answered(event: FeedbackReceived) -> Effect:
    # Whoever was not reached stays asked.
    return {"feedback_state": FeedbackState.ANSWERED} if event.contacted else {}


def _feedback(reached: FeedbackState) -> Callable[[AggregateEvent], Effect]:
    return lambda _: {"feedback_state": reached}


def _merged(event: CaseMergedInto) -> Effect:
    return {"merged_into": event.survivor}


def _unmerged(event: MergeReversed) -> Effect:
    return {"stage": event.stage, "merged_into": None}


_EFFECTS: Final[dict[type[AggregateEvent], Callable[[Any], Effect]]] = {
    CaseAccepted: _accepted,
    **passage.STATE_EFFECTS,
    ResolutionSubmitted: _resolved,
    FeedbackRequested: _feedback(FeedbackState.ASKED),
    FeedbackReceived: _answered,
    FeedbackLapsed: _feedback(FeedbackState.LAPSED),
    PublicationProposed: _publication(PublicationState.PROPOSED),
    PublicationApproved: _publication(PublicationState.PUBLIC),
    PublicationRefused: _publication(PublicationState.PRIVATE),
    PublicationWithdrawn: _publication(PublicationState.WITHDRAWN),
    CaseClosed: _closed,
    HistoryClosed: _closed,
    HistoryEnded: _closed,
    CaseReopened: _reopened,
    ConfidentialityChanged: _confidential,
    CaseMergedInto: _merged,
    MergeReversed: _unmerged,
}
"""Events that set more than the stage; one that is not here sets its STAGE at most."""


def is_late(state: CaseState, at: datetime) -> bool:
    """Whether it was closed after it was due, or is open and due before `at`."""
    due = state.details.due_at
    return due is not None and (state.closed_at or at) > due


def linked_cases(state: CaseState) -> frozenset[UUID]:
    """The cases that a state has to do with, or that go on in it."""
    linked = {link.other_case for link in state.details.links}
    return frozenset(linked.union(each.other_case for each in state.details.absorbed))


def without_cases(state: CaseState, hidden: Collection[UUID]) -> CaseState:
    """The state as it would be without anything to do with those cases."""
    details = state.details
    links = tuple(each for each in details.links if each.other_case not in hidden)
    absorbed = tuple(each for each in details.absorbed if each.other_case not in hidden)
    return replace(state, details=replace(details, links=links, absorbed=absorbed))


def utc(time: datetime) -> datetime:
    """A time as it is told, in UTC."""
    return time if time.tzinfo is UTC else time.astimezone(UTC)
