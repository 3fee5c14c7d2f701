"""Time that is moved past much that is due: decided ahead, and as if one by one."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Connection, Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.timers import TimerWorker
from app.timers.clock import SimulatedClock
from domain.case.clocks.deadlines import DeadlineReached
from domain.case.feedback import RecordFeedback
from domain.case.intake import AcceptCase
from domain.case.timed import timed_command
from domain.case.timers import Timer
from domain.command import Command
from domain.refusal import WrongStage
from projections.due_timers import waiting
from projections.registry import INLINE_VIEWS
from tests.db.timers.neglected_cases import BEGAN, limited, neglected, opened
from tests.db.timers.waiting_cases import RESOLVER, TO_LAPSE, lapses, verified

MINUTE = timedelta(minutes=1)
VERIFIED = BEGAN + timedelta(hours=1)
DUE = VERIFIED + TO_LAPSE

CommandFor = Callable[[UUID, int, Timer], Command]


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    journal = await opened(database)
    yield journal
    await journal.close()


@pytest.fixture
async def elsewhere(database: Database, journal: Journal) -> AsyncIterator[Journal]:
    """The same journal, as another process has it open."""
    assert (await journal.head()).size
    other = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    yield other
    await other.close()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(VERIFIED)


@pytest.fixture
def worker(
    database: Database, journal: Journal, commands: CommandHandler, clock: SimulatedClock
) -> TimerWorker:
    return TimerWorker(database, journal, commands, clock)


async def waiting_cases(commands: CommandHandler, number: int) -> list[UUID]:
    """Cases whose feedback lapses, one a minute."""
    return [
        await verified(commands, VERIFIED + MINUTE * each, simulated=True) for each in range(number)
    ]


async def times_of(journal: Journal, cases: list[UUID]) -> list[tuple[datetime, datetime]]:
    found = [await lapses(journal, case_id) for case_id in cases]
    return [(each.occurred_at, each.recorded_at) for of in found for each in of]


async def test_a_stretch_of_time_is_recorded_at_once_and_each_at_its_own_time(
    journal: Journal, commands: CommandHandler, worker: TimerWorker, clock: SimulatedClock
) -> None:
    cases = await waiting_cases(commands, 12)
    batches = journal.appended[0]
    assert await worker.act_until(clock, DUE + 9 * MINUTE) == 10
    assert journal.appended[0] == batches + 1
    assert clock.now() == DUE + 9 * MINUTE
    assert await times_of(journal, cases) == [(DUE + MINUTE * n,) * 2 for n in range(10)]
    assert await worker.act_until(clock, DUE + timedelta(days=1)) == 2
    assert worker.status().acted == 12


@pytest.mark.parametrize("fault", ["refused", "unknown"])
async def test_one_that_fails_is_left_behind_and_tried_again(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    clock: SimulatedClock,
    connection: Connection,
    fault: str,
) -> None:
    cases = await waiting_cases(commands, 4)
    accept = AcceptCase(command_id=uuid4(), case_id=cases[1])
    until = {"mended": False}

    def command_for(case_id: UUID, version: int, timer: Timer) -> Command:
        if case_id != cases[1] or until["mended"]:
            return timed_command(case_id, version, timer)
        if fault == "refused":
            return accept
        raise LookupError

    pauses = (timedelta(hours=1),)
    worker = TimerWorker(database, journal, commands, clock, pauses=pauses, command_for=command_for)
    assert await worker.act_until(clock, DUE + 10 * MINUTE) == 3
    assert [time - DUE for time, _ in await times_of(journal, cases)] == [
        0 * MINUTE,
        2 * MINUTE,
        3 * MINUTE,
    ]
    assert worker.status().failing == 1
    assert (await waiting(connection, clock.now())).timers == 1
    assert await worker.act_until(clock, DUE + timedelta(hours=2)) == 0
    assert worker.status().failures == 2
    until["mended"] = True
    assert await worker.act_until(clock, DUE + timedelta(hours=3)) == 1
    assert worker.status().failing == 0
    assert await times_of(journal, cases[1:2]) == [
        (DUE + MINUTE, DUE + MINUTE + timedelta(hours=2))
    ]


async def test_what_people_do_and_what_is_due_take_their_turns(
    journal: Journal,
    commands: CommandHandler,
    worker: TimerWorker,
    clock: SimulatedClock,
    connection: Connection,
) -> None:
    cases = await waiting_cases(commands, 3)
    answers = [
        (RecordFeedback(command_id=uuid4(), case_id=case_id, contacted=True), RESOLVER, at)
        for case_id, at in ((cases[1], DUE + 0.5 * MINUTE), (cases[2], DUE + 2 * MINUTE))
    ]
    assert await worker.act_among(connection, clock, answers[:1], DUE + MINUTE) == 1
    assert [await lapses(journal, each) != [] for each in cases] == [True, False, False]
    with pytest.raises(WrongStage):
        # At the same moment the time is over first.
        await worker.act_among(connection, clock, answers[1:], DUE + 3 * MINUTE)
    assert await times_of(journal, cases[2:]) == [(DUE + 2 * MINUTE,) * 2]


async def test_what_another_process_did_meanwhile_is_known_to_what_is_decided_ahead(
    database: Database,
    journal: Journal,
    elsewhere: Journal,
    configuration: CurrentConfiguration,
    commands: CommandHandler,
    clock: SimulatedClock,
) -> None:
    """The cases are in memory as they were before: they are looked at again, not one by one."""
    await limited(commands)
    cases = await neglected(commands, VERIFIED, 4)
    worker = TimerWorker(database, journal, commands, clock)
    others = CommandHandler(elsewhere)
    others.decide_under(configuration.arrangements)
    other = TimerWorker(database, elsewhere, others, clock)
    until = VERIFIED
    for each, appends in ((other, elsewhere), (worker, journal)) * 2:
        until += timedelta(hours=4)
        batches = appends.appended[0]
        assert await each.act_until(clock, until) > 4
        assert appends.appended[0] <= batches + 3
    for said in await told_of(journal, cases):
        assert all(occurred == recorded for _, occurred, recorded, _ in said)


Told = list[tuple[str, datetime, datetime, str]]


async def told_of(journal: Journal, cases: list[UUID]) -> list[Told]:
    """What their clocks said, and when that was so and was recorded."""
    found = await journal.read_streams(cases)
    return [
        [
            (each.topic, each.occurred_at, each.recorded_at, f"{event.clock.name} {event.percent}")
            for each in found[case_id]
            if isinstance(event := each.event, DeadlineReached)
        ]
        for case_id in cases
    ]


async def test_every_clock_says_each_thing_once_and_when_it_was_so(
    database: Database,
    journal: Journal,
    configuration: CurrentConfiguration,  # noqa: ARG001 - what is decided is decided by it
    commands: CommandHandler,
    clock: SimulatedClock,
    connection: Connection,
) -> None:
    """Ahead, and after an outage of three days: the same, with the same times of occurrence."""
    await limited(commands)
    cases = await neglected(commands, VERIFIED, 4)
    worker = TimerWorker(database, journal, commands, clock)
    until = VERIFIED + timedelta(hours=20)
    batches = journal.appended[0]
    acted = await worker.act_until(clock, until)
    assert journal.appended[0] <= batches + 3
    ahead = await told_of(journal, cases)
    # Of a dispatch that is late the case goes up at once: nobody has it.
    both = sum(
        topic == "case.escalated" and "DISPATCH 100" in what
        for said in ahead
        for topic, _, _, what in said
    )
    assert sum(map(len, ahead)) == acted + both > 70
    assert both == 2
    assert (await waiting(connection, until)).timers == 0
    for said in ahead:
        assert all(occurred == recorded for _, occurred, recorded, _ in said)
        assert len({(topic, what) for topic, _, _, what in said}) == len(said)
        times = [occurred for _, occurred, _, _ in said]
        assert times == sorted(times)
    at = VERIFIED
    assert [(topic, (so - at) / MINUTE, what) for topic, so, _, what in ahead[0]][:4] == [
        ("case.deadline_warning", 30, "ACCEPTANCE 50"),
        ("case.deadline_warning", 48, "ACCEPTANCE 80"),
        ("case.deadline_breached", 60, "ACCEPTANCE 100"),
        ("case.escalated", 90, "ACCEPTANCE 150"),
    ]

    more = await neglected(commands, until, 4)
    clock.move_to(clock.now() + timedelta(days=3))
    await worker.act(connection)
    late = await told_of(journal, more)
    shift = until - VERIFIED
    for now, then in zip(late, ahead, strict=True):
        expected = [(topic, occurred + shift, what) for topic, occurred, _, what in then]
        assert [(topic, so, what) for topic, so, _, what in now][: len(then)] == expected
        assert {recorded for *_, recorded, _ in now} == {clock.now()}
