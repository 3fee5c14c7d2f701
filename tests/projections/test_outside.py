"""What a reporter sees of their case is named event by event; anything new is inside only."""

from dataclasses import fields
from typing import Final

import pytest
from eventsourcing.domain import AggregateEvent

from domain.case import Case, appeals, outcome, returns, routing, voiding
from domain.case.state import CaseEvent, CaseOpened
from domain.event import EVENT_TYPES
from projections.case_changes import FieldChange
from projections.case_state import CaseState
from projections.outside import (
    OUTSIDE,
    STATE_OUTSIDE,
    audience_of,
    changes_outside,
    payload_outside,
)

OF_CASES: Final = {
    kind for kind in EVENT_TYPES.values() if issubclass(kind, CaseEvent | CaseOpened)
}
NEVER_OUTSIDE: Final = ("requester", "requested_by", "proposer", "decider", "checker", "resolver")


def test_the_table_is_about_events_of_cases() -> None:
    assert set(OUTSIDE) <= OF_CASES


@pytest.mark.parametrize("kind", OUTSIDE, ids=lambda kind: str(kind.__name__))
def test_it_names_fields_that_there_are_and_nobody_of_the_staff(
    kind: type[AggregateEvent],
) -> None:
    names = {field.name for field in fields(kind)}
    assert set(OUTSIDE[kind]) <= names
    assert not set(OUTSIDE[kind]) & set(NEVER_OUTSIDE)


@pytest.mark.parametrize("kind", sorted(OF_CASES, key=str))
def test_what_an_event_says_is_internal_is_not_in_the_table(kind: type[AggregateEvent]) -> None:
    said = getattr(kind, "AUDIENCE", None)
    assert said is None or kind not in OUTSIDE


@pytest.mark.parametrize(
    "kind",
    [
        returns.ReturnRequested,
        returns.ReturnRejected,
        voiding.VoidRequested,
        outcome.ReworkOrdered,
        routing.CaseDispatched,
        appeals.AppealDecided,
    ],
)
def test_what_staff_settle_among_themselves_is_inside_only(kind: type[AggregateEvent]) -> None:
    quiet = {returns.ReturnRequested, returns.ReturnRejected, voiding.VoidRequested}
    assert (kind in OUTSIDE) is (kind not in quiet)


def test_a_payload_is_cut_to_what_is_named() -> None:
    payload = '{"outcome": "RESOLVED", "measures": "A new lamp", "resolver": "li.na"}'
    shown = payload_outside("case.resolution_submitted", payload)
    assert shown == '{"outcome":"RESOLVED","measures":"A new lamp"}'
    assert payload_outside("case.return_requested", '{"ground": "Not ours"}') == "{}"


def test_changes_are_cut_to_what_is_seen_of_a_case() -> None:
    changes = [FieldChange("stage", "ACCEPTED", "DISPATCHED"), FieldChange("officer", None, "p-1")]
    assert changes_outside(changes) == (changes[0],)


def test_the_fields_are_those_of_a_state() -> None:
    assert set(CaseState.__struct_fields__) >= STATE_OUTSIDE
    assert not STATE_OUTSIDE & {"officer", "return_state", "details", "shared_with", "reporter"}


def test_events_that_are_of_no_case_keep_no_audience() -> None:
    assert Case.TOPIC == "case"  # type: ignore[attr-defined]
    others = [kind for kind in EVENT_TYPES.values() if kind not in OF_CASES]
    assert others
    for kind in others:
        assert audience_of(object.__new__(kind)) is None
