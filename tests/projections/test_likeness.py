"""How alike two requests are: the parts, their bounds, and what is shared in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.vocabulary import Point, Precision
from projections.likeness import (
    NEAR_METRES,
    NEARNESS_METRES,
    WEIGHTS,
    WINDOW,
    Likeness,
    Request,
    distance_between,
    likenesses,
    overlap,
    rarity,
    shared_words,
    terms,
)
from projections.texts import normalised

AT = datetime(2026, 3, 1, tzinfo=UTC)
HERE = Point(30.05, 122.61)
LAMP = Request(normalised("幸福路12号路灯不亮"), AT, "lamp", "grid-1", HERE)
DOG = replace(LAMP, normal=normalised("A dog barks all night"))
# A degree of latitude is about 111.2 km on this sphere.
METRE = 1 / 111_195

texts = st.text(st.sampled_from("路灯不亮坏abc 12"), max_size=20).map(normalised)
points = st.none() | st.builds(
    Point, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(Precision)
)
requests = st.builds(
    Request,
    texts,
    st.timedeltas(-2 * WINDOW, 2 * WINDOW).map(lambda apart: AT + apart),
    st.sampled_from([None, "lamp", "dog"]),
    st.sampled_from([None, "grid-1", "grid-2"]),
    points,
)


def like(one: Request, other: Request) -> Likeness:
    (likeness,) = likenesses(one, [other])
    return likeness


@given(requests, st.lists(requests, max_size=4))
def test_every_part_and_the_score_lie_between_0_and_1(
    wanted: Request, others: list[Request]
) -> None:
    for each in likenesses(wanted, others):
        for part in (each.words, each.place, each.type, each.time, each.score):
            assert 0 <= part <= 1


@given(requests, requests)
def test_it_does_not_matter_which_came_first(one: Request, other: Request) -> None:
    assert like(one, other).score == pytest.approx(like(other, one).score)


@given(texts.filter(lambda text: bool(terms(text))))
def test_a_text_is_wholly_like_itself(text: str) -> None:
    sought = terms(text)
    assert overlap(sought, sought, rarity([sought, sought])) == pytest.approx(1)


def test_the_weights_add_up_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert like(LAMP, LAMP).score == pytest.approx(1)


def test_rare_words_count_for_more_than_frequent_ones() -> None:
    others = [
        replace(LAMP, normal=normalised(text))
        for text in ("lamp broken harbour", "lamp broken street", "lamp broken market")
    ]
    wanted = replace(LAMP, normal=normalised("harbour, and it is dark"))
    words = [each.words for each in likenesses(wanted, others)]
    assert words[0] > 0.2
    assert words[1] == words[2] == 0


@pytest.mark.parametrize(("text", "found"), [("路灯 灯", {"路灯"}), ("the", set()), ("", set())])
def test_what_a_text_is_compared_by(text: str, found: set[str]) -> None:
    assert terms(normalised(text)) == found


@pytest.mark.parametrize(
    ("one", "other"), [("lamps", "lamp"), ("Parking", "parked"), ("ＬＡＭＰ", "lamp")]
)
def test_endings_case_and_width_make_no_other_word(one: str, other: str) -> None:
    assert terms(normalised(one)) == terms(normalised(other))


def test_distance_is_that_of_a_sphere() -> None:
    there = Point(HERE.latitude + 100 * METRE, HERE.longitude)
    assert distance_between(HERE, there) == pytest.approx(100, rel=0.01)
    assert distance_between(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_087, rel=0.001)


@pytest.mark.parametrize("other", [None, Point(30.05, 122.61, Precision.GRID)])
def test_a_point_that_is_not_known_exactly_has_no_distance(other: Point | None) -> None:
    assert distance_between(HERE, other) is None
    assert distance_between(other, HERE) is None


def test_nearness_halves_at_its_distance_and_areas_stand_in_for_points() -> None:
    there = Point(HERE.latitude + NEARNESS_METRES * METRE, HERE.longitude)
    assert like(LAMP, replace(LAMP, point=there)).place == pytest.approx(0.5, rel=0.02)
    same = like(LAMP, replace(LAMP, point=None)).place
    near = like(LAMP, replace(LAMP, point=None, area="grid-2")).place
    assert same > near


def test_time_counts_until_the_window_is_over() -> None:
    halfway = like(LAMP, replace(LAMP, registered_at=AT + WINDOW / 2))
    assert halfway.time == pytest.approx(0.5)
    assert halfway.days == WINDOW / timedelta(days=2)
    assert like(LAMP, replace(LAMP, registered_at=AT - 2 * WINDOW)).time == 0


def test_what_shares_neither_words_nor_place_is_not_worth_showing() -> None:
    far = Point(HERE.latitude + 2 * NEAR_METRES * METRE, HERE.longitude)
    assert like(LAMP, DOG).worth_showing
    assert not like(LAMP, replace(DOG, point=far)).worth_showing
    assert like(LAMP, replace(LAMP, point=far)).worth_showing


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("幸福路12号路灯不亮", "路灯坏了，在幸福路12号", ["幸福路", "路灯", "12"]),
        ("Lamps out in Harbour Road", "the lamp of harbour road", ["harbour", "lamp", "road"]),
        ("路", "路", []),
        ("", "anything", []),
    ],
)
def test_shared_words_are_for_people(one: str, other: str, shared: list[str]) -> None:
    assert shared_words(normalised(one), normalised(other)) == shared
