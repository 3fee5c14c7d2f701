"""The ledger names whoever held the post at each instant."""

from datetime import datetime
from itertools import pairwise
from typing import Final

from domain.case.ledger.account import Piece
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.ledger.posts import nearest_post, pieces_of
from domain.directory import Directory
from domain.directory.people import DelegateAuthority
from domain.directory.posts import AbolishPosition
from domain.identity import Actor, ActorKind, Authority, Role
from domain.recorded import RecordedEvent
from tests.domain.histories import accepted, dispatched_to, registered
from tests.domain.ledgers import told
from tests.domain.office import FIRST, appointed, area, day, directory_of, position, unit
from tests.domain.passages import assigned, return_requested
from tests.domain.scenario import BEGAN, Fact, ask

BEGINS: Final = (BEGAN - FIRST).total_seconds() / 86_400
"""Days from the beginning of the directory to that of the case."""


def moment(days: float) -> float:
    """So many days after the case began, as the helpers of the directory count them."""
    return BEGINS + days


def office(*more: object) -> Directory:
    """A district with two streets, a unit for roads, and a centre with its posts."""
    return directory_of(
        area("district"),
        area("east", parent="district"),
        area("west", parent="district"),
        unit("roads"),
        unit("centre"),
        unit("street"),
        position("inspector", "roads"),
        position("desk", "centre", roles=(Role.DISPATCHER,)),
        position("east-desk", "street", roles=(Role.DISPATCHER,), areas=("east",)),
        position("west-desk", "street", roles=(Role.DISPATCHER,), areas=("west",)),
        *more,  # type: ignore[arg-type]  # commands of the directory
    )


def named(
    facts: tuple[Fact, ...], directory: Directory | None, where: str | None = "east"
) -> list[tuple[str, str | None, str | None, str | None, float]]:
    """(part, unit, post, person, days from the beginning) of each piece until the tenth day."""
    return in_words(
        told(*facts, times=[24 * number for number in range(len(facts))]), directory, where
    )


def in_words(
    events: list[RecordedEvent], directory: Directory | None, where: str | None = "east"
) -> list[tuple[str, str | None, str | None, str | None, float]]:
    until = day(moment(10))
    intervals = known_at(ledger_of(events).intervals, None, None)
    pieces = pieces_of(intervals, where, directory, until)
    assert_partition(pieces)
    return [
        (
            each.interval.holder.part.value,
            each.unit,
            each.post,
            each.person,
            round((each.begin - BEGAN).total_seconds() / 86_400, 6),
        )
        for each in pieces
    ]


def assert_partition(pieces: list[Piece]) -> None:
    for before, after in pairwise(pieces):
        assert before.end == after.begin
        assert before.begin < before.end
    assert not pieces or pieces[-1].begin <= pieces[-1].end


LED: Final = (registered(), accepted, dispatched_to("roads"), assigned("ann", "inspector"))


def test_another_appointment_is_another_holder_from_that_instant_on() -> None:
    directory = office(
        appointed("inspector", "ann", 0, moment(5)),
        appointed("inspector", "bo", moment(6)),
    )
    assert named(LED, directory)[2:] == [
        ("LEAD", "roads", "inspector", "ann", 3),
        ("LEAD", "roads", "inspector", None, 5),
        ("LEAD", "roads", "inspector", "bo", 6),
    ]


def acting(
    *facts: Fact, directory: Directory | None = None
) -> list[tuple[str, str | None, list[tuple[str, float, float, str]]]]:
    """(part, holder, delegates: who, from and until, by days of the case, and by which delegation).

    Of those pieces that have any, until the tenth day.
    """
    times = [24 * number for number in range(len(facts))]
    intervals = known_at(ledger_of(told(*facts, times=times)).intervals, None, None)
    return [
        (
            piece.interval.holder.part.value,
            piece.person,
            [
                (each.person, days_of(each.begin), days_of(each.end), each.delegation)
                for each in piece.delegates
            ],
        )
        for piece in pieces_of(intervals, "east", directory, day(moment(10)))
        if piece.delegates
    ]


