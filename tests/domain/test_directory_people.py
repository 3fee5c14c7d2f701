"""Positions and people: who holds which post when, who acts for them, who is qualified."""

from datetime import datetime
from typing import Any

import pytest

from domain.directory import administrator_roles
from domain.directory.people import (
    AppointmentEnded,
    AppointPerson,
    AuthorityDelegated,
    DelegateAuthority,
    DelegationRevoked,
    EndAppointment,
    GrantQualification,
    PersonAppointed,
    QualificationGranted,
    QualificationWithdrawn,
    RevokeDelegation,
    WithdrawQualification,
)
from domain.directory.posts import (
    AbolishPosition,
    ChangePosition,
    PositionAbolished,
    PositionChanged,
    PositionCreated,
)
from domain.directory.state import DirectoryOpened
from domain.directory.timeline import Timeline
from domain.directory.units import DissolveUnit
from domain.identity import Post, Role
from tests.domain.office import (
    NOW,
    appointed,
    area,
    day,
    directory_of,
    given,
    position,
    unit,
)
from tests.domain.scenario import Fact, ask, happened

HALL = unit("hall")
CLERK = position("clerk", "hall", roles=(Role.REGISTRAR, Role.INTAKE))
SHARED = position("desk", "hall", single_holder=False)


def created(code: str, **said: object) -> Fact:
    usual: dict[str, object] = {
        "code": code,
        "unit": "hall",
        "title_zh": None,
        "title_en": code.title(),
        "roles": (Role.OFFICER,),
        "areas": (),
        "single_holder": True,
        "valid_from": day(0),
    }
    return happened(PositionCreated, **{**usual, **said})


def ended(code: str, end: float) -> EndAppointment:
    return ask(EndAppointment, appointment=code, valid_to=day(end))


def delegated(
    end: float, *, to: str = "deputy", start: float = 1, **said: Any
) -> DelegateAuthority:
    usual: dict[str, Any] = {"appointment": "clerk#1", "roles": (Role.INTAKE,)}
    times = {"valid_from": day(start), "valid_to": day(end)}
    return ask(DelegateAuthority, delegate=to, **{**usual, **times, **said})


def granted(who: str, start: float, end: float | None = None) -> GrantQualification:
    return ask(
        GrantQualification,
        person=who,
        qualification="mediation",
        valid_from=day(start),
        valid_to=None if end is None else day(end),
    )


