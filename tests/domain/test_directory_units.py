"""Units and areas: established, changed and dissolved, each at its time."""

from datetime import UTC, datetime

import pytest

from domain.directory import DIRECTORY_STREAM
from domain.directory.areas import AreaChanged, AreaDefined, AreaRetired, ChangeArea, RetireArea
from domain.directory.guards import LATEST, MOST_CODES, MOST_NAMED
from domain.directory.state import DirectoryOpened
from domain.directory.timeline import MOST_TREES
from domain.directory.units import (
    ChangeUnit,
    DissolveUnit,
    UnitChanged,
    UnitDissolved,
    UnitEstablished,
)
from domain.directory.vocabulary import AreaKind, UnitKind
from tests.domain.office import NOW, area, day, directory_of, given, position, unit
from tests.domain.scenario import Fact, ask, happened


def established(code: str, **said: object) -> Fact:
    usual: dict[str, object] = {
        "code": code,
        "kind": UnitKind.GOVERNMENT,
        "name_zh": None,
        "name_en": code.title(),
        "parent": None,
        "areas": (),
        "competences": (),
        "valid_from": day(0),
    }
    return happened(UnitEstablished, **{**usual, **said})


def changed(code: str, **said: object) -> Fact:
    return Fact(UnitChanged, established(code, **said).said)


def defined(code: str, **said: object) -> Fact:
    usual: dict[str, object] = {
        "code": code,
        "kind": AreaKind.GRID,
        "name_zh": None,
        "name_en": code.title(),
        "parent": None,
        "valid_from": day(0),
    }
    return happened(AreaDefined, **{**usual, **said})


class TestEstablishing:
    def test_the_first_unit_begins_the_directory(self) -> None:
        directory = given().when(unit("hall")).then(happened(DirectoryOpened), established("hall"))
        assert directory.id == DIRECTORY_STREAM
        assert directory.has_units()

    def test_a_unit_is_from_now_on_unless_said_otherwise(self) -> None:
        given(area("a")).when(unit("hall", valid_from=None)).then(
            established("hall", valid_from=NOW)
        )

    def test_from_when_it_happened_where_that_was_earlier(self) -> None:
        command = unit("hall", valid_from=None, occurred_at=day(3))
        given(area("a")).when(command).then(established("hall", valid_from=day(3)))

    def test_under_a_parent_for_areas_and_competences_each_once(self) -> None:
        asked = {"parent": "hall", "areas": ("a", "a"), "competences": ("noise", "*", "noise")}
        given(area("a"), unit("hall")).when(unit("lighting", **asked)).then(
            established("lighting", parent="hall", areas=("a",), competences=("noise", "*"))
        )

    def test_what_is_so_already_records_nothing(self) -> None:
        given(unit("hall")).when(unit("hall", valid_from=day(9))).then()

    def test_a_code_is_never_given_twice(self) -> None:
        given(unit("hall")).when(unit("hall", name_en="Other")).refused(
            "CODE_TAKEN", code="hall", thing="unit"
        )

    def test_not_even_after_the_first_is_gone(self) -> None:
        gone = ask(DissolveUnit, code="hall", valid_to=day(5))
        given(unit("hall"), gone).when(unit("hall", valid_from=day(6))).refused("CODE_TAKEN")

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"code": "a b"}, ["code"]),
            ({"name_en": " "}, ["nameZh"]),
            ({"name_en": "x" * 201}, ["nameEn"]),
            ({"parent": "?"}, ["parent"]),
            ({"areas": ("a", "")}, ["areas", "1"]),
            ({"areas": ("*",)}, ["areas", "0"]),
            ({"competences": ("**",)}, ["competences", "0"]),
            ({"competences": tuple(map(str, range(MOST_CODES + 1)))}, ["competences"]),
            ({"valid_from": datetime(2024, 1, 1)}, ["validFrom"]),  # noqa: DTZ001 - the point
            ({"valid_from": datetime(1899, 1, 1, tzinfo=UTC)}, ["validFrom"]),
            ({"valid_from": LATEST}, ["validFrom"]),
        ],
    )
    def test_what_cannot_be_is_located(self, said: dict[str, object], path: list[str]) -> None:
        command = unit("hall", **said) if "code" not in said else unit(str(said["code"]))
        given().when(command).refused("INVALID_INPUT", path=path)

    @pytest.mark.parametrize("said", [{"parent": "no"}, {"areas": ("no",)}, {"parent": "hall"}])
    def test_what_it_rests_on_must_be_there(self, said: dict[str, object]) -> None:
        given().when(unit("hall", **said)).refused("NOT_IN_FORCE")

    def test_throughout_its_time(self) -> None:
        given(unit("hall", valid_from=day(2))).when(unit("lighting", parent="hall")).refused(
            "NOT_IN_FORCE", thing="unit", code="hall", valid_from=day(0).isoformat(), valid_to=".."
        )

    def test_a_parent_that_is_to_end_is_no_parent_without_end(self) -> None:
        ends = ask(DissolveUnit, code="hall", valid_to=day(200))
        given(unit("hall"), ends).when(unit("lighting", parent="hall")).refused("NOT_IN_FORCE")

    def test_a_command_of_tomorrow_is_refused(self) -> None:
        given().when(unit("hall", occurred_at=day(101))).refused("OCCURRED_IN_FUTURE")


