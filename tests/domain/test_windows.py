"""How long somebody may wait: by the type of the case, in working time."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar.state import WorkCalendars
from domain.case.windows import (
    DEFAULT,
    Windows,
    days_after,
    minutes_after,
    pinned_calendar,
    windows_of,
)
from domain.catalogue.content import Window, WindowSetting
from domain.catalogue.state import CaseTypeCatalogue
from domain.command import Circumstances
from domain.identity import Actor, ActorKind
from domain.refusal import InvalidInput
from tests.domain.configuring import Configuring, case_type, draft_catalogue
from tests.domain.histories import registered
from tests.domain.scenario import events_of, fold

FRIDAY = datetime(2024, 3, 8, 16, tzinfo=UTC)
BY = Circumstances(Actor("ann", ActorKind.PERSON), FRIDAY, FRIDAY)


def with_calendar() -> Circumstances:
    """Open from nine to five on weekdays."""
    made = Configuring("Calendar")
    made.publish("One", FRIDAY - timedelta(days=1))
    assert isinstance(made.kept, WorkCalendars)
    return replace(BY, calendar=made.kept)


def test_without_a_calendar_time_runs_around_the_clock() -> None:
    assert minutes_after(BY, FRIDAY, 240) == FRIDAY + timedelta(hours=4)
    assert days_after(BY, FRIDAY, 1) == FRIDAY + timedelta(days=1)
    assert pinned_calendar(BY) is None


def test_with_a_calendar_it_runs_while_people_work() -> None:
    by = with_calendar()
    assert minutes_after(by, FRIDAY, 240) == datetime(2024, 3, 11, 12, tzinfo=UTC)
    assert days_after(by, FRIDAY, 1) == datetime(2024, 3, 11, 17, tzinfo=UTC)
    assert pinned_calendar(by) == "office@1"


def test_before_the_first_calendar_was_in_force_there_was_none() -> None:
    assert pinned_calendar(replace(with_calendar(), at=FRIDAY - timedelta(days=9))) is None


def test_every_window_of_the_catalogue_is_one_of_a_case() -> None:
    assert {window.value.lower() for window in Window} == {each.name for each in fields(Windows)}


def test_a_type_sets_its_own_windows_and_inherits_the_rest() -> None:
    made = Configuring("Catalogue")
    loud = (WindowSetting(Window.FEEDBACK_DAYS, 3), WindowSetting(Window.MOST_RETURNS, 5))
    louder = (WindowSetting(Window.FEEDBACK_DAYS, 7),)
    types = (case_type("noise", windows=loud), case_type("noise.site", "noise", windows=louder))
    made.given(draft_catalogue(*types, case_type("lamp")))
    assert isinstance(made.kept, CaseTypeCatalogue)
    by = replace(BY, catalogue=made.kept)
    case = fold(events_of((registered(),)))
    assert case is not None
    case.catalogue_version = 1
    found = []
    for code in ("noise", "noise.site", "lamp", None):
        case.type_code = code
        found.append(windows_of(case, by))
    assert found == [
        Windows(feedback_days=3, most_returns=5),
        Windows(feedback_days=7, most_returns=5),
        DEFAULT,
        DEFAULT,
    ]


@pytest.mark.parametrize(
    ("windows", "path"),
    [
        ((WindowSetting(Window.FEEDBACK_DAYS, 0),), "windows.0.amount"),
        ((WindowSetting(Window.FEEDBACK_DAYS, 1),) * 2, "windows"),
    ],
)
def test_windows_that_mean_nothing_are_refused(
    windows: tuple[WindowSetting, ...], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Configuring("Catalogue").given(draft_catalogue(case_type("noise", windows=windows)))
    assert ".".join(refused.value.path) == f"types.0.{path}"