class TestPositions:
    def test_a_position_gives_roles_in_a_unit(self) -> None:
        command = position("clerk", "hall", roles=(Role.REGISTRAR, Role.INTAKE, Role.INTAKE))
        given(HALL).when(command).then(created("clerk", roles=(Role.INTAKE, Role.REGISTRAR)))

    def test_what_is_so_already_records_nothing(self) -> None:
        given(HALL, CLERK).when(CLERK).then()

    def test_a_code_is_never_given_twice(self) -> None:
        given(HALL, CLERK).when(position("clerk", "hall", title_en="No")).refused("CODE_TAKEN")

    @pytest.mark.parametrize("role", [Role.PUBLIC, Role.REPORTER])
    def test_nobody_is_a_resident_by_post(self, role: Role) -> None:
        given(HALL).when(position("p", "hall", roles=(Role.OFFICER, role))).refused(
            "INVALID_INPUT", path=["roles", "1"]
        )

    def test_its_unit_and_areas_must_be_there(self) -> None:
        given(HALL).when(position("p", "no")).refused("NOT_IN_FORCE", thing="unit")
        given(HALL).when(position("p", "hall", areas=("no",))).refused("NOT_IN_FORCE", thing="area")

    def test_it_changes_from_a_time_on(self) -> None:
        command = ask(
            ChangePosition, code="desk", roles=(Role.INTAKE,), title_zh="窗口", valid_from=day(3)
        )
        given(HALL, SHARED).when(command).then(
            Fact(
                PositionChanged,
                created(
                    "desk",
                    roles=(Role.INTAKE,),
                    title_zh="窗口",
                    single_holder=False,
                    valid_from=day(3),
                ).said,
            )
        )

    def test_a_change_that_is_none_records_nothing(self) -> None:
        given(HALL, CLERK).when(ask(ChangePosition, code="clerk", unit="hall")).then()

    def test_it_becomes_one_persons_only_where_it_is(self) -> None:
        held = [
            appointed("desk", "wang", 0, 5),
            appointed("desk", "li", 4, 8),
            appointed("desk", "zhao", 8),
        ]
        office = given(HALL, SHARED, *held)
        alone = {"code": "desk", "single_holder": True}
        office.when(ask(ChangePosition, **alone, valid_from=day(4))).refused(
            "POSITION_HELD", position="desk", held_by="desk#2"
        )
        office.when(ask(ChangePosition, **alone, valid_from=day(5))).happens()

    def test_it_is_abolished_once_nobody_holds_it(self) -> None:
        office = given(HALL, CLERK, appointed("clerk", "wang", 0, 5))
        office.when(ask(AbolishPosition, code="clerk", valid_to=day(4))).refused(
            "STILL_NEEDED", thing="position", needed_by=["clerk#1"]
        )
        abolish = ask(AbolishPosition, code="clerk", valid_to=day(5))
        directory = office.when(abolish).then(
            happened(PositionAbolished, code="clerk", valid_to=day(5))
        )
        directory.collect_events()
        office.when(abolish).then()

    def test_an_appointment_that_was_called_off_does_not_hold_it(self) -> None:
        office = given(HALL, CLERK, appointed("clerk", "wang", 9), ended("clerk#1", 9))
        office.when(ask(AbolishPosition, code="clerk", valid_to=day(1))).happens()

    def test_its_unit_lasts_as_long(self) -> None:
        office = given(
            HALL,
            CLERK,
            ask(AbolishPosition, code="clerk", valid_to=day(5)),
            ask(DissolveUnit, code="hall", valid_to=day(6)),
        )
        office.when(ask(AbolishPosition, code="clerk", valid_to=day(7))).refused("NOT_IN_FORCE")


