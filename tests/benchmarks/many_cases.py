"""A journal's worth of cases for benchmarks of lists: every stage, two years, many units."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from domain.case.closing import CaseClosed
from domain.case.handling import ProgressRecorded
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.outcome import ResolutionSubmitted, ResolutionVerified
from domain.case.routing import CaseDispatched, CaseSignedFor
from domain.case.vocabulary import Channel, ResolutionOutcome, Urgency
from domain.identity import Actor, ActorKind, Authority
from domain.recorded import RecordedEvent

UNITS = [f"unit-{number}" for number in range(60)]
AREAS = [f"grid-{number}" for number in range(400)]
TYPES = ["noise", "water", "streetlight", "parking", "heating", "waste", "trees", "pests"]
SUBJECTS = ["Noise at night", "漏水", "Street light out", "违章停车", "No heating", "垃圾未清运"]
PLACES = ["Building 5", "幸福路十二号", "the north gate", "地下车库", "the school", "菜市场"]
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
CLERK = Actor("clerk", ActorKind.PERSON)

LIFE: list[tuple[Any, float]] = [
    (CaseAccepted, 0.5),
    (CaseDispatched, 0.5),
    (CaseSignedFor, 1),
    (ProgressRecorded, 4),
    (ResolutionSubmitted, 6),
    (ResolutionVerified, 1),
    (CaseClosed, 2),
]
"""What follows a registration, and after how many days on average."""


def many_cases(cases: int, days: int = 730, seed: int = 1) -> Iterator[RecordedEvent]:
    """About seven events each, in the order in which they were recorded, as they occurred."""
    chance = random.Random(seed)
    queue: list[tuple[datetime, int, int]] = []
    end = BEGAN + timedelta(days=days)
    for number in range(cases):
        heappush(queue, (BEGAN + timedelta(days=chance.random() * days), number, 0))
    position = 0
    while queue:
        time, number, step = heappop(queue)
        if time >= end:
            return
        position += 1
        yield _recorded(chance, number, step, time, position)
        if step < len(LIFE):
            pause = timedelta(days=chance.expovariate(1 / LIFE[step][1]))
            heappush(queue, (time + pause, number, step + 1))


def _recorded(
    chance: random.Random, number: int, step: int, time: datetime, position: int
) -> RecordedEvent:
    case_id = UUID(int=number << 80 | 0x7000_8000_0000_0000_0000)
    place: dict[str, Any] = {
        "originator_id": case_id,
        "originator_version": step + 1,
        "timestamp": time,
    }
    event = _event(chance, number, step, place)
    event_id = UUID(int=chance.getrandbits(128))
    return RecordedEvent(
        event=event,
        event_id=event_id,
        position=position,
        stream_id=case_id,
        version=step + 1,
        topic=event.TOPIC,
        occurred_at=time,
        recorded_at=time,
        actor=CLERK,
        authority=Authority("anything", 1),
        channel=None,
        reason=None,
        command_id=event_id,
        causation_id=None,
        correlation_id=event_id,
    )


def _event(chance: random.Random, number: int, step: int, place: dict[str, Any]) -> Any:
    if step == 0:
        opening: Any = CaseRegistered  # the library makes its constructor; mypy does not see it
        return opening(
            **place,
            originator_topic="case",
            case_no=f"20240101-{number:08}",
            channel=chance.choice(list(Channel)),
            type_code=chance.choice(TYPES),
            title=f"{chance.choice(SUBJECTS)} {number}",
            description=f"{chance.choice(PLACES)}，{chance.choice(SUBJECTS)} {number % 97}",
            area=chance.choice(AREAS),
            point=None,
            urgency=Urgency.NORMAL,
            on_behalf=False,
            relation=None,
            reporter=f"resident-{number % 5000}",
            catalogue_version=None,
            fields=None,
        )
    said: dict[Any, dict[str, Any]] = {
        CaseDispatched: {
            "lead_unit": chance.choice(UNITS),
            "co_units": (),
            "routing_version": None,
            "by_override": False,
        },
        ProgressRecorded: {"text": "Somebody went there and looked."},
        ResolutionSubmitted: {
            "outcome": ResolutionOutcome.RESOLVED,
            "measures": "It was mended.",
            "basis": None,
            "resolver": "officer",
        },
        ResolutionVerified: {"checker": "registrar"},
        CaseClosed: {"public_reason": None},
    }
    kind = LIFE[step - 1][0]
    return kind(**place, **said.get(kind, {}))
