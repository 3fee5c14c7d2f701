"""Due times by other versions: nothing moves by itself, and an amendment says what it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest

from domain.case import emergency
from domain.case.clocks.amending import AmendmentBasis, ClocksAmended
from domain.case.clocks.clock import Clock, Pause
from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.clocks.deciding import AmendClocks
from domain.case.clocks.starting import ClocksStarted
from domain.case.merging import MergeCase
from domain.command import NOTHING_ARRANGED
from domain.refusal import NotFound, Refusal, WrongVersionState
from domain.vocabulary import ClockKind
from tests.domain.scenario import OTHER, ask
from tests.domain.test_clocks import ACCEPT, DISPATCH, RETURN
from tests.domain.time_rules import Story, arranged, holiday, hour, minutes

REASON: Final = "It was decided so"
LATER: Final = arranged(
    later=[minutes(ClockKind.RESOLUTION, 240), minutes(ClockKind.STAGE, 480)],
    holidays=[holiday(4)],
)
"""From the second day on: four hours for the case, eight for the unit, and Monday off."""

TUESDAY: Final = datetime(2024, 3, 5, tzinfo=UTC)


def amend(**said: Any) -> AmendClocks:
    return ask(AmendClocks, **{"reason": REASON, **said})


def accepted() -> Story:
    """At nine o'clock on a Friday."""
    return Story(LATER).at(8, ACCEPT)


def amended(story: Story) -> list[tuple[str, datetime]]:
    """The clocks that the last command amended, and when they were due before."""
    return [
        (each.clock.name, each.due_before)
        for event in story.said(ClocksAmended)
        for each in event.clocks
    ]


def test_a_later_holiday_moves_what_is_amended_and_nothing_else() -> None:
    story = accepted()
    before = story["RESOLUTION"]
    # Fifteen hours of work since nine o'clock on Friday.
    assert before.due == datetime(2024, 3, 4, 16, tzinfo=UTC)
    story.at(30, amend(calendar_version=2))
    after = story["RESOLUTION"]
    assert (after.due, after.first_due) == (TUESDAY + timedelta(hours=16), before.due)
    assert (after.calendar, after.policy, after.limit) == ("office@2", 1, before.limit)
    assert sorted(amended(story)) == [
        ("DISPATCH", datetime(2024, 3, 4, 12, tzinfo=UTC)),
        ("RESOLUTION", before.due),
    ]
    (event,) = story.said(ClocksAmended)
    assert event.basis is AmendmentBasis.DECISION
    assert {each.calendar_before for each in event.clocks} == {"office@1"}


def test_the_same_amendment_again_records_nothing() -> None:
    story = accepted().at(30, amend(calendar_version=2))
    assert story.at(31, amend(calendar_version=2)).news == []


def test_by_another_policy_the_clocks_have_its_limits_where_it_has_any() -> None:
    story = accepted()
    dispatch = story["DISPATCH"]
    story.at(10, amend(policy_version=2))
    assert (story["RESOLUTION"].due, story["RESOLUTION"].policy) == (hour(12), 2)
    assert story["DISPATCH"] is dispatch


def test_without_a_version_they_go_by_those_in_force() -> None:
    story = accepted().at(30, amend())
    clock = story["RESOLUTION"]
    assert (clock.due, clock.policy, clock.calendar) == (hour(12), 2, "office@2")
    # What is passed so was passed when it was due.
    assert clock.breached_at == hour(12)
    assert [each.timestamp for each in story.said(DeadlineBreached)] == [hour(12)]


def test_the_unit_has_no_longer_than_the_case_then_either() -> None:
    story = accepted().at(9, DISPATCH).at(9.5, amend(policy_version=2))
    assert story["STAGE"].due == story["RESOLUTION"].due == hour(12)


def test_what_was_granted_is_granted_still() -> None:
    story = accepted()
    clock = story["RESOLUTION"]
    longer = msgspec.structs.replace(
        clock, due=datetime(2024, 3, 5, 10, tzinfo=UTC), first_due=clock.due, extensions=1
    )
    give(story, longer)
    story.at(30, amend(calendar_version=2))
    # Two hours of work after Tuesday at four.
    assert story["RESOLUTION"].due == datetime(2024, 3, 6, 10, tzinfo=UTC)
    assert story["RESOLUTION"].first_due == clock.due


