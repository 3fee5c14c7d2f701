"""Loads the district by the real commands, at simulated times, many cases at once.

Every command id follows from the seed, so a loading that was cut off is simply gone on with.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.commands import Asked, CommandHandler, Spare
from app.configuration import CurrentConfiguration
from app.database import Connection, Database, Pool
from app.demo.papers import Keep, nowhere
from app.demo.plan import CASES, LAST_COMMAND, SEED, District, Plan, planned, year_before
from app.demo.step import Step, groups
from app.directory import CurrentDirectory
from app.genesis import Demonstration
from app.journal import Journal
from app.packs.loading import Persons, load_pack
from app.timers import TimerWorker
from app.timers.clock import SimulatedClock
from domain.access import recognised
from domain.case.evidence import AddEvidence
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller
from domain.journal import GENESIS_STREAM, JournalOpened

CONFIGURED_AFTER: Final = timedelta(hours=10)
"""From the beginning of the first day until catalogue and routing are published."""

RECORDED: Final = "SELECT command_id FROM journal.commands WHERE command_id = ANY($1::uuid[])"
COMPLETE: Final = "SELECT EXISTS (SELECT FROM journal.commands WHERE command_id = $1)"
LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('wardbook demonstration', 0))"

_DESCRIPTION: Final = re.compile(r"demonstration district: seed (-?\d+), (\d+) cases")

Told = Callable[[int, int], None]
"""How many commands are recorded, of how many."""


class Loads(Protocol):
    """What of `app.runtime.Runtime` is needed here."""

    @property
    def database(self) -> Database: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def commands(self) -> CommandHandler: ...
    @property
    def reads(self) -> Pool: ...
    @property
    def directory(self) -> CurrentDirectory: ...
    @property
    def configuration(self) -> CurrentConfiguration: ...


def demonstration(zone: ZoneInfo, seed: int = SEED, cases: int = CASES) -> Demonstration:
    """What an empty journal becomes one of, so that a district can be loaded into it."""
    begins = year_before(datetime.now(UTC), zone)
    return Demonstration(begins, f"demonstration district: seed {seed}, {cases} cases")


async def district_of(journal: Journal) -> District | None:
    """The district that this journal is for; None: it is no demonstration."""
    for recorded in await journal.read_stream(GENESIS_STREAM):
        opened = recorded.event
        said = _DESCRIPTION.fullmatch(recorded.reason or "")
        if isinstance(opened, JournalOpened) and opened.demonstration and said is not None:
            return District(
                begins=recorded.recorded_at,
                zone=ZoneInfo(opened.time_zone),
                administrator=opened.administrators[0],
                seed=int(said[1]),
                cases=int(said[2]),
            )
    return None


async def is_complete(reads: Pool) -> bool:
    """Whether a district was loaded to its end."""
    return bool(await reads.fetchval(COMPLETE, LAST_COMMAND))


def _in_silence(_done: int, _all: int) -> None:
    pass


async def load(
    running: Loads, district: District, told: Told = _in_silence, keep: Keep = nowhere
) -> None:
    """Record whatever of the district is not recorded yet. Cut off at any moment, run it again.

    Of several processes, one does; the others wait for it. keep: where its papers go.
    """
    async with _alone(running.database):
        if await is_complete(running.reads):
            return
        await asyncio.gather(running.directory.catch_up(), running.configuration.catch_up())
        plan = await asyncio.to_thread(planned, district)
        await _Loading(running, district, plan, told, keep).run()


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[None]:
    connection = await database.connect()
    try:
        await connection.execute(LOCK)
        yield
    finally:
        await connection.close()


@dataclass
class _Loading:
    running: Loads
    district: District
    plan: Plan
    told: Told
    keep: Keep
    done: int = 0

    async def run(self) -> None:
        first_day = await self._missing(self.plan.first_day)
        year = await self._missing(self.plan.year)
        all_steps = len(self.plan.first_day) + len(self.plan.year)
        self.done = all_steps - len(first_day) - len(year)
        for steps in groups(first_day):
            await self.record(steps, all_steps)
        if len(year) == len(self.plan.year):
            await self._configure()
        async with self._passing() as time:
            for steps in groups(year):
                await time.record(steps, all_steps)

    async def _missing(self, steps: Sequence[Step]) -> list[Step]:
        ids = [step.command.command_id for step in steps]
        rows = await self.running.reads.fetch(RECORDED, ids)
        recorded = {row["command_id"] for row in rows}
        done = [step.command.command_id in recorded for step in steps]
        last = max((place for place, each in enumerate(done) if each), default=-1)
        # What was spare before the last that is recorded was passed over.
        return [
            step
            for place, step in enumerate(steps)
            if not done[place] and not (step.spare and place < last)
        ]

    async def record(self, steps: Sequence[Step], all_steps: int) -> None:
        await self.running.commands.execute_in_order(await self.prepared(steps))
        self.tell(steps, all_steps)

    async def prepared(self, steps: Sequence[Step]) -> list[Asked]:
        """The steps as commands, with everything that they need."""
        await self._keep(steps)
        return [self._asked(step) for step in steps]

    def _asked(self, step: Step) -> Asked:
        asked = (step.command, self.caller(step.person, step.at), step.at)
        return Spare(asked) if step.spare else asked

    def tell(self, steps: Sequence[Step], all_steps: int) -> None:
        """Those steps are recorded."""
        self.done += len(steps)
        self.told(self.done, all_steps)

    async def _keep(self, steps: Sequence[Step]) -> None:
        """The evidence that they add: it is stored before it is recorded."""
        shown = [(each.command, each.paper) for each in steps if each.paper]
        keeping = (
            self.keep(command.case_id, command.media_type, content)
            for command, content in shown
            if isinstance(command, AddEvidence)
        )
        await asyncio.gather(*keeping)

    def caller(self, person: str, at: datetime) -> Caller:
        """Whoever that is by the directory at that moment."""
        directory = self.running.directory
        claimed = Caller(person, ActorKind.PERSON, frozenset())
        return recognised(claimed, directory.current(), directory.administrators, at)

    @asynccontextmanager
    async def _passing(self) -> AsyncIterator["_Time"]:
        running, clock = self.running, SimulatedClock(self.district.begins)
        connection = await running.database.connect()
        try:
            worker = TimerWorker(running.database, running.journal, running.commands, clock)
            yield _Time(self, clock, worker, connection)
        finally:
            await connection.close()

    async def _configure(self) -> None:
        staff, at = self.plan.staff, self.district.begins + CONFIGURED_AFTER
        first, second = staff.acting("catalogue-1", at), staff.acting("catalogue-2", at)
        executor = _AtTheTime(self, at)
        known = self.running.configuration
        await load_pack(self.plan.pack, executor, known, Persons(first, second))


@dataclass(frozen=True)
class _AtTheTime:
    """Executes commands as whoever their callers are at a moment of the simulation."""

    loading: _Loading
    at: datetime

    async def execute(self, command: Command, caller: Caller) -> Executed:
        by = self.loading.caller(caller.principal, self.at)
        return await self.loading.running.commands.execute(command, by, simulated_at=self.at)


@dataclass(frozen=True)
class _Time:
    """The year goes by: what is due is done between what people do."""

    loading: _Loading
    clock: SimulatedClock
    worker: TimerWorker
    connection: Connection

    async def record(self, steps: Sequence[Step], all_steps: int) -> None:
        """A group of steps, as `groups` makes them, and what is due until the last of them."""
        asked = await self.loading.prepared(steps)
        await self.worker.act_among(self.connection, self.clock, asked, steps[-1].at)
        self.loading.tell(steps, all_steps)
