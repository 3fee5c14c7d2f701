"""The demonstration district in a database: loaded by the real commands, to its end."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database, Pool
from app.demo.loading import Told, district_of, is_complete, load
from app.demo.papers import LIMITS
from app.demo.people import one_of_each_role
from app.demo.plan import District, planned
from app.directory import CurrentDirectory
from app.genesis import Demonstration, ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from app.views.rebuild import rebuilding
from domain.access import recognised
from domain.case.clocks.amending import AmendmentBasis, ClocksAmended
from domain.case.clocks.deadlines import DeadlineBreached, RaiseDeadline
from domain.case.clocks.starting import ClocksStarted
from domain.case.closing import CaseClosed
from domain.case.evidence import EvidenceAdded
from domain.case.extension import ExtensionRequested
from domain.case.lifecycle import Stage
from domain.case.orders import OrderEnded, OrderEscalated, OrderIssued, OrderReleased
from domain.case.state import CaseEvent, CaseOpened
from domain.case.suspension import CaseResumed
from domain.identity import THE_SERVICE, ActorKind, Caller, Role
from domain.recorded import RecordedEvent
from domain.vocabulary import ClockKind, OrderLevel
from projections.registry import INLINE_VIEWS
from tests.db.journal.making import STAFF, registration

CASES = 40
MORE_CASES = 400


def seen_again(cases: int) -> Demonstration:
    """The same on every day of ours, so that rare things happen in it or do not."""
    begins = datetime(2025, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    return Demonstration(begins, f"demonstration district: seed 7, {cases} cases")


FOLLOWS = frozenset({"case.closed", "case.survivor_ended"})
"""What comes with another event of the service."""

STAGES = "SELECT stage FROM views.cases UNION SELECT stage FROM views.case_history"

COUNTED = "SELECT count(*) FROM journal.commands WHERE command_id = ANY($1::uuid[])"

TIMED_COMMANDS = (
    "deemCoHandlingAgreed",
    "endEmergency",
    "expireShare",
    "lapseFeedback",
    "resumeCase",
)

NEVER_PASSED = {ClockKind.FEEDBACK}
"""The answer lapses at the moment at which the visit is due, and that ends its time."""


class Accounts:
    """What of accountability a district shows."""

    def __init__(self) -> None:
        self.began = Counter[ClockKind]()
        self.passed = Counter[ClockKind]()
        self.levels = set[OrderLevel]()
        self.open_orders = Counter[UUID]()
        self.rested = Counter[ActorKind]()
        self.late_requests = Counter[bool]()
        self.amended = set[AmendmentBasis]()

    def note(self, recorded: RecordedEvent) -> None:
        """One more event."""
        match recorded.event:
            case ClocksStarted(clocks=clocks):
                self.began.update(clock.kind for clock in clocks)
            case DeadlineBreached(clock=clock):
                self.passed[clock.kind] += 1
            case OrderIssued(level=level):
                self.levels.add(level)
                self.open_orders[recorded.stream_id] += 1
            case OrderEscalated(new=level):
                self.levels.add(level)
            case OrderReleased() | OrderEnded():
                self.open_orders[recorded.stream_id] -= 1
            case CaseClosed():
                assert not self.open_orders[recorded.stream_id]
            case CaseResumed():
                self.rested[recorded.actor.kind] += 1
            case ExtensionRequested(late=late):
                self.late_requests[late] += 1
            case ClocksAmended(basis=basis):
                self.amended.add(basis)

    def on_time(self, kind: ClockKind) -> float:
        """How much of what was limited was done within its limit."""
        return 1 - self.passed[kind] / self.began[kind]


@dataclass(frozen=True)
class Running:
    database: Database
    journal: Journal
    commands: CommandHandler
    reads: Pool
    directory: CurrentDirectory
    configuration: CurrentConfiguration

    async def district(self) -> District:
        district = await district_of(self.journal)
        assert district is not None
        return district


@asynccontextmanager
async def running(
    database: Database, wanted: Demonstration | None = None
) -> AsyncIterator[Running]:
    """A process that works on the database, which becomes that of a district if it is empty."""
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    commands = CommandHandler(journal)
    wanted = wanted or seen_again(CASES)
    await ensure_open(journal, commands, Settings(), wanted)
    directory = CurrentDirectory(journal)
    configuration = CurrentConfiguration(journal, directory.current)
    await directory.start(commands)
    await configuration.start(commands)
    async with database.pool(2) as reads:
        yield Running(database, journal, commands, reads, directory, configuration)
    await configuration.close()
    await directory.close()
    await journal.close()


class CutOff(Exception):
    """The process is gone."""


def cut_off_after(commands: int) -> Told:
    def told(done: int, _all: int) -> None:
        if done >= commands:
            raise CutOff

    return told


async def test_it_is_loaded_to_its_end_and_every_view_agrees(database: Database) -> None:
    async with running(database, seen_again(MORE_CASES)) as process:
        district = await process.district()
        assert not await is_complete(process.reads)
        await load(process, district)
        assert await is_complete(process.reads)
        for view in INLINE_VIEWS:
            async with rebuilding(database, process.journal, view) as rebuild:
                result = await rebuild.run(accept_difference=False)
            assert result.same, result.tables
            assert any(table.rebuilt_rows for table in result.tables)


async def test_time_does_what_is_planned_and_cases_get_everywhere(database: Database) -> None:
    kept: dict[tuple[UUID, str], bytes] = {}

    async def keep(case_id: UUID, media_type: str, content: bytes) -> None:
        kept[case_id, sha256(content).hexdigest()] = content
        assert media_type in LIMITS.media_types

    async with running(database, seen_again(MORE_CASES)) as process:
        district = await process.district()
        plan = planned(district)
        await load(process, district, keep=keep)
        done, shown = Counter[tuple[datetime, str]](), set()
        accounts = Accounts()
        async for events in process.journal.read():
            for event in events:
                if not isinstance(event.event, CaseEvent):
                    continue
                accounts.note(event)
                if event.authority.permission == RaiseDeadline.NAME:
                    assert event.recorded_at >= event.occurred_at
                elif event.actor.kind is ActorKind.SERVICE and event.topic not in FOLLOWS:
                    done[event.occurred_at, event.authority.permission] += 1
                    assert event.recorded_at == event.occurred_at
                if isinstance(event.event, EvidenceAdded):
                    shown.add((event.stream_id, event.event.sha256))
        assert done == Counter((each.at, each.command) for each in plan.timed)
        assert {command for _, command in done} == {*TIMED_COMMANDS}
        assert shown == kept.keys()
        stages = await process.reads.fetch(STAGES)
        assert {row["stage"] for row in stages} == {*Stage}
        public = await process.reads.fetchval(
            "SELECT count(*) FROM views.cases WHERE publication_state = 'PUBLIC'"
        )
        assert 0.08 < public / MORE_CASES < 0.25
        check_accounts(accounts)


def check_accounts(accounts: Accounts) -> None:
    """Most is on time, some is badly late, and everything that can follow from it occurs."""
    assert accounts.began.keys() == {*ClockKind}
    assert accounts.passed.keys() == {*ClockKind} - NEVER_PASSED
    for kind in (ClockKind.STAGE, ClockKind.RESOLUTION, ClockKind.FIRST_CONTACT):
        assert 0.8 < accounts.on_time(kind) < 0.95, kind
    assert accounts.levels == {*OrderLevel}
    assert accounts.rested.keys() == {ActorKind.PERSON, ActorKind.SERVICE}
    assert accounts.late_requests.keys() == {True, False}
    assert AmendmentBasis.DECISION in accounts.amended


async def test_its_times_are_those_of_its_year(database: Database) -> None:
    async with running(database) as process:
        district = await process.district()
        await load(process, district)
        times = [e.recorded_at async for events in process.journal.read() for e in events]
        assert times == sorted(times)
        assert (times[0], times[-1]) == (district.begins, district.ends)
        assert len(set(times)) > 0.5 * len(times)
        done = await process.commands.execute(registration(), STAFF)
        event, *_ = await process.journal.read_stream(done.stream_id)
        assert datetime.now(UTC) - event.recorded_at < timedelta(minutes=1)


async def test_everything_is_done_by_who_held_a_post_for_it(database: Database) -> None:
    async with running(database) as process:
        await load(process, await process.district())
        directory = process.directory.current()
        assert directory is not None
        seen = 0
        async for events in process.journal.read():
            for event in events:
                if not isinstance(event.event, CaseEvent | CaseOpened):
                    continue
                seen += 1
                posts = directory.roles_of(event.actor.principal, event.recorded_at)
                if event.actor.kind is ActorKind.SERVICE:
                    assert event.actor.principal == THE_SERVICE.principal
                elif event.actor.position is None:
                    assert event.actor.principal.startswith("r-")
                else:
                    assert event.actor.position in {post.position for post in posts}
        assert seen > 5 * CASES


@pytest.mark.parametrize("commands", [1, 300, 600])
async def test_cut_off_it_goes_on_where_it_was(database: Database, commands: int) -> None:
    async with running(database) as process:
        with pytest.raises(CutOff):
            await load(process, await process.district(), cut_off_after(commands))
        assert not await is_complete(process.reads)
    async with running(database) as process:
        district = await process.district()
        await load(process, district)
        assert await is_complete(process.reads)
        plan = planned(district)
        recorded = await process.reads.fetchval("SELECT count(*) FROM journal.commands")
        raised = {
            event.command_id
            async for events in process.journal.read()
            for event in events
            if event.authority.permission == RaiseDeadline.NAME
        }
        # Beside the planned ones: limits that drew near or were passed, the genesis entry, and
        # three commands for each of the six configurations; what was spare, where it was needed.
        year = [step.command.command_id for step in plan.year if not step.spare]
        spare = [step.command.command_id for step in plan.year if step.spare]
        needed = await process.reads.fetchval(COUNTED, spare)
        planned_for = len(plan.first_day) + len(year) + len(plan.timed) + needed
        assert await process.reads.fetchval(COUNTED, year) == len(year)
        assert recorded - len(raised) == planned_for + 19
        assert raised
        before = (await process.journal.head()).size
        await load(process, district)
        assert (await process.journal.head()).size == before


async def test_there_is_somebody_for_each_role(database: Database) -> None:
    async with running(database) as process:
        await load(process, await process.district())
        directory, now = process.directory.current(), datetime.now(UTC)
        assert directory is not None
        found = one_of_each_role(directory, now)
        assert {each.role for each in found} == set(Role) - {Role.PUBLIC, Role.SERVICE}
        for each in found:
            claimed = Caller(each.person, ActorKind.PERSON, frozenset())
            assert each.role in recognised(claimed, directory, ("administrator",), now).roles


async def test_an_ordinary_journal_is_of_no_district(journal: Journal) -> None:
    assert await district_of(journal) is None