class TestChanging:
    def test_from_a_time_on_what_is_not_said_stays(self) -> None:
        before = unit("hall", areas=("a",), competences=("noise",))
        command = ask(ChangeUnit, code="hall", name_zh="区政府", valid_from=day(4))
        directory = (
            given(area("a"), before)
            .when(command)
            .then(
                changed(
                    "hall",
                    name_zh="区政府",
                    areas=("a",),
                    competences=("noise",),
                    valid_from=day(4),
                )
            )
        )
        earlier, later = directory.unit_at("hall", day(3)), directory.unit_at("hall", day(4))
        assert earlier is not None
        assert later is not None
        assert (earlier.name_zh, later.name_zh) == (None, "区政府")

    def test_a_blank_takes_away(self) -> None:
        units = unit("hall"), unit("lighting", parent="hall")
        command = ask(ChangeUnit, code="lighting", parent="", valid_from=day(1))
        given(*units).when(command).then(changed("lighting", valid_from=day(1)))

    def test_a_backdated_change_lasts_until_the_next_known_one(self) -> None:
        directory = directory_of(
            unit("hall"),
            ask(ChangeUnit, code="hall", name_en="Late", valid_from=day(8)),
            ask(ChangeUnit, code="hall", name_en="Early", valid_from=day(4)),
            ask(ChangeUnit, code="hall", name_en="Latest", valid_from=day(8)),
        )
        names = {
            number: found.name_en
            for number in (3, 4, 7, 8)
            if (found := directory.unit_at("hall", day(number)))
        }
        assert names == {3: "Hall", 4: "Early", 7: "Early", 8: "Latest"}

    def test_what_is_so_already_records_nothing(self) -> None:
        given(unit("hall")).when(ask(ChangeUnit, code="hall", name_en="Hall")).then()

    def test_a_unit_that_was_never_established(self) -> None:
        given(unit("hall")).when(ask(ChangeUnit, code="no", name_en="No")).refused("NOT_FOUND")

    def test_a_unit_before_its_time(self) -> None:
        command = ask(ChangeUnit, code="hall", name_en="No", valid_from=day(-1))
        given(unit("hall")).when(command).refused("NOT_IN_FORCE", code="hall")

    def test_a_unit_never_lies_below_itself(self) -> None:
        units = unit("hall"), unit("lighting", parent="hall"), unit("lamps", parent="lighting")
        for parent in ("hall", "lighting", "lamps"):
            command = ask(ChangeUnit, code="hall", parent=parent, valid_from=day(1))
            given(*units).when(command).refused("BELOW_ITSELF", code="hall", thing="unit")

    def test_not_even_for_a_time_that_is_to_come(self) -> None:
        plans = ask(ChangeUnit, code="lighting", parent="hall", valid_from=day(200))
        command = ask(ChangeUnit, code="hall", parent="lighting", valid_from=day(100))
        office = given(unit("hall"), unit("lighting"), plans)
        office.when(command).refused("BELOW_ITSELF", at=day(200).isoformat())

    def test_units_may_change_places_over_time(self) -> None:
        directory = directory_of(
            unit("hall"),
            unit("lighting", parent="hall"),
            ask(ChangeUnit, code="lighting", parent="", valid_from=day(5)),
            ask(ChangeUnit, code="hall", parent="lighting", valid_from=day(5)),
        )
        assert directory.unit_path("lighting", day(4)) == ("hall", "lighting")
        assert directory.unit_path("hall", day(5)) == ("lighting", "hall")


