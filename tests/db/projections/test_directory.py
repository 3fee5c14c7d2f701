"""The view of the directory: the same rows however batches are cut, and what they answer."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pytest
from eventsourcing.domain import AggregateEvent
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.commands import CommandHandler
from app.database import Database
from app.directory import CurrentDirectory
from app.journal import Journal
from app.views.rebuild import rebuilding
from domain.directory import Directory
from domain.directory.people import AppointPerson
from domain.directory.vocabulary import (
    Appointment,
    Area,
    Delegation,
    Position,
    Qualification,
    Unit,
    UnitKind,
)
from domain.identity import ANONYMOUS, Actor, ActorKind, Authority, Caller, Role
from domain.recorded import RecordedEvent
from domain.refusal import InvalidInput, Refusal
from projections.as_of import AsOf
from projections.directory import (
    EVERYTHING,
    NOW,
    DirectoryMoment,
    EntryFilter,
    Sight,
    count_entries,
    entries,
    entry,
    list_entries,
    moment_of,
    sight_of,
)
from projections.directory_view import NEVER, TABLES, DirectoryView
from projections.paging import PageRequest
from projections.view import Connection
from tests.db.projections.applying import apply
from tests.db.test_directory import carry_out
from tests.domain.office import appointed, area, day, position, unit
from tests.domain.people import AUDITOR, OPERATOR, REPORTER, person
from tests.domain.scenario import ask, pending_events
from tests.domain.test_directory_histories import DAYS, Step, histories, tell
from tests.domain.test_directory_people import delegated, ended, granted

ALL: Final = Sight(visible=True, names=True)
ROWS: Final = "SELECT to_jsonb(r) AS row FROM {} r ORDER BY to_jsonb(r)"


def recorded(history: Sequence[Step]) -> list[RecordedEvent]:
    """What the journal would hold after these steps, at positions 1, 2, 3 ..."""
    made: list[RecordedEvent] = []

    def note(directory: Directory) -> None:
        for event in pending_events(directory):
            made.append(_recorded(event, len(made) + 1))

    directory: Directory | None = None
    for step in history:
        with suppress(Refusal):
            directory = tell(directory, step, made_by=note)
    return made


def _recorded(event: AggregateEvent, position: int) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=UUID(int=position),
        position=position,
        stream_id=event.originator_id,
        version=event.originator_version,
        topic=type(event).TOPIC,  # type: ignore[attr-defined]  # set on every event of ours
        occurred_at=event.timestamp,
        recorded_at=day(100),
        actor=Actor("administrator", ActorKind.PERSON),
        authority=Authority("test", 1),
        channel=None,
        reason=None,
        command_id=UUID(int=1),
        causation_id=None,
        correlation_id=UUID(int=1),
    )


async def rows(connection: Connection) -> dict[str, list[Any]]:
    return {
        table: [row["row"] for row in await connection.fetch(ROWS.format(table))]
        for table in DirectoryView.tables
    }


def known_at(events: Sequence[RecordedEvent], known: int) -> Directory:
    directory: Directory | None = None
    for each in events[:known]:
        directory = each.event.mutate(directory)
    assert directory is not None
    return directory


async def compare(connection: Connection, directory: Directory, known: int, at: datetime) -> None:
    """What the tables answer is what the domain answers about that time, as known then."""
    moment = DirectoryMoment(known, at)
    for kind, timelines in (
        (Unit, directory.units),
        (Area, directory.areas),
        (Position, directory.positions),
        (Appointment, directory.appointments),
    ):
        found = await entries(connection, ALL, kind, EVERYTHING, moment)
        assert {each.code: each.content for each in found} == {
            code: content
            for code, timeline in timelines.items()
            if (content := timeline.at(at)) is not None
        }


@given(history=histories, cuts=st.lists(st.integers(1, 40), max_size=6), back=st.integers(0, 12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rows_are_what_was_known_then_of_what_was_so_then(
    connection: Connection, history: list[Step], cuts: list[int], back: int
) -> None:
    events = recorded(history)
    assume(events)
    found = []
    for cut_at in (range(len(events)), cuts):
        transaction = connection.transaction()
        await transaction.start()
        try:
            await apply(DirectoryView(), connection, events, cut_at)
            found.append(await rows(connection))
            assert await DirectoryView().position(connection) == len(events)
            for known in {len(events), max(len(events) - back, 1)}:
                for number in range(0, DAYS, 2):
                    await compare(connection, known_at(events, known), known, day(number))
        finally:
            await transaction.rollback()
    assert found[0] == found[1]


class TestAPostThatChangesHands:
    """Wang held the post; that Li had it from day 5 on was recorded only later."""

    @pytest.fixture
    async def told(self, commands: CommandHandler, journal: Journal) -> dict[str, int]:
        """Positions of the journal, by what was known there."""
        await carry_out(commands, unit("hall"), position("clerk", "hall"))
        await carry_out(commands, appointed("clerk", "wang"))
        wang = (await journal.head()).size
        await carry_out(commands, ended("clerk#1", 5), appointed("clerk", "li", 5))
        return {"wang": wang, "li": (await journal.head()).size}

    @pytest.mark.parametrize(
        ("known", "at", "holder"),
        [("wang", 4, "wang"), ("wang", 6, "wang"), ("li", 4, "wang"), ("li", 6, "li")],
    )
    async def test_who_held_it_then_as_known_then_and_now(
        self, connection: Connection, told: dict[str, int], known: str, at: int, holder: str
    ) -> None:
        as_of = AsOf(position=told[known], occurred_at=day(at))
        moment = await moment_of(connection, as_of)
        here = EntryFilter(positions=["clerk"])
        found = await entries(connection, ALL, Appointment, here, moment)
        assert [each.content.person for each in found] == [holder]

    async def test_as_known_now_unless_said_otherwise(
        self, connection: Connection, told: dict[str, int]
    ) -> None:
        assert told
        moment = await moment_of(connection, AsOf(occurred_at=day(6)))
        found = await entries(connection, ALL, Appointment, EVERYTHING, moment)
        assert [each.content.person for each in found] == ["li"]
        assert await entries(connection, ALL, Appointment, EVERYTHING) == found

    async def test_everybody_who_ever_held_it(
        self, connection: Connection, told: dict[str, int]
    ) -> None:
        assert told
        ever = EntryFilter(positions=["clerk"], every_time=True)
        found = await entries(connection, ALL, Appointment, ever)
        assert [(each.code, each.valid_from, each.valid_to) for each in found] == [
            ("clerk#1", day(0), day(5)),
            ("clerk#2", day(5), None),
        ]

    async def test_when_something_was_known_is_also_when_it_is_looked_at(
        self, connection: Connection, told: dict[str, int]
    ) -> None:
        moment = await moment_of(connection, AsOf(position=told["wang"]))
        assert moment.known == told["wang"]
        assert moment.time is not None
        assert moment.time > day(6)
        earlier = await moment_of(connection, AsOf(recorded_at=day(6)))
        assert earlier == DirectoryMoment(0, day(6))

    async def test_a_version_is_that_of_a_case(self, connection: Connection) -> None:
        with pytest.raises(InvalidInput):
            await moment_of(connection, AsOf(version=1))


class TestLists:
    @pytest.fixture(autouse=True)
    async def filled(self, commands: CommandHandler) -> None:
        await carry_out(
            commands,
            area("north"),
            area("grid", parent="north"),
            unit("hall"),
            unit("lighting", parent="hall", kind=UnitKind.ENTERPRISE),
            unit("lamps", parent="lighting"),
            position("clerk", "hall", roles=(Role.REGISTRAR, Role.INTAKE)),
            position("desk", "hall", single_holder=False),
            ask(AppointPerson, position="clerk", person="wang", name="王芳", valid_from=day(0)),
            appointed("desk", "zhao", 3),
            appointed("desk", "li", 1),
            delegated(9, to="deputy"),
            granted("wang", 0),
        )

    @pytest.mark.parametrize(
        ("kind", "criteria", "expected"),
        [
            (Unit, EVERYTHING, ["hall", "lamps", "lighting"]),
            (Unit, EntryFilter(codes=["lamps", "no"]), ["lamps"]),
            (Unit, EntryFilter(parents=["hall", "lighting"]), ["lamps", "lighting"]),
            (Unit, EntryFilter(kinds=[UnitKind.ENTERPRISE]), ["lighting"]),
            (Area, EntryFilter(parents=["north"]), ["grid"]),
            (Position, EntryFilter(units=["hall"]), ["clerk", "desk"]),
            (Position, EntryFilter(role=Role.INTAKE), ["clerk"]),
            (Appointment, EVERYTHING, ["clerk#1", "desk#2", "desk#1"]),
            (Appointment, EntryFilter(person="zhao"), ["desk#1"]),
            (Delegation, EntryFilter(person="deputy", every_time=True), ["clerk#1.1"]),
            (Delegation, EntryFilter(person="deputy"), []),
            (Qualification, EntryFilter(qualification="mediation"), ["mediation#1"]),
            (Qualification, EntryFilter(person="li"), []),
        ],
    )
    async def test_what_matches_in_order(
        self,
        connection: Connection,
        kind: type[Unit],
        criteria: EntryFilter,
        expected: list[str],
    ) -> None:
        found = await entries(connection, ALL, kind, criteria)
        assert [each.code for each in found] == expected
        assert await count_entries(connection, ALL, kind, criteria) == len(expected)

    @pytest.mark.parametrize("kind", [Unit, Appointment])
    async def test_pages_forwards_and_backwards(
        self, connection: Connection, kind: type[Unit]
    ) -> None:
        every = [each.code for each in await entries(connection, ALL, kind, EVERYTHING)]
        first = await list_entries(connection, ALL, kind, EVERYTHING, PageRequest(2))
        rest = PageRequest(2, after=first.cursors[-1])
        second = await list_entries(connection, ALL, kind, EVERYTHING, rest)
        assert [each.code for each in (*first.rows, *second.rows)] == every
        assert (first.has_next, second.has_next) == (True, False)
        end = PageRequest(2, backward=True)
        last = await list_entries(connection, ALL, kind, EVERYTHING, end)
        assert [each.code for each in last.rows] == every[-2:]
        before = PageRequest(2, backward=True, before=last.cursors[0])
        start = await list_entries(connection, ALL, kind, EVERYTHING, before)
        assert [each.code for each in start.rows] == every[:-2]

    @pytest.mark.parametrize("cursor", ["", "x", "WyJ1bml0Il0"])
    async def test_a_cursor_of_something_else(self, connection: Connection, cursor: str) -> None:
        page = PageRequest(2, after=cursor)
        with pytest.raises(InvalidInput):
            await list_entries(connection, ALL, Unit, EVERYTHING, page)

    async def test_a_name_is_for_those_who_read_cases(self, connection: Connection) -> None:
        for caller, names in ((AUDITOR, ["王芳"]), (OPERATOR, [None])):
            found = await entry(connection, sight_of(caller), Appointment, "clerk#1")
            assert found is not None
            assert [found.content.name] == names

    @pytest.mark.parametrize("caller", [ANONYMOUS, REPORTER, person("v", Role.VOLUNTEER)])
    @pytest.mark.parametrize("kind", [table.content for table in TABLES.values()])
    async def test_strangers_see_nothing_of_it(
        self, connection: Connection, caller: Caller, kind: type[Unit]
    ) -> None:
        sight = sight_of(caller)
        assert sight == Sight(visible=False, names=False)
        ever = EntryFilter(every_time=True)
        assert await entries(connection, sight, kind, ever) == []
        assert await count_entries(connection, sight, kind, ever) == 0

    async def test_a_resident_on_the_staff_sees_names_as_staff(self) -> None:
        assert sight_of(person("both", Role.REPORTER, Role.SYSTEM_ADMIN)) == Sight(
            visible=True, names=False
        )

    async def test_now_is_as_known_for_ever(self) -> None:
        assert NEVER - 1 == NOW.known


async def test_a_rebuilt_view_is_the_one_kept_inline(
    database: Database, journal: Journal, commands: CommandHandler, directory: CurrentDirectory
) -> None:
    await carry_out(commands, unit("hall"), position("clerk", "hall"), appointed("clerk", "wang"))
    await carry_out(commands, ended("clerk#1", 5), appointed("clerk", "li", 5), granted("li", 0))
    async with rebuilding(database, journal, DirectoryView()) as rebuild:
        rebuilt = await rebuild.run(accept_difference=False)
    assert rebuilt.same
    assert directory.current() is not None