class TestAppointments:
    def test_a_person_holds_a_position(self) -> None:
        command = appointed("clerk", "wang", 2, 9)
        directory = (
            given(HALL, CLERK)
            .when(command)
            .then(
                happened(
                    PersonAppointed,
                    code="clerk#1",
                    position="clerk",
                    person="wang",
                    name=None,
                    valid_from=day(2),
                    valid_to=day(9),
                )
            )
        )
        holders = [directory.holder_of("clerk", day(number)) for number in (1, 2, 8.9, 9)]
        assert holders == [None, "wang", "wang", None]

    def test_from_now_on_without_end_unless_said_otherwise(self) -> None:
        command = ask(AppointPerson, position="clerk", person="wang", name="王芳")
        given(HALL, CLERK).when(command).then(
            happened(
                PersonAppointed,
                code="clerk#1",
                position="clerk",
                person="wang",
                name="王芳",
                valid_from=NOW,
                valid_to=None,
            )
        )

    def test_a_name_is_protected(self) -> None:
        assert PersonAppointed.PROTECTED == {"name"}

    def test_one_after_the_other(self) -> None:
        directory = directory_of(
            HALL, CLERK, appointed("clerk", "wang", 0, 5), appointed("clerk", "li", 5)
        )
        assert directory.holders_of("clerk", day(4)) == ("wang",)
        assert directory.holders_of("clerk", day(5)) == ("li",)
        assert directory.positions_of("wang", day(5)) == ()
        assert directory.positions_of("li", day(5)) == ("clerk",)

    def test_never_two_at_once_where_one_is_to_hold_it(self) -> None:
        given(HALL, CLERK, appointed("clerk", "wang", 3)).when(appointed("clerk", "li", 0)).refused(
            "POSITION_HELD", position="clerk", at=day(3).isoformat(), held_by="clerk#1"
        )

    def test_several_where_they_may(self) -> None:
        directory = directory_of(
            HALL, SHARED, appointed("desk", "wang", 3), appointed("desk", "li", 0)
        )
        assert directory.holders_of("desk", day(3)) == ("li", "wang")
        assert directory.holder_of("desk", day(3)) == "li"

    def test_what_is_so_already_records_nothing(self) -> None:
        office = given(HALL, SHARED, appointed("desk", "wang", 3))
        office.when(appointed("desk", "wang", 4)).then()
        office.when(appointed("desk", "wang", 4, 9)).refused(
            "ALREADY_APPOINTED", appointment="desk#1"
        )

    def test_the_same_person_again_later(self) -> None:
        directory = directory_of(
            HALL, CLERK, appointed("clerk", "wang", 0, 3), appointed("clerk", "wang", 5)
        )
        assert list(directory.appointments) == ["clerk#1", "clerk#2"]

    def test_only_while_there_is_such_a_position(self) -> None:
        late = position("late", "hall", valid_from=day(5))
        given(HALL, late).when(appointed("late", "wang", 4)).refused(
            "NOT_IN_FORCE", thing="position", code="late"
        )
        given(HALL).when(appointed("no", "wang")).refused("NOT_FOUND", what="position")

    @pytest.mark.parametrize("end", [2, 1])
    def test_an_end_comes_after_the_beginning(self, end: float) -> None:
        given(HALL, CLERK).when(appointed("clerk", "wang", 2, end)).refused("ENDS_BEFORE_BEGINNING")

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"person": " "}, ["person"]),
            ({"person": "x" * 201}, ["person"]),
            ({"name": "x" * 101}, ["name"]),
            ({"position": ""}, ["position"]),
            ({"valid_to": datetime(2024, 1, 1)}, ["validTo"]),  # noqa: DTZ001 - the point
        ],
    )
    def test_what_cannot_be_is_located(self, said: dict[str, Any], path: list[str]) -> None:
        command = ask(AppointPerson, **{"position": "clerk", "person": "wang", **said})
        given(HALL, CLERK).when(command).refused("INVALID_INPUT", path=path)

    def test_it_ends(self) -> None:
        directory = (
            given(HALL, CLERK, appointed("clerk", "wang"))
            .when(ended("clerk#1", 5))
            .then(happened(AppointmentEnded, code="clerk#1", valid_to=day(5)))
        )
        assert directory.holder_of("clerk", day(5)) is None

    def test_it_ends_once(self) -> None:
        given(HALL, CLERK, appointed("clerk", "wang", 0, 5)).when(ended("clerk#1", 5)).then()

    def test_not_before_it_began(self) -> None:
        given(HALL, CLERK, appointed("clerk", "wang", 2)).when(ended("clerk#1", 1)).refused(
            "ENDS_BEFORE_BEGINNING"
        )

    def test_corrected_to_a_later_time_it_meets_nobody_else(self) -> None:
        office = given(HALL, CLERK, appointed("clerk", "wang", 0, 3), appointed("clerk", "li", 5))
        office.when(ended("clerk#1", 6)).refused("POSITION_HELD", held_by="clerk#2")
        office.when(ended("clerk#1", 5)).happens()

    def test_nor_outlives_the_position(self) -> None:
        abolished = ask(AbolishPosition, code="clerk", valid_to=day(5))
        office = given(HALL, CLERK, appointed("clerk", "wang", 0, 3), abolished)
        office.when(ended("clerk#1", 6)).refused("NOT_IN_FORCE", thing="position")

    def test_an_appointment_that_never_was(self) -> None:
        given(HALL).when(ended("clerk#1", 6)).refused("NOT_FOUND", what="appointment")


