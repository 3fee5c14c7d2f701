"""Released events stay readable: no shape changes without a new version and its upcast."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from eventsourcing.domain import AggregateEvent

from domain.case.vocabulary import Attribute, Point
from domain.event import Recorded
from tests.contracts.events import (
    Contract,
    breaches,
    domain_events,
    in_code,
    merged,
    missing_upcasts,
    released,
    shape_of,
    type_text,
)

EVENTS = domain_events()


def test_what_is_released_is_readable() -> None:
    assert breaches(released(), in_code()) == []


@pytest.mark.contract
def test_the_contract_knows_every_event(contract: Callable[[Path, str], None]) -> None:
    known = merged(released(), in_code())
    contract(Path("tests/contracts/events.json"), json.dumps(known, indent=2) + "\n")


def test_every_step_between_versions_has_its_upcast() -> None:
    assert missing_upcasts(EVENTS) == []


@pytest.mark.parametrize("topic", EVENTS)
def test_every_version_up_to_the_newest_is_in_the_contract(topic: str) -> None:
    kind = EVENTS[topic]
    assert issubclass(kind, Recorded)
    assert set(released()["events"][topic]) == {
        str(version) for version in range(1, kind.class_version + 1)
    }


class TestBreaches:
    """The test above can fail: each sort of breach is found."""

    topic = "case.progress_recorded"

    def changed(self) -> Contract:
        code = in_code()
        code["events"][self.topic]["1"]["fields"]["text"] = "int"
        return code

    def test_a_changed_field(self) -> None:
        assert breaches(released(), self.changed()) == [
            f"{self.topic}: changed; raise class_version and write an upcast"
        ]

    def test_a_field_that_is_no_longer_protected(self) -> None:
        code = in_code()
        code["events"]["case.note_added"]["1"]["protected"] = []
        assert len(breaches(released(), code)) == 1

    def test_not_a_change_under_a_new_version(self) -> None:
        code = in_code()
        code["events"][self.topic] = {"2": self.changed()["events"][self.topic]["1"]}
        assert breaches(released(), code) == []
        assert set(merged(released(), code)["events"][self.topic]) == {"1", "2"}

    def test_a_version_taken_back(self) -> None:
        contract = released()
        contract["events"][self.topic]["2"] = contract["events"][self.topic]["1"]
        assert breaches(contract, in_code()) == [
            f"{self.topic}: version 2 is stored, the code knows 1"
        ]

    def test_an_event_that_is_gone(self) -> None:
        code = in_code()
        del code["events"][self.topic]
        assert len(breaches(released(), code)) == 1

    def test_a_value_that_is_gone(self) -> None:
        code = in_code()
        code["enums"]["Channel"].remove("HOTLINE")
        assert breaches(released(), code) == [
            "Channel: HOTLINE may be stored, and the code lost it"
        ]

    def test_not_a_new_value(self) -> None:
        code = in_code()
        code["enums"]["Channel"].append("FAX")
        assert breaches(released(), code) == []

    def test_a_version_without_its_upcast(self) -> None:
        class Changed(Recorded, AggregateEvent):
            class_version: ClassVar[int] = 3

            @staticmethod
            def upcast_v1_v2(state: dict[str, object]) -> None:
                state["new"] = None

        assert missing_upcasts({"changed": Changed}) == ["changed: upcast_v2_v3"]


class TestShapes:
    def test_a_value_object_is_written_out(self) -> None:
        assert type_text(Point | None) == (
            "Point(latitude: float, longitude: float, precision: Precision) | None"
        )

    def test_one_that_holds_itself_by_name(self) -> None:
        assert type_text(Attribute) == (
            "Attribute(key: str, type: str, value: str | None, children: tuple[Attribute, ...])"
        )

    @pytest.mark.parametrize("topic", EVENTS)
    def test_only_fields_of_an_event_are_protected(self, topic: str) -> None:
        shape = shape_of(EVENTS[topic])
        assert set(shape["protected"]) <= set(shape["fields"])
