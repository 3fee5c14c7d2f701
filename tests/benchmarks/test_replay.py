"""Stored entries replayed into aggregates: decode, open what is sealed, apply. On one core."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from eventsourcing.domain import Aggregate

from app.commands import CommandHandler
from app.journal import Journal
from app.journal.envelope import decode_entry_of_stream
from app.journal.reader import Reader
from domain.case import CaseCommand, feedback, handling, intake, outcome, routing
from domain.case.imported import Activity, ImportHistory
from domain.case.vocabulary import Attribute, Channel, ResolutionOutcome
from domain.identity import ActorKind, Caller, Role
from tests.benchmarks.report import report

CASES: Final = 300
TRACES: Final = 500
TARGET: Final = 100_000
"""Events per second of CPU time."""

OFFICER: Final = Caller("officer", ActorKind.PERSON, frozenset(Role), "unit-3", "post-7")
CHECKER: Final = Caller("checker", ActorKind.PERSON, frozenset(Role), "unit-1", "post-2")
LONG_AGO: Final = datetime(2010, 10, 2, tzinfo=UTC)

STEPS: Final[Sequence[tuple[type[CaseCommand], dict[str, Any]]]] = (
    (intake.AcceptCase, {}),
    (routing.DispatchCase, {"lead_unit": "unit-3"}),
    (routing.SignForCase, {}),
    (handling.RecordProgress, {"text": "Measured 62 dB at the window, the limit is 45."}),
    (handling.RecordProgress, {"text": "The workshop agreed to close at ten."}),
    (
        outcome.SubmitResolution,
        {"outcome": ResolutionOutcome.RESOLVED, "measures": "Closes at ten from now on."},
    ),
    (outcome.VerifyResolution, {}),
    (feedback.RecordFeedback, {"contacted": True, "resolved": True, "satisfaction": 5}),
)


async def live_a_case(commands: CommandHandler) -> None:
    registration = intake.RegisterCase(
        command_id=uuid4(),
        case_id=uuid4(),
        case_no=uuid4().hex,
        channel=Channel.HOTLINE,
        title="Noise at night",
        description="A workshop works until two, three nights a week.",
    )
    case_id = (await commands.execute(registration, OFFICER)).stream_id
    for kind, said in STEPS:
        caller = OFFICER if kind is not outcome.VerifyResolution else CHECKER
        await commands.execute(kind(command_id=uuid4(), case_id=case_id, **said), caller)


async def import_a_trace(commands: CommandHandler, number: int) -> None:
    activities = tuple(
        Activity(
            f"T{step:02} Check confirmation of receipt",
            LONG_AGO + timedelta(hours=number + step),
            f"Resource{number % 48:02}",
            "Group 3",
            "complete",
            (
                Attribute("concept:name", "string", f"T{step:02} Check confirmation of receipt"),
                Attribute("org:resource", "string", f"Resource{number % 48:02}"),
                Attribute("time:timestamp", "date", "2010-10-02T00:00:00+00:00"),
            ),
        )
        for step in range(9)
    )
    command = ImportHistory(
        command_id=uuid4(),
        source="receipt",
        external_id=f"case-{number}",
        attributes=(Attribute("concept:name", "string", f"case-{number}"),),
        activities=activities,
    )
    await commands.execute(command, OFFICER)


def best_cpu_time(work: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of CPU of the fastest round: what else runs on the machine counts less."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


@dataclass(frozen=True)
class Speed:
    """Events, and the seconds of CPU that they took."""

    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


class Replay:
    """Entries in memory, as the database gives them, and their keys."""

    def __init__(self, journal: Journal, entries: Sequence[bytes]) -> None:
        self.entries = entries
        self.reader = Reader(journal.keys)

    def run(self) -> int:
        """Replay all; how many aggregates there are."""
        aggregates: dict[UUID, Aggregate | None] = {}
        for stored in self.entries:
            entry = decode_entry_of_stream(stored)
            event = self.reader.event_of(entry)
            aggregates[entry.stream_id] = event.mutate(aggregates.get(entry.stream_id))
        return len(aggregates)

    def measure(self) -> "Speed":
        return Speed(len(self.entries), best_cpu_time(self.run))


async def entries_of(journal: Journal, after: int) -> list[bytes]:
    return [stored.entry async for batch in journal.read_entries(after) for stored in batch]


@pytest.mark.benchmark
async def test_replay(journal: Journal, commands: CommandHandler) -> None:
    for _ in range(CASES):
        await live_a_case(commands)
    lived = Replay(journal, await entries_of(journal, after=1))
    for number in range(TRACES):
        await import_a_trace(commands, number)
    imported = Replay(journal, await entries_of(journal, after=1 + len(lived.entries)))

    assert (lived.run(), imported.run()) == (CASES, TRACES)
    speeds = {"cases lived here": lived.measure(), "traces imported": imported.measure()}
    speeds["both"] = Speed(
        sum(speed.events for speed in speeds.values()),
        sum(speed.seconds for speed in speeds.values()),
    )
    report(
        f"Stored entries replayed into aggregates, events per second of CPU (wanted: {TARGET:,})",
        {name: f"{speed.per_second:,.0f}" for name, speed in speeds.items()},
    )