def test_where_the_clock_stood_still_it_stood_still() -> None:
    story = accepted()
    clock = story["RESOLUTION"]
    pause = Pause(datetime(2024, 3, 1, 10, tzinfo=UTC), datetime(2024, 3, 1, 12, tzinfo=UTC))
    later = msgspec.structs.replace(
        clock, due=datetime(2024, 3, 5, 10, tzinfo=UTC), pauses=(pause,)
    )
    give(story, later)
    story.at(30, amend(calendar_version=2))
    # Two hours of work after Tuesday at four.
    assert story["RESOLUTION"].due == datetime(2024, 3, 6, 10, tzinfo=UTC)


def give(story: Story, clock: Clock) -> None:
    """Let a clock of the story be as it is here."""
    story.case.trigger_event(ClocksStarted, timestamp=hour(9), clocks=(clock,))
    story.case.collect_events()


def test_the_case_has_no_longer_than_one_that_goes_on_in_it() -> None:
    case = accepted()
    survivor = Story(LATER, case_id=OTHER).at(8.5, ACCEPT)
    case.at(9, ask(MergeCase, other_case=OTHER), beside=survivor)
    due = survivor["RESOLUTION"].due
    survivor.at(30, amend(calendar_version=2), beside=case)
    assert survivor["RESOLUTION"].due == due
    assert survivor["RESOLUTION"].own_due == TUESDAY + timedelta(hours=16, minutes=30)
    survivor.at(31, amend(policy_version=2), beside=case)
    assert survivor["RESOLUTION"].due == hour(12.5)
    assert survivor["RESOLUTION"].own_due is None


def test_an_emergency_counts_from_its_declaration_still() -> None:
    declared = ask(emergency.DeclareEmergency, expires=hour(100))
    story = accepted().at(9, declared)
    assert story["RESOLUTION"].due == hour(11)
    story.at(10, amend(calendar_version=2))
    assert (story["RESOLUTION"].due, story["RESOLUTION"].calendar) == (hour(11), "office@2")


def test_what_others_were_asked_is_due_when_they_were_told() -> None:
    story = accepted().at(9, DISPATCH).at(9.5, RETURN).at(10, amend(calendar_version=2))
    names = {name for name, _ in amended(story)}
    assert names == {"APPROVAL/RETURN", "FIRST_CONTACT", "RESOLUTION", "STAGE"}


def test_where_work_went_on_around_the_clock_a_calendar_can_be_set() -> None:
    story = Story(replace(LATER, calendar=None)).at(8, ACCEPT)
    assert story["RESOLUTION"].calendar == "24x7"
    story.at(9, amend(policy_version=1))
    assert story.news == []
    story.arrangements = LATER
    story.at(10, amend(calendar_version=1))
    assert story["RESOLUTION"].calendar == "office@1"


def test_a_calendar_that_a_version_does_not_have_amends_nothing() -> None:
    story = accepted()
    strange = msgspec.structs.replace(story["RESOLUTION"], calendar="night@1")
    give(story, strange)
    story.at(10, amend(calendar_version=2))
    assert story["RESOLUTION"].calendar == "night@1"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"calendar_version": 3}, NotFound),
        ({"policy_version": 3}, NotFound),
        ({"reason": " "}, Refusal),
        ({"reason": None}, Refusal),
    ],
)
def test_what_cannot_be_amended_is_refused(said: dict[str, Any], refusal: type[Refusal]) -> None:
    story = accepted()
    with pytest.raises(refusal) as refused:
        story.at(10, amend(**said))
    if refusal is Refusal:
        assert refused.value.code == "AMENDMENT_WITHOUT_REASON"
    assert not story.case.pending_events


def test_only_by_a_version_that_was_published() -> None:
    story = accepted()
    assert LATER.calendar is not None
    record = LATER.calendar.versions[1]
    LATER.calendar.versions[1] = type(record)(record.number, record.drafted)
    try:
        with pytest.raises(WrongVersionState) as refused:
            story.at(10, amend(calendar_version=2))
    finally:
        LATER.calendar.versions[1] = record
    assert refused.value.facts["state"] == "DRAFT"


def test_nothing_is_amended_where_nothing_runs_or_there_is_no_calendar() -> None:
    with pytest.raises(Refusal) as refused:
        Story(NOTHING_ARRANGED).at(10, amend())
    assert refused.value.code == "NO_CLOCK_RUNS"
    story = accepted()
    story.arrangements = NOTHING_ARRANGED
    with pytest.raises(NotFound):
        story.at(10, amend(calendar_version=1))
    assert story.at(10, amend()).news == []
