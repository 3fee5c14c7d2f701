"""Versions of every configuration go the same way."""

from datetime import datetime
from typing import Any

import pytest

from domain.configuration import VersionState
from domain.refusal import InvalidInput, NotFound, TwoPersons, WrongVersionState
from domain.versioning import PART_BYTES, parts
from tests.domain.configuring import ANN, BO, MODULES, Configuring, case_type, day


@pytest.fixture(params=MODULES)
def kept(request: pytest.FixtureRequest) -> Configuring:
    return Configuring(request.param)


def test_the_first_draft_opens_it(kept: Configuring) -> None:
    assert kept.given(kept.draft()) == [f"{kept.name}Opened", f"{kept.name}Drafted"]
    assert states(kept) == [VersionState.DRAFT]


def states(kept: Configuring) -> list[VersionState]:
    return [record.state for record in kept.aggregate.versions]


def test_a_version_is_drafted_proposed_published_and_retired(kept: Configuring) -> None:
    kept.given(kept.draft())
    assert kept.given(kept.command("propose", 1)) == [f"{kept.name}Proposed"]
    assert states(kept) == [VersionState.PROPOSED]
    assert kept.given(kept.command("publish", 1), BO) == [f"{kept.name}Published"]
    assert states(kept) == [VersionState.PUBLISHED]
    assert kept.given(kept.command("retire", 1)) == [f"{kept.name}Retired"]
    assert states(kept) == [VersionState.RETIRED]


def test_whoever_proposed_it_does_not_publish_it(kept: Configuring) -> None:
    kept.given(kept.draft())
    kept.given(kept.command("propose", 1), ANN)
    with pytest.raises(TwoPersons) as refused:
        kept.given(kept.command("publish", 1), ANN)
    assert refused.value.facts == {"number": 1}
    assert kept.given(kept.command("publish", 1), BO)


def test_whoever_drafted_it_may_publish_what_another_answers_for(kept: Configuring) -> None:
    kept.given(kept.draft(), ANN)
    kept.given(kept.command("propose", 1), BO)
    assert kept.given(kept.command("publish", 1), ANN)
    record = kept.aggregate.versions[0]
    assert (record.drafted.by, record.proposed and record.proposed.by) == ("ann", "bo")


@pytest.mark.parametrize("verb", ["propose", "publish", "retire"])
def test_what_is_so_already_records_nothing(kept: Configuring, verb: str) -> None:
    kept.given(kept.draft())
    for step in ("propose", "publish", "retire"):
        kept.given(kept.command(step, 1), BO if step == "publish" else ANN)
        if step == verb:
            break
    assert kept.given(kept.command(verb, 1), BO) == []


def test_the_same_content_again_is_no_new_version(kept: Configuring) -> None:
    kept.given(kept.draft("One"))
    assert kept.given(kept.draft("One")) == []
    assert kept.given(kept.draft("Two")) == [f"{kept.name}Drafted"]
    assert kept.given(kept.draft("One")) == [f"{kept.name}Drafted"]


def test_the_content_of_a_retired_version_may_come_again(kept: Configuring) -> None:
    kept.given(kept.draft("One"))
    kept.given(kept.command("retire", 1))
    assert kept.given(kept.draft("One")) == [f"{kept.name}Drafted"]


@pytest.mark.parametrize(
    ("verb", "state", "allowed"),
    [("publish", "DRAFT", ["PROPOSED"]), ("propose", "PUBLISHED", ["DRAFT"])],
)
def test_a_step_cannot_be_left_out_or_taken_back(
    kept: Configuring, verb: str, state: str, allowed: list[str]
) -> None:
    kept.given(kept.draft())
    if state == "PUBLISHED":
        kept.given(kept.command("propose", 1))
        kept.given(kept.command("publish", 1), BO)
    with pytest.raises(WrongVersionState) as refused:
        kept.given(kept.command(verb, 1))
    assert refused.value.facts == {
        "command": f"{verb}{kept.name}",
        "number": 1,
        "state": state,
        "allowed": allowed,
    }


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_version_that_is_not_there_is_not_found(kept: Configuring, number: int) -> None:
    with pytest.raises(NotFound):
        kept.given(kept.command("propose", 1))
    kept.given(kept.draft())
    with pytest.raises(NotFound):
        kept.given(kept.command("propose", number))
    assert kept.aggregate.content(number) is None


def test_a_version_is_in_force_from_its_publication_until_the_next(kept: Configuring) -> None:
    kept.publish("One", day(1))
    kept.publish("Two", day(3))
    assert [kept.title_in_force(day(number)) for number in range(5)] == [
        None,
        "One",
        "One",
        "Two",
        "Two",
    ]


def test_a_version_may_come_into_force_at_another_time(kept: Configuring) -> None:
    kept.publish("One", day(1), valid_from=day(-9))
    kept.publish("Two", day(2), valid_from=day(5))
    assert [kept.title_in_force(day(number)) for number in (-10, -9, 4, 5)] == [
        None,
        "One",
        "One",
        "Two",
    ]


def test_of_two_from_the_same_moment_the_later_one_is_in_force(kept: Configuring) -> None:
    kept.publish("One", day(1))
    kept.publish("Two", day(1))
    assert kept.title_in_force(day(1)) == "Two"


def test_where_the_newest_is_retired_the_one_before_applies_again(kept: Configuring) -> None:
    kept.publish("One", day(1))
    kept.publish("Two", day(3))
    kept.given(kept.command("retire", 2), at=day(6))
    assert [kept.title_in_force(day(number)) for number in (3, 5, 6)] == ["Two", "Two", "One"]


def test_a_moment_needs_an_offset(kept: Configuring) -> None:
    kept.given(kept.draft())
    kept.given(kept.command("propose", 1))
    naive = datetime(2024, 3, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(InvalidInput) as refused:
        kept.given(kept.command("publish", 1, valid_from=naive), BO)
    assert refused.value.path == ["validFrom"]


@pytest.mark.parametrize(
    ("said", "path"),
    [({"title": " "}, ["title"]), ({"pack": "x" * 101}, ["pack"]), ({"reason": "\0"}, ["reason"])],
)
def test_a_title_is_needed_and_storable(
    kept: Configuring, said: dict[str, Any], path: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        kept.given(kept.draft(**said))
    assert refused.value.path == path
    assert kept.kept is None


class TestParts:
    many = tuple(case_type(f"type-{number}") for number in range(1_000))

    def test_a_large_content_is_cut_into_entries_and_lies_together_again(self) -> None:
        cut = list(parts("types", self.many))
        assert len(cut) > 1
        assert all(cut)
        assert sum(cut, ()) == self.many

    def test_one_thing_larger_than_an_entry_is_refused(self) -> None:
        with pytest.raises(InvalidInput) as refused:
            list(parts("types", [self.many[0], case_type("x" * PART_BYTES)]))
        assert refused.value.path == ["types", "1"]

    def test_nothing_is_one_empty_part(self) -> None:
        assert list(parts("rules", ())) == [()]
