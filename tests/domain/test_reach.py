"""How far roles reach: the table of extents, walked completely, and against a slow reference."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import recognised
from domain.case.lifecycle import LIFECYCLE
from domain.directory.people import DelegateAuthority
from domain.identity import ANONYMOUS, ActorKind, Caller, Post, Reach, Role
from domain.permissions import (
    PERMISSIONS,
    READ_CASES,
    acting_roles,
    permitted,
    post_used,
    readable,
    sees_every_case,
)
from domain.reach import (
    CLEARED,
    EXTENTS,
    LEAD_ONLY,
    NOWHERE,
    Extent,
    Place,
    Range,
    range_of,
)
from domain.refusal import NotFound, NotPermitted
from domain.scope import NOTHING, Scope, scope_of
from domain.vocabulary import Confidentiality
from tests.domain.office import NOW, appointed, area, day, directory_of, position, unit
from tests.domain.scenario import ask

UNITS: Final = ("city", "water", "water-east", "police")
AREAS: Final = ("district", "grid-7", "grid-8")
ABOUT_CASES: Final = (*LIFECYCLE, READ_CASES)


def holding(
    *roles: Role, unit: str = "water", units: tuple[str, ...] = (), areas: tuple[str, ...] = ()
) -> Caller:
    post = Post("post", frozenset(roles), unit, frozenset(areas))
    reach = Reach(post, frozenset((unit, *units)), frozenset(areas))
    kind = ActorKind.PERSON
    return Caller("holder", kind, frozenset({*roles, Role.REPORTER}), reaches=(reach,))


@pytest.mark.parametrize("role", Role)
def test_every_role_with_cases_has_an_extent_and_no_other(role: Role) -> None:
    about_cases = any(role in PERMISSIONS[permission] for permission in ABOUT_CASES)
    assert (role in EXTENTS) is (about_cases and role is not Role.REPORTER)


@pytest.mark.parametrize("role", sorted(set(Role) - set(EXTENTS)))
def test_a_role_without_an_extent_reaches_no_case(role: Role) -> None:
    reach = holding(role).reaches[0]
    assert not range_of(role, reach).holds(Place("water", ("water",), None))


class TestExtents:
    def test_a_unit_sees_what_it_or_a_unit_below_it_leads_or_helps_with(self) -> None:
        officer = holding(Role.OFFICER, units=("water-east",), areas=("grid-7",))
        within = readable(officer)
        assert within.holds(Place("water"))
        assert within.holds(Place("water-east"))
        assert within.holds(Place("police", ("gas", "water")))
        assert not within.holds(Place("police", (), "grid-7"))
        assert not within.holds(Place())

    def test_an_area_sees_what_lies_in_it(self) -> None:
        dispatcher = holding(Role.DISPATCHER, areas=("grid-7",))
        within = readable(dispatcher)
        assert within.holds(Place(area="grid-7"))
        assert within.holds(Place("water"))
        assert not within.holds(Place(area="grid-8"))
        assert not within.holds(Place())

    def test_a_post_for_no_area_in_particular_is_for_every_area(self) -> None:
        assert scope_of(holding(Role.REGISTRAR)).every_case

    def test_an_auditor_sees_everything(self) -> None:
        assert scope_of(holding(Role.AUDITOR, areas=("grid-7",))).every_case

    def test_whoever_runs_the_service_or_keeps_the_books_sees_their_own_cases_only(self) -> None:
        keeper = holding(Role.SYSTEM_ADMIN, Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN)
        assert scope_of(keeper) == Scope(every_case=False, own="holder", internal=False)

    def test_by_several_posts_one_sees_what_each_gives(self) -> None:
        both = holding(Role.OFFICER).reaches + holding(Role.EVALUATOR, areas=("grid-8",)).reaches
        caller = Caller("holder", ActorKind.PERSON, frozenset(EXTENTS), reaches=both)
        within = scope_of(
            Caller("h", ActorKind.PERSON, frozenset({Role.OFFICER, Role.EVALUATOR}), reaches=both)
        )
        assert within.units == {"water"}
        assert within.areas == {"grid-8"}
        assert scope_of(caller).every_case, "a role that no post gives is not narrowed by one"


class TestConfidential:
    """A case that few may see does not exist for the others, whatever their posts reach."""

    def test_each_level_leaves_fewer_than_the_one_before(self) -> None:
        normal, restricted, confidential = (CLEARED[level] for level in Confidentiality)
        assert set(Role) == normal > restricted > confidential

    @pytest.mark.parametrize("level", Confidentiality)
    @pytest.mark.parametrize("role", sorted(EXTENTS.keys() - {Role.SERVICE}))
    def test_a_role_that_is_not_left_has_no_such_case(
        self, role: Role, level: Confidentiality
    ) -> None:
        place = Place("water", (), "grid-7", level)
        caller = holding(role, areas=("grid-7",))
        for command in (name for name in ABOUT_CASES if role in PERMISSIONS[name]):
            if role in CLEARED[level]:
                permitted(caller, command, None, place)
            else:
                with pytest.raises(NotFound):
                    permitted(caller, command, None, place)
                assert post_used(caller, command, None, place) is None

    def test_a_helping_unit_has_what_is_restricted_not_what_is_confidential(self) -> None:
        officer = holding(Role.OFFICER)
        permitted(
            officer, "addNote", None, Place("police", ("water",), None, Confidentiality.RESTRICTED)
        )
        with pytest.raises(NotFound):
            permitted(
                officer,
                "addNote",
                None,
                Place("police", ("water",), None, Confidentiality.CONFIDENTIAL),
            )

    def test_it_stays_its_reporters_own(self) -> None:
        place = Place("water", (), "grid-7", Confidentiality.CONFIDENTIAL)
        permitted(holding(Role.INTAKE), "withdrawCase", "holder", place)

    def test_whoever_sees_all_but_those_does_not_see_every_case(self) -> None:
        dispatcher = holding(Role.DISPATCHER)
        scope = scope_of(dispatcher)
        assert (scope.every_case, scope.every_open) == (False, True)
        assert (scope.restricted.everywhere, scope.confidential) == (True, NOWHERE)
        assert not sees_every_case(dispatcher)


class TestShared:
    """A unit with which a case is shared learns that there is one, and may do nothing with it."""

    def test_it_is_told_that_it_may_not(self) -> None:
        officer = holding(Role.OFFICER)
        for level in Confidentiality:
            place = Place("police", (), "grid-8", level, ("gas", "water"))
            with pytest.raises(NotPermitted):
                permitted(officer, "addNote", None, place)

    def test_nobody_else_is(self) -> None:
        place = Place("police", (), "grid-8", shared_with=("gas",))
        with pytest.raises(NotFound):
            permitted(holding(Role.OFFICER), "addNote", None, place)


class TestCommands:
    @pytest.mark.parametrize("command", sorted(LEAD_ONLY))
    def test_some_are_for_the_lead_unit_alone(self, command: str) -> None:
        role = next(iter({Role.OFFICER, Role.UNIT_LEADER} & PERMISSIONS[command]))
        holder = holding(role)
        permitted(holder, command, None, Place("water"))
        with pytest.raises(NotPermitted):
            permitted(holder, command, None, Place("police", ("water",)))

    def test_others_are_for_those_that_help_too(self) -> None:
        granted = permitted(holding(Role.OFFICER), "addNote", None, Place("police", ("water",)))
        assert granted.permission == "addNote"

    @pytest.mark.parametrize("command", LIFECYCLE)
    @pytest.mark.parametrize("role", sorted(EXTENTS.keys() - {Role.SERVICE}))
    def test_beyond_reach_there_is_no_such_case(self, role: Role, command: str) -> None:
        caller = holding(role, areas=("grid-7",))
        expected: type[Exception] = NotFound
        if caller.roles.isdisjoint(PERMISSIONS[command]) or role is Role.AUDITOR:
            expected = NotPermitted
        with pytest.raises(expected):
            permitted(caller, command, "somebody else", Place("police", (), "grid-8"))

    def test_of_a_case_within_reach_one_learns_that_it_is_the_right_that_is_missing(self) -> None:
        with pytest.raises(NotPermitted):
            permitted(holding(Role.OFFICER), "withdrawCase", "somebody", Place("water"))

    def test_with_ones_own_case_one_is_a_reporter_like_any_other(self) -> None:
        officer, elsewhere = holding(Role.OFFICER), Place("police")
        assert acting_roles(officer, "addNote", "holder", elsewhere) == {Role.REPORTER}
        assert Role.OFFICER in acting_roles(officer, "addNote", "holder", Place("water"))
        permitted(officer, "withdrawCase", "holder", elsewhere)

    def test_the_post_that_allows_it_is_the_one_used(self) -> None:
        east = Post("east", frozenset({Role.OFFICER}), "water-east")
        west = Post("west", frozenset({Role.OFFICER}), "water-west", by_delegation="chief")
        reaches = (Reach(east, frozenset({east.unit})), Reach(west, frozenset({west.unit})))
        caller = Caller("h", ActorKind.PERSON, frozenset({Role.OFFICER}), reaches=reaches)
        assert post_used(caller, "addNote", None, Place("water-west")) == west
        assert post_used(caller, "addNote", None, Place("water-east")) == east
        assert post_used(caller, "addNote", None) == east
        assert post_used(caller, "addNote", None, Place("police")) is None


reaches = st.builds(
    lambda roles, unit, below, areas: Reach(
        Post("p", frozenset(roles), unit, frozenset(areas)),
        frozenset({unit, *below}),
        frozenset(areas),
    ),
    st.sets(st.sampled_from(Role), max_size=3),
    st.sampled_from(UNITS),
    st.sets(st.sampled_from(UNITS), max_size=2),
    st.sets(st.sampled_from(AREAS), max_size=2),
)
places = st.builds(
    lambda lead, co, where, level: Place(lead, tuple(co), where, level),
    st.none() | st.sampled_from(UNITS),
    st.sets(st.sampled_from(UNITS), max_size=2),
    st.none() | st.sampled_from(AREAS),
    st.sampled_from(Confidentiality),
)


def within_reach(reach: Reach, role: Role, place: Place) -> bool:
    """The slow reference: post by post, as the sentences of `Extent` say it."""
    own_unit = any(unit in reach.units for unit in (place.lead_unit, *place.co_units))
    match EXTENTS.get(role):
        case Extent.EVERYTHING:
            return True
        case Extent.UNIT:
            return own_unit
        case Extent.AREA:
            return own_unit or not reach.areas or place.area in reach.areas
        case None:
            return False


@given(held=st.lists(reaches, max_size=3), place=places)
def test_one_sees_exactly_what_one_of_the_posts_brings_within_reach(
    held: list[Reach], place: Place
) -> None:
    roles = frozenset[Role]().union(*(reach.post.roles for reach in held))
    caller = Caller("h", ActorKind.PERSON, roles, reaches=tuple(held))
    level = place.confidentiality
    seen = place.as_led() if level is Confidentiality.CONFIDENTIAL else place
    expected = any(
        within_reach(reach, role, seen)
        for reach in held
        for role in reach.post.roles & PERMISSIONS[READ_CASES] & CLEARED[level]
    )
    assert readable(caller, level).holds(seen) is expected
    scope = scope_of(caller)
    within = {
        Confidentiality.NORMAL: Range(scope.every_open, scope.units, scope.areas),
        Confidentiality.RESTRICTED: scope.restricted,
        Confidentiality.CONFIDENTIAL: scope.confidential,
    }
    assert (scope.every_case or within[level].holds(seen)) is expected


DIRECTORY: Final = directory_of(
    area("district"),
    area("grid-7", parent="district"),
    unit("water", areas=("district",)),
    unit("water-east", parent="water"),
    position("chief", "water", roles=(Role.UNIT_LEADER, Role.DISPATCHER)),
    position("clerk", "water-east", roles=(Role.OFFICER,)),
    appointed("chief", "wang"),
    appointed("clerk", "li", 0, 50),
    ask(
        DelegateAuthority,
        appointment="chief#1",
        delegate="zhao",
        roles=(Role.DISPATCHER,),
        valid_from=day(0),
        valid_to=day(90),
    ),
)
CLAIMS: Final = frozenset({Role.AUDITOR, Role.DIRECTORY_ADMIN})


def token(name: str, kind: ActorKind = ActorKind.PERSON) -> Caller:
    return Caller(name, kind, CLAIMS, unit="claimed", position="claimed")


class TestRecognised:
    def test_before_anybody_is_appointed_claims_count(self) -> None:
        for directory in (None, directory_of(unit("water"))):
            assert recognised(token("wang"), directory, (), NOW) == token("wang")

    def test_afterwards_the_directory_alone_says_it(self) -> None:
        known = recognised(token("wang"), DIRECTORY, (), NOW)
        assert known.roles == {Role.REPORTER, Role.UNIT_LEADER, Role.DISPATCHER}
        assert (known.unit, known.position) == ("water", "chief")
        (reach,) = known.reaches
        assert reach.units == {"water", "water-east"}
        assert reach.areas == {"district", "grid-7"}
        assert known.posts == DIRECTORY.roles_of("wang", NOW)

    def test_as_it_is_at_that_moment(self) -> None:
        assert Role.OFFICER in recognised(token("li"), DIRECTORY, (), day(49)).roles
        assert recognised(token("li"), DIRECTORY, (), day(51)).roles == {Role.REPORTER}

    def test_a_stranger_with_a_token_is_a_reporter(self) -> None:
        known = recognised(token("somebody"), DIRECTORY, (), NOW)
        assert known == Caller("somebody", ActorKind.PERSON, frozenset({Role.REPORTER}))

    def test_a_service_without_a_post_may_do_nothing(self) -> None:
        known = recognised(token("robot", ActorKind.SERVICE), DIRECTORY, (), NOW)
        assert known.roles == frozenset()
        assert scope_of(known) == NOTHING

    def test_a_delegate_acts_for_the_delegator(self) -> None:
        known = recognised(token("zhao"), DIRECTORY, (), day(10))
        assert known.roles == {Role.REPORTER, Role.DISPATCHER}
        assert known.posts[0].by_delegation == "wang"

    def test_administrators_of_the_genesis_entry_begin(self) -> None:
        first = frozenset({Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN})
        claimed = Caller("admin", ActorKind.PERSON, frozenset({Role.REPORTER}))
        assert recognised(claimed, None, ("admin",), NOW).roles == first | {Role.REPORTER}
        assert recognised(claimed, DIRECTORY, ("admin",), NOW).roles == first | {Role.REPORTER}

    def test_nobody_in_particular_stays_so(self) -> None:
        assert recognised(ANONYMOUS, DIRECTORY, (ANONYMOUS.principal,), NOW) is ANONYMOUS