class TestDissolving:
    def test_from_a_time_on_it_is_no_more(self) -> None:
        dissolve = ask(DissolveUnit, code="hall", valid_to=day(5))
        directory = (
            given(unit("hall"))
            .when(dissolve)
            .then(happened(UnitDissolved, code="hall", valid_to=day(5)))
        )
        assert directory.is_active("hall", day(4.9))
        assert not directory.is_active("hall", day(5))

    def test_from_now_on_unless_said_otherwise(self) -> None:
        given(unit("hall")).when(ask(DissolveUnit, code="hall")).then(
            happened(UnitDissolved, code="hall", valid_to=NOW)
        )

    def test_what_is_so_already_records_nothing(self) -> None:
        dissolve = ask(DissolveUnit, code="hall", valid_to=day(5))
        given(unit("hall"), dissolve).when(dissolve).then()

    def test_changes_planned_for_later_are_forgotten(self) -> None:
        directory = directory_of(
            unit("hall"),
            ask(ChangeUnit, code="hall", name_en="New", valid_from=day(200)),
            ask(DissolveUnit, code="hall", valid_to=day(150)),
            ask(DissolveUnit, code="hall", valid_to=day(250)),
        )
        found = directory.unit_at("hall", day(220))
        assert found is not None
        assert found.name_en == "Hall"

    def test_a_unit_may_be_called_off_before_it_began(self) -> None:
        directory = directory_of(
            unit("hall", valid_from=day(200)), ask(DissolveUnit, code="hall", valid_to=day(200))
        )
        assert not directory.is_active("hall", day(200))

    def test_not_before_it_began(self) -> None:
        command = ask(DissolveUnit, code="hall", valid_to=day(-1))
        given(unit("hall")).when(command).refused("ENDS_BEFORE_BEGINNING")

    def test_not_while_units_below_it_last(self) -> None:
        below = [unit(f"u{number:02}", parent="hall") for number in range(MOST_NAMED + 1)]
        refusal = (
            given(unit("hall"), *below)
            .when(ask(DissolveUnit, code="hall"))
            .refused("STILL_NEEDED", thing="unit", code="hall")
        )
        assert refusal.facts["needed_by"] == [each.code for each in below[:MOST_NAMED]]

    def test_not_while_it_has_positions(self) -> None:
        given(unit("hall"), position("clerk", "hall")).when(ask(DissolveUnit, code="hall")).refused(
            "STILL_NEEDED", needed_by=["clerk"]
        )

    def test_but_once_they_went_elsewhere(self) -> None:
        leaves = ask(ChangeUnit, code="lighting", parent="", valid_from=day(5))
        office = given(unit("hall"), unit("lighting", parent="hall"), leaves)
        office.when(ask(DissolveUnit, code="hall", valid_to=day(4))).refused("STILL_NEEDED")
        office.when(ask(DissolveUnit, code="hall", valid_to=day(5))).happens()

    def test_corrected_to_a_later_time_it_needs_its_parent_for_longer(self) -> None:
        office = given(
            unit("hall"),
            unit("lighting", parent="hall"),
            ask(DissolveUnit, code="lighting", valid_to=day(5)),
            ask(DissolveUnit, code="hall", valid_to=day(7)),
        )
        office.when(ask(DissolveUnit, code="lighting", valid_to=day(8))).refused("NOT_IN_FORCE")
        office.when(ask(DissolveUnit, code="lighting", valid_to=day(7))).happens()

    def test_a_unit_that_was_never_established(self) -> None:
        given(unit("hall")).when(ask(DissolveUnit, code="no")).refused("NOT_FOUND", what="unit")


