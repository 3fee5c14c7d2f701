"""Histories of cases as figures meet them: with clocks, orders and exclusions, in any order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid5

from hypothesis import strategies as st

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock, Pause
from domain.case.clocks.deadlines import DeadlineBreached, DeadlineWarning
from domain.case.clocks.starting import ClocksStarted
from domain.case.excluding import MetricExclusionApproved, MetricExclusionRevoked
from domain.case.linking import CasesLinked, CasesUnlinked
from domain.case.orders import OrderEscalated, OrderIssued, OrderReleased, OrderReplied
from domain.case.outcome import ResolutionVerified, ReworkOrdered
from domain.case.publication import PublicationApproved, PublicationProposed
from domain.case.returns import ReturnRequested
from domain.case.state import CaseEvent, CaseOpened
from domain.case.vocabulary import LinkKind, VoidReason
from domain.case.voiding import CaseVoided
from domain.metrics.history import after, opened
from domain.metrics.rows import History
from domain.metrics.vocabulary import ExclusionCause
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind, OrderLevel
from tests.projections.recorded import (
    CASE,
    LATER,
    OTHER,
    Said,
    ended,
    hour,
    record,
    recorded,
    registered,
)

LIMIT: Final = Limit(3, LimitUnit.WALL_MINUTES)


def clock(kind: ClockKind, due: datetime, **said: Any) -> Clock:
    usual: dict[str, Any] = {"number": 1, "unit": "environment", "started_at": hour(0)}
    return Clock(kind=kind, due=due, limit=LIMIT, calendar="24x7", policy=1, **{**usual, **said})


_KINDS: Final = (ClockKind.RESOLUTION, ClockKind.STAGE, ClockKind.SIGN_OFF)
_ORDER: Final = {
    "unit": "environment",
    "demand": None,
    "calendar": None,
    "interview": False,
    "reply_from": hour(0),
}
_WHY: Final = {"clock": None, "percent": None}

TIMED: Final[Sequence[Said]] = (
    *((ClocksStarted, {"clocks": (clock(kind, hour(3)),)}) for kind in _KINDS),
    (ClocksStarted, {"clocks": (clock(ClockKind.STAGE, hour(5), number=2, unit="water"),)}),
    (
        ClocksStarted,
        {"clocks": (clock(ClockKind.RESOLUTION, hour(3), pauses=(Pause(hour(2)),)),)},
    ),
    (
        ClocksStarted,
        {"clocks": (clock(ClockKind.RESOLUTION, hour(6), pauses=(Pause(hour(2), hour(5)),)),)},
    ),
    (DeadlineWarning, {"percent": 80, "clock": clock(ClockKind.STAGE, hour(3))}),
    (
        DeadlineBreached,
        {"percent": 100, "clock": clock(ClockKind.RESOLUTION, hour(3), breached_at=hour(3))},
    ),
    (ResolutionVerified, {"checker": "ann"}),
    ended(),
    (ReworkOrdered, {"demand": "Measure again"}),
    (
        ReturnRequested,
        {"ground": "Not ours", "basis": None, "suggested_unit": None, "requester": "bo"},
    ),
    (CasesLinked, {"other_case": OTHER, "kind": LinkKind.FOLLOW_UP, "is_later": True}),
    (CasesUnlinked, {"other_case": OTHER}),
    (PublicationProposed, {"title": "Quiet", "summary": None, "proposer": "ann"}),
    (PublicationApproved, {}),
    (
        OrderIssued,
        {
            **_ORDER,
            **_WHY,
            "number": 1,
            "level": OrderLevel.BLUE,
            "due": hour(4),
            "issued_by": "ann",
        },
    ),
    (
        OrderReplied,
        {"number": 1, "reply": "Yes", "remedial_plan": None, "replied_by": "bo"},
    ),
    (
        OrderEscalated,
        {
            **_ORDER,
            **_WHY,
            "number": 1,
            "old": OrderLevel.BLUE,
            "new": OrderLevel.ORANGE,
            "due": hour(7),
        },
    ),
    (OrderReleased, {"number": 1, "finding": "Good"}),
    *(
        (
            MetricExclusionApproved,
            {
                "metric": "closing",
                "unit": unit,
                "cause": ExclusionCause.SYSTEM_FAULT,
                "ground": "It was down",
            },
        )
        for unit in ("environment", "water")
    ),
    (MetricExclusionRevoked, {"metric": "closing", "unit": "water", "ground": "It was not"}),
    (CaseVoided, {"void_reason": VoidReason.TEST}),
)


@st.composite
def counted_journals(draw: st.DrawFn, *, cases: int = 3, most: int = 30) -> list[RecordedEvent]:
    """Events of several cases, at positions 1, 2, 3 ...; one of them is an imported history."""
    opening = [registered(), registered(area=None, type_code="water"), record()][:cases]
    turns = draw(st.lists(st.integers(0, cases - 1), min_size=most // 2, max_size=most))
    versions = [0] * cases
    made = []
    for position, turn in enumerate([*range(cases), *turns], 1):
        versions[turn] += 1
        said = opening[turn] if versions[turn] == 1 else draw(st.sampled_from([*LATER, *TIMED]))
        occurred = 0 if versions[turn] == 1 else draw(st.integers(0, 8))
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


def recounted(events: Sequence[RecordedEvent]) -> list[History]:
    """The histories of all cases, each folded from its first event on."""
    found: dict[object, History] = {}
    for each in events:
        event = each.event
        if isinstance(event, CaseOpened):
            found[each.stream_id] = opened(event)
        elif isinstance(event, CaseEvent):
            found[each.stream_id] = after(found[each.stream_id], event, each.actor)
    return list(found.values())
