from typing import Final

from domain.neighbourhood import neighbouring_areas, related_types
from tests.domain.configuring import case_type
from tests.domain.office import area, day, directory_of
from tests.domain.test_arrangements import catalogue

AREAS: Final = directory_of(
    area("district"),
    area("street-1", parent="district"),
    area("street-2", parent="district"),
    area("grid-1", parent="street-1"),
    area("grid-2", parent="street-1"),
)
TYPES: Final = catalogue(
    case_type("noise"),
    case_type("noise.night", "noise"),
    case_type("noise.bar", "noise"),
    case_type("noise.bar.music", "noise.bar"),
    case_type("lift"),
).content(1)


def test_the_areas_around_an_area_are_those_of_the_one_above_it() -> None:
    assert neighbouring_areas(AREAS, "grid-1", day(1)) == {"street-1", "grid-1", "grid-2"}
    assert "street-2" in neighbouring_areas(AREAS, "street-1", day(1))
    assert neighbouring_areas(AREAS, "district", day(1)) >= {"district", "grid-2"}


def test_an_area_that_nobody_knows_has_no_neighbours() -> None:
    assert neighbouring_areas(AREAS, "grid-9", day(1)) == {"grid-9"}
    assert neighbouring_areas(None, "grid-1", day(1)) == {"grid-1"}


def test_the_types_around_a_type_are_those_of_the_one_above_it() -> None:
    family = {"noise", "noise.night", "noise.bar", "noise.bar.music"}
    assert related_types(TYPES, "noise.night") == family
    assert related_types(TYPES, "noise") == family
    assert related_types(TYPES, "noise.bar.music") == {"noise.bar", "noise.bar.music"}
    assert related_types(TYPES, "lift") == {"lift"}


def test_a_type_that_nobody_knows_is_related_to_none() -> None:
    assert related_types(TYPES, "graffiti") == {"graffiti"}
    assert related_types(None, "noise") == {"noise"}