def days_of(time: datetime) -> float:
    return round((time - BEGAN).total_seconds() / 86_400, 6)


def delegated(
    appointment: str, to: str, start: float, end: float, *roles: Role
) -> DelegateAuthority:
    return ask(
        DelegateAuthority,
        appointment=appointment,
        delegate=to,
        roles=roles or (Role.OFFICER,),
        valid_from=day(moment(start)),
        valid_to=day(moment(end)),
    )


def test_whoever_acts_for_the_holder_is_named_beside_them_as_long_as_both_last() -> None:
    directory = office(
        position("head", "roads", roles=(Role.OFFICER, Role.INTAKE)),
        appointed("head", "ann", 0, moment(7)),
        appointed("head", "bo", moment(7)),
        appointed("desk", "chief", 0),
        delegated("head#1", "cy", 2, 6),
        delegated("head#1", "di", 4, 7),
        # It goes on after what is looked at; nothing that answers for the case is delegated here.
        delegated("head#2", "ed", 9, 12, Role.OFFICER, Role.INTAKE),
        delegated("head#2", "fay", 8, 12, Role.INTAKE),
        delegated("desk#1", "gus", 0, 1.5, Role.DISPATCHER),
        delegated("desk#1", "hal", 20, 21, Role.DISPATCHER),
    )
    facts = (*LED[:3], assigned("ann", "head"))
    assert [each[2:] for each in named(facts, directory)[2:]] == [
        ("head", "ann", 3),
        ("head", "bo", 7),
    ]
    assert acting(*facts, directory=directory) == [
        ("LEAD", "ann", [("cy", 3, 6, "head#1.1"), ("di", 4, 7, "head#1.2")]),
        ("LEAD", "bo", [("ed", 9, 10, "head#2.1")]),
    ]
    decided = (*LED[:3], return_requested())
    assert acting(*facts, directory=None) == acting(*decided, directory=office()) == []


def test_of_a_post_that_several_hold_only_those_who_act_for_whoever_is_named() -> None:
    directory = office(
        position("inspector-2", "roads", single_holder=False),
        appointed("inspector-2", "elder", 0),
        appointed("inspector-2", "ann", 1),
        delegated("inspector-2#1", "cy", 1, 8),
        delegated("inspector-2#2", "di", 5, 8),
    )
    facts = (*LED[:3], assigned("ann", "inspector-2"))
    assert acting(*facts, directory=directory) == [
        ("LEAD", "ann", [("di", 5, 8, "inspector-2#2.1")])
    ]


def test_an_appointment_after_the_interval_changes_nothing() -> None:
    directory = office(
        appointed("inspector", "ann", 0, moment(20)), appointed("inspector", "bo", moment(21))
    )
    assert named(LED, directory)[2:] == [("LEAD", "roads", "inspector", "ann", 3)]


def test_whoever_handles_it_answers_as_long_as_they_hold_the_post_too() -> None:
    """Of a post that several hold it is the one who was assigned."""
    several = position("inspector-2", "roads", single_holder=False)
    directory = office(
        several,
        appointed("inspector-2", "elder", 0),
        appointed("inspector-2", "ann", 1, moment(5)),
    )
    facts = (*LED[:3], assigned("ann", "inspector-2"))
    assert [(each[3], each[4]) for each in named(facts, directory)[2:]] == [
        ("ann", 3),
        ("elder", 5),
    ]


def test_a_post_that_the_directory_does_not_know_is_whose_the_case_says() -> None:
    facts = (*LED[:3], assigned("ann", "somewhere"))
    assert named(facts, office())[-1][:4] == ("LEAD", "roads", "somewhere", "ann")


