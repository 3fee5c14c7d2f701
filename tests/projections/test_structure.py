"""What a state says of other cases, whatever the order in which it was said."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from domain.case.linking import CasesLinked, CasesUnlinked
from domain.case.merging import AbsorptionReversed
from domain.case.vocabulary import LinkKind
from domain.event import EVENT_TYPES
from projections.structure import OF_TWO, Link, absorbed, linked, unlinked

AT = datetime(2024, 3, 1, tzinfo=UTC)
ONE, OTHER = uuid4(), uuid4()


def test_every_event_that_names_another_case_is_hidden_from_who_may_not_see_it() -> None:
    naming = {
        topic
        for topic, kind in EVENT_TYPES.items()
        if "other_case" in {field.name for field in fields(kind)}
    }
    assert naming == set(OF_TWO)


PLACE: Final[dict[str, Any]] = {
    "originator_id": ONE,
    "originator_version": 2,
    "timestamp": AT,
    "other_case": OTHER,
}


def test_of_two_cases_there_is_one_link() -> None:
    said: dict[str, Any] = {**PLACE, "kind": LinkKind.SAME_CAUSE, "is_later": None}
    links = linked((Link(OTHER, LinkKind.RELATED, AT),), CasesLinked(**said))
    assert links == (Link(OTHER, LinkKind.SAME_CAUSE, AT),)


def test_what_is_taken_back_before_it_was_said_is_nothing() -> None:
    assert unlinked((), CasesUnlinked(**PLACE)) == ()
    assert absorbed((), AbsorptionReversed(**PLACE)) == ()
