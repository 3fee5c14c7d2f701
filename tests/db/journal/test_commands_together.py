"""Commands on several streams: all of their events or none, whoever else is at any of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from domain.case.handling import AddNote
from domain.case.intake import WithdrawCase
from domain.case.linking import LinkCases
from domain.case.merging import MergeCase, ReverseMerge
from domain.case.splitting import SplitCase
from domain.case.vocabulary import Audience, LinkKind
from domain.command import Command
from domain.identity import ActorKind, Caller, Role
from domain.refusal import CommandIdReused, InvalidInput, NotFound, VersionConflict, WrongStage
from tests.db.journal.making import STAFF, registered, registration
from tests.db.journal.test_commands_in_order import hourly
from tests.db.journal.test_commands_in_order import journal as journal_of_a_demonstration

demonstration = journal_of_a_demonstration


@pytest.fixture
async def other(database: Database, provider: FileKeyProvider) -> AsyncIterator[CommandHandler]:
    """Another process on the same journal."""
    journal = await Journal.open(database, provider)
    yield CommandHandler(journal)
    await journal.close()


def link(one: UUID, another: UUID, **said: object) -> LinkCases:
    command = LinkCases(
        command_id=uuid4(), case_id=one, other_case=another, kind=LinkKind.SAME_CAUSE
    )
    return replace(command, **said)  # type: ignore[arg-type]  # any of its fields


def merge(one: UUID, into: UUID) -> MergeCase:
    return MergeCase(command_id=uuid4(), case_id=one, other_case=into)


def note(case_id: UUID) -> AddNote:
    return AddNote(command_id=uuid4(), case_id=case_id, text="Seen.", audience=Audience.INTERNAL)


async def topics(journal: Journal, case_id: UUID) -> list[str]:
    return [event.topic for event in await journal.read_stream(case_id)]


async def test_both_streams_get_their_event_next_to_each_other(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    one, another = await registered(handler), await registered(handler)
    executed = await handler.execute(link(one, another), STAFF)
    assert (executed.stream_id, executed.first_version, executed.last_version) == (one, 2, 2)
    assert executed.position == 4
    for case_id, position in ((one, 3), (another, 4)):
        assert await topics(bare_journal, case_id) == ["case.registered", "case.linked"]
        assert (await bare_journal.read_stream(case_id))[-1].position == position


async def test_ten_times_at_once_is_once(handler: CommandHandler, bare_journal: Journal) -> None:
    one, another = await registered(handler), await registered(handler)
    command = link(one, another)
    outcomes = await asyncio.gather(*(handler.execute(command, STAFF) for _ in range(10)))
    assert len(set(outcomes)) == 1
    assert (await bare_journal.head()).size == 4


async def test_ten_times_at_once_by_two_processes_is_once(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    case_id = await registered(handler)
    command = SplitCase(
        command_id=uuid4(), case_id=case_id, new_case_id=uuid4(), new_case_no="-", title="Lamp"
    )
    tries = [replace(command, new_case_id=uuid4(), new_case_no=str(n)) for n in range(10)]
    outcomes = await asyncio.gather(
        *(who.execute(each, STAFF) for each in tries for who in (handler, other))
    )
    assert len(set(outcomes)) == 1
    assert (await bare_journal.head()).size == 4


async def test_the_same_id_for_another_second_case_is_refused(handler: CommandHandler) -> None:
    one, another, third = [await registered(handler) for _ in range(3)]
    command = link(one, another)
    await handler.execute(command, STAFF)
    with pytest.raises(CommandIdReused):
        await handler.execute(replace(command, other_case=third), STAFF)


async def test_a_change_by_another_process_in_the_second_case_is_no_conflict(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    one, another = await registered(handler), await registered(handler)
    await handler.execute(note(another), STAFF)
    await other.execute(note(another), STAFF)
    await handler.execute(link(one, another), STAFF)
    assert (await topics(bare_journal, another))[-2:] == ["case.note_added", "case.linked"]
    assert (await bare_journal.head()).size == 6


async def test_what_another_process_did_to_the_second_case_is_seen_before_deciding(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    one, another = await registered(handler), await registered(handler)
    await other.execute(WithdrawCase(command_id=uuid4(), case_id=another), STAFF)
    with pytest.raises(Exception, match="WITHDRAWN"):
        await handler.execute(merge(one, another), STAFF)
    assert (await bare_journal.head()).size == 3


async def test_an_expected_version_is_that_of_the_case_it_is_addressed_to(
    handler: CommandHandler, bare_journal: Journal
) -> None:
    one, another = await registered(handler), await registered(handler)
    await handler.execute(note(another), STAFF)
    await handler.execute(link(one, another, expected_version=1), STAFF)
    with pytest.raises(VersionConflict):
        await handler.execute(link(one, another, expected_version=1), STAFF)
    assert (await bare_journal.head()).size == 5


async def test_crossing_commands_of_two_processes_all_get_through(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    cases = [await registered(handler) for _ in range(4)]
    pairs = [(one, another) for one in cases for another in cases if one != another]
    commands: list[tuple[CommandHandler, Command]] = []
    for index, (one, another) in enumerate(pairs):
        who = (handler, other)[index % 2]
        commands += [(who, link(one, another)), (who, note(another))]
    await asyncio.gather(*(who.execute(command, STAFF) for who, command in commands))
    for case_id in cases:
        seen = await topics(bare_journal, case_id)
        assert (seen.count("case.linked"), seen.count("case.note_added")) == (3, 3)


async def test_a_refusal_changes_neither(handler: CommandHandler, bare_journal: Journal) -> None:
    one, another = await registered(handler), await registered(handler)
    await handler.execute(WithdrawCase(command_id=uuid4(), case_id=another), STAFF)
    with pytest.raises(Exception, match="WITHDRAWN"):
        await handler.execute(merge(one, another), STAFF)
    with pytest.raises(WrongStage):
        await handler.execute(merge(another, one), STAFF)
    with pytest.raises(InvalidInput):
        await handler.execute(merge(one, one), STAFF)
    with pytest.raises(NotFound):
        await handler.execute(link(one, uuid4()), STAFF)
    assert (await bare_journal.head()).size == 3
    await handler.execute(note(one), STAFF)
    assert await topics(bare_journal, one) == ["case.registered", "case.note_added"]


async def test_the_other_case_has_to_be_within_reach_too(handler: CommandHandler) -> None:
    one, another = await registered(handler), await registered(handler)
    reporter = Caller("resident", ActorKind.PERSON, frozenset({Role.REPORTER}))
    with pytest.raises(Exception, match="may not use"):
        await handler.execute(link(one, another), reporter)


async def test_whoever_was_absorbed_by_way_of_another_hears_of_the_end(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    first, second, third = [await registered(handler) for _ in range(3)]
    await handler.execute(merge(first, second), STAFF)
    await other.execute(merge(second, third), STAFF)
    await handler.execute(WithdrawCase(command_id=uuid4(), case_id=third), STAFF)
    # Once because the second ended by its merge, once because the third was withdrawn.
    assert (await topics(bare_journal, first))[-2:] == ["case.survivor_ended"] * 2
    assert (await topics(bare_journal, second))[-2:] == ["case.merged_into", "case.survivor_ended"]


async def test_a_merge_is_reversed_by_whoever_never_saw_it(
    handler: CommandHandler, other: CommandHandler, bare_journal: Journal
) -> None:
    one, another = await registered(handler), await registered(handler)
    await other.execute(merge(one, another), STAFF)
    await handler.execute(ReverseMerge(command_id=uuid4(), case_id=one), STAFF)
    assert (await topics(bare_journal, another))[1:] == [
        "case.absorbed",
        "case.absorption_reversed",
    ]


async def test_they_are_decided_in_order_like_the_others(demonstration: Journal) -> None:
    handler = CommandHandler(demonstration)
    one, another = registration(), registration()
    part = SplitCase(
        command_id=uuid4(),
        case_id=another.case_id,
        new_case_id=uuid4(),
        new_case_no="part",
        title="Lamp",
    )
    batches = demonstration.appended[0]
    asked = (
        one,
        another,
        merge(one.case_id, another.case_id),
        part,
        note(part.new_case_id),
        WithdrawCase(command_id=uuid4(), case_id=another.case_id),
    )
    await handler.execute_in_order(hourly(*asked))
    assert demonstration.appended[0] == batches + 1
    assert await topics(demonstration, one.case_id) == [
        "case.registered",
        "case.merged_into",
        "case.survivor_ended",
    ]
    assert (await topics(demonstration, part.new_case_id))[-1] == "case.note_added"
    again = CommandHandler(demonstration)
    later = hourly(*asked, link(part.new_case_id, one.case_id), note(one.case_id))
    await again.execute_in_order(later[len(asked) :])
    assert (await topics(demonstration, one.case_id))[-1] == "case.note_added"