def test_without_a_directory_it_is_as_the_case_says() -> None:
    for directory in (None, directory_of(area("district"))):
        assert [each[:4] for each in named(LED, directory)] == [
            ("DISPATCHER", None, None, None),
            ("LEAD", "roads", None, None),
            ("LEAD", "roads", "inspector", "ann"),
        ]


def test_a_role_answers_by_its_post_for_the_smallest_area() -> None:
    directory = office(
        appointed("desk", "chief", 0),
        appointed("east-desk", "clerk", 0, moment(1.5)),
        appointed("east-desk", "successor", moment(1.5)),
    )
    assert named(LED[:2], directory) == [
        ("DISPATCHER", "street", "east-desk", "clerk", 1),
        ("DISPATCHER", "street", "east-desk", "successor", 1.5),
    ]
    assert named(LED[:2], directory, None) == [("DISPATCHER", "centre", "desk", "chief", 1)]


def test_where_the_post_ends_the_next_wider_one_answers() -> None:
    directory = office(
        appointed("desk", "chief", 0),
        ask(AbolishPosition, code="east-desk", valid_to=day(moment(4))),
    )
    assert named(LED[:2], directory) == [
        ("DISPATCHER", "street", "east-desk", None, 1),
        ("DISPATCHER", "centre", "desk", "chief", 4),
    ]


def test_a_decision_is_that_of_the_role_that_takes_it() -> None:
    registrar = position("registry", "centre", roles=(Role.REGISTRAR,))
    directory = office(
        registrar, appointed("registry", "zoe", 0), appointed("east-desk", "clerk", 0)
    )
    facts = (*LED[:3], return_requested())
    assert named(facts, directory)[-1][:4] == ("DECIDER", "street", "east-desk", "clerk")


def test_of_several_posts_it_is_the_units_or_nobodys_in_particular() -> None:
    same = office(position("second-desk", "centre", roles=(Role.DISPATCHER,)))
    assert nearest_post(same, Role.DISPATCHER, None, BEGAN) == ("centre", None)
    others = office(position("roads-desk", "roads", roles=(Role.DISPATCHER,)))
    assert nearest_post(others, Role.DISPATCHER, None, BEGAN) == (None, None)
    assert nearest_post(others, Role.EVALUATOR, None, BEGAN) == (None, None)
    # A unit that serves some areas lends them to its posts.
    west = directory_of(
        area("west"),
        unit("street", areas=("west",)),
        position("desk", "street", roles=(Role.DISPATCHER,)),
    )
    assert nearest_post(west, Role.DISPATCHER, "west", BEGAN) == ("street", "desk")
    assert nearest_post(west, Role.DISPATCHER, None, BEGAN) == (None, None)


def test_whoever_took_the_step_in_the_end_is_whose_it_was() -> None:
    directory = office(appointed("desk", "chief", 0), appointed("east-desk", "clerk", 0))
    events = told(*LED[:3], times=[0, 24, 48])
    chief = Actor("chief", ActorKind.PERSON, "desk", "centre")
    events[2] = events[2]._replace(actor=chief, authority=Authority("dispatchCase", 1))
    assert in_words(events, directory)[0] == ("DISPATCHER", "centre", "desk", "chief", 1)
    assert in_words(events, None)[0] == ("DISPATCHER", "centre", "desk", None, 1)


def test_what_begins_at_the_moment_asked_about_is_there_already() -> None:
    events = told(*LED[:2], times=[0, 0])
    intervals = known_at(ledger_of(events).intervals, None, None)
    [piece] = pieces_of(intervals, "east", office(), BEGAN)
    assert (piece.begin, piece.end, piece.unit) == (BEGAN, BEGAN, "street")
    # What was over at once is not.
    events = told(*LED[:3], times=[0, 0, 0])
    intervals = known_at(ledger_of(events).intervals, None, None)
    assert [each.unit for each in pieces_of(intervals, "east", office(), BEGAN)] == ["roads"]
