"""Recorded events for tests of folds: what the journal would hand to a view."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.domain import AggregateCreated, AggregateEvent
from hypothesis import strategies as st

from domain.case.appeals import AppealFiled
from domain.case.closing import CaseClosed
from domain.case.cohandling import CoHandlingReplied, CoHandlingRequested
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.correction import CaseDetailCorrected
from domain.case.feedback import FeedbackReceived
from domain.case.handling import NoteAdded, ProgressRecorded
from domain.case.imported import (
    ActivityRecorded,
    HistoryClosed,
    HistoryImported,
    RecordImported,
)
from domain.case.information import InformationReceived, InformationRequested
from domain.case.intake import CaseAccepted, CaseRegistered, CaseWithdrawn
from domain.case.lifecycle import Stage
from domain.case.outcome import ResolutionSubmitted
from domain.case.reopening import CaseReopened
from domain.case.routing import CaseDispatched, CaseSignedFor
from domain.case.sharing import CaseShared, ShareRevoked
from domain.case.vocabulary import (
    Attribute,
    Audience,
    CasePart,
    Channel,
    Detail,
    Point,
    ResolutionOutcome,
    Urgency,
)
from domain.identity import Actor, ActorKind, Authority
from domain.recorded import RecordedEvent
from domain.vocabulary import Confidentiality
from tests.projections.holds_said import HOLDS
from tests.projections.orders_said import ORDERS
from tests.projections.passage_said import PASSAGE

CASE = UUID("0190a000-0000-7000-8000-000000000001")
OTHER = UUID("0190a000-0000-7000-8000-000000000002")
BEGAN = datetime(2024, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICER = Actor("officer", ActorKind.PERSON, unit="environment")

Said = tuple[type[AggregateEvent], dict[str, Any]]
"""An event class and its own fields."""


def hour(number: float) -> datetime:
    return BEGAN + number * HOUR


def recorded(
    said: Said,
    *,
    version: int,
    position: int,
    occurred_at: datetime,
    stream_id: UUID = CASE,
    actor: Actor = OFFICER,
) -> RecordedEvent:
    kind, fields = said
    place: dict[str, Any] = {
        "originator_id": stream_id,
        "originator_version": version,
        "timestamp": occurred_at,
    }
    if issubclass(kind, AggregateCreated):
        place["originator_topic"] = "case"
    command_id = uuid5(stream_id, f"command {version}")
    return RecordedEvent(
        event=kind(**place, **fields),
        event_id=uuid5(stream_id, f"event {version}"),
        position=position,
        stream_id=stream_id,
        version=version,
        topic=kind.TOPIC,  # type: ignore[attr-defined]  # every stored event has one
        occurred_at=occurred_at,
        recorded_at=datetime(2024, 6, 1, tzinfo=UTC) + timedelta(seconds=position),
        actor=actor,
        authority=Authority("anything", 1),
        channel=None,
        reason="because",
        command_id=command_id,
        causation_id=None,
        correlation_id=command_id,
    )


def registered(case_no: str = "20240301-0000001H", **said: object) -> Said:
    usual: dict[str, Any] = {
        "case_no": case_no,
        "channel": Channel.HOTLINE,
        "type_code": "noise",
        "title": "Noise at night",
        "description": "一家作坊夜里两点还在施工",
        "area": "grid-7",
        "point": Point(39.9, 116.4),
        "urgency": Urgency.NORMAL,
        "on_behalf": False,
        "relation": None,
        "reporter": "resident",
        "catalogue_version": None,
        "fields": None,
    }
    return CaseRegistered, {**usual, **said}


def imported(source: str = "log", external_id: str = "case-1") -> Said:
    return HistoryImported, {"source": source, "external_id": external_id, "attributes": ()}


def record(source: str = "log", external_id: str = "case-1", **said: Any) -> Said:
    """A history of which more is said than its activities."""
    usual: dict[str, Any] = {
        "channel": Channel.APP,
        "type_code": "noise",
        "area": "grid-7",
        "title": "Noise at night",
        "point": Point(39.9, 116.4),
        "due_at": hour(3),
        "public": True,
    }
    return RecordImported, {**imported(source, external_id)[1], **usual, **said}


def ended(name: str = "Close") -> Said:
    return HistoryClosed, activity(name)[1]


def activity(name: str = "Check", resource: str | None = "Ann") -> Said:
    attributes = (Attribute("concept:name", "string", name),)
    return ActivityRecorded, {
        "activity": name,
        "resource": resource,
        "unit": None,
        "transition": "complete",
        "attributes": attributes,
    }


NOT_ROUTED: dict[str, Any] = {"routing_version": None, "by_override": False}


def shared(unit: str, *parts: CasePart) -> Said:
    said = {"unit": unit, "purpose": "To look for it", "parts": parts, "expires": hour(99)}
    return CaseShared, said


CONTROLLED: Sequence[Said] = (
    *((ConfidentialityChanged, {"level": level}) for level in Confidentiality),
    shared("police", CasePart.TEXT, CasePart.TIMELINE),
    shared("police", CasePart.LOCATION, CasePart.HANDLING),
    shared("gas"),
    (ShareRevoked, {"unit": "police"}),
    (
        CoHandlingRequested,
        {"unit": "police", "question": "Was there a fight?", "due": hour(50), "calendar": None},
    ),
    (CoHandlingReplied, {"unit": "police", "agrees": False, "reply": "No"}),
    (InformationRequested, {"number": 1, "unit": None, "question": "Which door?"}),
    (InformationReceived, {"number": 1, "unit": None, "answer": "The green one"}),
    (FeedbackReceived, {"contacted": False, "resolved": None, "satisfaction": None}),
    (AppealFiled, {"number": 1, "against": Stage.CLOSED, "ground": "Not measured"}),
    (CaseWithdrawn, {}),
)
"""Of who is asked and who may see."""

LATER: Sequence[Said] = (
    (CaseAccepted, {}),
    (CaseDispatched, {**NOT_ROUTED, "lead_unit": "environment", "co_units": ("police",)}),
    (CaseDispatched, {**NOT_ROUTED, "lead_unit": "water", "co_units": ()}),
    (CaseSignedFor, {}),
    (ProgressRecorded, {"text": "Measured 62 dB."}),
    (NoteAdded, {"text": "Call after six.", "audience": Audience.INTERNAL}),
    (NoteAdded, {"text": "We are on it.", "audience": Audience.REPORTER}),
    (CaseDetailCorrected, {"field": Detail.TITLE, "old": None, "new": "Noise after ten"}),
    (CaseDetailCorrected, {"field": Detail.DESCRIPTION, "old": None, "new": None}),
    (
        ResolutionSubmitted,
        {
            "outcome": ResolutionOutcome.RESOLVED,
            "measures": "Closes at ten.",
            "basis": None,
            "resolver": "officer",
        },
    ),
    (CaseClosed, {"public_reason": None}),
    (CaseReopened, {"cycle": 2, "ground": "Loud again.", "by": None}),
    *CONTROLLED,
    *PASSAGE,
    *ORDERS,
    *HOLDS,
)
"""Whatever may follow; a fold does not ask whether the lifecycle would allow it."""


@st.composite
def histories(draw: st.DrawFn, *, most: int = 14, stream_id: UUID = CASE) -> list[RecordedEvent]:
    """The events of one case, with ties and backdated ones, at positions with holes between."""
    is_log = draw(st.booleans())
    said = [draw(st.sampled_from([imported(), record()])) if is_log else registered()]
    kinds = st.sampled_from([activity("A"), activity("B"), ended()] if is_log else LATER)
    said += draw(st.lists(kinds, max_size=most))
    hours = [draw(st.integers(0, 6)) for _ in said]
    if not is_log:
        hours[0] = min(hours)
    steps = [draw(st.integers(1, 2)) for _ in said]
    return [
        recorded(
            what,
            version=version,
            position=sum(steps[:version]),
            occurred_at=hour(hours[version - 1]),
            stream_id=stream_id,
        )
        for version, what in enumerate(said, 1)
    ]


@st.composite
def journals(draw: st.DrawFn, *, cases: int = 4, most: int = 24) -> list[RecordedEvent]:
    """Events of several cases, interleaved, at positions 1, 2, 3 ..."""
    logs = draw(st.lists(st.booleans(), min_size=1, max_size=cases))
    turns = draw(st.lists(st.integers(0, len(logs) - 1), min_size=most // 2, max_size=most))
    versions = [0] * len(logs)
    began = [0] * len(logs)
    made = []
    for position, turn in enumerate([*range(len(logs)), *turns], 1):
        versions[turn] += 1
        occurred = draw(st.integers(0, 8))
        if versions[turn] == 1:
            began[turn] = occurred
            said = _opening(draw, turn, is_log=logs[turn])
        elif logs[turn]:
            said = draw(st.sampled_from([activity("A"), activity("B", None), ended()]))
        else:
            said = draw(st.sampled_from(LATER))
            occurred = max(occurred, began[turn])
        made.append(
            recorded(
                said,
                version=versions[turn],
                position=position,
                occurred_at=hour(occurred),
                stream_id=uuid5(CASE, str(turn)),
            )
        )
    return made


def _opening(draw: st.DrawFn, turn: int, *, is_log: bool) -> Said:
    if is_log:
        opening = draw(st.sampled_from([imported, record]))
        return opening(draw(st.sampled_from(["log", "other"])), f"case-{turn}")
    return registered(
        f"20240301-{turn}",
        channel=draw(st.sampled_from(Channel)),
        type_code=draw(st.sampled_from([None, "noise", "water"])),
        area=draw(st.sampled_from([None, "grid-7"])),
        title=draw(st.sampled_from([None, "Noise at night", "Ｌｅａｋ 漏水"])),
        reporter=draw(st.sampled_from([None, "resident", "neighbour"])),
    )