class TestAreas:
    def test_an_area_lies_in_another(self) -> None:
        given(area("street")).when(area("grid", parent="street")).then(
            defined("grid", parent="street")
        )

    def test_what_is_so_already_records_nothing(self) -> None:
        given(area("street")).when(area("street")).then()

    def test_a_code_is_never_given_twice(self) -> None:
        given(area("street")).when(area("street", name_en="No")).refused("CODE_TAKEN", thing="area")

    def test_it_changes_from_a_time_on(self) -> None:
        moves = ask(ChangeArea, code="grid", parent="north", name_zh="网格", valid_from=day(3))
        directory = (
            given(area("north"), area("grid"))
            .when(moves)
            .then(
                Fact(
                    AreaChanged,
                    defined("grid", parent="north", name_zh="网格", valid_from=day(3)).said,
                )
            )
        )
        assert directory.area_path("grid", day(2)) == ("grid",)
        assert directory.area_path("grid", day(3)) == ("north", "grid")

    def test_into_no_area_at_all(self) -> None:
        moves = ask(ChangeArea, code="grid", parent="", valid_from=day(3))
        directory = given(area("north"), area("grid", parent="north")).when(moves).happens()
        assert directory.area_path("grid", day(3)) == ("grid",)

    def test_a_change_that_is_none_records_nothing(self) -> None:
        given(area("grid")).when(ask(ChangeArea, code="grid", kind=AreaKind.GRID)).then()

    def test_it_never_lies_in_itself(self) -> None:
        command = ask(ChangeArea, code="street", parent="grid")
        given(area("street"), area("grid", parent="street")).when(command).refused(
            "BELOW_ITSELF", thing="area"
        )

    def test_it_is_retired(self) -> None:
        retire = ask(RetireArea, code="grid", valid_to=day(5))
        office = given(area("grid"))
        directory = office.when(retire).then(happened(AreaRetired, code="grid", valid_to=day(5)))
        assert directory.area_at("grid", day(5)) is None
        directory.collect_events()
        office.when(retire).then()

    @pytest.mark.parametrize(
        "user", [area("user", parent="grid"), unit("user", areas=("grid",)), None]
    )
    def test_not_while_anything_names_it(self, user: object) -> None:
        needs = [user] if user else [unit("hall"), position("user", "hall", areas=("grid",))]
        given(area("grid"), *needs).when(ask(RetireArea, code="grid")).refused(
            "STILL_NEEDED", thing="area", needed_by=["user"]
        )


class TestAsking:
    directory = directory_of(
        area("city"),
        area("north", parent="city"),
        area("n-1", parent="north"),
        area("south", parent="city"),
        unit("hall", areas=("city",), competences=("*",)),
        unit("lighting", parent="hall", areas=("north",), competences=("public.lamp", "noise")),
        unit("lamps", parent="lighting", valid_from=day(5)),
        unit("police"),
    )

    def test_what_lies_below(self) -> None:
        assert self.directory.subtree("hall", day(4)) == {"hall", "lighting"}
        assert self.directory.subtree("hall", day(5)) == {"hall", "lighting", "lamps"}
        assert self.directory.subtree("lamps", day(4)) == frozenset()
        assert self.directory.subtree("no", day(4)) == frozenset()
        assert self.directory.area_subtree("north", day(1)) == {"north", "n-1"}
        assert self.directory.areas_below(("north", "south", "no"), day(1)) == {
            "north",
            "n-1",
            "south",
        }
        assert self.directory.areas_below((), day(1)) == frozenset()

    def test_what_lies_above(self) -> None:
        assert self.directory.area_path("n-1", day(1)) == ("city", "north", "n-1")
        assert self.directory.unit_path("lamps", day(5)) == ("hall", "lighting", "lamps")
        assert self.directory.unit_path("lamps", day(4)) == ()

    def test_an_answer_is_forgotten_when_a_unit_changes(self) -> None:
        directory = directory_of(unit("hall"), unit("lighting"))
        assert directory.subtree("hall", day(1)) == {"hall"}
        given_it = ask(ChangeUnit, code="lighting", parent="hall", valid_from=day(1))
        directory = directory_of(unit("hall"), unit("lighting"), given_it)
        assert directory.subtree("hall", day(1)) == {"hall", "lighting"}

    def test_any_number_of_moments_may_be_asked_about(self) -> None:
        directory = directory_of(
            *(unit(f"u{number}", valid_from=day(number)) for number in range(MOST_TREES + 2))
        )
        for number in range(MOST_TREES + 2):
            assert directory.subtree(f"u{number}", day(number)) == {f"u{number}"}

    @pytest.mark.parametrize(
        ("code", "type_code", "where", "expected"),
        [
            ("hall", "anything", None, True),
            ("lighting", "noise", None, True),
            ("lighting", "noise/night", "n-1", True),
            ("lighting", "noise/night", "south", False),
            ("lighting", "noise", "no", False),
            ("lighting", "noisetrap", None, False),
            ("lighting", "public.lamp.dark", "north", True),
            ("lighting", "public", None, False),
            ("police", "noise", None, False),
            ("no", "noise", None, False),
        ],
    )
    def test_who_is_competent_for_what_where(
        self, code: str, type_code: str, where: str | None, expected: bool
    ) -> None:
        assert self.directory.is_competent(code, type_code, day(1), where) is expected

    def test_a_unit_that_serves_no_area_in_particular_serves_all(self) -> None:
        directory = directory_of(unit("police", competences=("theft",)))
        assert directory.is_competent("police", "theft", day(1), "anywhere")
