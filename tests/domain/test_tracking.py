"""Whoever shows the code of a case is its reporter, and of no other case."""

from uuid import UUID

import pytest

from domain.case import handling, intake, tracking
from domain.identity import Caller
from domain.permissions import permitted
from domain.refusal import NotFound, NotPermitted
from domain.scope import scope_of
from tests.domain.histories import CLOSED, registered
from tests.domain.people import INTAKE
from tests.domain.scenario import CASE, ask, events_of, fold, given, happened

TRACKER: Caller = tracking.tracking_caller(CASE)


def test_another_code_has_the_next_number() -> None:
    first = happened(tracking.TrackingCodeReissued, number=2)
    case = given(*CLOSED).when(ask(tracking.ReissueTrackingCode), by=INTAKE).then(first)
    assert case.tracking_number == 2
    again = given(*CLOSED, first).when(ask(tracking.ReissueTrackingCode), by=INTAKE)
    again.then(happened(tracking.TrackingCodeReissued, number=3))


def test_a_case_is_theirs_and_no_other() -> None:
    case = fold(events_of([registered()]))
    assert case is not None
    for command in (intake.WithdrawCase, handling.AddNote):
        permitted(TRACKER, command.NAME, case.reporter_for(TRACKER), case.place)
    stranger = tracking.tracking_caller(UUID(int=7))
    with pytest.raises(NotFound):
        permitted(stranger, "withdrawCase", case.reporter_for(stranger), case.place)


def test_they_bring_no_other_case() -> None:
    with pytest.raises(NotPermitted):
        permitted(TRACKER, "registerCase", TRACKER.principal)


def test_they_see_that_case_alone_and_not_from_inside() -> None:
    scope = scope_of(TRACKER)
    assert scope.tracked == CASE
    assert (scope.every_case, scope.internal) == (False, False)
    assert (scope.units, scope.areas) == (frozenset(), frozenset())