class TestDelegations:
    office = (HALL, CLERK, appointed("clerk", "wang", 0, 50))

    def test_another_person_exercises_roles_for_a_time(self) -> None:
        directory = (
            given(*self.office)
            .when(delegated(9))
            .then(
                happened(
                    AuthorityDelegated,
                    code="clerk#1.1",
                    appointment="clerk#1",
                    position="clerk",
                    delegator="wang",
                    delegate="deputy",
                    roles=(Role.INTAKE,),
                    valid_from=day(1),
                    valid_to=day(9),
                )
            )
        )
        post = Post("clerk", frozenset({Role.INTAKE}), "hall", by_delegation="wang")
        assert directory.roles_of("deputy", day(1)) == (post,)
        assert directory.roles_of("deputy", day(9)) == ()
        assert directory.positions_of("deputy", day(1)) == ()

    def test_what_is_so_already_records_nothing(self) -> None:
        given(*self.office, delegated(9)).when(delegated(8)).then()

    def test_other_roles_at_the_same_time_are_another_delegation(self) -> None:
        given(*self.office, delegated(9)).when(delegated(8, roles=(Role.REGISTRAR,))).refused(
            "ALREADY_DELEGATED", delegation="clerk#1.1"
        )

    def test_to_others_or_at_other_times(self) -> None:
        directory = directory_of(
            *self.office, delegated(9), delegated(9, to="second"), delegated(12, start=9)
        )
        assert list(directory.delegations) == ["clerk#1.1", "clerk#1.2", "clerk#1.3"]

    def test_only_roles_that_the_position_has_throughout(self) -> None:
        given(*self.office).when(delegated(9, roles=(Role.AUDITOR, Role.INTAKE))).refused(
            "ROLES_NOT_HELD", position="clerk", roles=["AUDITOR"]
        )
        less = ask(ChangePosition, code="clerk", roles=(Role.REGISTRAR,), valid_from=day(5))
        given(*self.office, less).when(delegated(9)).refused("ROLES_NOT_HELD", roles=["INTAKE"])
        given(*self.office, less).when(delegated(5)).happens()

    def test_only_while_the_delegator_holds_the_position(self) -> None:
        given(*self.office).when(delegated(51)).refused("NOT_IN_FORCE", thing="appointment")
        given(*self.office).when(delegated(60, start=55)).refused("NOT_IN_FORCE")
        given(*self.office).when(delegated(9, appointment="clerk#2")).refused("NOT_FOUND")

    def test_it_is_over_when_the_delegator_leaves(self) -> None:
        directory = directory_of(*self.office, delegated(9), ended("clerk#1", 4))
        assert directory.roles_of("deputy", day(3)) != ()
        assert directory.roles_of("deputy", day(4)) == ()

    def test_it_gives_no_role_that_the_position_lost(self) -> None:
        less = ask(ChangePosition, code="clerk", roles=(Role.REGISTRAR,), valid_from=day(4))
        directory = directory_of(*self.office, delegated(9), less)
        assert directory.roles_of("deputy", day(3)) != ()
        assert directory.roles_of("deputy", day(4)) == ()

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"to": "wang"}, ["delegate"]),
            ({"to": ""}, ["delegate"]),
            ({"roles": ()}, ["roles"]),
            ({"roles": (Role.PUBLIC,)}, ["roles", "0"]),
        ],
    )
    def test_what_cannot_be_is_located(self, said: dict[str, Any], path: list[str]) -> None:
        given(*self.office).when(delegated(9, **said)).refused("INVALID_INPUT", path=path)

    def test_an_end_comes_after_the_beginning(self) -> None:
        given(*self.office).when(delegated(1)).refused("ENDS_BEFORE_BEGINNING")

    def test_it_is_revoked(self) -> None:
        revoke = ask(RevokeDelegation, delegation="clerk#1.1", valid_to=day(5))
        office = given(*self.office, delegated(9))
        directory = office.when(revoke).then(
            happened(DelegationRevoked, code="clerk#1.1", valid_to=day(5))
        )
        assert directory.roles_of("deputy", day(5)) == ()
        directory.collect_events()
        office.when(revoke).then()

    def test_what_is_over_cannot_be_prolonged_by_revoking(self) -> None:
        revoke = ask(RevokeDelegation, delegation="clerk#1.1", valid_to=day(10))
        given(*self.office, delegated(9)).when(revoke).then()

    def test_a_delegation_that_never_was(self) -> None:
        given(*self.office).when(ask(RevokeDelegation, delegation="no")).refused(
            "NOT_FOUND", what="delegation"
        )


class TestQualifications:
    def test_a_person_is_qualified_for_a_time(self) -> None:
        directory = (
            given()
            .when(granted("wang", 2, 9))
            .then(
                happened(DirectoryOpened),
                happened(
                    QualificationGranted,
                    code="mediation#1",
                    qualification="mediation",
                    person="wang",
                    valid_from=day(2),
                    valid_to=day(9),
                ),
            )
        )
        assert directory.qualifications_of("wang", day(2)) == {"mediation"}
        assert directory.qualifications_of("wang", day(9)) == frozenset()

    def test_what_is_so_already_records_nothing(self) -> None:
        office = given(granted("wang", 2))
        office.when(granted("wang", 3)).then()
        office.when(granted("wang", 3, 9)).refused("ALREADY_QUALIFIED", grant="mediation#1")

    def test_again_later_and_others_too(self) -> None:
        directory = directory_of(granted("wang", 2, 4), granted("li", 2), granted("wang", 4))
        assert list(directory.qualifications) == ["mediation#1", "mediation#2", "mediation#3"]

    def test_it_is_withdrawn(self) -> None:
        withdraw = ask(
            WithdrawQualification, person="wang", qualification="mediation", valid_to=day(5)
        )
        office = given(granted("wang", 2, 4), granted("wang", 4))
        directory = office.when(withdraw).then(
            happened(QualificationWithdrawn, code="mediation#2", valid_to=day(5))
        )
        directory.collect_events()
        office.when(withdraw).then()

    def test_what_was_never_granted(self) -> None:
        withdraw = ask(WithdrawQualification, person="wang", qualification="first-aid")
        given(granted("wang", 2)).when(withdraw).refused("NOT_FOUND", what="qualification")


class TestPosts:
    def test_a_position_is_for_its_areas_or_those_of_its_unit(self) -> None:
        directory = directory_of(
            area("north"),
            area("south"),
            unit("hall", areas=("north", "south")),
            position("chief", "hall", single_holder=False),
            position("walker", "hall", areas=("north",)),
            appointed("chief", "wang"),
            appointed("walker", "wang"),
            appointed("chief", "li"),
        )
        officer = frozenset({Role.OFFICER})
        assert directory.roles_of("wang", day(1)) == (
            Post("chief", officer, "hall", frozenset({"north", "south"})),
            Post("walker", officer, "hall", frozenset({"north"})),
        )
        assert directory.roles_of("nobody", day(1)) == ()
        assert directory.holds_position_in("wang", "hall", day(1))
        assert not directory.holds_position_in("wang", "north", day(1))

    def test_the_posts_that_have_a_role_then(self) -> None:
        became = ask(ChangePosition, code="clerk", roles=(Role.INTAKE,), valid_from=day(5))
        again = ask(ChangePosition, code="clerk", roles=(Role.OFFICER,), valid_from=day(8))
        clerk = position("clerk", "hall", roles=(Role.OFFICER,), valid_from=day(2))
        directory = directory_of(HALL, clerk, became, again)

        def officers(number: float) -> list[str]:
            return [code for code, _ in directory.posts_with(Role.OFFICER, day(number))]

        assert [officers(number) for number in (1, 2, 5, 8)] == [[], ["clerk"], [], ["clerk"]]
        assert list(directory.posts_with(Role.EVALUATOR, day(2))) == []

    def test_administrators_are_what_nobody_else_is_yet(self) -> None:
        names = ("founder",)
        both = {Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN}
        assert administrator_roles(None, names, "founder", day(1)) == both
        assert administrator_roles(None, names, "wang", day(1)) == frozenset()
        keeper = position("keeper", "hall", roles=(Role.DIRECTORY_ADMIN,))
        directory = directory_of(HALL, keeper, CLERK, appointed("keeper", "wang", 2, 9))
        assert administrator_roles(directory, names, "founder", day(1)) == both
        assert administrator_roles(directory, names, "founder", day(2)) == {Role.CATALOGUE_ADMIN}
        assert administrator_roles(directory, names, "founder", day(9)) == both


class TestTimelines:
    def test_what_is_not_there_then_is_not_asked_for(self) -> None:
        with pytest.raises(LookupError):
            Timeline("content", day(1)).that(day(0))

    def test_what_was_never_entered_does_not_end(self) -> None:
        directory = directory_of(HALL)
        with pytest.raises(LookupError):
            directory.end(AppointmentEnded.THING, "no", day(1))
